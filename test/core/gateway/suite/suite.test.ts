import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '../../../../core/gateway/json.ts';
import { outcomeLabel, percentTexts } from '../../../../core/gateway/outcome-label.ts';
import type { ParsedConfig, ParsedDocument } from '../../../../core/gateway/parse-config.ts';
import { answerSuite } from '../../../../core/gateway/suite/answer-suite.ts';
import { compareSuite } from '../../../../core/gateway/suite/compare-suite.ts';
import { expectationProblem } from '../../../../core/gateway/suite/expectation.ts';
import {
  readSuites,
  readSuiteTable,
  SUITES_REQUESTS_MAX,
} from '../../../../core/gateway/suite/read-suites.ts';
import type { SuiteRequest } from '../../../../core/gateway/suite/suite-request.ts';
import { compiled, parsedShop } from './suite-fixture.ts';

test('[SUITE1] the requests of all suites are read in the order of the text', () => {
  const requests = readSuites(parsedShop());
  assert.deepEqual(
    requests.map(({ suite, name, method }) => [suite, name, method]),
    [
      ['shop/smoke', 'cart', 'GET'],
      ['shop/smoke', 'old', 'GET'],
      ['shop/smoke', 'nothing', 'POST'],
      ['shop/smoke', 'one-backend', 'GET'],
    ],
  );
  assert.deepEqual(requests[1]?.expect, {
    kind: 'redirect',
    location: 'https://new.example/old',
    status: 302,
  });
  assert.deepEqual(requests[3]?.expect, { kind: 'backend', backend: 'shop/cart-v1' });
});

test('[SUITE2] outcomes are told in words, with their shares', () => {
  const parsed = parsedShop();
  const answers = answerSuite(compiled(parsed), readSuites(parsed));
  assert.deepEqual(
    answers.map(({ label, verdict }) => [label, verdict]),
    [
      ['cart-v1 75 %, cart-v2 25 %', 'none'],
      ['redirect 302 to https://new.example/old', 'pass'],
      ['404 no route', 'pass'],
      ['cart-v1 75 %, cart-v2 25 %', 'fail'],
    ],
  );
  assert.equal(
    outcomeLabel({ kind: 'error', status: 500, reason: 'invalid-backend' }),
    '500 invalid backend',
  );
  assert.deepEqual(percentTexts([250_000, 750_000]), ['25 %', '75 %']);
  assert.deepEqual(percentTexts([1_000_000]), ['100 %']);
  assert.deepEqual(percentTexts([999_999, 1]), ['> 99.9 %', '< 0.1 %']);
});

test('[SUITE11] percentages are rounded together: they add up to what they are of', () => {
  assert.deepEqual(percentTexts([712_500, 287_500]), ['71.3 %', '28.7 %']);
  assert.deepEqual(percentTexts([333_334, 333_333, 333_333]), ['33.4 %', '33.3 %', '33.3 %']);
  assert.deepEqual(percentTexts([]), []);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 2 }), (weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const texts = percentTexts(weights.map((weight) => (weight / total) * 1_000_000));
      const tenths = texts.map((text) => (text.startsWith('<') ? 0 : Number.parseFloat(text) * 10));
      assert.equal(Math.round(tenths.reduce((sum, one) => sum + one, 0)), 1_000);
    }),
  );
});

test('[SUITE3] an expectation holds only when all requests meet it', () => {
  const parsed = parsedShop();
  const [, , , split] = answerSuite(compiled(parsed), readSuites(parsed));
  assert.match(split?.detail ?? '', /^Expected only shop\/cart-v1, got .*25 %\.$/);
  const whole = parsedShop({ v2: 0 });
  assert.equal(answerSuite(compiled(whole), readSuites(whole))[3]?.verdict, 'pass');
  assert.match(expectationProblem({ kind: 'status', status: 404 }, []) ?? '', /^Expected/);
});

test('[SUITE4] a URL that cannot be understood is told, and fails', () => {
  const gateway = compiled(parsedShop());
  for (const url of [
    '',
    'shop.example/cart',
    'ftp://x/',
    'http://',
    'http://a b/',
    'http://x:0/',
  ]) {
    const [answer] = answerSuite(gateway, [requestTo(url)]);
    assert.equal(answer?.verdict, 'fail', url);
    assert.match(answer?.detail ?? '', /\.$/, url);
    assert.equal(compareSuite(gateway, gateway, [requestTo(url)])[0]?.changed, false, url);
  }
});

test('[SUITE5] a suite against itself never changes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.webUrl({ validSchemes: ['http', 'https'] }), fc.string()), {
        maxLength: 20,
      }),
      fc.nat({ max: 5 }),
      fc.nat({ max: 5 }),
      (urls, v1, v2) => {
        const parsed = parsedShop({ v1, v2 });
        const requests = [
          ...readSuites(parsed),
          ...urls.flatMap(([url, junk]) => [requestTo(url), requestTo(junk)]),
        ];
        const same = compareSuite(compiled(parsed), compiled(parsed), requests);
        assert.equal(same.length, requests.length);
        for (const { changed, before, after } of same) {
          assert.equal(changed, false);
          assert.equal(before, after);
        }
      },
    ),
    { numRuns: 100 },
  );
});

test('[SUITE6] a request that goes elsewhere, or in another share, is told with both outcomes', () => {
  const requests = readSuites(parsedShop());
  const before = compiled(parsedShop());
  const after = compiled(parsedShop({ v1: 1, v2: 1 }));
  assert.deepEqual(
    compareSuite(before, after, requests)
      .filter(({ changed }) => changed)
      .map((each) => [each.request.name, each.before, each.after]),
    [
      ['cart', 'cart-v1 75 %, cart-v2 25 %', 'cart-v1 50 %, cart-v2 50 %'],
      ['one-backend', 'cart-v1 75 %, cart-v2 25 %', 'cart-v1 50 %, cart-v2 50 %'],
    ],
  );
  const first = compareSuite(null, after, requests);
  assert.ok(first.every((each) => each.changed && each.before === null));
});

test('[SUITE7] suites are read up to their bounds, and what is beyond them is counted', () => {
  const requests = Array.from({ length: 700 }, (_each, index) => ({
    name: `r${index}`,
    url: 'http://shop.example/',
  }));
  const parsed: ParsedConfig = {
    documents: Array.from({ length: 5 }, (_each, index) => suiteDocument(index, { requests })),
    problems: [],
  };
  const reading = readSuiteTable(parsed);
  assert.equal(reading.requests.length, SUITES_REQUESTS_MAX);
  assert.equal(reading.leftOut, 3_500 - SUITES_REQUESTS_MAX);
  assert.equal(reading.requests[500]?.suite, 'shop/suite-1');
});

test('[SUITE8] a suite of any shape is read without a throw', () => {
  fc.assert(
    fc.property(
      fc.object({ key: fc.constantFrom('requests', 'url', '__proto__', 'expect') }),
      (spec) => {
        const document = suiteDocument(0, JSON.parse(JSON.stringify(spec)));
        const requests = readSuites({ documents: [document], problems: [] });
        answerSuite(compiled(parsedShop()), requests);
      },
    ),
    { numRuns: 200 },
  );
});

function requestTo(url: string): SuiteRequest {
  return { suite: 'shop/made', name: 'made', method: 'GET', url, headers: {}, expect: null };
}

function suiteDocument(index: number, spec: JsonObject): ParsedDocument {
  const [document] = parsedShop().documents.slice(-1);
  assert.ok(document?.body);
  return { ...document, name: `suite-${index}`, body: { ...document.body, spec } };
}

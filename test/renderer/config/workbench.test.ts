import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyTextEdits } from '../../../core/gateway/edit/text-edits.ts';
import { parseConfig } from '../../../core/gateway/parse-config.ts';
import {
  freeName,
  NEW_KINDS,
  skeletonOf,
} from '../../../core/gateway/schema/resource-skeletons.ts';
import {
  ANALYZE_DELAY_MS_MAX,
  ANALYZE_DELAY_MS_MIN,
  analyzeDelayMs,
} from '../../../renderer/config/analyze-delay.ts';
import { firstWorthSeeing } from '../../../renderer/config/first-document.ts';
import {
  DEFAULT_LAYOUT,
  LAYOUT_BOUNDS,
  readLayout,
} from '../../../renderer/config/layout-memory.ts';
import {
  lineOfPointer,
  liveDocumentAt,
  problemsOf,
} from '../../../renderer/config/live-document.ts';
import {
  comparisonFinding,
  expectationsInWords,
  requestInWords,
} from '../../../renderer/config/request-words.ts';
import { addToSuite } from '../../../renderer/config/suite-edits.ts';
import { gatewayRequestOf } from '../../../renderer/config/tried-request.ts';
import { remembered } from '../../../renderer/config/try-store.ts';
import { createConfigAnalyzer } from '../../../renderer/workers/config-analyzer.ts';

const TEXT = `apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec:
  ports:
    - port: 8080
`;

test('[UIWORK9] the form shows the document at the cursor, as the text of this moment has it', () => {
  const live = liveDocumentAt(TEXT, TEXT.indexOf('ports'));
  assert.ok(live !== null);
  assert.equal(live.key, 'Service/shop/cart');
  assert.equal(live.index, 1);
  assert.equal(lineOfPointer(live, '/spec/ports/0/port'), 10);
  const unknown = liveDocumentAt('apiVersion: x/v1\nkind: Y\nmetadata: {name: n}\n', 0);
  const parsed = parseConfig('apiVersion: x/v1\nkind: Y\nmetadata: {name: n}\n');
  assert.equal(unknown?.key, parsed.documents[0]?.key);
  assert.equal(liveDocumentAt('', 0), null);
});

test('[UIWORK10] problems of a document move with the lines that were put before it', () => {
  const broken = TEXT.replace('port: 8080', 'port: 808080');
  const analysis = createConfigAnalyzer().analyze(broken);
  const moved = liveDocumentAt(`# a line more\n${broken}`, broken.length);
  assert.ok(moved !== null);
  assert.deepEqual(
    problemsOf(moved, analysis).map(({ line }) => line),
    [11],
  );
  const torn = TEXT.replace('  ports:', '  ports: [');
  const unreadable = liveDocumentAt(torn, torn.length);
  assert.ok(unreadable !== null && torn !== TEXT);
  assert.ok(problemsOf(unreadable, createConfigAnalyzer().analyze(torn)).length > 0);
});

test('[UIWORK11] the quiet time before a look follows what a look costs, within bounds', () => {
  assert.equal(analyzeDelayMs(0), ANALYZE_DELAY_MS_MIN);
  assert.equal(analyzeDelayMs(100), 50);
  assert.equal(analyzeDelayMs(10_000), ANALYZE_DELAY_MS_MAX);
});

test('[UIWORK12] before anybody chose, a change of the draft is opened, or a route', () => {
  const { documents } = createConfigAnalyzer().analyze(TEXT);
  const changes = [{ key: 'Service/shop/cart', change: 'changed' as const, fields: [] }];
  assert.equal(firstWorthSeeing({ documents, changes }, true)?.name, 'cart');
  assert.equal(firstWorthSeeing({ documents, changes: [] }, true), null);
});

test('[UIWORK13] a layout that was remembered is taken as far as it makes sense', () => {
  assert.deepEqual(readLayout(null), DEFAULT_LAYOUT);
  assert.deepEqual(readLayout('not JSON'), DEFAULT_LAYOUT);
  const read = readLayout('{"treePx": 9999, "panes": "text", "textPercent": "wide"}');
  assert.equal(read.treePx, LAYOUT_BOUNDS.treePx.max);
  assert.equal(read.panes, 'text');
  assert.equal(read.textPercent, DEFAULT_LAYOUT.textPercent);
});

test('[UIWORK14] every new document can be read, and its name is free', () => {
  for (const kind of NEW_KINDS) {
    const source = skeletonOf(kind, {
      namespace: 'shop',
      name: 'fresh',
      gateway: { namespace: 'edge', name: 'public' },
      backend: { name: 'cart', port: 8080 },
      route: null,
    });
    const [document] = parseConfig(source).documents;
    assert.equal(document?.kind, kind);
    assert.equal(document?.name, 'fresh');
    assert.ok(document?.known, kind);
  }
  assert.equal(freeName('a', new Set(['a', 'a-2'])), 'a-3');
});

test('[UIWORK15] a tried request is read as a person writes it, or refused in a sentence', () => {
  const tried = { method: 'GET', url: 'shop.example/pay?x=1', headers: 'x-cart: v2\n', cell: '' };
  const request = gatewayRequestOf(tried);
  assert.ok(request.ok);
  assert.equal(request.value.scheme, 'https');
  assert.equal(request.value.path, '/pay?x=1');
  assert.deepEqual(request.value.headers, { 'x-cart': 'v2' });
  const refused = gatewayRequestOf({ ...tried, headers: 'nothing' });
  assert.ok(!refused.ok && refused.error.endsWith('.'));
  assert.equal(remembered([tried], tried).length, 1);
});

test('[UIWORK16] a request is added to the suite that is there, and a suite is begun where none is', () => {
  const request = { method: 'GET', url: 'https://a.example/pay/1', headers: {}, expect: null };
  const begun = addToSuite(TEXT, request, 'shop');
  assert.ok(begun !== null);
  const once = applyTextEdits(TEXT, begun);
  const again = addToSuite(once, { ...request, expect: { status: 404 } }, 'shop');
  assert.ok(again !== null);
  const parsed = parseConfig(applyTextEdits(once, again));
  const suites = parsed.documents.filter((document) => document.kind === 'RequestSuite');
  assert.equal(suites.length, 1);
  assert.deepEqual(suites[0]?.body?.spec, {
    requests: [
      { name: 'pay-1', method: 'GET', url: 'https://a.example/pay/1' },
      {
        name: 'pay-1-2',
        method: 'GET',
        url: 'https://a.example/pay/1',
        expect: { status: 404 },
      },
    ],
  });
});

test('[UIWORK17] what was compared is said with its number, and where the requests came from', () => {
  const comparison = {
    from: 'suite' as const,
    requests: 48,
    changed: 3,
    failing: 1,
    expected: 30,
    listed: [],
  };
  assert.equal(comparisonFinding(comparison), '3 of 48 in the suite');
  const derived = { ...comparison, from: 'derived' as const, changed: 0, failing: 0 };
  assert.equal(comparisonFinding(derived), 'none of 48 made from the routes');
  assert.equal(comparisonFinding(derived, false), 'none');
  assert.equal(expectationsInWords(comparison), '1 of 30 expectations fails.');
  const words = requestInWords({ method: 'GET', url: 'https://a.example?q=1', headers: { b: '' } });
  assert.deepEqual(words, { line: 'GET /?q=1', headers: 'b' });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ResourceKey } from '../../../core/config/ids.ts';
import { compileGateway } from '../../../core/gateway/compile.ts';
import { requiredFeatures } from '../../../core/gateway/features.ts';
import type { Json, JsonObject } from '../../../core/gateway/json.ts';
import { joinDocuments, parseConfig } from '../../../core/gateway/parse-config.ts';
import { deriveRequestShapes } from '../../../core/gateway/request-shapes.ts';
import { type GatewayRequest, route } from '../../../core/gateway/route.ts';

const SHOP = readFileSync(new URL('../../../examples/shop.yaml', import.meta.url), 'utf8');
const SHOP_BODIES = parseConfig(SHOP).documents.flatMap(({ body }) =>
  body === null ? [] : [body],
);

const request: fc.Arbitrary<GatewayRequest> = fc.record({
  method: fc.oneof(fc.constantFrom('GET', 'POST', ''), fc.string()),
  scheme: fc.constantFrom('http', 'https'),
  host: fc.oneof(fc.constantFrom('www.linden-market.example', '', '[', 'a:b:c', '.'), fc.string()),
  port: fc.oneof(fc.constantFrom(80, 443, 8080), fc.integer()),
  path: fc.oneof(fc.constantFrom('/', '', '*', '/p/1', '/v1/products?a=%'), fc.string()),
  headers: fc.dictionary(fc.string(), fc.string(), { maxKeys: 4 }),
});

function checkText(text: string): void {
  const { documents, problems } = parseConfig(text);
  for (const problem of problems) {
    assert.ok(problem.line >= 1 && problem.column >= 1);
    assert.ok(problem.message.length > 0 && problem.message.length < 1_000, problem.message);
  }
  const sources = documents.map(({ source }) => source);
  const again = parseConfig(joinDocuments(sources)).documents;
  assert.deepEqual(
    again.map(({ source }) => source),
    sources,
  );
}

test('[FUZZ1] parseConfig never throws and keeps every document, whatever the text', () => {
  const token = fc.constantFrom(
    'apiVersion: v1\n',
    'kind: Service\n',
    'metadata:\n',
    '  name: a\n',
    'spec:\n',
    '---\n',
    '...\n',
    '- ',
    ': ',
    '? ',
    '&a ',
    '*a ',
    '!x ',
    '|\n',
    '>\n',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ',',
    '#',
    '\t',
    '\r\n',
    '%YAML 1.1\n',
    '<<: ',
    '~',
    '\ufeff',
    '\u2028',
    '0x1f',
    '1e999',
    '  ',
    '\n',
    'é',
    '\0',
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 25 }), (tokens) => checkText(tokens.join(''))),
    { numRuns: 3_000 },
  );
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), checkText), {
    numRuns: 1_000,
  });
});

test('[FUZZ2] a text torn anywhere is parsed without throwing', () => {
  const part = SHOP.slice(0, 6_000);
  fc.assert(
    fc.property(fc.nat(part.length), fc.nat(40), fc.string({ maxLength: 3 }), (at, cut, put) => {
      checkText(part.slice(0, at) + put + part.slice(at + cut));
    }),
    { numRuns: 60 },
  );
});

/** A copy of a body in which some values are something else. */
function mangled(value: Json, draw: () => number, junk: () => Json): Json {
  if (draw() === 0) return junk();
  if (Array.isArray(value)) return value.map((item: Json) => mangled(item, draw, junk));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, mangled(member, draw, junk)]),
  );
}

test('[FUZZ3] compile, route, features and request shapes take bodies of any shape', () => {
  const junk = fc.constantFrom<Json>(
    null,
    true,
    -1,
    1.5,
    1e300,
    '',
    '*',
    '/',
    '(',
    [],
    [null],
    {},
    [[]],
  );
  const mangledShop = fc
    .tuple(fc.infiniteStream(fc.nat(60)), fc.infiniteStream(junk))
    .map(([draws, values]) =>
      SHOP_BODIES.map((body, index) => ({
        key: `k/${index}` as ResourceKey,
        body: mangled(
          body,
          () => draws.next().value,
          () => values.next().value,
        ) as JsonObject,
      })),
    );
  fc.assert(
    fc.property(
      mangledShop,
      fc.array(request, { minLength: 10, maxLength: 20 }),
      (bodies, asked) => {
        const gateway = compileGateway(bodies);
        for (const { body } of bodies) requiredFeatures(body);
        const shapes = deriveRequestShapes(bodies);
        for (const one of [...asked, ...shapes]) route(gateway, one, 0);
      },
    ),
    { numRuns: 150 },
  );
});

test('[FUZZ4] route answers every request and draw with an outcome', () => {
  const gateway = compileGateway(
    SHOP_BODIES.map((body, index) => ({ key: `k/${index}` as ResourceKey, body })),
  );
  const draw = fc.oneof(fc.nat(0x7fff_ffff), fc.constantFrom(-1, 0.5, Number.NaN, Infinity));
  fc.assert(
    fc.property(request, draw, (one, drawn) => {
      assert.ok(['backend', 'redirect', 'error'].includes(route(gateway, one, drawn).kind));
    }),
    { numRuns: 3_000 },
  );
});

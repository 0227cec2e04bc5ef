import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileGateway } from '../../../core/gateway/compile.ts';
import { ALL_FEATURES, requiredFeatures } from '../../../core/gateway/features.ts';
import { joinDocuments, parseConfig } from '../../../core/gateway/parse-config.ts';
import { deriveRequestShapes } from '../../../core/gateway/request-shapes.ts';
import { route } from '../../../core/gateway/route.ts';
import { decodeValue } from '../../../core/protocol/decode-json.ts';
import { requestShapeSchema } from '../../../core/protocol/simulator-control.ts';

function example(name: string): string {
  return readFileSync(new URL(`../../../examples/${name}`, import.meta.url), 'utf8');
}

const SHOP = parseConfig(example('shop.yaml'));
const RESOURCES = SHOP.documents.flatMap(({ key, body }) => (body === null ? [] : [{ key, body }]));

test('[SAMPLE1] the sample shop has no problems and its full size', () => {
  assert.deepEqual(SHOP.problems, []);
  const count = (kind: string) => SHOP.documents.filter((one) => one.kind === kind).length;
  assert.ok(count('HTTPRoute') >= 60);
  assert.equal(count('Service') + count('Backend'), 12);
  assert.equal(count('Namespace'), 3);
  assert.equal(count('Gateway'), 2);
  assert.equal(compileGateway(RESOURCES).routes, count('HTTPRoute'));
  assert.equal(joinDocuments(SHOP.documents.map(({ source }) => source)), example('shop.yaml'));
});

test('[SAMPLE2] the sample needs nothing that older agents lack', () => {
  const needed = new Set(RESOURCES.flatMap(({ body }) => [...requiredFeatures(body).keys()]));
  for (const feature of needed) {
    assert.ok(ALL_FEATURES.includes(feature), feature);
    assert.doesNotMatch(feature, /CORS|Mirror|QueryParam/);
  }
});

test('[SAMPLE3] the broken example shows problems of every stage, each at its line', () => {
  const text = example('broken.yaml');
  const lines = text.split('\n');
  const found = parseConfig(text).problems.map(({ code, line }) => [code, lines[line - 1]?.trim()]);
  assert.deepEqual(found, [
    ['out-of-range', 'port: 808080'],
    ['bad-path', 'value: products'],
    ['missing-backend', '- name: catalgo'],
    ['no-common-hostname', '- name: edge'],
    ['redirect-and-rewrite', '- filters:'],
    ['unknown-kind', 'kind: Certificate'],
  ]);
});

test('[SHAPES1] derived requests are answered as the config says, and fit the wire', () => {
  const gateway = compileGateway(RESOURCES);
  const shapes = deriveRequestShapes(RESOURCES);
  assert.equal(shapes.length, 20);
  for (const shape of shapes) {
    assert.equal(decodeValue(requestShapeSchema, shape).ok, true);
    const outcome = route(gateway, shape, 0);
    const isAsConfigured = outcome.kind !== 'error' || outcome.reason === 'unauthenticated';
    assert.ok(isAsConfigured, JSON.stringify(shape));
  }
});

test('[SHAPES3] what an AuthPolicy guards is asked for by strangers, as a small share', () => {
  const gateway = compileGateway(RESOURCES);
  const shapes = deriveRequestShapes(RESOURCES);
  const denied = shapes.filter((shape) => {
    const outcome = route(gateway, shape, 0);
    return outcome.kind === 'error' && outcome.status === 401;
  });
  const total = (of: readonly { weight: number }[]) => of.reduce((sum, one) => sum + one.weight, 0);
  assert.ok(denied.length > 0 && denied.length <= 2);
  assert.deepEqual(shapes.slice(-denied.length), denied);
  assert.ok(total(denied) <= 0.02 * total(shapes), `${total(denied)} of ${total(shapes)}`);
  assert.equal(deriveRequestShapes(RESOURCES, 1).length, 1);
});

test('[SHAPES2] derived requests are the same every time and spread over routes and listeners', () => {
  const shapes = deriveRequestShapes(RESOURCES);
  assert.deepEqual(deriveRequestShapes([...RESOURCES].reverse()), shapes);
  const gateway = compileGateway(RESOURCES);
  const routes = new Set(
    shapes.map((shape) => {
      const outcome = route(gateway, shape, 0);
      return outcome.route ?? '';
    }),
  );
  assert.equal(routes.size, shapes.length);
  assert.ok(new Set(shapes.map(({ host }) => host)).size >= 5);
  assert.deepEqual([...new Set(shapes.map(({ port }) => port))].sort(), [443, 8080]);
  assert.equal(deriveRequestShapes(RESOURCES, 50).length, 50);
  assert.deepEqual(deriveRequestShapes([]), []);
});

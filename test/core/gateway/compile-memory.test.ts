import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileGateway } from '../../../core/gateway/compile.ts';
import { CompileMemory } from '../../../core/gateway/compile-memory.ts';
import { DocumentCache, parseConfig } from '../../../core/gateway/parse-config.ts';
import { route } from '../../../core/gateway/route.ts';
import { OutcomeTable } from '../../../core/traffic/outcome-table.ts';
import { createShapeSet } from '../../../core/traffic/request-shapes.ts';
import { gatewayYaml, join, requestOf, routeYaml, serviceYaml } from './sample.ts';

const HOSTS = ['a.shop.example', 'b.shop.example', '*.shop.example'];
const DRAWS = [0, 0x2000_0000, 0x7fff_ffff];
const REQUESTS = ['a.shop.example', 'b.shop.example', 'c.shop.example', 'other.example'].flatMap(
  (host) => ['/', '/r0', '/r1'].map((path) => requestOf({ host, path })),
);
const SHAPES = createShapeSet(REQUESTS.map((request) => ({ ...request, weight: 1 })));

const policyYaml = (
  kind: string,
  target: string,
  spec: string,
) => `apiVersion: holdfast.dev/v1alpha1
kind: ${kind}
metadata: {name: p, namespace: shop}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, ${target}}]
  ${spec}
`;
const LIMIT = 'rateLimit: {requests: 10, window: 1s}';
const KEYS = `apiKey: {header: x-api-key, keys: [{name: a, sha256: ${'9f'.repeat(32)}}]}`;

/** What may stand beside the routes. */
const OTHERS = [
  serviceYaml('b'),
  gatewayYaml('- {name: http, port: 80, protocol: HTTP, hostname: "*.shop.example"}'),
  policyYaml('TrafficPolicy', 'kind: HTTPRoute, name: r0', LIMIT),
  policyYaml('TrafficPolicy', 'kind: Gateway, name: edge', LIMIT),
  policyYaml('AuthPolicy', 'kind: HTTPRoute, name: r1', KEYS),
];

const routes = fc.array(
  fc.record({
    name: fc.constantFrom('r0', 'r1', 'r2'),
    hosts: fc.subarray(HOSTS),
    path: fc.constantFrom('/', '/r0', '/r1'),
    weight: fc.nat(2),
  }),
  { maxLength: 4 },
);
/** Mostly the routes alone change, as in most edits. */
const configs = fc.array(
  fc.record({
    routes,
    others: fc.oneof({ weight: 3, arbitrary: fc.constant([1]) }, fc.subarray([0, 1, 2, 3, 4])),
  }),
  { minLength: 1, maxLength: 6 },
);

test('[TRAFFIC-TAKEN] what is taken over from the config before is what doing it again would give', () => {
  fc.assert(
    fc.property(configs, (list) => {
      const cache = new DocumentCache();
      const memory = new CompileMemory();
      let before: OutcomeTable | undefined;
      for (const config of list) {
        const resources = resourcesOf(config, cache);
        const taken = compileGateway(resources, memory);
        const anew = compileGateway(resources);
        assert.equal(taken.routes, anew.routes);
        for (const request of REQUESTS) {
          for (const draw of DRAWS) {
            assert.deepEqual(route(taken, request, draw), route(anew, request, draw));
          }
        }
        const table = new OutcomeTable(taken, SHAPES, undefined, before);
        const plain = new OutcomeTable(anew, SHAPES);
        for (const shape of REQUESTS.keys()) assert.deepEqual(table.row(shape), plain.row(shape));
        assert.deepEqual(table.answeredBases(), plain.answeredBases());
        before = table;
      }
    }),
    { numRuns: 60 },
  );
});

test('[TRAFFIC-TAKEN] where one route has changed, other hostnames keep their tables', () => {
  const cache = new DocumentCache();
  const memory = new CompileMemory();
  const compile = (weight: number) => {
    const of = (name: string, host: string) => ({ name, hosts: [host], path: '/', weight: 1 });
    const changed = { ...of('r0', 'a.shop.example'), weight };
    const config = { routes: [changed, of('r1', 'b.shop.example')], others: [0] };
    const [listeners] = compileGateway(resourcesOf(config, cache), memory).listeners.values();
    return listeners?.best('')?.hosts;
  };
  const [before, after] = [compile(1), compile(2)];
  assert.ok(before !== undefined && after !== undefined);
  assert.equal(after.best('b.shop.example'), before.best('b.shop.example'));
  assert.notEqual(after.best('a.shop.example'), before.best('a.shop.example'));
});

interface Config {
  readonly routes: readonly {
    readonly name: string;
    readonly hosts: readonly string[];
    readonly path: string;
    readonly weight: number;
  }[];
  readonly others: readonly number[];
}

function resourcesOf({ routes: written, others }: Config, cache: DocumentCache) {
  const text = join(
    ...(others.includes(1) ? [] : [gatewayYaml()]),
    serviceYaml('a'),
    ...others.map((index) => OTHERS[index] ?? ''),
    ...written.map(({ name, hosts, path, weight }) =>
      routeYaml({
        name,
        hostnames: hosts,
        rules: `- matches: [{path: {value: ${path}}}]
  backendRefs: [{name: a, port: 80, weight: ${weight}}, {name: b, port: 80, weight: 1}]`,
      }),
    ),
  );
  return parseConfig(text, cache).documents.flatMap(({ key, body }) =>
    body === null ? [] : [{ key, body }],
  );
}

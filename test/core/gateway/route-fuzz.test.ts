import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ResourceKey } from '../../../core/config/ids.ts';
import { compileGateway } from '../../../core/gateway/compile.ts';
import { type BackendAnswer, exchange } from '../../../core/gateway/exchange.ts';
import { explain, RUNNERS_UP_MAX } from '../../../core/gateway/explain.ts';
import type { JsonObject } from '../../../core/gateway/json.ts';
import { parseConfig } from '../../../core/gateway/parse-config.ts';
import { deriveRequestShapes } from '../../../core/gateway/request-shapes.ts';
import type { CanonicalResource } from '../../../core/gateway/resource-index.ts';
import { type GatewayRequest, route } from '../../../core/gateway/route.ts';
import { routeShares, SHARES_TOTAL } from '../../../core/gateway/route-shares.ts';
import { readVectors } from '../../../core/gateway/vectors.ts';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import { sha256Hex } from '../../../core/lib/sha256.ts';
import type { RandomStream } from '../../../core/ports/random.ts';
import { mutateRequest, mutateResources } from './mutate.ts';
import { routeOutcomeSchema } from './route-outcome-schema.ts';
import { gatewayYaml, join, requestOf, routeYaml, serviceYaml } from './sample.ts';

const VECTORS = new URL('../../../../shared/conformance/', import.meta.url);
/** Requests that are asked of each changed config. */
const REQUESTS_PER_CONFIG = 10;
const CONFIGS = 4_000;
const JUNK_CONFIGS = 1_000;

interface Base {
  readonly resources: readonly CanonicalResource[];
  readonly requests: readonly GatewayRequest[];
}

function resourcesOf(text: string): CanonicalResource[] {
  return parseConfig(text).documents.flatMap(({ key, body }) =>
    body === null ? [] : [{ key, body }],
  );
}

/** A config that uses all there is, small enough to be compiled thousands of times. */
function everything(): Base {
  const flag = 'extensionRef: {group: holdfast.dev, kind: FeatureFlag, name: f}';
  const target = 'targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: edge}]';
  const own = (kind: string, name: string, spec: string) =>
    `apiVersion: holdfast.dev/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n`;
  const rules = `- {name: new, filters: [{type: ExtensionRef, ${flag}}], backendRefs: [{name: b, port: 80}]}
- matches: [{path: {value: /v1}, method: OPTIONS}, {path: {value: /v1}, method: GET, headers: [{name: h, value: "a|b", type: RegularExpression}], queryParams: [{name: q, value: "1"}]}]
  filters:
  - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x, value: y}], remove: [z]}}
  - {type: ResponseHeaderModifier, responseHeaderModifier: {add: [{name: x, value: y}]}}
  - {type: URLRewrite, urlRewrite: {hostname: in.example, path: {type: ReplacePrefixMatch, replacePrefixMatch: /v2}}}
  - {type: RequestMirror, requestMirror: {backendRef: {name: b, port: 80}, fraction: {numerator: 1, denominator: 3}}}
  - {type: CORS, cors: {allowOrigins: ["https://*.example"], allowMethods: ["*"], exposeHeaders: ["*"], allowCredentials: true}}
  timeouts: {request: 1s, backendRequest: 100ms}
  retry: {codes: [503], attempts: 3, backoff: 10ms}
  backendRefs: [{name: a, port: 80, weight: 3}, {name: b, port: 80, weight: 1}]
- matches: [{path: {type: Exact, value: /r}}]
  filters: [{type: RequestRedirect, requestRedirect: {scheme: https, path: {type: ReplaceFullPath, replaceFullPath: /s}}}]`;
  const text = join(
    gatewayYaml(
      '- {name: http, port: 80, protocol: HTTP}\n- {name: s, port: 443, protocol: HTTPS, hostname: "*.shop.example", tls: {certificateRefs: [{name: c}]}}',
    ),
    serviceYaml('a'),
    serviceYaml('b'),
    routeYaml({ hostnames: ['*.shop.example'], rules }),
    own('FeatureFlag', 'f', '{mode: Conditional, when: {percent: 30, cells: [eu]}}'),
    own('TrafficPolicy', 't', `{${target}, rateLimit: {requests: 1, window: 1s}}`),
    own(
      'AuthPolicy',
      'k',
      `{${target}, apiKey: {header: X-Key, keys: [{name: n, sha256: ${sha256Hex('secret')}}]}}`,
    ),
  );
  const key = { 'x-key': 'secret' };
  const requests = [
    requestOf({ path: '/v1/x?q=1', headers: { ...key, h: 'a', Origin: 'https://a.example' } }),
    requestOf({ path: '/r', headers: key }),
    requestOf({ path: '/v1/x?q=1', headers: { h: 'b' } }),
    requestOf({ headers: key }),
    requestOf({
      method: 'OPTIONS',
      path: '/v1/x',
      headers: { Origin: 'https://a.example', 'access-control-request-method': 'PUT' },
    }),
    requestOf({ scheme: 'https', port: 443, sni: 'www.shop.example', headers: key }),
  ];
  return { resources: resourcesOf(text), requests };
}

/** Manifests and requests of the conformance vectors, where they are there. */
function vectorBases(): Base[] {
  if (!existsSync(VECTORS)) return [];
  return readdirSync(VECTORS)
    .filter((name) => existsSync(new URL(`${name}/vectors.json`, VECTORS)))
    .map((name) => {
      const read = (file: string) => readFileSync(new URL(`${name}/${file}`, VECTORS), 'utf8');
      const vectors = readVectors(read('vectors.json'));
      assert.ok(vectors.ok);
      const requests = vectors.value.cases.map(
        ({ request: { sni, ...request }, listenerPort }) => ({
          ...request,
          port: listenerPort,
          ...(sni === undefined ? {} : { sni }),
        }),
      );
      return { resources: resourcesOf(read('manifests.yaml')), requests };
    });
}

function answerOf(random: RandomStream): BackendAnswer {
  const delayMs = random.below(300);
  if (random.below(5) === 0) return { kind: 'connection-error', delayMs };
  const status = [200, 404, 500, 503][random.below(4)] ?? 200;
  return { kind: 'response', status, headers: { 'Set-Cookie': 'a', vary: '*' }, delayMs };
}

/** Everything that can be asked about a request is answered, and answered in its own form. */
function checkRequest(
  gateway: ReturnType<typeof compileGateway>,
  request: GatewayRequest,
  random: RandomStream,
  isExplained: boolean,
): void {
  const context = { cell: random.below(2) === 0 ? 'eu' : '', atMs: random.below(2_000_000_000) };
  const played = exchange(gateway, request, {
    draws: random,
    backends: { answer: () => answerOf(random) },
    context,
  });
  const read = routeOutcomeSchema.safeParse(played.outcome);
  assert.ok(read.success, read.success ? '' : JSON.stringify(read.error.issues[0]));
  assert.ok(Number.isInteger(played.status) && Number.isFinite(played.elapsedMs));
  assert.ok(played.attempts.length <= 1_001);
  if (!isExplained) return;
  const draw = random.below(0x8000_0000);
  const outcome = route(gateway, request, draw, context);
  assert.deepEqual(route(gateway, request, draw, context), outcome);
  const {
    outcome: explained,
    runnersUp,
    listenerReason,
  } = explain(gateway, request, draw, context);
  assert.deepEqual(explained, outcome);
  assert.ok(runnersUp.length <= RUNNERS_UP_MAX && listenerReason.length < 1_500);
  const shares = routeShares(gateway, request, context);
  assert.equal(
    shares.reduce((sum, { share }) => sum + share, 0),
    SHARES_TOTAL,
  );
}

test('[FUZZR1] configs and requests changed at random are routed, played and explained', () => {
  const vectors = vectorBases();
  const whole = everything();
  fc.assert(
    fc.property(fc.nat(0x7fff_ffff), (seed) => {
      const random = createSeededRandom(seed);
      // Every second time the config that uses all there is; the vectors' parts are simpler.
      const ofVectors = vectors.length > 0 && random.below(2) === 0;
      const base = ofVectors ? (vectors[random.below(vectors.length)] ?? whole) : whole;
      const resources = mutateResources(base.resources, random);
      const gateway = compileGateway(resources);
      for (let i = 0; i < REQUESTS_PER_CONFIG; i += 1) {
        const request = base.requests[random.below(base.requests.length)];
        assert.ok(request !== undefined);
        checkRequest(gateway, mutateRequest(request, random), random, i === 0);
      }
      if (seed % 20 === 0) deriveRequestShapes(resources);
    }),
    { numRuns: CONFIGS },
  );
});

test('[FUZZR2] bodies and requests of any shape are routed, played and explained', () => {
  const kinds = fc.constantFrom('Gateway', 'HTTPRoute', 'Service', 'ListenerSet', 'FeatureFlag');
  const body = fc
    .record({
      kind: kinds,
      name: fc.constantFrom('edge', 'r', 'other', 'another'),
      spec: fc.jsonValue({ maxDepth: 4 }),
      listeners: fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 3 }),
      rules: fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 3 }),
    })
    .map(({ kind, name, spec, listeners, rules }) => ({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind,
      metadata: { name, namespace: 'shop' },
      spec: spec ?? { listeners, rules, parentRefs: [{ name: 'edge' }] },
    }));
  const request = fc.record({
    method: fc.string(),
    scheme: fc.constantFrom('http' as const, 'https' as const),
    host: fc.string(),
    port: fc.constantFrom(80, 443, -1),
    path: fc.string(),
    headers: fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
  });
  const requests = fc.array(request, {
    minLength: REQUESTS_PER_CONFIG,
    maxLength: REQUESTS_PER_CONFIG,
  });
  const { resources: fixed, requests: known } = everything();
  fc.assert(
    fc.property(fc.array(body, { maxLength: 4 }), requests, fc.nat(), (bodies, asked, seed) => {
      const random = createSeededRandom(seed);
      const junk = bodies.map((one, i) => ({
        key: `k/${i}` as ResourceKey,
        body: one as unknown as JsonObject,
      }));
      const gateway = compileGateway([...fixed, ...junk]);
      asked.forEach((one, i) => {
        // Every second is one that the config is made for, in part.
        const near = i % 2 === 0 ? one : { ...known[i % known.length], path: one.path };
        checkRequest(gateway, { ...requestOf(), ...near }, random, i < 2);
      });
    }),
    { numRuns: JUNK_CONFIGS },
  );
});

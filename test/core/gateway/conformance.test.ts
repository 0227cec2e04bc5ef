import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { type CompiledGateway, compileGateway } from '../../../core/gateway/compile.ts';
import { parseConfig } from '../../../core/gateway/parse-config.ts';
import { type GatewayRequest, type RouteOutcome, route } from '../../../core/gateway/route.ts';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';

const FOLDER = new URL('../../../../shared/conformance/', import.meta.url);

const expectationSchema = z.object({
  backend: z.string().optional(),
  backendPort: z.number().optional(),
  backendRequest: z
    .object({
      host: z.string().optional(),
      path: z.string().optional(),
      headers: z.record(z.string(), z.string()).optional(),
      absentHeaders: z.array(z.string()).optional(),
    })
    .optional(),
  status: z.number().optional(),
  redirect: z
    .object({
      scheme: z.string(),
      host: z.string(),
      port: z.number().nullable(),
      path: z.string(),
      status: z.number(),
    })
    .optional(),
  distribution: z.record(z.string(), z.number()).optional(),
  tolerance: z.number().optional(),
});
type Expectation = z.output<typeof expectationSchema>;

const caseSchema = z.object({
  name: z.string(),
  gateway: z.string().optional(),
  listenerPort: z.number(),
  request: z.object({
    method: z.string(),
    scheme: z.enum(['http', 'https']),
    host: z.string(),
    path: z.string(),
    headers: z.record(z.string(), z.string()),
    sni: z.string().optional(),
  }),
  removedResources: z
    .array(z.object({ kind: z.string(), namespace: z.string(), name: z.string() }))
    .optional(),
  backendDelayMs: z.number().optional(),
  backendFailures: z.unknown().optional(),
  repeat: z.number().optional(),
  expect: expectationSchema.extend({ oneOf: z.array(expectationSchema).optional() }),
});
type Case = z.output<typeof caseSchema>;

const vectorsSchema = z.object({
  gateway: z.string(),
  features: z.array(z.string()),
  cases: z.array(z.looseObject({ name: z.string(), expect: z.record(z.string(), z.unknown()) })),
});

/** Expectations that `route` has no say in yet. */
const BEYOND: ReadonlySet<string> = new Set([
  'mirrors',
  'responseHeaders',
  'responseHeadersAnyOf',
  'absentResponseHeaders',
  'noBackend',
  'backendAttempts',
  'statusAnyOf',
]);

/** What a left-out case is about, by a part of its vectors' feature names; the first that fits. */
const SUBJECTS: readonly (readonly [string, string])[] = [
  ['CORS', 'CORS responses'],
  ['Mirror', 'mirrored copies'],
  ['Retry', 'retries'],
  ['Timeout', 'time-outs'],
];

type Vectors = z.output<typeof vectorsSchema>;

function leftOutBecause(vectors: Vectors, vector: Vectors['cases'][number]): string | null {
  const isBeyond =
    'backendFailures' in vector || Object.keys(vector.expect).some((field) => BEYOND.has(field));
  if (!isBeyond) return null;
  const subject = SUBJECTS.find(([part]) => vectors.features.some((name) => name.includes(part)));
  assert.ok(subject !== undefined, `${vector.name} is left out for no known reason`);
  return subject[1];
}

/** Everything but other Gateways, which in life have addresses of their own. */
function gatewayOf(manifests: string, gateway: string, one: Case): CompiledGateway {
  const removed = new Set(
    (one.removedResources ?? []).map(({ kind, namespace, name }) => `${kind}/${namespace}/${name}`),
  );
  const resources = [];
  for (const { key, kind, body } of parseConfig(manifests).documents) {
    if (body === null || removed.has(key)) continue;
    if (kind === 'Gateway' && key !== `Gateway/${gateway}`) continue;
    resources.push({ key, body });
  }
  return compileGateway(resources);
}

function requestOf(one: Case): GatewayRequest {
  const { sni, ...request } = one.request;
  return { ...request, port: one.listenerPort, ...(sni === undefined ? {} : { sni }) };
}

function check(expected: Expectation, request: GatewayRequest, outcome: RouteOutcome): void {
  if (expected.redirect !== undefined) {
    assert.equal(outcome.kind, 'redirect');
    const url = new URL(outcome.kind === 'redirect' ? outcome.location : '');
    assert.deepEqual(
      {
        scheme: url.protocol.slice(0, -1),
        host: url.hostname,
        port: url.port === '' ? null : Number(url.port),
        path: url.pathname,
        status: outcome.kind === 'redirect' ? outcome.status : 0,
      },
      { ...pickRedirect(expected.redirect) },
    );
  } else if (expected.status !== undefined) {
    assert.equal(outcome.kind, 'error');
    assert.equal(outcome.kind === 'error' ? outcome.status : 0, expected.status);
  } else {
    assert.equal(outcome.kind, 'backend', JSON.stringify(outcome));
    if (outcome.kind === 'backend') checkBackend(expected, request, outcome);
  }
}

function pickRedirect(redirect: NonNullable<Expectation['redirect']>): object {
  const { scheme, host, port, path, status } = redirect;
  return { scheme, host, port, path, status };
}

function checkBackend(
  expected: Expectation,
  request: GatewayRequest,
  outcome: Extract<RouteOutcome, { kind: 'backend' }>,
): void {
  assert.equal(outcome.backend, expected.backend);
  if (expected.backendPort !== undefined) assert.equal(outcome.port, expected.backendPort);
  const seen = lowerNames(outcome.request.headers);
  const wanted = expected.backendRequest ?? {
    host: request.host,
    path: request.path,
    headers: request.headers,
  };
  if (wanted.host !== undefined) assert.equal(outcome.request.host, wanted.host);
  if (wanted.path !== undefined) assert.equal(outcome.request.path, wanted.path);
  for (const [name, value] of Object.entries(lowerNames(wanted.headers ?? {}))) {
    assert.equal(seen[name], value, name);
  }
  for (const name of expected.backendRequest?.absentHeaders ?? []) {
    assert.equal(seen[name.toLowerCase()], undefined, name);
  }
}

function lowerNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function runCase(manifests: string, gateway: string, one: Case): void {
  const compiled = gatewayOf(manifests, one.gateway ?? gateway, one);
  const request = requestOf(one);
  const draws = createSeededRandom(1).split(one.name);
  const counts = new Map<string, number>();
  const repeat = one.repeat ?? 1;
  for (let i = 0; i < repeat; i += 1) {
    const outcome = route(compiled, request, draws.below(0x8000_0000));
    const name = outcome.kind === 'backend' ? outcome.backend : outcome.kind;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (one.expect.distribution !== undefined) continue;
    const options = one.expect.oneOf ?? [one.expect];
    const fitting = options.find((option) => option.backend === name) ?? options[0];
    assert.ok(fitting !== undefined);
    check(fitting, request, outcome);
  }
  for (const [backend, share] of Object.entries(one.expect.distribution ?? {})) {
    const seen = (counts.get(backend) ?? 0) / repeat;
    assert.ok(Math.abs(seen - share) <= (one.expect.tolerance ?? 0), `${backend}: ${seen}`);
    if (share === 0) assert.equal(seen, 0);
  }
}

const folders = existsSync(FOLDER)
  ? readdirSync(FOLDER).filter((name) => existsSync(new URL(`${name}/vectors.json`, FOLDER)))
  : [];

describe('[ROUTE1] routing follows the Gateway API conformance vectors', {
  skip: folders.length === 0 ? 'the vectors are not on this machine' : false,
}, () => {
  let ran = 0;
  const leftOut = new Map<string, number>();
  for (const folder of folders) {
    test(folder, () => {
      const manifests = readFileSync(new URL(`${folder}/manifests.yaml`, FOLDER), 'utf8');
      const vectors = vectorsSchema.parse(
        JSON.parse(readFileSync(new URL(`${folder}/vectors.json`, FOLDER), 'utf8')),
      );
      for (const vector of vectors.cases) {
        const reason = leftOutBecause(vectors, vector);
        if (reason !== null) leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
        else {
          ran += 1;
          runNamed(manifests, vectors.gateway, caseSchema.parse(vector));
        }
      }
    });
  }
  test('what is run and what is left out', (context) => {
    const reasons = [...leftOut].map(([reason, count]) => `${count} ${reason}`).join(', ');
    context.diagnostic(`${ran} cases run; left out as beyond this first form: ${reasons}`);
    assert.equal(ran, 100);
  });
});

function runNamed(manifests: string, gateway: string, one: Case): void {
  try {
    runCase(manifests, gateway, one);
  } catch (cause) {
    throw new Error(`${one.name}: ${cause instanceof Error ? cause.message : ''}`, { cause });
  }
}

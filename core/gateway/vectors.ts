import { err, ok, type Result } from '../lib/result.ts';
import { createSeededRandom } from '../lib/seeded-random.ts';
import { compileGateway } from './compile.ts';
import { type BackendAnswer, type Backends, type Exchange, exchange } from './exchange.ts';
import { parseConfig } from './parse-config.ts';
import type { CanonicalResource } from './resource-index.ts';
import type { GatewayRequest } from './route.ts';
import { checkDistribution, checkExchange, exchangeInWords } from './vector-checks.ts';
import { type Vector, type Vectors, vectorsSchema } from './vector-format.ts';
import { issuesInWords } from './vector-issues.ts';

export interface VectorCase {
  readonly name: string;
  readonly pass: boolean;
  /** What was wrong, as a sentence; empty when the case passes. */
  readonly detail: string;
  /** What came of the request in words; of a repeated one the last. */
  readonly got: string;
}

export interface VectorReport {
  readonly cases: readonly VectorCase[];
}

/** Test vectors as `FORMAT.md` beside them describes; from their text or from the value in it. */
export function readVectors(json: unknown): Result<Vectors, string> {
  let value = json;
  if (typeof json === 'string') {
    try {
      value = JSON.parse(json);
    } catch {
      return err('These test vectors are not JSON.');
    }
  }
  const read = vectorsSchema.safeParse(value);
  if (read.success) return ok(read.data);
  return err(`These are no test vectors: ${issuesInWords(read.error.issues)}`);
}

/** Plays every case against the manifests' YAML or resources. The same input gives the same report. */
export function runVectors(
  manifests: string | readonly CanonicalResource[],
  vectors: Vectors,
): VectorReport {
  const resources = typeof manifests === 'string' ? resourcesOf(manifests) : manifests;
  return { cases: vectors.cases.map((one) => runCase(resources, vectors.gateway, one)) };
}

function resourcesOf(manifests: string): CanonicalResource[] {
  return parseConfig(manifests).documents.flatMap(({ key, body }) =>
    body === null ? [] : [{ key, body }],
  );
}

function runCase(
  resources: readonly CanonicalResource[],
  defaultGateway: string,
  one: Vector,
): VectorCase {
  const gateway = compileGateway(resourcesFor(resources, one.gateway ?? defaultGateway, one));
  const { sni, ...asked } = one.request;
  const request: GatewayRequest = {
    ...asked,
    port: one.listenerPort,
    ...(sni === undefined ? {} : { sni }),
  };
  const draws = createSeededRandom(1).split(one.name);
  const exchanges: Exchange[] = [];
  for (let i = 0; i < (one.repeat ?? 1); i += 1) {
    const played = exchange(gateway, request, { draws, backends: backendsOf(one) });
    exchanges.push(played);
    const wrong = checkExchange(one.expect, request, played);
    if (wrong !== null) return failed(one, wrong, played);
  }
  const last = exchanges[exchanges.length - 1];
  const wrong = checkDistribution(one.expect, exchanges);
  if (wrong !== null || last === undefined) return failed(one, wrong ?? '', last);
  return { name: one.name, pass: true, detail: '', got: exchangeInWords(last) };
}

function failed(one: Vector, detail: string, played: Exchange | undefined): VectorCase {
  const got = played === undefined ? 'nothing' : exchangeInWords(played);
  return { name: one.name, pass: false, detail, got };
}

/** Everything but other Gateways, which in life have addresses of their own, and what a case removes. */
function resourcesFor(
  resources: readonly CanonicalResource[],
  gateway: string,
  one: Vector,
): CanonicalResource[] {
  const removed = new Set(
    (one.removedResources ?? []).map(({ kind, namespace, name }) => `${kind}/${namespace}/${name}`),
  );
  return resources.filter(
    ({ key }) => !removed.has(key) && (!key.startsWith('Gateway/') || key === `Gateway/${gateway}`),
  );
}

/** The backend of a case: fails its first calls as the case says, and answers 200 from then on. */
function backendsOf(one: Vector): Backends {
  const failures = one.backendFailures;
  return {
    answer: ({ attempt }): BackendAnswer => {
      if (failures !== undefined && attempt <= failures.count) {
        const delayMs = failures.delayMs ?? 0;
        if (failures.kind === 'connectionReset') return { kind: 'connection-error', delayMs };
        return { kind: 'response', status: failures.status ?? 500, headers: {}, delayMs };
      }
      const headers = one.backendResponseHeaders ?? {};
      return { kind: 'response', status: 200, headers, delayMs: one.backendDelayMs ?? 0 };
    },
  };
}

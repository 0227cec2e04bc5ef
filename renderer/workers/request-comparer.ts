import { type CompiledGateway, compileGateway } from '../../core/gateway/compile.ts';
import { explain } from '../../core/gateway/explain.ts';
import type { ParsedConfig } from '../../core/gateway/parse-config.ts';
import { deriveRequestShapes } from '../../core/gateway/request-shapes.ts';
import type { CanonicalResource } from '../../core/gateway/resource-index.ts';
import type { GatewayRequest } from '../../core/gateway/route.ts';
import { compareSuite, type SuiteComparison } from '../../core/gateway/suite/compare-suite.ts';
import { readSuites } from '../../core/gateway/suite/read-suites.ts';
import type { SuiteRequest } from '../../core/gateway/suite/suite-request.ts';
import type { RequestShape } from '../../core/protocol/simulator-control.ts';
import type { ExplainedRequest, RequestComparison } from './config-worker-messages.ts';
import { explainedSide } from './explained-side.ts';

/** Comparisons that are listed; the rest is counted. */
export const COMPARISONS_LISTED_MAX = 300;
/** Requests made of each side's routes where there is no suite. */
const DERIVED_REQUESTS_MAX = 100;

export interface RequestComparer {
  compare(head: ParsedConfig | null, draft: ParsedConfig, atMs?: number): RequestComparison;
  explain(
    head: ParsedConfig | null,
    draft: ParsedConfig,
    request: GatewayRequest,
    context: { readonly cell: string; readonly atMs: number },
  ): ExplainedRequest;
}

interface Compiled {
  readonly gateway: CompiledGateway;
  readonly resources: readonly CanonicalResource[];
}

/** Answers requests at head and in the draft. Compiles each config once. */
export function createRequestComparer(): RequestComparer {
  const compiled = new WeakMap<ParsedConfig, Compiled>();

  function compile(parsed: ParsedConfig): Compiled {
    const held = compiled.get(parsed);
    if (held !== undefined) return held;
    const resources = routedResources(parsed);
    const fresh = { resources, gateway: compileGateway(resources) };
    compiled.set(parsed, fresh);
    return fresh;
  }

  return {
    compare(head, draft, atMs = 0) {
      const before = head === null || head.documents.length === 0 ? null : compile(head);
      const after = compile(draft);
      const suite = suiteRequests(head, draft);
      const requests =
        suite.length > 0 ? suite : derivedRequests(before?.resources ?? [], after.resources);
      const comparisons = compareSuite(before?.gateway ?? null, after.gateway, requests, {
        cell: '',
        atMs,
      });
      return summarize(suite.length > 0 ? 'suite' : 'derived', comparisons);
    },
    explain: (head, draft, request, context) => ({
      head:
        head === null || head.documents.length === 0
          ? null
          : explainedSide(explain(compile(head).gateway, request, 0, context)),
      draft: explainedSide(explain(compile(draft).gateway, request, 0, context)),
    }),
  };
}

/** Of documents that claim one key the first counts, as problems say. */
function routedResources(parsed: ParsedConfig): CanonicalResource[] {
  const seen = new Set<string>();
  const resources: CanonicalResource[] = [];
  for (const { key, body } of parsed.documents) {
    if (body === null || seen.has(key)) continue;
    seen.add(key);
    resources.push({ key, body });
  }
  return resources;
}

/** Those of the draft, and those of the head that the draft no longer holds. */
function suiteRequests(head: ParsedConfig | null, draft: ParsedConfig): SuiteRequest[] {
  const requests = [...readSuites(draft)];
  const held = new Set(requests.map((request) => `${request.suite} ${request.name}`));
  for (const request of head === null ? [] : readSuites(head)) {
    // What the draft took out of the suite is still a request that somebody cared for.
    if (!held.has(`${request.suite} ${request.name}`)) requests.push({ ...request, expect: null });
  }
  return requests;
}

function derivedRequests(
  head: readonly CanonicalResource[],
  draft: readonly CanonicalResource[],
): SuiteRequest[] {
  const requests = new Map<string, SuiteRequest>();
  for (const resources of [head, draft]) {
    for (const shape of deriveRequestShapes(resources, DERIVED_REQUESTS_MAX)) {
      const request = requestOfShape(shape);
      requests.set(JSON.stringify([request.method, request.url, request.headers]), request);
    }
  }
  return [...requests.values()];
}

function requestOfShape(shape: RequestShape): SuiteRequest {
  const isDefaultPort = shape.port === (shape.scheme === 'https' ? 443 : 80);
  const url = `${shape.scheme}://${shape.host}${isDefaultPort ? '' : `:${shape.port}`}${shape.path}`;
  const { method, headers, path } = shape;
  return { suite: '', name: `${method} ${path}`, method, url, headers, expect: null };
}

function summarize(
  from: RequestComparison['from'],
  comparisons: readonly SuiteComparison[],
): RequestComparison {
  const changed = comparisons.filter((each) => each.changed);
  const others = comparisons.filter((each) => !each.changed);
  return {
    from,
    requests: comparisons.length,
    changed: changed.length,
    failing: comparisons.filter((each) => each.verdict === 'fail').length,
    expected: comparisons.filter((each) => each.verdict !== 'none').length,
    listed: [...changed, ...others.sort(failingFirst)].slice(0, COMPARISONS_LISTED_MAX),
  };
}

function failingFirst(a: SuiteComparison, b: SuiteComparison): number {
  return Number(b.verdict === 'fail') - Number(a.verdict === 'fail');
}

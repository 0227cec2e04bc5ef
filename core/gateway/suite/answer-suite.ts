import type { CompiledGateway } from '../compile.ts';
import { sharesLabel } from '../outcome-label.ts';
import type { GatewayRequest, RouteContext } from '../route.ts';
import { type RouteShare, routeShares } from '../route-shares.ts';
import { expectationProblem } from './expectation.ts';
import { SUITES_REQUESTS_MAX } from './read-suites.ts';
import { requestOfUrl } from './request-of-url.ts';
import type { SuiteRequest } from './suite-request.ts';

/** What becomes of one request of a suite. */
export interface SuiteAnswer {
  readonly request: SuiteRequest;
  /** As a node gets it; null when the request could not be understood. */
  readonly sent: GatewayRequest | null;
  readonly shares: readonly RouteShare[];
  /** `cart-v1 75 %, cart-v2 25 %`, `404 no route`. */
  readonly label: string;
  /** Whether it came to what it should; `none` when nothing is expected of it. */
  readonly verdict: 'pass' | 'fail' | 'none';
  /** Why it failed, as a sentence; empty otherwise. */
  readonly detail: string;
}

/** Answers requests up to the bound. What cannot be understood is told in its answer. */
export function answerSuite(
  gateway: CompiledGateway,
  requests: readonly SuiteRequest[],
  context?: RouteContext,
): readonly SuiteAnswer[] {
  return requests
    .slice(0, SUITES_REQUESTS_MAX)
    .map((request) => answerRequest(gateway, request, context));
}

function answerRequest(
  gateway: CompiledGateway,
  request: SuiteRequest,
  context: RouteContext | undefined,
): SuiteAnswer {
  const sent = requestOfUrl(request);
  if (!sent.ok) {
    const label = 'not understood';
    return { request, sent: null, shares: [], label, verdict: 'fail', detail: sent.error };
  }
  const shares = routeShares(gateway, sent.value, context);
  const problem = request.expect === null ? null : expectationProblem(request.expect, shares);
  return {
    request,
    sent: sent.value,
    shares,
    label: sharesLabel(shares),
    verdict: request.expect === null ? 'none' : problem === null ? 'pass' : 'fail',
    detail: problem ?? '',
  };
}

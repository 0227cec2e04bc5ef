import type { CompiledGateway } from '../compile.ts';
import { fullOutcomeLabel, outcomeIdentity, sharesLabel } from '../outcome-label.ts';
import type { RouteContext } from '../route.ts';
import type { RouteShare } from '../route-shares.ts';
import { answerSuite, type SuiteAnswer } from './answer-suite.ts';
import type { SuiteRequest } from './suite-request.ts';

/** One request before and after a change of the config. */
export interface SuiteComparison {
  readonly request: SuiteRequest;
  /** `cart-v1 75 %, cart-v2 25 %`; null when nothing was published before. */
  readonly before: string | null;
  readonly after: string;
  /**
   * Whether a client or a backend can tell the difference: another backend, share, address,
   * redirect or status, or another request for the backend. Where the short labels of both are
   * alike, `before` and `after` are the long ones.
   */
  readonly changed: boolean;
  /** Of the request after the change. */
  readonly verdict: SuiteAnswer['verdict'];
  readonly detail: string;
}

/** The requests that a draft sends elsewhere, among those that it does not. */
export function compareSuite(
  head: CompiledGateway | null,
  draft: CompiledGateway,
  requests: readonly SuiteRequest[],
  context?: RouteContext,
): readonly SuiteComparison[] {
  const before = head === null ? null : answerSuite(head, requests, context);
  return answerSuite(draft, requests, context).map((after, index) =>
    compareAnswers(before?.[index] ?? null, after),
  );
}

function compareAnswers(before: SuiteAnswer | null, after: SuiteAnswer): SuiteComparison {
  const { request, verdict, detail } = after;
  const common = { request, verdict, detail };
  if (after.sent === null) {
    return { ...common, before: before?.label ?? null, after: after.label, changed: false };
  }
  if (before === null) return { ...common, before: null, after: after.label, changed: true };
  const changed = identityOf(before.shares) !== identityOf(after.shares);
  if (!changed || before.label !== after.label) {
    return { ...common, before: before.label, after: after.label, changed };
  }
  const was = sharesLabel(before.shares, fullOutcomeLabel);
  const is = sharesLabel(after.shares, fullOutcomeLabel);
  const note = was === is ? ' with other headers' : '';
  return { ...common, before: was, after: `${is}${note}`, changed };
}

/** Shares of one outcome are added up, and their order does not count. */
function identityOf(shares: readonly RouteShare[]): string {
  const byIdentity = new Map<string, number>();
  for (const { outcome, share } of shares) {
    const identity = outcomeIdentity(outcome);
    byIdentity.set(identity, (byIdentity.get(identity) ?? 0) + share);
  }
  const rows = [...byIdentity].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return JSON.stringify(rows);
}

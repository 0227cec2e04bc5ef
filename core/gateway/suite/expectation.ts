import { outcomeLabel, qualifiedOutcomeLabel, sharesLabel } from '../outcome-label.ts';
import type { RouteOutcome } from '../route.ts';
import type { RouteShare } from '../route-shares.ts';
import type { SuiteExpectation } from './suite-request.ts';

/** Null when every share meets the expectation; otherwise a sentence that says what was got. */
export function expectationProblem(
  expect: SuiteExpectation,
  shares: readonly RouteShare[],
): string | null {
  const met = (share: RouteShare) => meets(expect, share.outcome);
  if (shares.length > 0 && shares.every(met)) return null;
  const isNear = shares.some(met);
  const label = expect.kind === 'redirect' || !isNear ? labelFor(expect) : outcomeLabel;
  const got = sharesLabel(shares, label);
  return `Expected ${isNear ? 'only ' : ''}${expectationLabel(expect)}, got ${got}.`;
}

/** `checkout/cart-v2`, `status 404`, `redirect 301 to https://…`. */
export function expectationLabel(expect: SuiteExpectation): string {
  if (expect.kind === 'backend') return expect.backend;
  if (expect.kind === 'status') return `status ${expect.status}`;
  return `redirect ${expect.status === null ? '' : `${expect.status} `}to ${expect.location}`;
}

function meets(expect: SuiteExpectation, outcome: RouteOutcome): boolean {
  switch (expect.kind) {
    case 'backend':
      return outcome.kind === 'backend' && outcome.backend === expect.backend;
    case 'status':
      // What a backend will answer nobody knows beforehand.
      return outcome.kind !== 'backend' && outcome.status === expect.status;
    case 'redirect':
      return (
        outcome.kind === 'redirect' &&
        outcome.location === expect.location &&
        (expect.status === null || outcome.status === expect.status)
      );
  }
}

function labelFor(expect: SuiteExpectation): (outcome: RouteOutcome) => string {
  return expect.kind === 'backend' ? qualifiedOutcomeLabel : outcomeLabel;
}

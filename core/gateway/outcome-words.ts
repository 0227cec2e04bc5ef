import { assertNever } from '../lib/assert.ts';
import type { RouteErrorReason, RouteOutcome } from './route.ts';

const REASONS: Readonly<Record<RouteErrorReason, string>> = {
  'no-listener': 'no listener takes the request',
  misdirected: 'the connection is for another name',
  'no-route': 'no route matches',
  'no-backend': 'the rule has no backend to send to',
  'invalid-backend': 'the backend cannot be sent to',
  'no-endpoints': 'the backend has no endpoints',
  'invalid-filter': 'a filter of the rule cannot be carried out',
  unauthenticated: 'no valid credential',
  forbidden: 'the credential does not suffice',
};

/** What becomes of a request in a few words: `shop/cart`, `302 to https://…`, `404: no route matches`. */
export function outcomeLabel(outcome: RouteOutcome): string {
  switch (outcome.kind) {
    case 'backend':
      return outcome.backend;
    case 'redirect':
      return `${outcome.status} to ${outcome.location}`;
    case 'preflight':
      return `${outcome.status}: CORS preflight`;
    case 'error':
      return `${outcome.status}: ${REASONS[outcome.reason]}`;
    default:
      return assertNever(outcome);
  }
}

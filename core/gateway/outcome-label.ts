import { assertNever } from '../lib/assert.ts';
import type { RouteErrorReason, RouteOutcome } from './route.ts';
import { type RouteShare, SHARES_TOTAL } from './route-shares.ts';

/** Outcomes named in one label; the rest is counted. */
const LABEL_OUTCOMES_MAX = 6;

const REASON_WORDS: Readonly<Record<RouteErrorReason, string>> = {
  'no-listener': 'no listener',
  misdirected: 'another host than the connection',
  'no-route': 'no route',
  'no-backend': 'no backend',
  'invalid-backend': 'invalid backend',
  'no-endpoints': 'no endpoints',
  'invalid-filter': 'invalid filter',
  unauthenticated: 'no valid credential',
  forbidden: 'forbidden',
};

/** `cart-v2`, `404 no route`, `redirect 302 to https://…`, `500 invalid backend`. */
export function outcomeLabel(outcome: RouteOutcome): string {
  switch (outcome.kind) {
    case 'backend':
      return nameOf(outcome.backend);
    case 'redirect':
      return `redirect ${outcome.status} to ${outcome.location}`;
    case 'error':
      return `${outcome.status} ${REASON_WORDS[outcome.reason]}`;
    case 'preflight':
      return `${outcome.status} answer to a CORS preflight`;
    default:
      return assertNever(outcome);
  }
}

/** The same with the namespace of a backend: two of one name must not read as one. */
export function qualifiedOutcomeLabel(outcome: RouteOutcome): string {
  return outcome.kind === 'backend' ? outcome.backend : outcomeLabel(outcome);
}

/**
 * The same with all that a client or backend can tell: namespace and port of the backend, and what
 * it is sent.
 */
export function fullOutcomeLabel(outcome: RouteOutcome): string {
  if (outcome.kind !== 'backend') return outcomeLabel(outcome);
  const { backend, port, request } = outcome;
  return `${backend}${port === null ? '' : `:${port}`} as ${request.host}${request.path}`;
}

/** `cart-v1 75 %, cart-v2 25 %`; one outcome alone has no percent. */
export function sharesLabel(
  shares: readonly RouteShare[],
  labelOf: (outcome: RouteOutcome) => string = outcomeLabel,
): string {
  const byLabel = new Map<string, number>();
  for (const { outcome, share } of shares) {
    const label = labelOf(outcome);
    byLabel.set(label, (byLabel.get(label) ?? 0) + share);
  }
  const rows = [...byLabel].sort(([, a], [, b]) => b - a);
  const [first] = rows;
  if (first === undefined) return 'no outcome';
  if (rows.length === 1) return first[0];
  const percents = percentTexts(rows.map(([, share]) => share));
  const named = rows
    .slice(0, LABEL_OUTCOMES_MAX)
    .map(([label], index) => `${label} ${percents[index]}`);
  if (rows.length > named.length) named.push(`${rows.length - named.length} more`);
  return named.join(', ');
}

/** What tells two outcomes apart, for a client or for a backend. Who decided it does not count. */
export function outcomeIdentity(outcome: RouteOutcome): string {
  switch (outcome.kind) {
    case 'backend': {
      const { backend, port, request } = outcome;
      const headers = Object.entries(request.headers)
        .map(([name, value]) => [name.toLowerCase(), value])
        .sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0));
      return JSON.stringify([backend, port, request.host, request.path, headers]);
    }
    case 'redirect':
      return JSON.stringify([outcome.status, outcome.location]);
    case 'error':
      return JSON.stringify([outcome.status, outcome.reason]);
    case 'preflight':
      return JSON.stringify(['preflight', outcome.status, outcome.headers]);
    default:
      return assertNever(outcome);
  }
}

/**
 * Shares of `SHARES_TOTAL` as `25 %`, `33.3 %`, `< 0.1 %`, rounded together by largest remainder: what
 * is printed adds up to what it is of, 100 % where it is everything.
 */
export function percentTexts(shares: readonly number[]): string[] {
  const exact = shares.map((share) => (share * 1_000) / SHARES_TOTAL);
  const tenths = exact.map(Math.floor);
  const sum = Math.round(exact.reduce((total, one) => total + one, 0));
  const byRemainder = exact
    .map((value, index) => ({ index, left: value - Math.floor(value) }))
    .sort((a, b) => b.left - a.left || a.index - b.index);
  let missing = sum - tenths.reduce((total, one) => total + one, 0);
  for (const { index } of byRemainder) {
    if (missing <= 0) break;
    tenths[index] = (tenths[index] ?? 0) + 1;
    missing -= 1;
  }
  return shares.map((share, index) => percentText(tenths[index] ?? 0, share));
}

function percentText(tenths: number, share: number): string {
  if (tenths === 0) return '< 0.1 %';
  if (tenths === 1_000 && share < SHARES_TOTAL) return '> 99.9 %';
  const whole = Math.floor(tenths / 10);
  return tenths % 10 === 0 ? `${whole} %` : `${whole}.${tenths % 10} %`;
}

function nameOf(backend: string): string {
  return backend.slice(backend.indexOf('/') + 1);
}

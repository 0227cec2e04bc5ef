import type { RequestComparison } from '../workers/config-worker-messages.ts';
import { counted } from './config-words.ts';

/** `GET /checkout/pay` and what tells it from others: host where it is long, header names. */
export function requestInWords(request: {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}): { readonly line: string; readonly headers: string } {
  const path = request.url.replace(/^https?:\/\/[^/?#]*/i, '');
  const line = `${request.method} ${path.startsWith('/') ? path : `/${path}`}`;
  return { line, headers: Object.keys(request.headers).join(' ') };
}

/** `3 of 48 in the suite`, `none of 60 made from the routes`; at the head none is compared. */
export function comparisonFinding(comparison: RequestComparison, hasDraft = true): string {
  const { changed, requests, from } = comparison;
  if (requests === 0) return '';
  if (!hasDraft) return 'none';
  const of = from === 'suite' ? 'in the suite' : 'made from the routes';
  return `${changed === 0 ? 'none' : changed} of ${requests} ${of}`;
}

/** `2 of 30 expectations fail.`; empty when nothing is expected. */
export function expectationsInWords(comparison: RequestComparison): string {
  const { failing, expected } = comparison;
  if (expected === 0 && failing === 0) return '';
  if (failing === 0) {
    return expected === 1
      ? 'The one expectation of the suite holds.'
      : `All ${expected} expectations of the suite hold.`;
  }
  return `${failing} of ${counted(expected, 'expectation')} ${failing === 1 ? 'fails' : 'fail'}.`;
}

/** Whether a label says that a request is no longer answered well. */
export function isBadOutcome(label: string): boolean {
  return /^(?:4|5)\d\d /.test(label);
}

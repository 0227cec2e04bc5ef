import { sha256Hex } from '../../lib/sha256.ts';
import type { AuthPlan } from './policy-plan.ts';
import { verifyJwt } from './verify-jwt.ts';

/** Longest API key that is looked at, in characters. */
const API_KEY_CHARS_MAX = 4_096;

export type CredentialVerdict =
  | { readonly status: 0 }
  | {
      readonly status: 401 | 403;
      readonly reason: 'unauthenticated' | 'forbidden';
      readonly detail: string;
    };

const PASSED: CredentialVerdict = { status: 0 };

/**
 * Whether a request may pass. A known API key or a valid token suffices. Nothing known: 401; a valid
 * token that lacks a required claim: 403. Keys are looked up by their hash, so that how long it takes
 * tells nothing of a key. `atMs`: wall clock, ms since 1970. A plan that can take no credential lets
 * nobody pass.
 */
export function checkCredentials(
  plan: AuthPlan,
  header: (lowerName: string) => string | undefined,
  atMs: number,
): CredentialVerdict {
  let detail = 'The request carries no credential that this policy takes.';
  if (plan.apiKey !== null) {
    const sent = header(plan.apiKey.header);
    if (sent !== undefined) {
      const known =
        sent.length <= API_KEY_CHARS_MAX && plan.apiKey.namesByHash.has(sha256Hex(sent));
      if (known) return PASSED;
      detail = 'The API key is not known.';
    }
  }
  const token = plan.jwt === null ? null : bearerOf(header('authorization'));
  if (plan.jwt !== null && token !== null) {
    const verdict = verifyJwt(plan.jwt, token, atMs);
    if (verdict.status === 0) return PASSED;
    if (verdict.status === 403) return { status: 403, reason: 'forbidden', detail: verdict.detail };
    detail = verdict.detail;
  }
  return { status: 401, reason: 'unauthenticated', detail };
}

/** The token of `Authorization: Bearer …` (RFC 6750); the scheme's case does not matter. */
function bearerOf(authorization: string | undefined): string | null {
  if (authorization === undefined || authorization.slice(0, 7).toLowerCase() !== 'bearer ') {
    return null;
  }
  return authorization.slice(7).trim();
}

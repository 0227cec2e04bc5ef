import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { LruMap } from '../../lib/lru-map.ts';
import {
  isJsonList,
  isJsonObject,
  type Json,
  type JsonObject,
  memberOf,
  stringAt,
} from '../json.ts';
import { decodeBase64Url } from './base64url.ts';
import type { JwtKey, JwtPlan } from './policy-plan.ts';
import { verifyRs256 } from './rsa.ts';

/** Longest token that is looked at, in characters. */
export const TOKEN_CHARS_MAX = 8_192;
/** Tokens whose signature is remembered, per plan. */
const TOKENS_MEMOISED_MAX = 512;

export type TokenVerdict =
  | { readonly status: 0 }
  | { readonly status: 401 | 403; readonly detail: string };

/** What of a token never changes: whether a key of the plan signed it, and what it claims. */
type SignedToken =
  | { readonly ok: true; readonly claims: JsonObject }
  | { readonly ok: false; readonly detail: string };

/** Plans are immutable and shared; what is remembered goes with them. */
const verified = new WeakMap<JwtPlan, LruMap<string, SignedToken>>();

/**
 * Checks a compact JWS (RFC 7515, RFC 7519) against the plan at a time, ms since 1970. The algorithm
 * must be that of the key, whatever the token says. Never throws.
 */
export function verifyJwt(plan: JwtPlan, token: string, atMs: number): TokenVerdict {
  if (token.length > TOKEN_CHARS_MAX) {
    return refused(401, `The token is longer than ${TOKEN_CHARS_MAX} characters.`);
  }
  const memo = verified.get(plan) ?? new LruMap<string, SignedToken>(TOKENS_MEMOISED_MAX);
  verified.set(plan, memo);
  const signed = memo.get(token) ?? checkSignature(plan, token);
  memo.set(token, signed);
  return signed.ok ? checkClaims(plan, signed.claims, atMs) : refused(401, signed.detail);
}

function checkSignature(plan: JwtPlan, token: string): SignedToken {
  const parts = token.split('.');
  const [head = '', body = '', mark = ''] = parts;
  const header = parts.length === 3 ? decodeObject(head) : null;
  const signature = decodeBase64Url(mark);
  if (header === null || signature === null) return broken('The token is no signed JWT.');
  if (Object.hasOwn(header, 'crit')) return broken('The token asks for extensions by crit.');
  const algorithm = stringAt(header, 'alg');
  const kid = stringAt(header, 'kid');
  const keys = plan.keys.filter(
    (key) =>
      key.algorithm === algorithm && (kid === undefined || key.kid === null || key.kid === kid),
  );
  if (keys.length === 0)
    return broken('No key of the policy fits the algorithm and kid of the token.');
  const message = asciiBytes(`${head}.${body}`);
  if (!keys.some((key) => verify(key, message, signature))) {
    return broken('The signature of the token is by none of the keys of the policy.');
  }
  const claims = decodeObject(body);
  return claims === null ? broken('The token holds no claims.') : { ok: true, claims };
}

function verify(key: JwtKey, message: Uint8Array, signature: Uint8Array): boolean {
  // The libraries throw on malformed keys and signatures: both are data here.
  try {
    switch (key.algorithm) {
      case 'RS256':
        return verifyRs256(key.publicKey, key.exponent, message, signature);
      case 'EdDSA':
        // As RFC 8032 has it: by the looser rules a key of small order would sign everything.
        return (
          signature.length === 64 &&
          ed25519.verify(signature, message, key.publicKey, { zip215: false })
        );
      case 'ES256':
        return (
          signature.length === 64 &&
          p256.verify(signature, message, key.publicKey, { lowS: false, prehash: true })
        );
    }
  } catch {
    return false;
  }
}

function checkClaims(plan: JwtPlan, claims: JsonObject, atMs: number): TokenVerdict {
  const { clockSkewMs, issuer, audiences, requiredClaims } = plan;
  const exp = timeAt(claims, 'exp');
  const nbf = timeAt(claims, 'nbf');
  const iat = timeAt(claims, 'iat');
  if (exp === null) return refused(401, 'The token states no time of expiry (exp).');
  if (
    Number.isNaN(exp) ||
    (nbf !== null && Number.isNaN(nbf)) ||
    (iat !== null && Number.isNaN(iat))
  ) {
    return refused(401, 'A time of the token is no number.');
  }
  if (atMs >= exp + clockSkewMs) return refused(401, 'The token has expired.');
  if (nbf !== null && atMs < nbf - clockSkewMs) return refused(401, 'The token is not valid yet.');
  if (iat !== null && atMs < iat - clockSkewMs) {
    return refused(401, 'The token was issued in the future.');
  }
  if (issuer !== null && memberOf(claims, 'iss') !== issuer) {
    return refused(401, 'The token is by another issuer.');
  }
  if (audiences.size > 0 && !isFor(memberOf(claims, 'aud'), audiences)) {
    return refused(401, 'The token is for another audience.');
  }
  for (const { name, value } of requiredClaims) {
    if (holds(memberOf(claims, name), value)) continue;
    return refused(403, `The token lacks the claim ${name} with the value "${value}".`);
  }
  return { status: 0 };
}

/** Milliseconds; null when absent, NaN when it is there and no number. */
function timeAt(claims: JsonObject, name: string): number | null {
  const value = memberOf(claims, name);
  if (value === undefined) return null;
  return typeof value === 'number' ? value * 1_000 : Number.NaN;
}

function isFor(audience: Json | undefined, wanted: ReadonlySet<string>): boolean {
  const named = isJsonList(audience) ? audience : [audience];
  return named.some((one) => typeof one === 'string' && wanted.has(one));
}

/** Equal, one of a list, or one of the words of a text (`scope`, RFC 8693). */
function holds(claim: Json | undefined, value: string): boolean {
  if (isJsonList(claim)) return claim.includes(value);
  if (typeof claim === 'string') return claim === value || claim.split(' ').includes(value);
  return (typeof claim === 'number' || typeof claim === 'boolean') && String(claim) === value;
}

function decodeObject(part: string): JsonObject | null {
  const bytes = decodeBase64Url(part);
  if (bytes === null) return null;
  // Claims beyond ASCII are read as UTF-8 by percent-decoding, which needs no platform API.
  let escaped = '';
  for (const byte of bytes) escaped += `%${byte.toString(16).padStart(2, '0')}`;
  try {
    const value: Json = JSON.parse(decodeURIComponent(escaped));
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

function refused(status: 401 | 403, detail: string): TokenVerdict {
  return { status, detail };
}

function broken(detail: string): SignedToken {
  return { ok: false, detail };
}

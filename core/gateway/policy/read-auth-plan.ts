import { durationMs } from '../formats.ts';
import {
  isJsonList,
  isJsonObject,
  type JsonObject,
  listAt,
  memberOf,
  objectAt,
  stringAt,
} from '../json.ts';
import { readJwk } from './jwk.ts';
import type { AuthPlan, JwtKey, JwtPlan } from './policy-plan.ts';

const CLOCK_SKEW_MS_DEFAULT = 30_000;
const CLOCK_SKEW_MS_MAX = 600_000;

/**
 * Who may pass by an AuthPolicy's spec, of any shape. What cannot be understood lets nobody pass: a
 * policy that is half read must not stand open.
 */
export function readAuthPlan(key: string, spec: JsonObject | undefined): AuthPlan {
  return { key, apiKey: readApiKey(objectAt(spec, 'apiKey')), jwt: readJwt(objectAt(spec, 'jwt')) };
}

function readApiKey(apiKey: JsonObject | undefined): AuthPlan['apiKey'] {
  const header = stringAt(apiKey, 'header');
  if (header === undefined) return null;
  const namesByHash = new Map<string, string>();
  for (const entry of listAt(apiKey, 'keys')) {
    const hash = stringAt(entry, 'sha256');
    if (hash !== undefined) namesByHash.set(hash, stringAt(entry, 'name') ?? '');
  }
  return { header: header.toLowerCase(), namesByHash };
}

function readJwt(jwt: JsonObject | undefined): JwtPlan | null {
  if (jwt === undefined) return null;
  const keys: JwtKey[] = [];
  // Without a key no token is valid: a restriction that cannot be read must not be passed over.
  for (const entry of isUnderstood(jwt) ? listAt(jwt, 'keys') : []) {
    const reading = isJsonObject(entry) ? readJwk(entry) : null;
    if (reading?.ok) keys.push(reading.value);
  }
  const skew = stringAt(jwt, 'clockSkew');
  const skewMs = skew === undefined ? null : durationMs(skew);
  return {
    issuer: stringAt(jwt, 'issuer') ?? null,
    audiences: new Set(listAt(jwt, 'audiences').filter((one) => typeof one === 'string')),
    clockSkewMs: Math.min(skewMs ?? CLOCK_SKEW_MS_DEFAULT, CLOCK_SKEW_MS_MAX),
    requiredClaims: listAt(jwt, 'requiredClaims').map((claim) => ({
      name: stringAt(claim, 'name') ?? '',
      value: stringAt(claim, 'value') ?? '',
    })),
    keys,
  };
}

/** Whether all that narrows who may pass has its form. */
function isUnderstood(jwt: JsonObject): boolean {
  if (typeof (memberOf(jwt, 'issuer') ?? '') !== 'string') return false;
  const audiences = memberOf(jwt, 'audiences') ?? [];
  if (!isJsonList(audiences) || audiences.some((one) => typeof one !== 'string')) return false;
  return isJsonList(memberOf(jwt, 'requiredClaims') ?? []);
}

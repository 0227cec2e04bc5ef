import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { type JsonObject, stringAt } from '../json.ts';
import { decodeBase64Url } from './base64url.ts';
import type { JwtKey } from './policy-plan.ts';

/** Members of a JWK that are private, or a shared secret (RFC 7518, section 6). */
export const PRIVATE_JWK_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const;

const RSA_BYTES_MIN = 256;
const RSA_BYTES_MAX = 512;
const EXPONENT_MAX = 0xffff_ffff;

export type JwkReading =
  | { readonly ok: true; readonly value: JwtKey }
  /** `member`: which member is wrong; `problem`: what it must be, to stand after its name. */
  | { readonly ok: false; readonly error: { readonly member: string; readonly problem: string } };

/** A public key from its JWK (RFC 7517): EC P-256, OKP Ed25519, or RSA. */
export function readJwk(jwk: JsonObject): JwkReading {
  for (const member of PRIVATE_JWK_MEMBERS) {
    if (Object.hasOwn(jwk, member)) {
      return wrong(member, 'is a private part of the key; keep it out of the config');
    }
  }
  const reading = readPublic(jwk);
  if (!reading.ok) return reading;
  const alg = stringAt(jwk, 'alg');
  if (alg !== undefined && alg !== reading.value.algorithm) {
    return wrong('alg', `must be ${reading.value.algorithm} for this key`);
  }
  return reading;
}

/**
 * Whether the key is a point that can sign: one that is not on its curve verifies nothing, and one of
 * small order would verify anything. Costs too much to be asked wherever a key is read.
 */
export function isSigningPoint({ algorithm, publicKey }: JwtKey): boolean {
  try {
    if (algorithm === 'ES256') p256.Point.fromBytes(publicKey).assertValidity();
    return algorithm !== 'EdDSA' || !ed25519.Point.fromBytes(publicKey).isSmallOrder();
  } catch {
    return false;
  }
}

function readPublic(jwk: JsonObject): JwkReading {
  const kid = stringAt(jwk, 'kid') ?? null;
  const kty = stringAt(jwk, 'kty');
  const crv = stringAt(jwk, 'crv');
  if (kty === 'RSA') return readRsa(jwk, kid);
  if (kty === 'OKP') {
    if (crv !== 'Ed25519') return wrong('crv', 'must be Ed25519 for kty OKP');
    const x = bytesAt(jwk, 'x', 32);
    if (x === null) return wrong('x', 'must be the 32 bytes of the public key, in base64url');
    return { ok: true, value: { kid, algorithm: 'EdDSA', publicKey: x, exponent: 0 } };
  }
  if (kty !== 'EC') return wrong('kty', 'must be EC, OKP or RSA');
  if (crv !== 'P-256') return wrong('crv', 'must be P-256 for kty EC');
  const x = bytesAt(jwk, 'x', 32);
  if (x === null) return wrong('x', 'must be 32 bytes in base64url');
  const y = bytesAt(jwk, 'y', 32);
  if (y === null) return wrong('y', 'must be 32 bytes in base64url');
  const publicKey = new Uint8Array(65);
  publicKey[0] = 4;
  publicKey.set(x, 1);
  publicKey.set(y, 33);
  return { ok: true, value: { kid, algorithm: 'ES256', publicKey, exponent: 0 } };
}

function readRsa(jwk: JsonObject, kid: string | null): JwkReading {
  const modulus = decodeBase64Url(stringAt(jwk, 'n') ?? '');
  if (modulus === null || modulus.length < RSA_BYTES_MIN || modulus.length > RSA_BYTES_MAX) {
    return wrong('n', 'must be a modulus of 2,048 to 4,096 bits, in base64url');
  }
  if ((modulus[0] ?? 0) < 0x80 || (modulus[modulus.length - 1] ?? 0) % 2 === 0) {
    return wrong('n', 'must be an odd modulus without leading zeros');
  }
  const bytes = decodeBase64Url(stringAt(jwk, 'e') ?? '');
  let exponent = 0;
  for (const byte of bytes ?? []) exponent = exponent * 256 + byte;
  if (exponent < 3 || exponent > EXPONENT_MAX || exponent % 2 === 0) {
    return wrong('e', 'must be an odd number from 3 on in base64url, mostly AQAB');
  }
  return { ok: true, value: { kid, algorithm: 'RS256', publicKey: modulus, exponent } };
}

function bytesAt(jwk: JsonObject, member: string, length: number): Uint8Array | null {
  const bytes = decodeBase64Url(stringAt(jwk, member) ?? '');
  return bytes?.length === length ? bytes : null;
}

function wrong(member: string, problem: string): JwkReading {
  return { ok: false, error: { member, problem } };
}

import { isJsonObject, type Json, type JsonObject } from '../../../core/gateway/json.ts';
import { err, ok, type Result } from '../../../core/lib/result.ts';

/** Longest key that is read, in characters; a JWK of 4,096 bits has under 1,000. */
const JWK_CHARS_MAX = 16_384;

/** Members of a JWK that must never leave its owner (RFC 7518 §6). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'];

/** What a public key is checked by; browsers and tools add others, such as `ext`. */
const KEPT_MEMBERS = new Set(['kty', 'crv', 'alg', 'kid', 'use', 'x', 'y', 'n', 'e']);

/** A pasted public key. A private one is refused before it gets near the text. */
export function readPublicJwk(text: string): Result<JsonObject, string> {
  if (text.length > JWK_CHARS_MAX)
    return err('This is too long to be one key. Paste a single JWK.');
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    return err('This is no JSON. Paste the key as a JWK, from { to }.');
  }
  if (!isJsonObject(value)) return err('A JWK is one JSON object. Paste the key from { to }.');
  if (PRIVATE_MEMBERS.some((member) => Object.hasOwn(value, member))) {
    return err('This is a private key and was not taken. Paste its public half.');
  }
  if (typeof value.kty !== 'string') return err('This key states no kty. Paste a public JWK.');
  return ok(Object.fromEntries(Object.entries(value).filter(([name]) => KEPT_MEMBERS.has(name))));
}

import type { Json, JsonObject } from '../gateway/json.ts';
import { assert } from '../lib/assert.ts';
import { sha256Hex } from '../lib/sha256.ts';
import { compareCodeUnits } from './compare-code-units.ts';
import type { ContentHash, ResourceKey, SourceHash } from './ids.ts';

/**
 * Deepest nesting of a body taken from the wire, so that recursion stays far from the stack's end.
 * More than a config text may have: no node refuses for its depth what could be published.
 */
export const BODY_DEPTH_MAX = 128;

/** Known kinds that live outside namespaces: their key has an empty namespace. */
export const CLUSTER_SCOPED_KINDS: ReadonlySet<string> = new Set(['Namespace', 'GatewayClass']);

/** Namespace of a namespaced resource that states none. */
export const DEFAULT_NAMESPACE = 'default';

/**
 * The one text of a JSON value: keys in code-unit order, no whitespace, numbers and strings as
 * `JSON.stringify` writes them. Equal values give equal texts on every machine.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    assert(Number.isFinite(value), 'a canonical number is finite');
    return JSON.stringify(value);
  }
  if (isJsonArray(value)) {
    let out = '[';
    for (let i = 0; i < value.length; i += 1) {
      if (i > 0) out += ',';
      out += canonicalJson(value[i] ?? null);
    }
    return `${out}]`;
  }
  const keys = sortedKeys(value);
  let out = '{';
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i] ?? '';
    if (i > 0) out += ',';
    out += `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`;
  }
  return `${out}}`;
}

/** Bodies that come from canonical texts have their keys in order already. */
function sortedKeys(value: JsonObject): string[] {
  const keys = Object.keys(value);
  for (let i = 1; i < keys.length; i += 1) {
    if ((keys[i - 1] ?? '') > (keys[i] ?? '')) return keys.sort(compareCodeUnits);
  }
  return keys;
}

/** `Array.isArray` does not narrow readonly arrays. */
export function isJsonArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether a value is a JSON object and not an array or null. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isJsonArray(value);
}

/**
 * Whether an unchecked value is JSON all the way down, with finite numbers, no `undefined`, and
 * nested no deeper than `BODY_DEPTH_MAX`.
 */
export function isJson(value: unknown): value is Json {
  return isJsonWithin(value, BODY_DEPTH_MAX);
}

function isJsonWithin(value: unknown, depthLeft: number): boolean {
  if (value === null) return true;
  switch (typeof value) {
    case 'boolean':
    case 'string':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object': {
      if (depthLeft === 0) return false;
      const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
      for (let i = 0; i < items.length; i += 1) {
        if (!isJsonWithin(items[i], depthLeft - 1)) return false;
      }
      return true;
    }
    default:
      return false;
  }
}

/** Content hash of a canonical text. */
export function contentHashOf(canonical: string): ContentHash {
  return sha256Hex(canonical) as ContentHash;
}

/** Hash of a person's text, byte for byte. */
export function sourceHashOf(source: string): SourceHash {
  return sha256Hex(source) as SourceHash;
}

/** The key of known parts; null when a part is empty where it must not be, or holds a `/`. */
export function makeResourceKey(kind: string, namespace: string, name: string): ResourceKey | null {
  if (kind === '' || name === '') return null;
  if (kind.includes('/') || namespace.includes('/') || name.includes('/')) return null;
  return `${kind}/${namespace}/${name}` as ResourceKey;
}

/**
 * `Kind/namespace/name` of a body; null when it states no kind or no name, or any of the three is
 * not a string. The namespace defaults to `default`, and is empty for cluster-scoped kinds.
 */
export function resourceKeyOf(body: JsonObject): ResourceKey | null {
  const { kind, metadata } = body;
  if (typeof kind !== 'string' || !isJsonObject(metadata)) return null;
  const { name, namespace } = metadata;
  if (typeof name !== 'string') return null;
  if (CLUSTER_SCOPED_KINDS.has(kind)) return makeResourceKey(kind, '', name);
  if (namespace === undefined || namespace === null || namespace === '') {
    return makeResourceKey(kind, DEFAULT_NAMESPACE, name);
  }
  if (typeof namespace !== 'string') return null;
  return makeResourceKey(kind, namespace, name);
}

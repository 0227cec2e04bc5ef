import fc from 'fast-check';
import { canonicalJson, contentHashOf, sourceHashOf } from '../../../core/config/canonical.ts';
import type { ContentHash, ResourceKey } from '../../../core/config/ids.ts';
import type { Json, JsonObject } from '../../../core/gateway/json.ts';
import type { DocumentBody } from '../../../core/ports/store.ts';

/** Well-formed text of any script: what UTF-8 can carry. */
export const textArbitrary = fc.string({ unit: 'grapheme', maxLength: 12 });

const fieldNameArbitrary = fc.oneof(
  textArbitrary,
  fc.constantFrom('__proto__', 'constructor', 'toString', 'a', 'b', '1', '10', '2'),
);

/** Any JSON value, with keys that objects have by birth among the field names. */
export const jsonArbitrary: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    textArbitrary,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.array(fc.tuple(fieldNameArbitrary, tie('json')), { maxLength: 4 }).map(objectOf),
  ),
})).json;

/** Own fields only, `__proto__` included. */
function objectOf(entries: readonly (readonly [string, Json])[]): JsonObject {
  const object = {};
  for (const [name, value] of entries) {
    Object.defineProperty(object, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return object;
}

const kinds = ['HTTPRoute', 'Gateway', 'Namespace', 'Backend'];

/** Bodies of distinct resources, from a space so small that two draws overlap. */
export const bodiesArbitrary: fc.Arbitrary<JsonObject[]> = fc
  .uniqueArray(
    fc.record({
      kind: fc.constantFrom(...kinds),
      namespace: fc.constantFrom('shop', 'pay', 'größe'),
      name: fc.integer({ min: 0, max: 6 }).map((n) => `r${n}`),
      spec: fc.oneof(fc.constantFrom<Json>({ v: 1 }, { v: 2 }), jsonArbitrary),
    }),
    {
      maxLength: 25,
      selector: ({ kind, namespace, name }) =>
        kind === 'Namespace' ? `${kind}/${name}` : `${kind}/${namespace}/${name}`,
    },
  )
  .map((resources) =>
    resources.map(({ kind, namespace, name, spec }) => ({
      kind,
      metadata: { name, namespace },
      spec,
    })),
  );

/** A known document made by hand, with true hashes. */
export function knownDocument(key: string, spec: Json, comment = ''): DocumentBody {
  const [kind = '', namespace = '', name = ''] = key.split('/');
  const canonical = canonicalJson({ kind, metadata: { name, namespace }, spec });
  const source = `# ${comment}\n${canonical}\n`;
  return {
    key: key as ResourceKey,
    contentHash: contentHashOf(canonical),
    sourceHash: sourceHashOf(source),
    canonical,
    source,
  };
}

/** A document of a kind that nobody knows. */
export function unknownDocument(key: string, source: string): DocumentBody {
  return {
    key: key as ResourceKey,
    contentHash: null,
    sourceHash: sourceHashOf(source),
    canonical: null,
    source,
  };
}

export function manifestOf(documents: readonly DocumentBody[]): Map<ResourceKey, ContentHash> {
  const manifest = new Map<ResourceKey, ContentHash>();
  for (const { key, contentHash } of documents) {
    if (contentHash !== null) manifest.set(key, contentHash);
  }
  return manifest;
}

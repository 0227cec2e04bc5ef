import assert from 'node:assert/strict';
import type { Revision } from '../../core/config/ids.ts';
import { rootHashOf } from '../../core/config/root-hash.ts';
import { micros } from '../../core/ports/clock.ts';
import type {
  ConfigStore,
  DocumentBody,
  PublishInput,
  RevisionRecord,
} from '../../core/ports/store.ts';
import { knownDocument, manifestOf } from '../core/config/config-arbitraries.ts';

export interface StoreUnderTest {
  readonly store: ConfigStore;
  /** Closes and opens again; null for a store that does not outlive its process. */
  readonly reopen: (() => ConfigStore) | null;
  dispose(): void;
}

/** Declares one rule as a test, on a store of its own. */
export type Rule = (title: string, run: (subject: StoreUnderTest) => void | Promise<void>) => void;

export const AT = micros(1_780_000_000_123_456);
export const first = [
  knownDocument('Gateway/shop/edge', 1),
  knownDocument('HTTPRoute/shop/cart', 1),
];

export function inputFor(
  documents: readonly DocumentBody[],
  base: Revision | null,
  rest: Partial<PublishInput> = {},
): PublishInput {
  return {
    base,
    documents,
    rootHash: rootHashOf(manifestOf(documents)),
    author: 'ada',
    message: 'a change',
    at: AT,
    origin: { kind: 'publish' },
    ...rest,
  };
}

export function publish(
  store: ConfigStore,
  documents: readonly DocumentBody[],
  rest: Partial<PublishInput> = {},
): RevisionRecord {
  const result = store.publish(inputFor(documents, store.head()?.revision ?? null, rest));
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

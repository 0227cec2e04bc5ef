import { useEffect, useState } from 'react';
import type { Revision } from '../../core/config/ids.ts';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';
import type { ResourceChange } from '../../core/protocol/console-model.ts';
import { getClient } from '../client.ts';

/** Differences kept, so that going back and forth in the list asks once. */
const KEPT_MAX = 12;

export interface LoadedDiff {
  readonly from: Revision | null;
  readonly to: Revision;
  /** Null when there is nothing to compare with, or it cannot be had now. */
  readonly changes: readonly ResourceChange[] | null;
  /** Why it could not be compared, in words; its text is there all the same. */
  readonly notCompared: string | null;
  readonly fromText: string;
  readonly toText: string;
}

export type DiffState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly refusal: ConsoleRefusal }
  | { readonly kind: 'loaded'; readonly diff: LoadedDiff };

const kept = new Map<string, LoadedDiff>();
const LOADING: DiffState = { kind: 'loading' };

/**
 * What differs between two revisions. `attempt` changes when a failed request may succeed now;
 * `history` names the store's lineage, for the same number means another revision in another.
 */
export function useRevisionDiff(
  from: Revision | null,
  to: Revision | null,
  history: string,
  attempt: string,
): DiffState {
  const [state, setState] = useState<DiffState>(LOADING);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` is the reason to ask again
  useEffect(() => {
    if (to === null) return;
    const key = `${history}/${from}/${to}`;
    const known = kept.get(key);
    if (known !== undefined) {
      setState({ kind: 'loaded', diff: known });
      return;
    }
    let current = true;
    setState(LOADING);
    void load(from, to).then((loaded) => {
      if (loaded.kind === 'loaded' && loaded.diff.notCompared === null) keep(key, loaded.diff);
      if (current) setState(loaded);
    });
    return () => {
      current = false;
    };
  }, [from, to, history, attempt]);
  return state;
}

async function load(from: Revision | null, to: Revision): Promise<DiffState> {
  if (from === null) return loadAlone(to, null);
  const compared = await getClient().request('diff-revisions', { from, to });
  // The head's text is there even when nothing else is.
  if (!compared.ok) return loadAlone(to, compared.error.detail);
  const { changes, fromText, toText } = compared.value;
  return { kind: 'loaded', diff: { from, to, changes, notCompared: null, fromText, toText } };
}

async function loadAlone(to: Revision, notCompared: string | null): Promise<DiffState> {
  const config = await getClient().request('get-config', { revision: to });
  if (!config.ok) return { kind: 'failed', refusal: config.error };
  const toText = config.value.text;
  return {
    kind: 'loaded',
    diff: { from: null, to, changes: null, notCompared, fromText: '', toText },
  };
}

function keep(key: string, diff: LoadedDiff): void {
  kept.set(key, diff);
  const oldest = kept.keys().next();
  if (kept.size > KEPT_MAX && oldest.done !== true) kept.delete(oldest.value);
}

import { useEffect, useState } from 'react';
import type { ConsoleResults } from '../../core/protocol/console-api.ts';
import { getClient } from '../client.ts';

/** The forecast may be kept a moment after the revision is heard of: asked for once more by then. */
const ASK_AGAIN_MS = 1_500;

export type KeptForecastAnswer = ConsoleResults['get-forecast'];

export type ForecastState =
  | { readonly kind: 'loading' }
  /** Null: the revision was not rehearsed. */
  | { readonly kind: 'loaded'; readonly revision: number; readonly answer: KeptForecastAnswer }
  | { readonly kind: 'failed'; readonly detail: string };

const LOADING: ForecastState = { kind: 'loading' };

/**
 * What was predicted for a revision. `attempt` changes when the answer may be another one now: the
 * lineage, how far the revision got.
 */
export function useForecast(revision: number | null, attempt: string): ForecastState {
  const [state, setState] = useState<ForecastState>(LOADING);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` is the reason to ask again
  useEffect(() => {
    if (revision === null) return;
    // What is shown of this revision stays until there is a newer word on it.
    setState((shown) => (shown.kind === 'loaded' && shown.revision === revision ? shown : LOADING));
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (isLast: boolean) => {
      const asked = await getClient().request('get-forecast', { revision });
      if (!isCurrent) return;
      if (!asked.ok) {
        setState({ kind: 'failed', detail: asked.error.detail });
        return;
      }
      setState({ kind: 'loaded', revision, answer: asked.value });
      if (asked.value === null && !isLast) timer = setTimeout(() => void ask(true), ASK_AGAIN_MS);
    };
    void ask(false);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [revision, attempt]);
  return state;
}

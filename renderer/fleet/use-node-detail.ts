import { useEffect, useState } from 'react';
import type { NodeId } from '../../core/config/ids.ts';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';
import type { NodeDetail } from '../../core/protocol/console-model.ts';
import { getClient } from '../client.ts';

/** How often the inspected node is asked for again. */
const POLL_MS = 1_000;

export interface NodeDetailState {
  readonly detail: NodeDetail | null;
  readonly refusal: ConsoleRefusal | null;
}

const NOTHING: NodeDetailState = { detail: null, refusal: null };

/** All that the console can tell of one node, asked for again every second. */
export function useNodeDetail(nodeId: NodeId): NodeDetailState {
  const [state, setState] = useState<NodeDetailState & { readonly nodeId: NodeId | null }>({
    ...NOTHING,
    nodeId: null,
  });
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      const outcome = await getClient().request('get-node', { nodeId });
      if (stopped) return;
      setState((before) =>
        outcome.ok
          ? { nodeId, detail: outcome.value, refusal: null }
          : {
              nodeId,
              detail: before.nodeId === nodeId ? before.detail : null,
              refusal: outcome.error,
            },
      );
      timer = setTimeout(() => void ask(), POLL_MS);
    };
    void ask();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [nodeId]);
  return state.nodeId === nodeId ? state : NOTHING;
}

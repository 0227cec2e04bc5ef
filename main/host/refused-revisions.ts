import type { NodeId } from '../../core/config/ids.ts';
import { SYNC_STATUSES } from '../../core/fleet/frame.ts';
import type { Belief } from '../../core/protocol/control-plane-control.ts';

const ERROR = SYNC_STATUSES.indexOf('ERROR');

/** Which revision each node refused last: a belief says `ERROR` of its own head alone. */
export class RefusedRevisions {
  readonly #revisionOf = new Map<NodeId, number>();

  /** `nodeIds` are the rows of the belief. */
  learn(belief: Belief, nodeIds: readonly NodeId[]): void {
    const { head, syncStatus } = belief;
    if (head === null || syncStatus.length !== nodeIds.length) return;
    nodeIds.forEach((nodeId, row) => {
      if (syncStatus[row] === ERROR) this.#revisionOf.set(nodeId, head.revision);
    });
  }

  /** Null when this was never learnt. */
  of(nodeId: NodeId): number | null {
    return this.#revisionOf.get(nodeId) ?? null;
  }

  /** Nodes outside the inventory are forgotten, which bounds what is kept. */
  keepOnly(isKnown: (nodeId: NodeId) => boolean): void {
    for (const nodeId of [...this.#revisionOf.keys()]) {
      if (!isKnown(nodeId)) this.#revisionOf.delete(nodeId);
    }
  }
}

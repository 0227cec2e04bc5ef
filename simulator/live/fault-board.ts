import type { NodeId } from '../../core/config/ids.ts';
import type { LinkFault } from '../../core/fault/fault.ts';
import type { Disposable } from '../../core/lib/disposable.ts';
import { addMicros, type Clock, MICROS_PER_MS } from '../../core/ports/clock.ts';
import type { Scheduler } from '../../core/ports/scheduler.ts';
import type { NodeTarget } from '../../core/protocol/primitives.ts';
import { CLEAR_CONDITIONS, type LinkConditions } from './link-conditions.ts';
import { ACTIVE_FAULTS_MAX } from './live-limits.ts';

interface Standing {
  readonly fault: LinkFault;
  readonly timer: Disposable | null;
}

export interface FaultBoardInput {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Its time was up. */
  readonly ended: (faultId: string, fault: LinkFault) => void;
}

/** The standing faults, and what they come to for any node. Latencies add up. */
export class FaultBoard {
  readonly #input: FaultBoardInput;
  readonly #standing = new Map<string, Standing>();

  constructor(input: FaultBoardInput) {
    this.#input = input;
  }

  /** False, and nothing is changed, when too many stand already. The same id replaces. */
  start(faultId: string, fault: LinkFault): boolean {
    if (!this.#standing.has(faultId) && this.#standing.size >= ACTIVE_FAULTS_MAX) return false;
    this.#standing.get(faultId)?.timer?.dispose();
    const { clock, scheduler, ended } = this.#input;
    const timer =
      fault.durationMs === null
        ? null
        : scheduler.at(addMicros(clock.now(), fault.durationMs * MICROS_PER_MS), () => {
            this.#standing.delete(faultId);
            ended(faultId, fault);
          });
    this.#standing.set(faultId, { fault, timer });
    return true;
  }

  get(faultId: string): LinkFault | null {
    return this.#standing.get(faultId)?.fault ?? null;
  }

  clear(faultId: string): void {
    this.#standing.get(faultId)?.timer?.dispose();
    this.#standing.delete(faultId);
  }

  conditionsOf(nodeId: NodeId, cell: string): LinkConditions {
    if (this.#standing.size === 0) return CLEAR_CONDITIONS;
    let latencyMs = 0;
    let jitterMs = 0;
    let partitioned = false;
    for (const { fault } of this.#standing.values()) {
      if (!targetCovers(fault.target, nodeId, cell)) continue;
      if (fault.kind === 'link-partition') partitioned = true;
      else {
        latencyMs += fault.latencyMs;
        jitterMs += fault.jitterMs;
      }
    }
    return { latencyMs, jitterMs, partitioned };
  }
}

export function targetCovers(target: NodeTarget, nodeId: NodeId, cell: string): boolean {
  if (target.scope === 'fleet') return true;
  return target.scope === 'cell' ? target.cell === cell : target.nodeId === nodeId;
}

import {
  clearConditions,
  type LinkNature,
  type NodeConditions,
  worsen,
} from './link-conditions.ts';
import type { ScheduledFault } from './twin-fault.ts';
import type { TwinNode } from './twin-node.ts';

/** The faults that stand now, and what they come to for any node. */
export class TwinFaultBoard {
  readonly #clear: NodeConditions;
  readonly #schedule: readonly ScheduledFault[];
  /** Indexes in the schedule, in the order in which they began. */
  readonly #standing = new Set<number>();

  constructor(nature: LinkNature, schedule: readonly ScheduledFault[]) {
    this.#clear = clearConditions(nature);
    this.#schedule = schedule;
  }

  get clearConditions(): NodeConditions {
    return this.#clear;
  }

  begin(index: number, nodes: readonly TwinNode[]): void {
    this.#standing.add(index);
    this.#apply(index, nodes);
  }

  end(index: number, nodes: readonly TwinNode[]): void {
    this.#standing.delete(index);
    this.#apply(index, nodes);
  }

  #apply(index: number, nodes: readonly TwinNode[]): void {
    for (const node of nodes) {
      if (this.#covers(index, node)) node.setConditions(this.#conditionsOf(node));
    }
  }

  #conditionsOf(node: TwinNode): NodeConditions {
    let conditions = this.#clear;
    for (const index of this.#standing) {
      const scheduled = this.#schedule[index];
      if (scheduled === undefined || !this.#covers(index, node)) continue;
      conditions = worsen(conditions, scheduled.fault, index);
    }
    return conditions;
  }

  #covers(index: number, node: TwinNode): boolean {
    const fault = this.#schedule[index]?.fault;
    return fault !== undefined && 'target' in fault && node.isCoveredBy(fault.target);
  }
}

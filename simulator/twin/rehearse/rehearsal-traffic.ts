import { addMicros, MICROS_PER_MS, type Micros } from '../../../core/ports/clock.ts';
import type { RequestShape, TrafficStepTotals } from '../../../core/protocol/simulator-control.ts';
import type { SeedOutcome } from '../../../core/rehearsal/seed-outcome.ts';
import { PolicyState } from '../../../core/traffic/policy-state.ts';
import { TRAFFIC_STEP_MS } from '../../../core/traffic/traffic-step.ts';
import type { TrafficMemory } from '../../live/traffic-memory.ts';
import { type TrafficNode, TrafficRunner } from '../../live/traffic-runner.ts';
import { NO_NODE } from '../trace.ts';
import type { TwinWorld } from '../twin-world.ts';

type Counts = { -readonly [K in keyof SeedOutcome['requests']]: number };

export interface RehearsalTrafficInput {
  readonly world: TwinWorld;
  readonly shapes: readonly RequestShape[];
  readonly requestsPerSecond: number;
  readonly memory: TrafficMemory;
}

/**
 * What clients ask from the publish on, answered twice: by the nodes as they become, and as each of
 * them would have answered had nothing changed from the publish on. Both are asked the very same
 * requests, so that what differs comes from the publish and the chosen faults, not from chance.
 */
export class RehearsalTraffic {
  readonly #world: TwinWorld;
  readonly #after: CountedRunner;
  readonly #without: CountedRunner;

  /** Begins at once. */
  constructor({ world, shapes, requestsPerSecond, memory }: RehearsalTrafficInput) {
    this.#world = world;
    const runner = (nodes: readonly TrafficNode[]) =>
      new CountedRunner(
        new TrafficRunner({
          clock: world.time,
          scheduler: world.time,
          nodes: () => nodes,
          shapes,
          requestsPerSecond,
          memory,
        }),
      );
    this.#after = runner(world.nodes);
    this.#without = runner(world.nodes.map((node) => new UnchangedNode(node)));
  }

  /** Takes in the steps that are finished; called at least once a second. */
  count(): void {
    for (const step of this.#after.count()) {
      const lost = step.failed + step.refused;
      this.#world.trace.note('traffic', this.#world.time.now(), NO_NODE, step.requests, lost);
      this.#world.trace.fold(step.answered, step.unrouted, step.failed);
    }
    this.#without.count();
  }

  /**
   * Counts from the publish up to `until`. What is after the last step that was run is told as that
   * step was: nothing changes any more.
   */
  countsUntil(until: Micros, begunAt: Micros): Pick<SeedOutcome, 'requests' | 'requestsBefore'> {
    const stepUs = TRAFFIC_STEP_MS * MICROS_PER_MS;
    const steps = Math.floor((addMicros(until, 0) - begunAt) / stepUs);
    return {
      requests: this.#after.countsOf(steps),
      requestsBefore: this.#without.countsOf(steps),
    };
  }
}

class CountedRunner {
  readonly #runner: TrafficRunner;
  readonly #counts = noCounts();
  #steps = 0;
  #last = noCounts();

  constructor(runner: TrafficRunner) {
    this.#runner = runner;
    runner.start();
  }

  count(): readonly TrafficStepTotals[] {
    const finished = this.#runner.takeFinished();
    for (const step of finished) {
      this.#last = countsOf(step);
      addTo(this.#counts, this.#last, 1);
      this.#steps += 1;
    }
    return finished;
  }

  countsOf(steps: number): Counts {
    const counts = { ...this.#counts };
    addTo(counts, this.#last, Math.max(0, steps - this.#steps));
    return counts;
  }
}

/** A node that goes on answering as it does when this is made. */
class UnchangedNode implements TrafficNode {
  readonly #node: TrafficNode;
  readonly answersWith: TrafficNode['answersWith'];
  readonly answeredWith: TrafficNode['answeredWith'];
  readonly policies = new PolicyState();
  inRotation: boolean;
  requests = 0;
  failures = 0;

  constructor(node: TrafficNode) {
    this.#node = node;
    this.answersWith = node.answersWith;
    this.answeredWith = node.answersWith === 'down' ? null : node.answersWith;
    this.inRotation = node.inRotation;
  }

  get cell(): string {
    return this.#node.cell;
  }

  get latencyUs(): number {
    return this.#node.latencyUs;
  }

  get trafficKey(): number {
    return this.#node.trafficKey;
  }

  /** Its steps are cut in two where those of the other are, so that both are asked the same. */
  get swappedAt(): TrafficNode['swappedAt'] {
    return this.#node.swappedAt;
  }
}

function noCounts(): Counts {
  return { asked: 0, failed: 0, refused: 0, unrouted: 0, limited: 0, shed: 0, denied: 0 };
}

function countsOf(step: TrafficStepTotals): Counts {
  const { requests: asked, failed, refused, unrouted, limited = 0, shed = 0, denied = 0 } = step;
  return { asked, failed, refused, unrouted, limited, shed, denied };
}

function addTo(sum: Counts, counts: Counts, times: number): void {
  sum.asked += counts.asked * times;
  sum.failed += counts.failed * times;
  sum.refused += counts.refused * times;
  sum.unrouted += counts.unrouted * times;
  sum.limited += counts.limited * times;
  sum.shed += counts.shed * times;
  sum.denied += counts.denied * times;
}

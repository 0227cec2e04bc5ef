import type { RootHash } from '../../core/config/ids.ts';
import type { ConfigSnapshot } from '../../core/config/snapshot.ts';
import { type CompiledGateway, compileGateway } from '../../core/gateway/compile.ts';
import { asksForCells } from '../../core/gateway/policy/asks-for-cells.ts';
import type { Disposable } from '../../core/lib/disposable.ts';
import { LruMap } from '../../core/lib/lru-map.ts';
import { addMicros, type Clock, MICROS_PER_MS, toMs } from '../../core/ports/clock.ts';
import type { Scheduler } from '../../core/ports/scheduler.ts';
import type { RequestShape, TrafficStepTotals } from '../../core/protocol/simulator-control.ts';
import { OutcomeTables } from '../../core/traffic/outcome-table.ts';
import { createShapeSet, type ShapeSet } from '../../core/traffic/request-shapes.ts';
import {
  computeTrafficStep,
  TRAFFIC_STEP_MS,
  type TrafficServer,
  TrafficTally,
} from '../../core/traffic/traffic-step.ts';
import { COMPILED_CONFIGS_MAX, TRAFFIC_SLICES, TRAFFIC_STEPS_WAITING_MAX } from './live-limits.ts';
import type { LiveNode } from './live-node.ts';

export interface TrafficRunnerInput {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly nodes: () => readonly LiveNode[];
  readonly shapes: readonly RequestShape[];
  readonly requestsPerSecond: number;
}

const DOWN: TrafficServer = { kind: 'down' };
const DEFAULT: TrafficServer = { kind: 'default' };
const NOT_IN_ROTATION: TrafficServer = { kind: 'not-in-rotation' };

/** Asks the fleet its requests: every node once a step, a slice of the fleet at a time. */
export class TrafficRunner {
  readonly #input: TrafficRunnerInput;
  readonly #tally = new TrafficTally();
  readonly #tables = new OutcomeTables();
  readonly #compiled = new LruMap<RootHash, CompiledGateway>(COMPILED_CONFIGS_MAX);
  /** By snapshot, which nodes share. */
  readonly #cellsAsked = new WeakMap<ConfigSnapshot, boolean>();
  #shapes: ShapeSet;
  #slice = 0;
  #nextAt;
  #timer: Disposable | null = null;
  #finished: TrafficStepTotals[] = [];

  constructor(input: TrafficRunnerInput) {
    this.#input = input;
    this.#shapes = createShapeSet(input.shapes);
    this.#nextAt = input.clock.now();
  }

  start(): void {
    this.#nextAt = this.#input.clock.now();
    this.#wait();
  }

  stop(): void {
    this.#timer?.dispose();
    this.#timer = null;
  }

  setShapes(shapes: readonly RequestShape[]): void {
    this.#shapes = createShapeSet(shapes);
  }

  /** Steps finished since the last call. */
  takeFinished(): readonly TrafficStepTotals[] {
    const finished = this.#finished;
    this.#finished = [];
    return finished;
  }

  #wait(): void {
    const sliceUs = (TRAFFIC_STEP_MS * MICROS_PER_MS) / TRAFFIC_SLICES;
    this.#nextAt = addMicros(this.#nextAt, sliceUs);
    // A process that was held up does not make up for more than one step.
    const now = this.#input.clock.now();
    if (now - this.#nextAt > TRAFFIC_STEP_MS * MICROS_PER_MS) this.#nextAt = now;
    this.#timer = this.#input.scheduler.at(this.#nextAt, () => {
      this.#runSlice();
      this.#wait();
    });
  }

  #runSlice(): void {
    const nodes = this.#input.nodes();
    for (let row = this.#slice; row < nodes.length; row += TRAFFIC_SLICES) {
      const node = nodes[row];
      if (node !== undefined) this.#step(node);
    }
    this.#slice = (this.#slice + 1) % TRAFFIC_SLICES;
    if (this.#slice !== 0) return;
    this.#finished.push(this.#tally.finish(toMs(this.#nextAt), TRAFFIC_STEP_MS));
    if (this.#finished.length > TRAFFIC_STEPS_WAITING_MAX) this.#finished.shift();
  }

  #step(node: LiveNode): void {
    const traffic = computeTrafficStep(
      {
        server: this.#serverOf(node),
        shapes: this.#shapes,
        requestsPerSecond: this.#input.requestsPerSecond,
        stepMs: TRAFFIC_STEP_MS,
        nodeUs: node.latencyUs,
        random: node.trafficRandom,
        policies: { state: node.policies, nowUs: this.#input.clock.now() },
      },
      this.#tally,
    );
    node.requests = traffic.requests;
    node.failures = traffic.failures;
  }

  #serverOf(node: LiveNode): TrafficServer {
    const { phase, serving } = node.machine;
    if (serving !== null) node.inRotation = true;
    if (!node.inRotation) return NOT_IN_ROTATION;
    if (phase.kind === 'down') return DOWN;
    if (serving === null) return DEFAULT;
    const { snapshot } = serving;
    const compile = () => {
      const known = this.#compiled.get(snapshot.hash);
      if (known !== undefined) return known;
      const gateway = compileGateway(snapshot.resources.values());
      this.#compiled.set(snapshot.hash, gateway);
      return gateway;
    };
    const context = {
      cell: this.#hasCells(snapshot) ? node.machine.cell : '',
      atMs: toMs(this.#input.clock.now()),
    };
    const outcomes = this.#tables.get(snapshot.hash, this.#shapes, compile, context);
    return { kind: 'config', outcomes };
  }

  #hasCells(snapshot: ConfigSnapshot): boolean {
    const known = this.#cellsAsked.get(snapshot);
    if (known !== undefined) return known;
    const asked = asksForCells(snapshot.resources.values());
    this.#cellsAsked.set(snapshot, asked);
    return asked;
  }
}

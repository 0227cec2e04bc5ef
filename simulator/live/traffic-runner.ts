import type { ConfigSnapshot } from '../../core/config/snapshot.ts';
import { compileGateway } from '../../core/gateway/compile.ts';
import { asksForCells } from '../../core/gateway/policy/asks-for-cells.ts';
import type { Disposable } from '../../core/lib/disposable.ts';
import { addMicros, type Clock, MICROS_PER_MS, type Micros, toMs } from '../../core/ports/clock.ts';
import type { Scheduler } from '../../core/ports/scheduler.ts';
import type { RequestShape, TrafficStepTotals } from '../../core/protocol/simulator-control.ts';
import { PolicyState } from '../../core/traffic/policy-state.ts';
import type { ShapeSet } from '../../core/traffic/request-shapes.ts';
import { computeSplitStep, type StepBeginning } from '../../core/traffic/split-step.ts';
import { stepSeed } from '../../core/traffic/step-seed.ts';
import {
  computeTrafficStep,
  type NodeTraffic,
  type RequestRange,
  requestRangeOf,
  TRAFFIC_STEP_MS,
  type TrafficServer,
  type TrafficStepInput,
  TrafficTally,
} from '../../core/traffic/traffic-step.ts';
import { TRAFFIC_SLICES, TRAFFIC_STEPS_WAITING_MAX } from './live-limits.ts';
import { TrafficMemory } from './traffic-memory.ts';

/** A node's key is drawn from as many. */
export const TRAFFIC_KEYS = 0x8000_0000;

/** A node as the traffic sees it, in either world, with what it was asked in its last step. */
export interface TrafficNode extends NodeTraffic {
  readonly cell: string;
  /** What it answers requests with; null: its built-in default; `down`: it is not there. */
  readonly answersWith: ConfigSnapshot | 'down' | null;
  /** When it last swapped what it answers with, while anything drains; null: it did not. */
  readonly swappedAt: Micros | null;
  /** What requests that began before that are answered with; null: its built-in default. */
  readonly answeredWith: ConfigSnapshot | null;
  /** See `nodeShareUs`. */
  readonly latencyUs: number;
  /** See `stepSeed`. */
  readonly trafficKey: number;
  readonly policies: PolicyState;
  /** Has served a config since it was provisioned, so that requests are sent its way. */
  inRotation: boolean;
}

export interface TrafficRunnerInput {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly nodes: () => readonly TrafficNode[];
  readonly shapes: readonly RequestShape[];
  readonly requestsPerSecond: number;
  /** Absent: one of its own. */
  readonly memory?: TrafficMemory;
}

const DOWN: TrafficServer = { kind: 'down' };
const DEFAULT: TrafficServer = { kind: 'default' };
const NOT_IN_ROTATION: TrafficServer = { kind: 'not-in-rotation' };

/** One step's input, filled in anew for each node of a slice: there are very many steps. */
type ReusedStep = {
  -readonly [K in keyof TrafficStepInput]: TrafficStepInput[K];
} & { policies: { state: PolicyState; readonly nowUs: number } };

const NO_POLICIES = new PolicyState();

/** Asks the fleet its requests: every node once a step, a slice of the fleet at a time. */
export class TrafficRunner {
  readonly #input: TrafficRunnerInput;
  readonly #tally = new TrafficTally();
  readonly #memory: TrafficMemory;
  /** By snapshot, which nodes share. */
  readonly #cellsAsked = new WeakMap<ConfigSnapshot, boolean>();
  #recent: {
    readonly snapshot: ConfigSnapshot;
    readonly shapes: ShapeSet;
    readonly cell: string;
    readonly server: TrafficServer;
  } | null = null;
  readonly #range: RequestRange;
  #shapes: ShapeSet;
  #slice = 0;
  /** Finished so far. */
  #steps = 0;
  #nextAt;
  #timer: Disposable | null = null;
  #finished: TrafficStepTotals[] = [];

  constructor(input: TrafficRunnerInput) {
    this.#input = input;
    this.#range = requestRangeOf(input.requestsPerSecond, TRAFFIC_STEP_MS);
    this.#memory = input.memory ?? new TrafficMemory();
    this.#shapes = this.#memory.shapeSet(input.shapes);
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
    this.#shapes = this.#memory.shapeSet(shapes);
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
    const step = this.#newStep();
    for (let row = this.#slice; row < nodes.length; row += TRAFFIC_SLICES) {
      const node = nodes[row];
      if (node !== undefined) this.#step(node, step);
    }
    this.#slice = (this.#slice + 1) % TRAFFIC_SLICES;
    if (this.#slice !== 0) return;
    this.#steps += 1;
    this.#finished.push(this.#tally.finish(toMs(this.#nextAt), TRAFFIC_STEP_MS));
    if (this.#finished.length > TRAFFIC_STEPS_WAITING_MAX) this.#finished.shift();
  }

  #newStep(): ReusedStep {
    const { clock } = this.#input;
    return {
      server: NOT_IN_ROTATION,
      shapes: this.#shapes,
      range: this.#range,
      stepMs: TRAFFIC_STEP_MS,
      nodeUs: 0,
      seed: 0,
      policies: { state: NO_POLICIES, nowUs: clock.now() },
    };
  }

  #step(node: TrafficNode, step: ReusedStep): void {
    const beginning = this.#beforeSwap(node, step);
    step.server = this.#serverOf(node, node.answersWith);
    step.nodeUs = node.latencyUs;
    step.seed = stepSeed(node.trafficKey, this.#steps);
    step.policies.state = node.policies;
    if (beginning === null) computeTrafficStep(step, this.#tally, node);
    else computeSplitStep(step, beginning, this.#tally, node);
  }

  /** What answered until a swap that fell in this step; null: there was none. */
  #beforeSwap(node: TrafficNode, { policies, stepMs }: ReusedStep): StepBeginning | null {
    const { swappedAt } = node;
    if (swappedAt === null) return null;
    const sinceUs = policies.nowUs - swappedAt;
    if (sinceUs >= stepMs * MICROS_PER_MS) return null;
    const ms = stepMs - Math.floor(sinceUs / MICROS_PER_MS);
    return { server: this.#serverOf(node, node.answeredWith), ms };
  }

  #serverOf(node: TrafficNode, answersWith: TrafficNode['answersWith']): TrafficServer {
    if (answersWith !== null && answersWith !== 'down') {
      node.inRotation = true;
      return this.#configServer(node, answersWith);
    }
    if (!node.inRotation) return NOT_IN_ROTATION;
    return answersWith === null ? DEFAULT : DOWN;
  }

  /** Nearly all nodes serve what the one before them serves, so the last answer is kept at hand. */
  #configServer(node: TrafficNode, snapshot: ConfigSnapshot): TrafficServer {
    const recent = this.#recent;
    const cell = this.#hasCells(snapshot) ? node.cell : '';
    if (
      recent !== null &&
      recent.snapshot === snapshot &&
      recent.shapes === this.#shapes &&
      recent.cell === cell
    ) {
      return recent.server;
    }
    return this.#lookUp(snapshot, cell);
  }

  #lookUp(snapshot: ConfigSnapshot, cell: string): TrafficServer {
    const compile = () => {
      const known = this.#memory.compiled.get(snapshot.hash);
      if (known !== undefined) return known;
      const gateway = compileGateway(snapshot.resources.values(), this.#memory.parts);
      this.#memory.compiled.set(snapshot.hash, gateway);
      return gateway;
    };
    const shapes = this.#shapes;
    const context = { cell, atMs: toMs(this.#input.clock.now()) };
    const outcomes = this.#memory.tables.get(snapshot.hash, shapes, compile, context);
    const server: TrafficServer = { kind: 'config', outcomes };
    this.#recent = { snapshot, shapes, cell, server };
    return server;
  }

  #hasCells(snapshot: ConfigSnapshot): boolean {
    if (this.#recent?.snapshot === snapshot) return this.#recent.cell !== '';
    const known = this.#cellsAsked.get(snapshot);
    if (known !== undefined) return known;
    const asked = asksForCells(snapshot.resources.values());
    this.#cellsAsked.set(snapshot, asked);
    return asked;
  }
}

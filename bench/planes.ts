import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planInventory } from '../core/fleet/roster.ts';
import type {
  Belief,
  ControlPlaneCommand,
  ControlPlaneEventMessage,
  ControlPlaneMethod,
  ControlPlaneRequest,
  ControlPlaneResults,
} from '../core/protocol/control-plane-control.ts';
import type {
  RequestShape,
  SimulatorCommand,
  SimulatorEvent,
  SimulatorResult,
} from '../core/protocol/simulator-control.ts';
import { forkMetered, type MeteredChild } from './metered-child.ts';

const CONTROL_PLANE = join(import.meta.dirname, '../main/control-plane/main.ts');
const SIMULATOR = join(import.meta.dirname, '../simulator/live/main.ts');
const TOKEN = 'bench-token-0123456789abcdef';
const CELLS = 4;

export interface PlanesOptions {
  readonly nodes: number;
  /** 10,000 when not said. */
  readonly heartbeatMs?: number;
  /** 20 when not said. */
  readonly requestsPerSecond?: number;
}

type Asked = Extract<SimulatorCommand, { requestId: number }>;
/** A command without its number. */
export type SimulatorRequest = WithoutId<Asked>;
type WithoutId<C> = C extends unknown ? Omit<C, 'requestId'> : never;

/** The two real processes with live nodes between them, and no console. */
export class Planes {
  readonly options: PlanesOptions;
  readonly #dir = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  readonly #roster;
  readonly #pending = new Map<number, (event: ControlPlaneEventMessage) => void>();
  readonly #asked = new Map<number, (event: SimulatorEvent) => void>();
  #controlPlane: MeteredChild | null = null;
  #simulator: MeteredChild | null = null;
  #port = 0;
  #requests = 0;
  #belief: Belief | null = null;
  #onBelief: () => void = () => undefined;
  #onFrame: () => void = () => undefined;

  constructor(options: PlanesOptions) {
    this.options = options;
    this.#roster = planInventory({ nodes: options.nodes, cells: CELLS, current: [] }).add;
  }

  get controlPlane(): MeteredChild {
    if (this.#controlPlane === null) throw new Error('the control plane is down');
    return this.#controlPlane;
  }

  get simulator(): MeteredChild {
    if (this.#simulator === null) throw new Error('the simulator is down');
    return this.#simulator;
  }

  /** The newest that it told; null: none yet in this life. */
  get belief(): Belief | null {
    return this.#belief;
  }

  /** Starts the control plane, at the port that it had before. */
  async startControlPlane(): Promise<void> {
    const child = forkMetered(CONTROL_PLANE);
    this.#controlPlane = child;
    this.#belief = null;
    child.process.on('message', (event: ControlPlaneEventMessage) => {
      if (event.type === 'belief') {
        this.#belief = event.belief;
        this.#onBelief();
      }
      if (event.type === 'response') this.#pending.get(event.requestId)?.(event);
      if (event.type === 'fatal') throw new Error(event.detail);
    });
    const ready = untilMessage<ControlPlaneEventMessage, 'ready'>(child, 'ready');
    this.#tell({
      type: 'init',
      databasePath: join(this.#dir, 'control-plane.sqlite'),
      port: this.#port,
      fleetToken: TOKEN,
      seed: 1,
      heartbeatMs: this.options.heartbeatMs ?? 10_000,
      convergenceDeadlineMs: 120_000,
      beliefIntervalMs: 250,
    });
    const { port, inventory } = await ready;
    this.#port = port;
    if (inventory.length > 0) return;
    const add = [...this.#roster];
    await this.request({ method: 'change-inventory', add, retire: [], actor: 'bench' });
  }

  async killControlPlane(): Promise<void> {
    await this.controlPlane.kill();
    this.#controlPlane = null;
  }

  async startSimulator(shapes: readonly RequestShape[] = []): Promise<void> {
    const child = forkMetered(SIMULATOR);
    this.#simulator = child;
    child.process.on('message', (event: SimulatorEvent) => {
      if (event.type === 'result') this.#asked.get(event.requestId)?.(event);
      if (event.type === 'frame') this.#onFrame();
      if (event.type === 'fatal') throw new Error(event.detail);
    });
    const ready = untilMessage<SimulatorEvent, 'ready'>(child, 'ready');
    child.process.send({
      type: 'init',
      diskDir: join(this.#dir, 'fleet'),
      controlPlaneUrl: `ws://127.0.0.1:${this.#port}/node`,
      fleetToken: TOKEN,
      seed: 1,
      rosterVersion: 1,
      roster: [...this.#roster],
      shapes: [...shapes],
      requestsPerSecond: this.options.requestsPerSecond ?? 20,
      telemetryIntervalMs: 250,
    } satisfies SimulatorCommand);
    await ready;
  }

  request<M extends ControlPlaneMethod>(
    request: Extract<ControlPlaneRequest, { method: M }>,
  ): Promise<ControlPlaneResults[M]> {
    return new Promise((resolve, reject) => {
      this.#requests += 1;
      const requestId = this.#requests;
      this.#pending.set(requestId, (event) => {
        this.#pending.delete(requestId);
        if (event.type !== 'response') return;
        // The answer's type follows from the method, which the wire does not repeat.
        if (event.response.ok) resolve(event.response.value as never);
        else reject(new Error(`${event.response.error.reason}: ${event.response.error.detail}`));
      });
      this.#tell({ type: 'request', requestId, request });
    });
  }

  simulate(request: SimulatorRequest): Promise<SimulatorResult> {
    return new Promise((resolve, reject) => {
      this.#requests += 1;
      const requestId = this.#requests;
      this.#asked.set(requestId, (event) => {
        this.#asked.delete(requestId);
        if (event.type !== 'result') return;
        if (event.result.ok) resolve(event.result.value);
        else reject(new Error(event.result.detail));
      });
      this.simulator.process.send({ ...request, requestId });
    });
  }

  untilBelief(holds: (belief: Belief) => boolean): Promise<Belief> {
    return new Promise((resolve) => {
      this.#onBelief = () => {
        const belief = this.#belief;
        if (belief === null || !holds(belief)) return;
        this.#onBelief = () => undefined;
        resolve(belief);
      };
      this.#onBelief();
    });
  }

  /** The simulator's next sample of the fleet, a quarter of a second away. */
  nextFrame(): Promise<void> {
    return new Promise((resolve) => {
      this.#onFrame = resolve;
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#simulator?.kill(), this.#controlPlane?.kill()]);
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #tell(command: ControlPlaneCommand): void {
    this.controlPlane.process.send(command);
  }
}

/** Both processes, with the whole fleet provisioned and nothing published. */
export async function startPlanes(options: PlanesOptions): Promise<Planes> {
  const planes = new Planes(options);
  await planes.startControlPlane();
  await planes.startSimulator();
  return planes;
}

function untilMessage<E extends { type: string }, T extends E['type']>(
  child: MeteredChild,
  type: T,
): Promise<Extract<E, { type: T }>> {
  return new Promise((resolve, reject) => {
    child.process.once('exit', (code) => reject(new Error(`exited with ${code} before ${type}`)));
    child.process.on('message', (event: E) => {
      if (event.type === type) resolve(event as Extract<E, { type: T }>);
    });
  });
}

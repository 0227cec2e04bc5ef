import { strict as assert } from 'node:assert';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { NodeId } from '../../../core/config/ids.ts';
import { type NodeFlags, unpackNodeFlags } from '../../../core/fleet/frame.ts';
import type {
  NodeInspection,
  RequestShape,
  Roster,
  SimulatorCommand,
  SimulatorEvent,
  SimulatorFrame,
  TrafficStepTotals,
} from '../../../core/protocol/simulator-control.ts';

const MAIN = fileURLToPath(new URL('../../../simulator/live/main.ts', import.meta.url));

export const SHOP_SHAPE: RequestShape = {
  method: 'GET',
  scheme: 'http',
  host: 'shop.example',
  port: 80,
  path: '/cart',
  headers: {},
  weight: 1,
};

export function rosterOf(nodes: number, cells = 2): Roster {
  return Array.from({ length: nodes }, (_, i) => {
    const cell = `cell-${i % cells}`;
    return { nodeId: `${cell}/node-${i}` as NodeId, cell };
  });
}

type Result = Extract<SimulatorEvent, { type: 'result' }>['result'];

/** The real simulator process, with the test in the console host's place. */
export class SimulatorProcess {
  readonly child: ChildProcess;
  readonly events: SimulatorEvent[] = [];
  frame: SimulatorFrame | null = null;
  readonly steps: TrafficStepTotals[] = [];
  readonly #waiting = new Set<() => void>();
  #requestId = 0;

  constructor() {
    this.child = fork(MAIN, [], { serialization: 'advanced', stdio: 'inherit' });
    this.child.on('message', (event: SimulatorEvent) => {
      if (event.type === 'frame') {
        this.frame = event.frame;
        this.steps.push(...event.frame.traffic);
      } else this.events.push(event);
      for (const resolve of [...this.#waiting]) resolve();
    });
  }

  static init(
    input: Pick<Extract<SimulatorCommand, { type: 'init' }>, 'diskDir' | 'roster'> & {
      readonly port: number;
    } & Partial<Pick<Extract<SimulatorCommand, { type: 'init' }>, 'snapshotStore' | 'fleetToken'>>,
  ): SimulatorProcess {
    const simulator = new SimulatorProcess();
    simulator.send({
      type: 'init',
      diskDir: input.diskDir,
      ...(input.snapshotStore === undefined ? {} : { snapshotStore: input.snapshotStore }),
      controlPlaneUrl: `ws://127.0.0.1:${input.port}/node`,
      fleetToken: input.fleetToken ?? 'the-fleet-token-of-the-test',
      seed: 5,
      rosterVersion: 1,
      roster: input.roster,
      shapes: [SHOP_SHAPE],
      requestsPerSecond: 10,
      telemetryIntervalMs: 50,
    });
    return simulator;
  }

  send(command: SimulatorCommand): void {
    this.child.send(command);
  }

  /** Resolves when the condition holds, looked at after every event of the simulator. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        const once = () => {
          this.#waiting.delete(once);
          resolve();
        };
        this.#waiting.add(once);
      });
    }
  }

  /** Whether there is a frame, and every node's flags in it are as asked. */
  every(rosterVersion: number, ok: (flags: NodeFlags, row: number) => boolean): boolean {
    const { frame } = this;
    if (frame === null || frame.rosterVersion !== rosterVersion) return false;
    return [...frame.flags].every((packed, row) => ok(unpackNodeFlags(packed), row));
  }

  async request<T extends 'restart-nodes' | 'start-fault' | 'clear-fault' | 'inspect-node'>(
    command: Omit<Extract<SimulatorCommand, { type: T }>, 'requestId'> & { type: T },
  ): Promise<Result> {
    this.#requestId += 1;
    const requestId = this.#requestId;
    this.child.send({ ...command, requestId });
    const answer = () => this.events.find((e) => e.type === 'result' && e.requestId === requestId);
    await this.until(() => answer() !== undefined);
    const event = answer();
    assert.ok(event?.type === 'result');
    return event.result;
  }

  async inspect(nodeId: NodeId): Promise<NodeInspection> {
    const result = await this.request({ type: 'inspect-node', nodeId });
    assert.ok(result.ok && result.value.kind === 'inspection');
    return result.value.inspection;
  }

  /** Waits for `count` traffic steps that began after now. */
  async nextSteps(count: number): Promise<TrafficStepTotals[]> {
    const from = this.steps.length + 1;
    await this.until(() => this.steps.length >= from + count);
    return this.steps.slice(from, from + count);
  }

  async sigkill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }
}

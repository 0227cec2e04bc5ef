import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { once } from 'node:events';
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
import type { SimulatorCommand, SimulatorEvent } from '../core/protocol/simulator-control.ts';

const CONTROL_PLANE = join(import.meta.dirname, '../main/control-plane/main.ts');
const SIMULATOR = join(import.meta.dirname, '../simulator/live/main.ts');
const TOKEN = 'bench-token-0123456789abcdef';

/** The two real processes with `nodes` live nodes between them, and no console. */
export interface Planes {
  request<M extends ControlPlaneMethod>(
    request: Extract<ControlPlaneRequest, { method: M }>,
  ): Promise<ControlPlaneResults[M]>;
  untilBelief(holds: (belief: Belief) => boolean): Promise<Belief>;
  close(): Promise<void>;
}

export async function startPlanes(nodes: number): Promise<Planes> {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const options: ForkOptions = { serialization: 'advanced', execArgv: [] };
  const controlPlane = fork(CONTROL_PLANE, [], options);
  const pending = new Map<number, (event: ControlPlaneEventMessage) => void>();
  let belief: Belief | null = null;
  let onBelief: () => void = () => undefined;
  controlPlane.on('message', (event: ControlPlaneEventMessage) => {
    if (event.type === 'belief') {
      belief = event.belief;
      onBelief();
    }
    if (event.type === 'response') pending.get(event.requestId)?.(event);
    if (event.type === 'fatal') throw new Error(event.detail);
  });
  const tell = (command: ControlPlaneCommand) => controlPlane.send(command);
  const ready = untilMessage<ControlPlaneEventMessage, 'ready'>(controlPlane, 'ready');
  tell({
    type: 'init',
    databasePath: join(dir, 'control-plane.sqlite'),
    port: 0,
    fleetToken: TOKEN,
    seed: 1,
    heartbeatMs: 10_000,
    convergenceDeadlineMs: 120_000,
    beliefIntervalMs: 250,
  });
  const { port } = await ready;
  let requestId = 0;
  const request: Planes['request'] = (body) =>
    new Promise((resolve, reject) => {
      requestId += 1;
      const id = requestId;
      pending.set(id, (event) => {
        pending.delete(id);
        if (event.type !== 'response') return;
        // The answer's type follows from the method, which the wire does not repeat.
        if (event.response.ok) resolve(event.response.value as never);
        else reject(new Error(`${event.response.error.reason}: ${event.response.error.detail}`));
      });
      tell({ type: 'request', requestId: id, request: body });
    });
  const plan = planInventory({ nodes, cells: 4, current: [] });
  await request({ method: 'change-inventory', add: [...plan.add], retire: [], actor: 'bench' });
  const simulator = fork(SIMULATOR, [], options);
  const init: SimulatorCommand = {
    type: 'init',
    diskDir: join(dir, 'fleet'),
    controlPlaneUrl: `ws://127.0.0.1:${port}/node`,
    fleetToken: TOKEN,
    seed: 1,
    rosterVersion: 1,
    roster: [...plan.add],
    shapes: [],
    requestsPerSecond: 20,
    telemetryIntervalMs: 250,
  };
  const simulatorReady = untilMessage<SimulatorEvent, 'ready'>(simulator, 'ready');
  simulator.send(init);
  await simulatorReady;
  return {
    request,
    untilBelief: (holds) =>
      new Promise((resolve) => {
        onBelief = () => {
          if (belief === null || !holds(belief)) return;
          onBelief = () => undefined;
          resolve(belief);
        };
        onBelief();
      }),
    async close() {
      await Promise.all([end(simulator), end(controlPlane)]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function untilMessage<E extends { type: string }, T extends E['type']>(
  child: ChildProcess,
  type: T,
): Promise<Extract<E, { type: T }>> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`exited with ${code} before ${type}`)));
    child.on('message', (event: E) => {
      if (event.type === type) resolve(event as Extract<E, { type: T }>);
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

import { writeFileSync } from 'node:fs';
import type { Lineage } from '../../../core/config/ids.ts';
import { createMemoryConfigStore } from '../../../core/config/memory-config-store.ts';
import { packNodeFlags } from '../../../core/fleet/frame.ts';
import { type Disposable, onDispose } from '../../../core/lib/disposable.ts';
import { micros } from '../../../core/ports/clock.ts';
import type {
  ControlPlaneCommand,
  ControlPlaneRequest,
} from '../../../core/protocol/control-plane-control.ts';
import type { SimulatorCommand } from '../../../core/protocol/simulator-control.ts';
import type { TwinCommand } from '../../../core/protocol/twin-control.ts';
import type { ChildExit, ChildHandle, ChildModule, Spawner } from '../../../main/host/spawner.ts';

/** A stand-in for a child process: it says what the script makes it say. No process is started. */
export class ScriptedChild implements ChildHandle {
  readonly pid: number;
  readonly module: ChildModule;
  readonly received: unknown[] = [];
  readonly #messages = new Set<(message: unknown) => void>();
  readonly #exits = new Set<(exit: ChildExit) => void>();
  readonly #script: (child: ScriptedChild, message: never) => void;
  #exit: ChildExit | null = null;

  constructor(
    module: ChildModule,
    pid: number,
    script: (child: ScriptedChild, message: never) => void,
  ) {
    this.module = module;
    this.pid = pid;
    this.#script = script;
  }

  send(message: unknown): void {
    if (this.#exit !== null) return;
    this.received.push(message);
    setImmediate(() => {
      if (this.#exit === null) this.#script(this, message as never);
    });
  }

  onMessage(listener: (message: unknown) => void): Disposable {
    this.#messages.add(listener);
    return onDispose(() => this.#messages.delete(listener));
  }

  onExit(listener: (exit: ChildExit) => void): Disposable {
    this.#exits.add(listener);
    return onDispose(() => this.#exits.delete(listener));
  }

  sigkill(): void {
    setImmediate(() => this.exit({ code: null, signal: 'SIGKILL', lastWords: null }));
  }

  /** What the child says to the console. */
  say(message: unknown): void {
    if (this.#exit !== null) return;
    for (const listener of [...this.#messages]) listener(message);
  }

  exit(exit: ChildExit): void {
    if (this.#exit !== null) return;
    this.#exit = exit;
    for (const listener of [...this.#exits]) listener(exit);
  }
}

export interface ScriptedSpawner extends Spawner {
  readonly children: ScriptedChild[];
  last(module: ChildModule): ScriptedChild;
}

/** Children that answer just enough for the console to come up with a fleet, and no config. */
export function createScriptedSpawner(
  scripts: Partial<Record<ChildModule, (child: ScriptedChild, message: never) => void>> = {},
): ScriptedSpawner {
  const children: ScriptedChild[] = [];
  const store = createMemoryConfigStore({ lineage: '00'.repeat(16) as Lineage });
  const script = {
    'control-plane': (child: ScriptedChild, message: never) =>
      controlPlaneScript(child, message, store),
    simulator: simulatorScript,
    twin: twinScript,
    ...scripts,
  };
  return {
    children,
    spawn(module) {
      const child = new ScriptedChild(module, 1_000 + children.length, script[module]);
      children.push(child);
      // The twin says so by itself, the planes once they know what they are to do.
      if (module === 'twin') setImmediate(() => child.say({ type: 'ready' }));
      return child;
    },
    last(module) {
      const child = children.filter((one) => one.module === module).at(-1);
      if (child === undefined) throw new Error(`no ${module} was spawned`);
      return child;
    },
  };
}

type MemoryStore = ReturnType<typeof createMemoryConfigStore>;
const ENDED: ChildExit = { code: 0, signal: null, lastWords: null };

/** Keeps an inventory, knows no revisions, refuses to publish, and never answers a backup. */
function controlPlaneScript(
  child: ScriptedChild,
  command: ControlPlaneCommand,
  store: MemoryStore,
): void {
  if (command.type === 'shut-down') child.exit(ENDED);
  if (command.type === 'init') {
    const { port } = command;
    // What the file holds is in `store`; the console looks only whether it is there.
    writeFileSync(command.databasePath, 'scripted');
    const [inventory, { lineage }] = [store.inventory(), store];
    child.say({ type: 'ready', port, inventory, head: null, headText: null, lineage });
  }
  if (command.type !== 'request' || command.request.method === 'backup') return;
  const response = answerOf(command.request, store);
  child.say({ type: 'response', requestId: command.requestId, response });
}

function answerOf(request: ControlPlaneRequest, store: MemoryStore): unknown {
  if (request.method === 'list-revisions') return { ok: true, value: { revisions: [] } };
  if (request.method !== 'change-inventory') {
    return { ok: false, error: { reason: 'invalid-config', detail: 'Refused by the script.' } };
  }
  const at = micros(0);
  const add = request.add.map((node) => ({ ...node, provisionedAt: at }));
  store.changeInventory({ add, retire: request.retire, actor: request.actor, at });
  return { ok: true, value: { inventory: store.inventory() } };
}

/** Says `ready`, one sample for every roster it is given, and that three nodes did what was asked. */
function simulatorScript(child: ScriptedChild, command: SimulatorCommand): void {
  if (command.type === 'shut-down') child.exit(ENDED);
  if (command.type === 'init') child.say({ type: 'ready' });
  if (command.type === 'init' || command.type === 'set-roster') {
    child.say({ type: 'frame', frame: sampleFrame(command.rosterVersion, command.roster.length) });
  }
  if ('requestId' in command) {
    const value = { kind: 'restarted', nodes: 3 };
    child.say({ type: 'result', requestId: command.requestId, result: { ok: true, value } });
  }
}

/** Refuses every rehearsal. */
function twinScript(child: ScriptedChild, command: TwinCommand): void {
  if (command.type !== 'rehearse') return;
  child.say({ type: 'refused', detail: 'Refused by the script.' });
  child.exit(ENDED);
}

export function sampleFrame(rosterVersion: number, nodes: number) {
  const flags = packNodeFlags({
    link: 'connected',
    health: 'healthy',
    source: 'control-plane',
    ahead: false,
    rejected: false,
  });
  return {
    rosterVersion,
    atMs: Date.now(),
    servingRevision: new Uint32Array(nodes).fill(1),
    flags: new Uint8Array(nodes).fill(flags),
    unverifiedMs: new Uint32Array(nodes),
    requests: new Uint16Array(nodes).fill(20),
    failures: new Uint16Array(nodes),
    traffic: [
      {
        atMs: Date.now(),
        stepMs: 1_000,
        requests: nodes * 20,
        answered: nodes * 20,
        unrouted: 0,
        failed: 0,
        refused: 0,
        latencyP50Us: 1_000,
        latencyP99Us: 9_000,
      },
    ],
  };
}

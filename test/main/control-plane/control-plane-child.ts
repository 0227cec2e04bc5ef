import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  ControlPlaneCommand,
  ControlPlaneEventMessage,
  ControlPlaneRequest,
} from '../../../core/protocol/control-plane-control.ts';

const MAIN = fileURLToPath(new URL('../../../main/control-plane/main.ts', import.meta.url));
export const FLEET_TOKEN = 'test-fleet-token-0123456789';
const POLL_MS = 2;

type EventOf<T extends ControlPlaneEventMessage['type']> = Extract<
  ControlPlaneEventMessage,
  { type: T }
>;

export async function makeDataDir(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'holdfast-cp-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** A real control plane process, spoken to over its parent channel. */
export class ControlPlaneChild {
  readonly #child: ChildProcess;
  readonly #events: ControlPlaneEventMessage[] = [];
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  #requests = 0;

  constructor() {
    this.#child = fork(MAIN, [], { serialization: 'advanced', execPath: process.execPath });
    this.#child.on('message', (message) => {
      this.#events.push(message as ControlPlaneEventMessage);
    });
    this.exited = once(this.#child, 'exit').then(([code, signal]) => ({ code, signal }));
  }

  static async start(
    databasePath: string,
    options: Partial<Extract<ControlPlaneCommand, { type: 'init' }>> = {},
  ): Promise<{ child: ControlPlaneChild; ready: EventOf<'ready'> }> {
    const child = new ControlPlaneChild();
    child.init(databasePath, options);
    return { child, ready: await child.event('ready') };
  }

  init(
    databasePath: string,
    options: Partial<Extract<ControlPlaneCommand, { type: 'init' }>> = {},
  ): void {
    this.command({
      type: 'init',
      databasePath,
      port: 0,
      fleetToken: FLEET_TOKEN,
      seed: 1,
      heartbeatMs: 10_000,
      convergenceDeadlineMs: 30_000,
      beliefIntervalMs: 50,
      ...options,
    });
  }

  command(command: ControlPlaneCommand): void {
    this.#child.send(command);
  }

  /** For messages that are no command. */
  raw(message: object): void {
    this.#child.send(message);
  }

  /** The first event of a type, waited for; a fatal one fails the test unless it is asked for. */
  async event<T extends ControlPlaneEventMessage['type']>(
    type: T,
    holds: (event: EventOf<T>) => boolean = () => true,
  ): Promise<EventOf<T>> {
    const isWanted = (event: ControlPlaneEventMessage): event is EventOf<T> =>
      event.type === type && holds(event as EventOf<T>);
    for (;;) {
      const found = this.#events.find(isWanted);
      if (found !== undefined) return found;
      const fatal = this.#events.find((event) => event.type === 'fatal');
      assert.equal(fatal, undefined, JSON.stringify(fatal));
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** The first belief from now on that holds. */
  async belief(holds: (belief: EventOf<'belief'>['belief']) => boolean) {
    const from = this.#events.length;
    const { belief } = await this.event(
      'belief',
      (event) => this.#events.indexOf(event) >= from && holds(event.belief),
    );
    return belief;
  }

  async request(request: ControlPlaneRequest): Promise<EventOf<'response'>['response']> {
    this.#requests += 1;
    const requestId = this.#requests;
    this.command({ type: 'request', requestId, request });
    const { response } = await this.event('response', (event) => event.requestId === requestId);
    return response;
  }

  sigkill(): void {
    this.#child.kill('SIGKILL');
  }

  disconnect(): void {
    this.#child.disconnect();
  }
}

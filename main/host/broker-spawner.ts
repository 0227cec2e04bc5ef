import { z } from 'zod';
import { onDispose } from '../../core/lib/disposable.ts';
import type { ChildExit, ChildHandle, Spawner } from './spawner.ts';

/** Messages waiting for a child that is still being spawned. */
const PENDING_MESSAGES_MAX = 1_000;

/** From the broker to the console host. */
export const brokerMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('spawned'), childId: z.int(), pid: z.int() }),
  z.object({ type: z.literal('from-child'), childId: z.int(), message: z.unknown() }),
  z.object({
    type: z.literal('exited'),
    childId: z.int(),
    code: z.int().nullable(),
    signal: z.string().nullable().optional(),
  }),
]);

/** The channel to whoever makes processes for us. */
export interface BrokerPort {
  postMessage(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

/**
 * Asks another process to make the children: a process inside Electron cannot fork its own. The
 * kill is still ours, and still a `SIGKILL`.
 */
export function createBrokerSpawner(port: BrokerPort): Spawner {
  const children = new Map<number, BrokeredChild>();
  let nextChildId = 1;
  port.onMessage((raw) => {
    const decoded = brokerMessageSchema.safeParse(raw);
    if (!decoded.success) return;
    const message = decoded.data;
    const child = children.get(message.childId);
    if (child === undefined) return;
    if (message.type === 'spawned') child.spawned(message.pid);
    else if (message.type === 'from-child') child.received(message.message);
    else {
      children.delete(message.childId);
      child.exited({ code: message.code, signal: message.signal ?? null, lastWords: null });
    }
  });
  return {
    spawn(module) {
      const childId = nextChildId;
      nextChildId += 1;
      const child = new BrokeredChild((message) =>
        port.postMessage({ type: 'to-child', childId, message }),
      );
      children.set(childId, child);
      port.postMessage({ type: 'spawn', childId, module });
      return child;
    },
  };
}

class BrokeredChild implements ChildHandle {
  readonly #post: (message: unknown) => void;
  readonly #messageListeners = new Set<(message: unknown) => void>();
  readonly #exitListeners = new Set<(exit: ChildExit) => void>();
  #waiting: unknown[] | null = [];
  #exit: ChildExit | null = null;
  #killWanted = false;
  #pid: number | undefined;

  constructor(post: (message: unknown) => void) {
    this.#post = post;
  }

  get pid() {
    return this.#pid;
  }

  send(message: unknown) {
    if (this.#exit !== null) return;
    if (this.#waiting === null) this.#post(message);
    else if (this.#waiting.length < PENDING_MESSAGES_MAX) this.#waiting.push(message);
  }

  onMessage(listener: (message: unknown) => void) {
    this.#messageListeners.add(listener);
    return onDispose(() => this.#messageListeners.delete(listener));
  }

  onExit(listener: (exit: ChildExit) => void) {
    if (this.#exit !== null) {
      listener(this.#exit);
      return onDispose(() => {});
    }
    this.#exitListeners.add(listener);
    return onDispose(() => this.#exitListeners.delete(listener));
  }

  sigkill() {
    if (this.#exit !== null) return;
    if (this.#pid === undefined) this.#killWanted = true;
    else killQuietly(this.#pid);
  }

  spawned(pid: number) {
    this.#pid = pid;
    if (this.#killWanted) {
      killQuietly(pid);
      return;
    }
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const message of waiting) this.#post(message);
  }

  received(message: unknown) {
    for (const listener of [...this.#messageListeners]) listener(message);
  }

  exited(exit: ChildExit) {
    if (this.#exit !== null) return;
    this.#exit = exit;
    for (const listener of [...this.#exitListeners]) listener(exit);
    this.#exitListeners.clear();
    this.#messageListeners.clear();
  }
}

function killQuietly(pid: number) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was gone already; its exit is on the way.
  }
}

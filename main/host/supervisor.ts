import { err, ok, type Result } from '../../core/lib/result.ts';
import { withoutFullStop } from '../../core/lib/sentence.ts';
import type { ProcessStatus } from '../../core/protocol/console-model.ts';
import {
  CHILD_KILL_TIMEOUT_MS,
  CHILD_START_TIMEOUT_MS,
  CHILD_STOP_GRACE_MS,
  RESTART_BACKOFF_MS,
  RESTART_FORGIVEN_AFTER_MS,
} from './limits.ts';
import type { ChildExit, ChildHandle, ChildModule, Spawner } from './spawner.ts';

export interface StartFailure {
  readonly reason: 'already-running' | 'start-failed';
  readonly detail: string;
}

export interface SupervisorInput {
  readonly module: ChildModule;
  readonly spawner: Spawner;
  readonly nowMs: () => number;
  /** Whether it is started again when it dies without having been told to. */
  readonly restartsItself: boolean;
  /** What a fresh process must be told first. */
  readonly onSpawn: (send: (message: unknown) => void) => void;
  readonly onMessage: (message: unknown) => void;
  readonly onStatus: (status: ProcessStatus, before: ProcessStatus) => void;
}

/**
 * Life of one child: `starting` → `up` → `down`. The owner says when it is ready, because only the
 * owner understands its messages.
 */
export class Supervisor {
  readonly #input: SupervisorInput;
  #status: ProcessStatus;
  #child: ChildHandle | null = null;
  #exitReason: string | null = null;
  #stopping = false;
  #rapidDeaths = 0;
  #upSinceMs = 0;
  #restartTimer: NodeJS.Timeout | null = null;
  #startTimer: NodeJS.Timeout | null = null;
  readonly #waiters = new Set<() => void>();

  constructor(input: SupervisorInput) {
    this.#input = input;
    // A child that was never started is on its way: nothing went down.
    this.#status = { state: 'starting', sinceMs: input.nowMs(), pid: null, reason: null };
  }

  get status(): ProcessStatus {
    return this.#status;
  }

  /** Starts the child and waits until it is ready or has failed. */
  async start(): Promise<Result<{ pid: number }, StartFailure>> {
    if (this.#child !== null) {
      return err({ reason: 'already-running', detail: `The ${this.#words()} runs already.` });
    }
    this.#spawn();
    await this.#settled((state) => state !== 'starting');
    if (this.#status.state === 'up') return ok({ pid: this.#status.pid ?? 0 });
    const why = withoutFullStop(this.#status.reason ?? 'no reason given');
    return err({
      reason: 'start-failed',
      detail: `The ${this.#words()} did not start: ${why}.`,
    });
  }

  /** Waits until the child is up or down for the first time. */
  untilSettled(): Promise<void> {
    return this.#settled((state) => state !== 'starting');
  }

  /** The owner saw that it cannot even be tried. */
  markDown(reason: string): void {
    if (this.#child === null) this.#setStatus('down', null, reason);
  }

  /** Earlier deaths do not delay the next restart. */
  forgiveDeaths(): void {
    this.#rapidDeaths = 0;
  }

  /** The owner saw that the child is ready. */
  markReady(): void {
    if (this.#status.state !== 'starting' || this.#child === null) return;
    this.#clearTimers();
    this.#upSinceMs = this.#input.nowMs();
    this.#setStatus('up', this.#child.pid ?? null, null);
  }

  /** The child said why it is about to end; kept as the reason of its exit. */
  markFatal(detail: string): void {
    this.#exitReason ??= detail;
  }

  /** False when there is no child to tell. */
  send(message: unknown): boolean {
    if (this.#child === null) return false;
    this.#child.send(message);
    return true;
  }

  /** A real `SIGKILL`; settles when the process is gone. Null when there was none. */
  async kill(reason: string): Promise<number | null> {
    const child = this.#child;
    if (child === null) return null;
    this.#exitReason = reason;
    const pid = child.pid ?? 0;
    child.sigkill();
    await this.#settled(() => this.#child !== child, CHILD_KILL_TIMEOUT_MS);
    return pid;
  }

  /** Lets the child end by itself, then kills it. It is not started again. */
  async stop(reason: string): Promise<void> {
    this.#stopping = true;
    this.#clearTimers();
    const child = this.#child;
    if (child !== null) {
      this.#exitReason = reason;
      child.send({ type: 'shut-down' });
      await this.#settled(() => this.#child !== child, CHILD_STOP_GRACE_MS);
      if (this.#child === child) await this.kill(reason);
    }
    this.#stopping = false;
  }

  #spawn(): void {
    this.#clearTimers();
    this.#exitReason = null;
    let child: ChildHandle;
    try {
      child = this.#input.spawner.spawn(this.#input.module);
    } catch (error) {
      // Out of memory, processes or file handles: as good as a child that died at once.
      this.#setStatus('starting', null, null);
      this.#exitReason = `no process could be started: ${error instanceof Error ? error.message : String(error)}`;
      this.#exited({ code: null, signal: null, lastWords: null });
      return;
    }
    this.#child = child;
    this.#setStatus('starting', child.pid ?? null, null);
    child.onMessage((message) => {
      if (this.#child === child) this.#input.onMessage(message);
    });
    child.onExit((exit) => {
      if (this.#child === child) this.#exited(exit);
    });
    this.#startTimer = setTimeout(() => {
      const seconds = CHILD_START_TIMEOUT_MS / 1_000;
      void this.kill(`not ready within ${seconds} s`);
    }, CHILD_START_TIMEOUT_MS);
    this.#input.onSpawn((message) => child.send(message));
  }

  #exited(exit: ChildExit): void {
    this.#clearTimers();
    this.#child = null;
    const reason = this.#exitReason ?? exitWords(exit);
    const nowMs = this.#input.nowMs();
    if (this.#status.state === 'up' && nowMs - this.#upSinceMs >= RESTART_FORGIVEN_AFTER_MS) {
      this.#rapidDeaths = 0;
    }
    this.#setStatus('down', null, reason);
    // The listener may have started or stopped it already.
    if (!this.#input.restartsItself || this.#stopping || this.#child !== null) return;
    const waitMs = RESTART_BACKOFF_MS[Math.min(this.#rapidDeaths, RESTART_BACKOFF_MS.length - 1)];
    this.#rapidDeaths += 1;
    this.#restartTimer = setTimeout(() => {
      if (this.#child === null && !this.#stopping) this.#spawn();
    }, waitMs ?? 0);
  }

  #setStatus(state: ProcessStatus['state'], pid: number | null, reason: string | null): void {
    const before = this.#status;
    const sinceMs = state === before.state ? before.sinceMs : this.#input.nowMs();
    this.#status = { state, sinceMs, pid, reason };
    this.#input.onStatus(this.#status, before);
    for (const wake of [...this.#waiters]) wake();
  }

  /** Waits until `isDone` at a change of state, or until the time is up. */
  #settled(isDone: (state: ProcessStatus['state']) => boolean, timeoutMs?: number): Promise<void> {
    if (isDone(this.#status.state)) return Promise.resolve();
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | null = null;
      const finish = () => {
        if (timer !== null) clearTimeout(timer);
        this.#waiters.delete(wake);
        resolve();
      };
      const wake = () => {
        if (isDone(this.#status.state)) finish();
      };
      if (timeoutMs !== undefined) timer = setTimeout(finish, timeoutMs);
      this.#waiters.add(wake);
    });
  }

  #clearTimers(): void {
    if (this.#restartTimer !== null) clearTimeout(this.#restartTimer);
    if (this.#startTimer !== null) clearTimeout(this.#startTimer);
    this.#restartTimer = null;
    this.#startTimer = null;
  }

  #words(): string {
    return this.#input.module === 'control-plane' ? 'control plane' : 'simulator';
  }
}

function exitWords(exit: ChildExit): string {
  const how =
    exit.signal !== null ? `ended by ${exit.signal}` : `exited with code ${exit.code ?? 'unknown'}`;
  return exit.lastWords === null ? how : `${how}: ${exit.lastWords}`;
}

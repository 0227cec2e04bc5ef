import type { Disposable } from '../../core/lib/disposable.ts';

/** The two planes, and the twin for as long as a rehearsal lasts; each a process of its own. */
export type ChildModule = 'control-plane' | 'simulator' | 'twin';

export interface ChildExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last line that it wrote to its error output, or null. */
  readonly lastWords: string | null;
}

/** A running child process, however it was made. */
export interface ChildHandle {
  /** Undefined until the process exists. */
  readonly pid: number | undefined;
  /** Ignored once the process is gone. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): Disposable;
  /** Called once; at once when the process is gone already. */
  onExit(listener: (exit: ChildExit) => void): Disposable;
  /** A real `SIGKILL`. */
  sigkill(): void;
}

/** Makes child processes: by fork when served, through Electron's main process in the app. */
export interface Spawner {
  spawn(module: ChildModule): ChildHandle;
}

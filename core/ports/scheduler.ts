import type { Disposable } from '../lib/disposable.ts';
import type { Micros } from './clock.ts';

/** Runs something later, in real or in virtual time. */
export interface Scheduler {
  /** Calls `run` once, at or as soon as possible after `at`, unless disposed before. */
  at(at: Micros, run: () => void): Disposable;
}

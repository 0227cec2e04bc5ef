import type { Brand } from '../lib/brand.ts';

/** An instant: integer microseconds since the Unix epoch (live) or since the start (virtual). */
export type Micros = Brand<number, 'Micros'>;

/** Microseconds in a millisecond, and in a second. */
export const MICROS_PER_MS = 1_000;
export const MICROS_PER_SECOND = 1_000_000;

/** Tells the time. Never goes back within one process. */
export interface Clock {
  now(): Micros;
}

/** Makes an instant of a whole number of microseconds. */
export function micros(value: number): Micros {
  return value as Micros;
}

/** `instant + deltaUs`. */
export function addMicros(instant: Micros, deltaUs: number): Micros {
  return (instant + deltaUs) as Micros;
}

/** Whole milliseconds of an instant, rounded down: what people and JSON get to see. */
export function toMs(instant: Micros): number {
  return Math.floor(instant / MICROS_PER_MS);
}

/** The earlier of two instants; null is one that never comes. */
export function earlier(a: Micros | null, b: Micros | null): Micros | null {
  if (a === null) return b;
  return b === null || a <= b ? a : b;
}

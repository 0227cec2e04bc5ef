import { addMicros, MICROS_PER_MS, type Micros } from '../ports/clock.ts';
import { NODE_DRAIN_MS } from './node-limits.ts';
import type { RunningPhase, ServingConfig } from './node-state.ts';

/**
 * Swaps what is served in one step. What was served before is kept for the requests that began on it;
 * one config at most, so that a second swap lets go of the one before the last.
 */
export function serve(phase: RunningPhase, serving: ServingConfig, now: Micros): void {
  const until = addMicros(now, NODE_DRAIN_MS * MICROS_PER_MS);
  phase.retiring = { serving: phase.serving, swappedAt: now, until };
  phase.serving = serving;
}

/** Lets go of what has drained. Asked at each event, so that draining costs no timer of its own. */
export function letDrained(phase: RunningPhase, now: Micros): void {
  if (phase.retiring !== null && now >= phase.retiring.until) phase.retiring = null;
}

import { nodesAtPercent } from '../fleet/convergence.ts';
import { bandOf } from './band-of.ts';
import type { Band } from './forecast.ts';
import type { SeedOutcome } from './seed-outcome.ts';

/** How a draft spreads over the nodes that do not reject it, those that are down among them. */
export interface TakerTimes {
  /** Fewest of them in any seed. */
  readonly nodesMin: number;
  /** Milliseconds from publish until 99 % of them acknowledged it; null: not within the rehearsal. */
  readonly t99: Band;
  readonly t100: Band;
}

/**
 * Where nodes reject it, the times are read from the curve: at its first point with enough nodes, which in a
 * fleet of more nodes than the curve has points is up to a point too late.
 *
 * @param outcomes at least one
 */
export function takerTimesOf(outcomes: readonly SeedOutcome[]): TakerTimes {
  return {
    nodesMin: Math.min(...outcomes.map(takersOf)),
    t99: bandOf(outcomes.map((outcome) => timeOf(outcome, 99, outcome.t99Ms))),
    t100: bandOf(outcomes.map((outcome) => timeOf(outcome, 100, outcome.t100Ms))),
  };
}

/** @param ofAllMs the same of the whole inventory */
function timeOf(outcome: SeedOutcome, percent: number, ofAllMs: number | null): number | null {
  if (outcome.nodesRejecting === 0) return ofAllMs;
  const takers = takersOf(outcome);
  if (takers === 0) return null;
  const enough = nodesAtPercent(takers, percent);
  return outcome.curve.find(([, nodes]) => nodes >= enough)?.[0] ?? null;
}

function takersOf({ nodes, nodesRejecting }: SeedOutcome): number {
  return Math.max(0, nodes - nodesRejecting);
}

import type { Revision } from '../../../core/config/ids.ts';
import type { RevisionRow } from '../../../core/protocol/console-model.ts';
import type { ConvergenceReport } from '../../../core/protocol/control-plane-control.ts';
import type { Forecast } from '../../../core/rehearsal/forecast.ts';
import { makeForecast } from '../../../core/rehearsal/make-forecast.ts';
import type { FleetFacts } from '../../../main/host/fleet-facts.ts';
import type { PublishedHead } from '../../../main/host/forecast-keeper.ts';
import { type ConsoleStore, openConsoleStore } from '../../../main/host/store/console-store.ts';
import { LINEAGE, scriptedHash } from './scripted-control-plane.ts';
import { scriptedOutcome } from './scripted-twin.ts';

export const FORECAST_NODES = 2;

/** T99 from 41 to 43 ms, on two nodes. */
export function forecastOf(over: Partial<Forecast> = {}): Forecast {
  const outcomes = [1, 2, 3].map((seed) => scriptedOutcome(seed, FORECAST_NODES));
  const origin = { serviceTimes: 'scripted', faults: [], wallMs: 5 };
  return { ...makeForecast({ outcomes, horizonMs: 30_000, ...origin }), ...over };
}

/** Two nodes on a head, all well. */
export function factsOn(head: number | null, over: Partial<FleetFacts> = {}): FleetFacts {
  return {
    head: head === null ? null : { revision: head, rootHash: scriptedHash(head) },
    nodeIds: new Set(['a/0', 'a/1']),
    down: 0,
    faults: new Map(),
    ...over,
  };
}

export function publishedHead(revision: number, over: Partial<PublishedHead> = {}): PublishedHead {
  return {
    lineage: LINEAGE,
    revision: revision as Revision,
    rootHash: scriptedHash(revision),
    text: `text of r${revision}`,
    facts: factsOn(revision - 1),
    ...over,
  };
}

/** All nodes have it after `ms`; null: one has it, and it is late. */
export function reportOf(revision: number, ms: number | null): ConvergenceReport {
  const nodes = FORECAST_NODES;
  const summary = { revision: revision as Revision, publishedAtMs: 0, nodes, deadlineMs: 30_000 };
  const bytes = 900 * nodes;
  if (ms !== null) {
    const times = { t50Ms: ms, t95Ms: ms, t99Ms: ms, t100Ms: ms };
    const curve = [[ms, nodes]] as const;
    return { ...summary, ...times, reached: nodes, late: false, bytes, missing: [], curve };
  }
  const times = { t50Ms: 42, t95Ms: null, t99Ms: null, t100Ms: null };
  const curve = [[42, 1]] as const;
  return { ...summary, ...times, reached: 1, late: true, bytes, missing: [], curve };
}

export function historyRow(revision: number): RevisionRow {
  return {
    revision: revision as Revision,
    parent: null,
    generation: revision,
    rootHash: scriptedHash(revision),
    author: 'x',
    message: 'x',
    publishedAtMs: 0,
    origin: 'publish',
    originOf: null,
    resources: 1,
    changed: 1,
    sourceBytes: 1,
    convergence: null,
  };
}

export function openStore(path: string): ConsoleStore {
  const store = openConsoleStore(path);
  if (!store.ok) throw new Error(store.error.detail);
  return store.value;
}

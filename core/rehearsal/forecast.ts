import type { SeedOutcome } from './seed-outcome.ts';

/** Least, middle and greatest over the seeds. Null: not in that seed's time. */
export interface Band {
  readonly low: number | null;
  readonly median: number | null;
  readonly high: number | null;
}

/** What publishing is predicted to come to: all seeds of one rehearsal together. */
export interface Forecast {
  /** Seeds that were run, of those asked for; the first seed. */
  readonly seeds: number;
  readonly firstSeed: number;
  readonly nodes: number;
  /** How long each seed went on after the publish, milliseconds of virtual time. */
  readonly horizonMs: number;
  /** Milliseconds from publish. Null where that share was not reached within the horizon. */
  readonly t50: Band;
  readonly t95: Band;
  readonly t99: Band;
  readonly t100: Band;
  /** Nodes that reached it by the end. */
  readonly reached: Band;
  /** (milliseconds from publish, fewest, middle and most nodes that had reached it), ascending, ≤ 300. */
  readonly curve: readonly (readonly [ms: number, low: number, median: number, high: number])[];
  readonly lagMsMax: Band;
  readonly unverifiedMsMax: Band;
  /** Requests that failed, were refused or matched nothing, beyond those that did before the publish; ≥ 0. */
  readonly requestsLost: Band;
  readonly requestsAsked: Band;
  readonly nodesRejecting: Band;
  /** As in the seed where most nodes refused. */
  readonly rejections: SeedOutcome['rejections'];
  readonly bytes: Band;
  readonly pushesFull: Band;
  readonly pushesDelta: Band;
  /** Where the times of handling a message are from. */
  readonly serviceTimes: string;
  /** Faults that were chosen for the rehearsal, in words; empty: none but those in force. */
  readonly faults: readonly string[];
  /** Wall time that it took. */
  readonly wallMs: number;
}

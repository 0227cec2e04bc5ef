import { CALIBRATION } from './fitted-service-times.ts';

/**
 * What handling a message costs in virtual time, whole microseconds of one core. `npm run calibrate`
 * measures these of the live world; docs/TWIN.md says how, and what they leave out.
 */
export interface ServiceTimes {
  /** A connection is accepted, its handshake included. */
  readonly acceptUs: number;
  readonly helloUs: number;
  readonly heartbeatUs: number;
  /** An ack or a nack. */
  readonly answerUs: number;
  /** Anything else that arrives, and the end of a connection. */
  readonly otherUs: number;
  /** Any frame that is sent. */
  readonly sendUs: number;
  /** On top, for the header and body of a push. */
  readonly pushUs: number;
  /** … and for each million bytes of it: handed to the system, and on to the link. */
  readonly pushUsPerMegabyte: number;
  /** Committing a publish, whatever its size. */
  readonly publishUs: number;
  /** Reading and checking, for each document of the text, when the process has read nearly all of them before. */
  readonly publishUsPerResource: number;
  /** The same, for the first publish of a process: it has read none of them. */
  readonly publishUsPerResourceNew: number;
  /** On top, for each million characters of the documents that a later publish changes or adds: read, checked, stored. */
  readonly publishUsPerMegabyteChanged: number;
  /** A node opens a connection. */
  readonly nodeConnectUs: number;
  /** A node is woken by a frame and decodes it. */
  readonly nodeFrameUs: number;
  /** On top, for each million bytes of a push, of which every node reads its own copy. */
  readonly nodeFrameUsPerMegabyte: number;
  /** A node sends a frame. */
  readonly nodeSendUs: number;
  /** A node builds and verifies a pushed config, before it writes it … */
  readonly nodeApplyUs: number;
  /** … for each resource that the push carries … */
  readonly nodeApplyUsPerResource: number;
  /** … and for each million bytes of it: decoded, brought into canonical form, hashed. */
  readonly nodeApplyUsPerMegabyte: number;
  /** A disk takes this long to make a config durable … */
  readonly diskWriteUsMin: number;
  /** … and at most this long. */
  readonly diskWriteUsMax: number;
  /** On top, for each million bytes that were pushed. */
  readonly diskWriteUsPerMegabyte: number;
  /** All nodes are in one process, as those of the live world are; null: each has a core and a disk of its own. */
  readonly shared: SharedProcessTimes | null;
}

/**
 * One core for all nodes, and one disk file. Equal bytes are applied once, at the price of a single
 * node; what several nodes write at a time is made durable together.
 */
export interface SharedProcessTimes {
  /** In place of `nodeFrameUs`: frames to many nodes arrive together, and equal ones are decoded once. */
  readonly frameUs: number;
  /** In place of `nodeSendUs`. */
  readonly sendUs: number;
  /** A node applies what another node of the process has applied before. */
  readonly furtherApplyUs: number;
  /** For each resource of a config that the process serves for the first time: made ready for requests. */
  readonly servedUsPerResource: number;
  /** On top, for each resource that is another than in the config served before. */
  readonly servedUsPerResourceChanged: number;
}

/** A run of `npm run calibrate` that was kept. */
export interface Calibration {
  /** Of the run, `YYYY-MM-DD`. */
  readonly date: string;
  readonly nodeVersion: string;
  readonly cores: number;
  /** Wall time for each unit of the CPU time of a process' main thread; it is in the times. */
  readonly wallPerCpu: number;
  /** The same, of what changed documents and the bytes of pushes cost: there is more garbage to collect. */
  readonly wallPerCpuMore: number;
  /** Each fleet that was measured, by publishes of one changed document, and what the twin makes of the same with these times. Smallest first. */
  readonly fleets: readonly CalibratedFleet[];
  readonly many: CalibratedMany;
  /**
   * What a live publish of one changed document took, percent of what the twin makes of it: every tenth
   * percentile of all that were measured, least to greatest.
   */
  readonly slownessPercent: readonly number[];
  readonly times: Omit<ServiceTimes, 'shared'>;
  readonly shared: SharedProcessTimes;
}

/** The largest publishes that were measured: beyond them, times are carried on in a straight line. */
export interface CalibratedMany {
  /** Changed. */
  readonly documents: number;
  /** To each node. */
  readonly bytes: number;
  readonly fleets: readonly CalibratedFleet[];
}

/**
 * Publish → that share acked, milliseconds. Live: the tenth of the publishes that other work on the
 * machine disturbed least; the twin: the median of its own.
 */
export interface CalibratedFleet {
  readonly nodes: number;
  readonly publishes: number;
  readonly live: { readonly t50Ms: number; readonly t99Ms: number };
  readonly twin: { readonly t50Ms: number; readonly t99Ms: number };
}

/** Whole microseconds for so many bytes, at so many for a million of them. */
export function megabytesUs(usPerMegabyte: number, bytes: number): number {
  return Math.round((usPerMegabyte * bytes) / BYTES_PER_MEGABYTE);
}

const BYTES_PER_MEGABYTE = 1_000_000;

/** Every node has a core and a disk of its own, as in a real fleet. */
export const SERVICE_TIMES: ServiceTimes = { ...CALIBRATION.times, shared: null };

/** All nodes share one process: for predicting a console's own, simulated fleet. */
export const LIVE_FLEET_SERVICE_TIMES: ServiceTimes = {
  ...CALIBRATION.times,
  shared: CALIBRATION.shared,
};

export const SERVICE_TIMES_SOURCE = sourceOf(CALIBRATION);

/**
 * `fitted on 2026-11-21 to live runs of 100 to 1,000 nodes, where 99 % of a publish was up to 29 % off`: the
 * worst of the sizes, so that nobody takes the spread over the seeds for all that is not known.
 */
export function sourceOf({ date, fleets, many }: Calibration): string {
  const first = fleets[0];
  const last = fleets.at(-1);
  if (first === undefined || last === undefined) return `estimated on ${date}, not calibrated`;
  const sizes = [...new Set([first.nodes, last.nodes])].map((n) => n.toLocaleString('en'));
  const off = [...fleets, ...many.fleets].map(
    ({ live, twin }) => Math.abs(twin.t99Ms - live.t99Ms) / live.t99Ms,
  );
  const percent = Math.round(100 * Math.max(...off));
  return (
    `fitted on ${date} to live runs of ${sizes.join(' to ')} nodes, where 99 % of a publish was ` +
    `up to ${percent} % off`
  );
}

/**
 * What handling a message costs in virtual time, microseconds of one core.
 *
 * Not calibrated: no run against the live world has fitted these yet. They were read on 2026-11-21 from
 * docs/BENCH.md: publish → 99 % acked took 73 ms at 1,000 live nodes and 419 ms at 10,000, so about 38 µs
 * a node and 35 ms for the publish of 1,000 resources itself. How the 38 µs divide between a push and
 * its answer, and every figure of the node, is an estimate.
 */
export const SERVICE_TIMES_SOURCE = 'estimated from docs/BENCH.md on 2026-11-21, not calibrated';

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
  /** Parsing, checking and committing, for each resource of the text. */
  readonly publishUsPerResource: number;
  /** A node decodes a frame and answers it. */
  readonly nodeFrameUs: number;
  /** A node builds and verifies a pushed config, before it writes it. */
  readonly nodeApplyUs: number;
  /** A node's disk takes this long to make a config durable … */
  readonly diskWriteUsMin: number;
  /** … and at most this long. */
  readonly diskWriteUsMax: number;
}

export const SERVICE_TIMES: ServiceTimes = {
  acceptUs: 120,
  helloUs: 60,
  heartbeatUs: 15,
  answerUs: 15,
  otherUs: 5,
  sendUs: 8,
  pushUs: 12,
  publishUsPerResource: 35,
  nodeFrameUs: 30,
  nodeApplyUs: 400,
  diskWriteUsMin: 800,
  diskWriteUsMax: 4_000,
};

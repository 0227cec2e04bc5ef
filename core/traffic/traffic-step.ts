import type { TrafficPlan } from '../gateway/policy/policy-plan.ts';
import { assertNever } from '../lib/assert.ts';
import type { TrafficStepTotals } from '../protocol/simulator-control.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { requestLatencyUs } from './latency-model.ts';
import { DRAWS_PER_SHAPE, type OutcomeTable, type TrafficOutcome } from './outcome-table.ts';
import type { PolicyState } from './policy-state.ts';
import { type ShapeSet, sampleOf, samplesOf } from './request-shapes.ts';

/** How long one step is, in both worlds. */
export const TRAFFIC_STEP_MS = 1_000;
/** A node's step asks this much more or less than its rate. */
const RATE_JITTER_PERCENT = 10;
/** One over how many values the sequence has. */
const SEQUENCE_SHARE = 1 / 0x1_0000_0000;

/** What answers requests on a node now. */
export type TrafficServer =
  /** Nothing: the process is not there. */
  | { readonly kind: 'down' }
  /**
   * Has never had a config. As behind any readiness gate, nobody asks it before it has; once it has
   * been asked, it keeps its share whatever happens to it.
   */
  | { readonly kind: 'not-in-rotation' }
  /** The built-in default: 503 to everything. */
  | { readonly kind: 'default' }
  | { readonly kind: 'config'; readonly outcomes: OutcomeTable };

export interface TrafficStepInput {
  readonly server: TrafficServer;
  readonly shapes: ShapeSet;
  /** How many requests one step may be. */
  readonly range: RequestRange;
  readonly stepMs: number;
  /** See `nodeShareUs`. */
  readonly nodeUs: number;
  /** 32 bits, uniform, of this node and step: all draws of the step follow from it. See `stepSeed`. */
  readonly seed: number;
  /** What the node counts under policies, and until when this step lasts. */
  readonly policies?: { readonly state: PolicyState; readonly nowUs: number };
}

/** Of one step of one node. */
export interface NodeTraffic {
  requests: number;
  /** Refused, or 5xx from the gateway; what policies shed is among them, what they limit is not. */
  failures: number;
}

/** `count` whole numbers from `least` on. */
export interface RequestRange {
  readonly least: number;
  readonly count: number;
}

/** @param requestsPerSecond whole requests */
export function requestRangeOf(requestsPerSecond: number, stepMs: number): RequestRange {
  const mean = Math.floor((requestsPerSecond * stepMs) / 1_000);
  const spread = Math.floor((mean * RATE_JITTER_PERCENT) / 100);
  return { least: mean - spread, count: 2 * spread + 1 };
}

/** How many requests a step with this seed is. */
export function requestsIn(range: RequestRange, seed: number): number {
  return range.least + shareOf(next(seed), range.count);
}

/**
 * The requests of one node in one step, told to the node. Counts come from integer draws, outcomes from
 * the router and the node's state. Adds them to the fleet's tally. One seed is enough, however many
 * requests.
 */
export function computeTrafficStep(
  input: TrafficStepInput,
  tally: TrafficTally,
  node: NodeTraffic,
): void {
  const { server, shapes, range, seed } = input;
  node.requests = 0;
  node.failures = 0;
  if (server.kind === 'not-in-rotation' || shapes.weightTotal === 0) return;
  const requests = requestsIn(range, seed);
  if (requests === 0) return;
  node.requests = requests;
  node.failures = failuresOf(input, requests, tally);
}

function failuresOf(input: TrafficStepInput, requests: number, tally: TrafficTally): number {
  const { server } = input;
  tally.requests += requests;
  switch (server.kind) {
    case 'config': {
      const failed = serve(input, server.outcomes, requests, tally);
      tally.failed += failed;
      return failed;
    }
    case 'down':
      tally.refused += requests;
      return requests;
    case 'default':
      tally.failed += requests;
      return requests;
    case 'not-in-rotation':
      return 0;
    default:
      return assertNever(server);
  }
}

/** Routes the requests; gives how many the gateway failed. */
function serve(
  input: TrafficStepInput,
  outcomes: OutcomeTable,
  requests: number,
  tally: TrafficTally,
): number {
  const { shapes, seed } = input;
  const second = next(next(seed));
  const draw = shareOf(second, shapes.weightTotal);
  const all = samplesOf(shapes, requests);
  const samples = all ?? sampleOf(shapes, requests, draw);
  const from = all === null ? 0 : draw * requests;
  const bases = outcomes.answeredBases();
  if (bases === null) {
    const sample = samples.subarray(from, from + requests);
    return serveEach(input, outcomes, sample, second, tally);
  }
  serveAnswered(input, bases, samples, from, from + requests, tally);
  return 0;
}

/** Where whatever is asked is answered, as on nearly all nodes: the quick way. */
function serveAnswered(
  { seed, nodeUs }: TrafficStepInput,
  bases: Int16Array,
  samples: Uint16Array,
  from: number,
  end: number,
  tally: TrafficTally,
): void {
  const { latency } = tally;
  let sequence = next(next(seed));
  for (let i = from; i < end; i += 1) {
    sequence = next(sequence);
    const baseUs = bases[(samples[i] ?? 0) * DRAWS_PER_SHAPE + (sequence >>> 24)] ?? 0;
    latency.add(requestLatencyUs(baseUs, nodeUs, (sequence >>> 12) & 1_023));
  }
  tally.answered += end - from;
}

function serveEach(
  input: TrafficStepInput,
  outcomes: OutcomeTable,
  sample: Uint16Array,
  seed: number,
  tally: TrafficTally,
): number {
  const { nodeUs, policies } = input;
  const batches = new Map<TrafficPlan, TrafficBatch>();
  let sequence = seed;
  let failed = 0;
  for (const shape of sample) {
    sequence = next(sequence);
    const outcome = outcomes.row(shape)[(sequence >>> 24) % DRAWS_PER_SHAPE];
    const draw = (sequence >>> 12) & 1_023;
    if (outcome !== undefined && outcome.traffic !== null && policies !== undefined) {
      const latencyUs = requestLatencyUs(outcome.baseUs, nodeUs, draw);
      addToBatch(batches, outcome.traffic, outcome, latencyUs);
      continue;
    }
    if (outcome === undefined || outcome.kind === 'failed') {
      failed += 1;
      continue;
    }
    tally.answered += 1;
    if (outcome.kind === 'unrouted') tally.unrouted += 1;
    if (outcome.kind === 'denied') tally.denied += 1;
    tally.latency.add(requestLatencyUs(outcome.baseUs, nodeUs, draw));
  }
  for (const [plan, batch] of batches) failed += settle(input, plan, batch, tally);
  return failed;
}

/** A cheap sequence of 32 bits, of which the upper ones are good; a request costs no draw of its own. */
function next(sequence: number): number {
  return (Math.imul(sequence, 1_664_525) + 1_013_904_223) | 0;
}

/** A value of the sequence, brought down to [0, bound); `bound` is below 2^31. */
function shareOf(value: number, bound: number): number {
  return ((value >>> 0) * bound * SEQUENCE_SHARE) | 0;
}

/** Requests of one step under one policy, by the latency that each would have; -1: it would fail. */
interface TrafficBatch {
  readonly latenciesUs: number[];
  busyUs: number;
  failing: number;
}

function addToBatch(
  batches: Map<TrafficPlan, TrafficBatch>,
  plan: TrafficPlan,
  outcome: TrafficOutcome,
  latencyUs: number,
): void {
  const batch = batches.get(plan) ?? { latenciesUs: [], busyUs: 0, failing: 0 };
  batches.set(plan, batch);
  batch.busyUs += latencyUs;
  if (outcome.kind === 'failed') batch.failing += 1;
  batch.latenciesUs.push(outcome.kind === 'failed' ? -1 : latencyUs);
}

/**
 * Applies a policy to its requests, spread evenly over them; gives how many the gateway failed. A 429
 * is an answer of the gateway, as the config asks. A 503 of a policy is a request that was not served.
 */
function settle(
  { policies, nodeUs, stepMs }: TrafficStepInput,
  plan: TrafficPlan,
  { latenciesUs, busyUs, failing }: TrafficBatch,
  tally: TrafficTally,
): number {
  if (policies === undefined) return 0;
  const requests = latenciesUs.length;
  const overUs = stepMs * 1_000;
  const batch = { requests, failing, busyUs };
  const { limited, shed, passed } = policies.state.apply(plan, batch, policies.nowUs, overUs);
  tally.limited += limited;
  tally.answered += limited;
  tally.shed += shed;
  for (let i = 0; i < limited; i += 1) tally.latency.add(requestLatencyUs(0, nodeUs, 0));
  let failed = shed;
  latenciesUs.forEach((latencyUs, i) => {
    const passes = Math.floor(((i + 1) * passed) / requests) > Math.floor((i * passed) / requests);
    if (!passes) return;
    if (latencyUs < 0) failed += 1;
    else {
      tally.answered += 1;
      tally.latency.add(latencyUs);
    }
  });
  return failed;
}

/** Sums one step over the fleet. */
export class TrafficTally {
  requests = 0;
  answered = 0;
  unrouted = 0;
  failed = 0;
  refused = 0;
  limited = 0;
  shed = 0;
  denied = 0;
  readonly latency = new LatencyHistogram();

  /** The step's totals; the tally is empty again afterwards. */
  finish(atMs: number, stepMs: number): TrafficStepTotals {
    const totals: TrafficStepTotals = {
      atMs,
      stepMs,
      requests: this.requests,
      answered: this.answered,
      unrouted: this.unrouted,
      failed: this.failed,
      refused: this.refused,
      latencyP50Us: this.latency.quantileUs(50),
      latencyP99Us: this.latency.quantileUs(99),
      ...(this.limited > 0 ? { limited: this.limited } : {}),
      ...(this.shed > 0 ? { shed: this.shed } : {}),
      ...(this.denied > 0 ? { denied: this.denied } : {}),
    };
    this.requests = 0;
    this.answered = 0;
    this.unrouted = 0;
    this.failed = 0;
    this.refused = 0;
    this.limited = 0;
    this.shed = 0;
    this.denied = 0;
    this.latency.clear();
    return totals;
  }
}

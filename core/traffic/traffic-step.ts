import type { TrafficPlan } from '../gateway/policy/policy-plan.ts';
import { assertNever } from '../lib/assert.ts';
import type { RandomStream } from '../ports/random.ts';
import type { TrafficStepTotals } from '../protocol/simulator-control.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { requestLatencyUs } from './latency-model.ts';
import { DRAWS_PER_SHAPE, type OutcomeTable, PLAIN, type TrafficOutcome } from './outcome-table.ts';
import type { PolicyState } from './policy-state.ts';
import { type ShapeSet, splitOf } from './request-shapes.ts';

/** How long one step is, in both worlds. */
export const TRAFFIC_STEP_MS = 1_000;
/** A node's step asks this much more or less than its rate. */
const RATE_JITTER_PERCENT = 10;
const DRAW_RANGE = 0x8000_0000;

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
  /** Whole requests a second. */
  readonly requestsPerSecond: number;
  readonly stepMs: number;
  /** See `nodeShareUs`. */
  readonly nodeUs: number;
  readonly random: RandomStream;
  /** What the node counts under policies, and until when this step lasts. */
  readonly policies?: { readonly state: PolicyState; readonly nowUs: number };
}

export interface NodeTraffic {
  readonly requests: number;
  /** Refused, or 5xx from the gateway; what policies shed is among them, what they limit is not. */
  readonly failures: number;
}

const NO_TRAFFIC: NodeTraffic = { requests: 0, failures: 0 };

/**
 * The requests of one node in one step. Counts come from integer draws, outcomes from the router and
 * the node's state. Adds them to the fleet's tally. Takes three draws, however many requests.
 */
export function computeTrafficStep(input: TrafficStepInput, tally: TrafficTally): NodeTraffic {
  const { server, shapes } = input;
  const requests = drawCount(input);
  if (requests === 0 || shapes.weightTotal === 0) return NO_TRAFFIC;
  if (server.kind === 'not-in-rotation') return NO_TRAFFIC;
  tally.requests += requests;
  switch (server.kind) {
    case 'down':
      tally.refused += requests;
      return { requests, failures: requests };
    case 'default':
      tally.failed += requests;
      return { requests, failures: requests };
    case 'config': {
      const failed = serve(input, server.outcomes, requests, tally);
      tally.failed += failed;
      return { requests, failures: failed };
    }
    default:
      return assertNever(server);
  }
}

function drawCount({ requestsPerSecond, stepMs, random }: TrafficStepInput): number {
  const mean = Math.floor((requestsPerSecond * stepMs) / 1_000);
  const spread = Math.floor((mean * RATE_JITTER_PERCENT) / 100);
  return mean - spread + random.below(2 * spread + 1);
}

/** Routes the requests; gives how many the gateway failed. */
function serve(
  input: TrafficStepInput,
  outcomes: OutcomeTable,
  requests: number,
  tally: TrafficTally,
): number {
  const { shapes, nodeUs, random, policies } = input;
  let batches: Map<TrafficPlan, TrafficBatch> | null = null;
  const shapeDraw = random.below(shapes.weightTotal);
  // One draw seeds a cheap sequence, so that a request costs no draw of its own.
  let sequence = random.below(DRAW_RANGE);
  let failed = 0;
  let done = 0;
  const split = splitOf(shapes, requests, shapeDraw);
  for (let shape = 0; shape < split.length; shape += 1) {
    const upTo = split[shape] ?? requests;
    if (upTo === done) continue;
    const plain = outcomes.plainRow(shape);
    if (plain !== null) {
      for (; done < upTo; done += 1) {
        sequence = (Math.imul(sequence, 1_664_525) + 1_013_904_223) | 0;
        const answer = plain[sequence >>> 24] ?? PLAIN.failed;
        if (answer === PLAIN.failed) failed += 1;
        else takeAnswer(tally, answer, nodeUs, (sequence >>> 12) & 1_023);
      }
      continue;
    }
    const row = outcomes.row(shape);
    for (; done < upTo; done += 1) {
      sequence = (Math.imul(sequence, 1_664_525) + 1_013_904_223) | 0;
      const outcome = row[(sequence >>> 24) % DRAWS_PER_SHAPE];
      const draw = (sequence >>> 12) & 1_023;
      if (outcome !== undefined && outcome.traffic !== null && policies !== undefined) {
        batches ??= new Map();
        addToBatch(
          batches,
          outcome.traffic,
          outcome,
          requestLatencyUs(outcome.baseUs, nodeUs, draw),
        );
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
  }
  if (batches === null) return failed;
  for (const [plan, batch] of batches) failed += settle(input, plan, batch, tally);
  return failed;
}

/** A request that the gateway answered, by itself or through a backend, from a plain row. */
function takeAnswer(tally: TrafficTally, answer: number, nodeUs: number, draw: number): void {
  tally.answered += 1;
  if (answer >= 0) {
    tally.latency.add(requestLatencyUs(answer, nodeUs, draw));
    return;
  }
  if (answer === PLAIN.unrouted) tally.unrouted += 1;
  if (answer === PLAIN.denied) tally.denied += 1;
  tally.latency.add(requestLatencyUs(0, nodeUs, draw));
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

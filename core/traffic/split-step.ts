import { MICROS_PER_MS } from '../ports/clock.ts';
import {
  computeTrafficStep,
  type NodeTraffic,
  requestsIn,
  type TrafficServer,
  type TrafficStepInput,
  type TrafficTally,
} from './traffic-step.ts';

/** What answered in the first part of a step, and how long that lasted, whole milliseconds. */
export interface StepBeginning {
  readonly server: TrafficServer;
  readonly ms: number;
}

/** Tells the draws of the two parts apart. */
const SECOND_PART = 0x5bd1_e995;

/**
 * A step in which a node swapped what it serves: the requests that began before are answered by what
 * was served then, the rest by `step.server`. As many requests in all as without the swap.
 */
export function computeSplitStep(
  step: TrafficStepInput,
  beginning: StepBeginning,
  tally: TrafficTally,
  node: NodeTraffic,
): void {
  const { range, seed, stepMs, policies } = step;
  const requests = requestsIn(range, seed);
  const first = Math.floor((requests * beginning.ms) / stepMs);
  const restMs = stepMs - beginning.ms;
  computeTrafficStep(
    {
      ...step,
      server: beginning.server,
      range: { least: first, count: 1 },
      stepMs: beginning.ms,
      ...(policies === undefined
        ? {}
        : { policies: { ...policies, nowUs: policies.nowUs - restMs * MICROS_PER_MS } }),
    },
    tally,
    node,
  );
  const before = { requests: node.requests, failures: node.failures };
  const rest = { least: requests - first, count: 1 };
  computeTrafficStep(
    { ...step, range: rest, seed: seed ^ SECOND_PART, stepMs: restMs },
    tally,
    node,
  );
  node.requests += before.requests;
  node.failures += before.failures;
}

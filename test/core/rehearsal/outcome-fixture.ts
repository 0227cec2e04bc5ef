import fc from 'fast-check';
import { makeForecast } from '../../../core/rehearsal/make-forecast.ts';
import type { SeedOutcome } from '../../../core/rehearsal/seed-outcome.ts';

const NO_REQUESTS: SeedOutcome['requests'] = {
  asked: 0,
  failed: 0,
  refused: 0,
  unrouted: 0,
  limited: 0,
  shed: 0,
  denied: 0,
};

/** An outcome in which a node acknowledged at each of these milliseconds. */
export function outcomeOf(
  acksMs: readonly number[],
  nodes = acksMs.length,
  more: Partial<SeedOutcome> = {},
): SeedOutcome {
  const sorted = [...acksMs].sort((a, b) => a - b);
  const at = (percent: number) => sorted[Math.ceil((nodes * percent) / 100) - 1] ?? null;
  const curve = new Map(sorted.map((ms, index) => [ms, index + 1]));
  return {
    seed: 1,
    nodes,
    reached: sorted.length,
    t50Ms: at(50),
    t95Ms: at(95),
    t99Ms: at(99),
    t100Ms: at(100),
    curve: [...curve],
    lagMsMax: sorted.at(-1) ?? 0,
    unverifiedMsMax: 0,
    requests: NO_REQUESTS,
    requestsBefore: NO_REQUESTS,
    nodesRejecting: 0,
    rejections: [],
    bytes: 1_000,
    pushesFull: 0,
    pushesDelta: nodes,
    traceHash: '0',
    ...more,
  };
}

export function requestsWith(counts: Partial<SeedOutcome['requests']>): SeedOutcome['requests'] {
  return { ...NO_REQUESTS, ...counts };
}

/** Some seeds of one fleet, each of whose nodes may not acknowledge at all. */
export function arbitraryOutcomes(): fc.Arbitrary<SeedOutcome[]> {
  const acks = fc.array(fc.nat(5_000), { maxLength: 400 });
  return fc
    .array(fc.record({ acks, bytes: fc.nat(10_000), rejecting: fc.nat(5) }), {
      minLength: 1,
      maxLength: 12,
    })
    .map((seeds) => {
      const nodes = Math.max(1, ...seeds.map((seed) => seed.acks.length));
      return seeds.map(({ acks: acksMs, bytes, rejecting }, seed) =>
        outcomeOf(acksMs, nodes, { seed, bytes, nodesRejecting: rejecting }),
      );
    });
}

export function forecastOf(outcomes: readonly SeedOutcome[]) {
  return makeForecast({
    outcomes,
    horizonMs: 60_000,
    serviceTimes: 'made up',
    faults: [],
    wallMs: 5_000,
  });
}

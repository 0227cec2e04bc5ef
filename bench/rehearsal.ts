import { plannedShape } from '../core/rehearsal/planned-shape.ts';
import { prepareRehearsal } from '../simulator/twin/rehearse/prepare-rehearsal.ts';
import { RehearsedSeed } from '../simulator/twin/rehearse/rehearsed-seed.ts';
import { sampleConfigText } from './sample-config.ts';
import type { BenchRow } from './statistics.ts';

const ROUTES = 950; // with the Services and the Gateway: 1,000 resources
const BUDGET_MS = 5_000;
const HORIZON_MS = 60_000;
const SIZES = [200, 1_000, 5_000, 10_000] as const;

/** Seeds that a rehearsal runs in the time that the publish dialog has: one changed resource of 1,000. */
export function benchRehearsal(): BenchRow[] {
  return SIZES.map((nodes) => {
    const seeds = seedsInBudget(nodes);
    return {
      name: `rehearsal, seeds in 5 s, ${nodes.toLocaleString('en')} nodes`,
      measured: seeds,
      unit: 'seeds',
      baseline: null,
      baselineName: '',
      ratio: null,
      bar: '',
      samples: seeds,
    };
  });
}

function seedsInBudget(nodes: number): number {
  const startedMs = performance.now();
  const rehearsal = prepareRehearsal({
    shape: plannedShape(nodes, 4, sampleConfigText(ROUTES)),
    draftText: sampleConfigText(ROUTES, 17, 1),
    faultsText: null,
    firstSeed: 1,
    seedsMax: 1,
    budgetMs: BUDGET_MS,
    horizonMs: HORIZON_MS,
  });
  if (!rehearsal.ok) throw new Error(rehearsal.error.detail);
  let seeds = 0;
  while (seeds === 0 || performance.now() - startedMs < BUDGET_MS) {
    const run = new RehearsedSeed(rehearsal.value, seeds + 1);
    while (!run.work(Number.MAX_SAFE_INTEGER));
    const { reached } = run.outcome();
    if (reached !== nodes) throw new Error(`${reached} of ${nodes} nodes have the draft`);
    seeds += 1;
  }
  return seeds;
}

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { runSwarm, type SwarmReport } from '../simulator/twin/swarm/run-swarm.ts';
import type { BenchRow } from './statistics.ts';

/** Left out first: the runtime compiles what is hot. */
const SEEDS_BEFORE = 30;
const SEEDS = 300;

/**
 * Seeds a minute of the swarm, in a process of its own on one core: the seeds from 1 on, the same at each
 * run, with every checker. A seed that fails is no measurement.
 */
export function benchSwarm(): BenchRow[] {
  const script = `import(${JSON.stringify(join(import.meta.dirname, 'swarm.ts'))})
    .then(({ measureSwarm }) => measureSwarm())
    .then((report) => process.stdout.write(JSON.stringify(report)))`;
  const output = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  const { ran, failures, seedsPerMinute, virtualMs, wallMs } = JSON.parse(output) as SwarmReport;
  if (failures.length > 0) throw new Error(`seed ${failures[0]?.seed} does not hold`);
  const none = { baseline: null, baselineName: '', ratio: null, bar: '', samples: ran } as const;
  return [
    { name: 'swarm, seeds a minute', measured: seedsPerMinute, unit: 'seeds/min', ...none },
    {
      name: 'swarm, virtual over wall time',
      measured: virtualMs / wallMs,
      unit: '× real time',
      ...none,
    },
  ];
}

export async function measureSwarm(): Promise<SwarmReport> {
  const { signal } = new AbortController();
  await runSwarm({ seeds: SEEDS_BEFORE, from: 1, only: null }, signal, () => undefined);
  return runSwarm({ seeds: SEEDS, from: 1, only: null }, signal, () => undefined);
}

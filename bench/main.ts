import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { benchAnalysis } from './analysis.ts';
import { benchFleetView } from './fleet-view.ts';
import { benchHistory } from './history.ts';
import { benchPublishPush } from './publish-push.ts';
import { benchPublishStore } from './publish-store.ts';
import { benchRehearsal } from './rehearsal.ts';
import { benchRouter } from './router.ts';
import type { BenchRow } from './statistics.ts';
import { benchSwarm } from './swarm.ts';
import { benchTwin } from './twin.ts';

/**
 * `npm run bench [-- NAME …]`: prints a table of ratios against baselines of the same run and writes
 * `out/bench.json`. Names: router, store, history, push, view, analysis, twin, rehearsal, swarm, and
 * for large fleets push-10000 and view-10000.
 */
const BENCHES: Readonly<Record<string, () => Promise<BenchRow[]> | BenchRow[]>> = {
  router: benchRouter,
  store: benchPublishStore,
  history: benchHistory,
  push: async () => [...(await benchPublishPush(1_000)), ...(await benchPublishPush(5_000))],
  view: () => benchFleetView(5_000),
  analysis: benchAnalysis,
  twin: () => [...benchTwin(1_000), ...benchTwin(10_000)],
  rehearsal: benchRehearsal,
  swarm: benchSwarm,
  'push-10000': () => benchPublishPush(10_000),
  'view-10000': () => benchFleetView(10_000),
};
/** Run only when named: they take minutes, and every core there is. */
const ONLY_WHEN_NAMED = new Set(['push-10000', 'view-10000']);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(
    `no bench named ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}\n`,
  );
  process.exit(2);
}

const rows: BenchRow[] = [];
for (const [name, run] of Object.entries(BENCHES)) {
  if (wanted.length > 0 ? !wanted.includes(name) : ONLY_WHEN_NAMED.has(name)) continue;
  process.stderr.write(`measuring ${name} …\n`);
  rows.push(...(await run()));
}
printTable(rows);
mkdirSync('out', { recursive: true });
writeFileSync(
  'out/bench.json',
  `${JSON.stringify({ node: process.version, cores: cpus().length, rows }, null, 2)}\n`,
);
process.exit(0);

function printTable(all: readonly BenchRow[]): void {
  for (const row of all) {
    const ratio = row.ratio === null ? '' : `${row.ratio.toFixed(2)} ×`;
    process.stdout.write(`${row.name}\n`);
    process.stdout.write(
      `  ${row.measured.toFixed(2)} ${row.unit}   ${ratio}   bar ${row.bar || 'none'}   n=${row.samples}\n`,
    );
    if (row.baseline !== null) {
      process.stdout.write(
        `  against ${row.baseline.toFixed(2)} ${row.unit}: ${row.baselineName}\n`,
      );
    }
  }
}

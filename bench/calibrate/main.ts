import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { changedCharacters, documentsOf } from '../../simulator/twin/changed-documents.ts';
import type { CalibratedFleet, Calibration } from '../../simulator/twin/service-times.ts';
import type { Planes } from '../planes.ts';
import { manyChangedText, sampleConfigText } from '../sample-config.ts';
import { median, quiet } from '../statistics.ts';
import { builtSample } from './built-sample.ts';
import { calibrationSource, liveLinkSource, withCalibrationTable } from './calibration-source.ts';
import {
  type Fit,
  fitTimes,
  inWallTime,
  type Measured,
  WALL_PER_CPU_MAX,
  type WallFactors,
  wallPerCpu,
} from './fit-times.ts';
import {
  CHANGED_MANY,
  type FleetMeasured,
  measureFleet,
  measureHeartbeats,
  ROUTES,
  ROUTES_SMALL,
} from './measure-fleet.ts';
import { measureApply, measureDisk, measureLoopback } from './measure-parts.ts';
import { predictPublishes } from './predict-publishes.ts';

/**
 * `npm run calibrate [-- --write]`: measures what handling a message costs in the live world, fits the
 * twin's service times to it, and says how far the twin is off. With `--write` the figures are kept.
 */

const USAGE = 'usage: npm run calibrate [-- --write]\n';
const FLEETS = [100, 300, 1_000] as const;
const ROUNDS = 12;
const MS_MAX = 240_000;
/** Processes that want a core before anything is measured. */
const LOAD_MAX = 1;
const TWIN = join(import.meta.dirname, '../../simulator/twin/fitted-service-times.ts');
const PAGE = join(import.meta.dirname, '../../docs/TWIN.md');
const LINK = join(import.meta.dirname, '../../core/rehearsal/live-link.ts');

let planes: Planes | null = null;
let isGivenUp = false;
const track = (started: Planes) => {
  planes = started;
};

async function main(args: readonly string[]): Promise<number> {
  const write = args.includes('--write');
  if (args.some((arg) => arg !== '--write')) {
    process.stderr.write(USAGE);
    return 2;
  }
  const [load = 0] = loadavg();
  if (load > LOAD_MAX) {
    say(
      `on a machine that is busy with other work (load ${load.toFixed(1)}): expect large residuals`,
    );
  }
  const measured = await measureAll();
  const inCpuTime = fitTimes(measured);
  const { low, high } = measured.loopback;
  const link = { latencyUs: Math.round(low), jitterUs: Math.max(1, Math.round(high - low)) };
  const factors = wallFactors(measured.fleets, inCpuTime, link);
  const fit = { ...inCpuTime, ...inWallTime(inCpuTime, factors) };
  const fleets = measured.fleets.map((fleet) => compare(fleet, fit, link, 'one'));
  const calibration: Calibration = {
    date: new Date().toISOString().slice(0, 10),
    nodeVersion: process.version,
    cores: cpus().length,
    wallPerCpu: factors.each,
    wallPerCpuMore: factors.more,
    fleets,
    slownessPercent: slownessPercent(
      measured.fleets.flatMap(({ nodes, publishes }) => {
        const twinMs = fleets.find((fleet) => fleet.nodes === nodes)?.twin.t99Ms ?? Number.NaN;
        return publishes.map(({ t99Ms }) => t99Ms / twinMs);
      }),
    ),
    many: {
      documents: CHANGED_MANY,
      bytes: Math.round(median(measured.fleets.flatMap(bytesOfMany))),
      fleets: measured.fleets.map((fleet) => compare(fleet, fit, link, 'many')),
    },
    times: fit.times,
    shared: fit.shared,
  };
  process.stdout.write(describe(fit, calibration, link));
  if (!write) return 0;
  if (Math.max(factors.each, factors.more) >= WALL_PER_CPU_MAX) {
    process.stderr.write('the machine was too busy with other work; nothing was kept\n');
    return 1;
  }
  writeFileSync(TWIN, calibrationSource(calibration));
  writeFileSync(LINK, liveLinkSource(link));
  writeFileSync(PAGE, withCalibrationTable(readFileSync(PAGE, 'utf8'), calibration));
  process.stdout.write('\nkept for the twin\n');
  return 0;
}

/** The publishes of one change tell the first, by how much longer those of many take the second. */
function wallFactors(
  fleets: readonly FleetMeasured[],
  fit: Fit,
  link: { readonly latencyUs: number; readonly jitterUs: number },
): WallFactors {
  const ones = fleets.map((fleet) => compare(fleet, fit, link, 'one'));
  const each = wallPerCpu(
    ones.flatMap(({ live, twin }) => [
      { liveMs: live.t50Ms, twinMs: twin.t50Ms },
      { liveMs: live.t99Ms, twinMs: twin.t99Ms },
    ]),
  );
  const longer = fleets.flatMap((fleet, index) => {
    const one = ones[index];
    const many = compare(fleet, fit, link, 'many');
    if (one === undefined) return [];
    const more = (of: (times: CalibratedFleet['live']) => number) => ({
      liveMs: of(many.live) - of(one.live),
      twinMs: of(many.twin) - of(one.twin),
    });
    return [more(({ t50Ms }) => t50Ms), more(({ t99Ms }) => t99Ms)];
  });
  return { each, more: wallPerCpu(longer) };
}

async function measureAll(): Promise<Measured> {
  say('loopback, disk and one node on its own');
  const loopback = await measureLoopback();
  const disk = measureDisk();
  const apply = measureApply();
  say('heartbeats of 300 nodes');
  const heartbeat = await measureHeartbeats({ nodes: 300, heartbeatMs: 200, forMs: 2_500 }, track);
  const fleets: FleetMeasured[] = [];
  for (const nodes of FLEETS) {
    say(`${nodes.toLocaleString('en')} nodes, ${ROUNDS} publishes`);
    const withSmall = nodes === FLEETS[0];
    fleets.push(await measureFleet({ nodes, rounds: ROUNDS, withSmall }, track));
  }
  const documents = builtSample(ROUTES).resources.length;
  const documentsSmall = builtSample(ROUTES_SMALL).resources.length;
  const changedMany = CHANGED_MANY;
  const changedManyCharacters = changedCharacters(
    documentsOf(sampleConfigText(ROUTES)),
    documentsOf(manyChangedText(ROUTES, CHANGED_MANY, 1)),
  );
  const sizes = { documents, documentsSmall, changedMany, changedManyCharacters };
  return { fleets, ...sizes, heartbeat, apply, disk, loopback };
}

function bytesOfMany({ manyPublishes }: FleetMeasured): number[] {
  return manyPublishes.map(({ bytes }) => bytes);
}

function compare(
  fleet: FleetMeasured,
  { times, shared }: Fit,
  link: { readonly latencyUs: number; readonly jitterUs: number },
  kind: 'one' | 'many',
): CalibratedFleet {
  const { nodes } = fleet;
  const publishes = kind === 'one' ? fleet.publishes : fleet.manyPublishes;
  const twin = predictPublishes(nodes, { ...times, shared }, link, kind);
  return {
    nodes,
    publishes: publishes.length,
    live: {
      t50Ms: rounded(quiet(publishes.map((p) => p.t50Ms))),
      t99Ms: rounded(quiet(publishes.map((p) => p.t99Ms))),
    },
    twin: { t50Ms: rounded(twin.t50Ms), t99Ms: rounded(twin.t99Ms) },
  };
}

/** Every tenth percentile of the ratios, least to greatest. */
function slownessPercent(ratios: readonly number[]): number[] {
  const sorted = [...ratios].sort((a, b) => a - b);
  return Array.from({ length: 11 }, (_, tenth) => {
    const ratio = sorted[Math.round(((sorted.length - 1) * tenth) / 10)] ?? 1;
    return Math.round(100 * ratio);
  });
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

function describe(
  { lines, times, shared }: Fit,
  { fleets, many, slownessPercent: slowness, wallPerCpu: each, wallPerCpuMore: more }: Calibration,
  link: { readonly latencyUs: number; readonly jitterUs: number },
): string {
  const out: string[] = [];
  for (const { name, fixedUs, perNodeUs, points } of lines) {
    out.push(`${name}: ${Math.round(fixedUs)} µs and ${perNodeUs.toFixed(1)} µs a node`);
    for (const { nodes, measuredUs, fittedUs } of points) {
      const off = Math.round(measuredUs - fittedUs);
      out.push(`  ${nodes} nodes: ${Math.round(measuredUs)} µs measured, ${off} µs from the line`);
    }
  }
  out.push(
    '',
    `a microsecond of CPU takes ${each} of wall time, for documents and bytes ${more}; fitted, microseconds:`,
  );
  for (const [name, us] of Object.entries({ ...times, ...link })) out.push(`  ${name} ${us}`);
  for (const [name, us] of Object.entries(shared)) out.push(`  in one process: ${name} ${us}`);
  out.push(
    '',
    `99 % of a publish, live over twin, every tenth percentile: ${slowness.join(', ')} %`,
  );
  out.push('', 'publish → acked, the quietest tenth of the publishes:');
  out.push(...resultsOf(fleets));
  out.push(`the same, of ${many.documents} changed documents, ${many.bytes} bytes to each node:`);
  out.push(...resultsOf(many.fleets));
  return `${out.join('\n')}\n`;
}

function resultsOf(fleets: readonly CalibratedFleet[]): string[] {
  const out: string[] = [];
  for (const { nodes, live, twin, publishes } of fleets) {
    out.push(
      `  ${nodes} nodes, ${publishes} publishes: half live ${live.t50Ms} ms, twin ${twin.t50Ms} ms; ` +
        `99 % live ${live.t99Ms} ms, twin ${twin.t99Ms} ms`,
    );
  }
  return out;
}

function say(what: string): void {
  process.stderr.write(`measuring ${what} …\n`);
}

/** Leaves no process and no folder behind. */
async function giveUp(why: string): Promise<void> {
  if (isGivenUp) return;
  isGivenUp = true;
  await planes?.close();
  process.stderr.write(`${why}; nothing was kept\n`);
  process.exit(1);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void giveUp('stopped'));
}
setTimeout(() => void giveUp(`not done within ${MS_MAX / 1_000} s`), MS_MAX).unref();
main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => giveUp(error instanceof Error ? error.message : String(error)),
);

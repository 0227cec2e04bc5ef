import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { CalibratedFleet, Calibration } from '../../simulator/twin/service-times.ts';
import type { Planes } from '../planes.ts';
import { quiet } from '../statistics.ts';
import { builtSample } from './built-sample.ts';
import { calibrationSource, liveLinkSource } from './calibration-source.ts';
import {
  type Fit,
  fitTimes,
  inWallTime,
  type Measured,
  WALL_PER_CPU_MAX,
  wallPerCpu,
} from './fit-times.ts';
import {
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
const MS_MAX = 175_000;
/** Processes that want a core before anything is measured. */
const LOAD_MAX = 1;
const TWIN = join(import.meta.dirname, '../../simulator/twin/fitted-service-times.ts');
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
  const factor = wallPerCpu(
    measured.fleets.flatMap((fleet) => {
      const { live, twin } = compare(fleet, inCpuTime, link);
      return [
        { liveMs: live.t50Ms, twinMs: twin.t50Ms },
        { liveMs: live.t99Ms, twinMs: twin.t99Ms },
      ];
    }),
  );
  const fit = { ...inCpuTime, ...inWallTime(inCpuTime, factor) };
  const calibration: Calibration = {
    date: new Date().toISOString().slice(0, 10),
    nodeVersion: process.version,
    cores: cpus().length,
    wallPerCpu: factor,
    fleets: measured.fleets.map((fleet) => compare(fleet, fit, link)),
    times: fit.times,
    shared: fit.shared,
  };
  process.stdout.write(describe(fit, calibration, link));
  if (!write) return 0;
  if (factor >= WALL_PER_CPU_MAX) {
    process.stderr.write('the machine was too busy with other work; nothing was kept\n');
    return 1;
  }
  writeFileSync(TWIN, calibrationSource(calibration));
  writeFileSync(LINK, liveLinkSource(link));
  process.stdout.write('\nkept for the twin\n');
  return 0;
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
  return { fleets, documents, documentsSmall, heartbeat, apply, disk, loopback };
}

function compare(
  { nodes, publishes }: FleetMeasured,
  { times, shared }: Fit,
  link: { readonly latencyUs: number; readonly jitterUs: number },
): CalibratedFleet {
  const twin = predictPublishes(nodes, { ...times, shared }, link);
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

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

function describe(
  { lines, times, shared }: Fit,
  { fleets, wallPerCpu: factor }: Calibration,
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
  out.push('', `a microsecond of CPU takes ${factor} of wall time; fitted, microseconds:`);
  for (const [name, us] of Object.entries({ ...times, ...link })) out.push(`  ${name} ${us}`);
  for (const [name, us] of Object.entries(shared)) out.push(`  in one process: ${name} ${us}`);
  out.push('', 'publish → acked, the quietest tenth of the publishes:');
  for (const { nodes, live, twin, publishes } of fleets) {
    out.push(
      `  ${nodes} nodes, ${publishes} publishes: half live ${live.t50Ms} ms, twin ${twin.t50Ms} ms; ` +
        `99 % live ${live.t99Ms} ms, twin ${twin.t99Ms} ms`,
    );
  }
  return `${out.join('\n')}\n`;
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

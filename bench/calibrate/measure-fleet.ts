import { deriveRequestShapes } from '../../core/gateway/request-shapes.ts';
import type { RequestShape } from '../../core/protocol/simulator-control.ts';
import { Planes } from '../planes.ts';
import { manyChangedText, sampleConfigText } from '../sample-config.ts';
import { builtSample } from './built-sample.ts';

/** Of the config that all is measured with: 1,000 resources, about 0.8 kB each. */
export const ROUTES = 950;
export const ROUTES_SMALL = 60;
/** Documents that the larger kind of publish changes; `publishes` and all others change one. */
export const CHANGED_MANY = 300;
/** Left out: the runtime compiles what is hot. */
const ROUNDS_WARM = 6;
const ROUNDS_SMALL = 7;
const ROUNDS_MANY = 4;
const RESTARTS = 2;
/** Two periods of beliefs and telemetry, so that as many fall into each window. */
const WINDOW_MS = 500;
const RESTART_MS = 900;
/** After a publish that took longer than the window, so that what comes of it falls into it, too. */
const SETTLE_MS = 250;

/** Microseconds of the two processes' main threads. */
export interface CpuUs {
  readonly controlPlane: number;
  readonly simulator: number;
}

/** One publish. CPU without what the processes use when nothing happens. */
export interface PublishSample {
  readonly t50Ms: number;
  readonly t99Ms: number;
  readonly t100Ms: number;
  /** Sent to each node. */
  readonly bytes: number;
  readonly cpu: CpuUs;
}

export interface FleetMeasured {
  readonly nodes: number;
  /** First publish of a process, CPU of the control plane before anything is sent. */
  readonly firstPublishUs: number;
  /** Of one changed resource. */
  readonly publishes: readonly PublishSample[];
  /** Of `CHANGED_MANY`. */
  readonly manyPublishes: readonly PublishSample[];
  /** The same with a config of few resources; empty when not asked for. */
  readonly smallPublishes: readonly PublishSample[];
  /** All nodes restarted, with their disks: in all. */
  readonly restarts: readonly CpuUs[];
}

/** Measures one fleet of live nodes. Ends its processes whatever happens. */
export async function measureFleet(
  input: { readonly nodes: number; readonly rounds: number; readonly withSmall: boolean },
  track: (planes: Planes) => void,
): Promise<FleetMeasured> {
  const { nodes, rounds, withSmall } = input;
  const planes = new Planes({ nodes });
  track(planes);
  try {
    await planes.startControlPlane();
    const firstPublishUs = await sampleFirst(planes);
    planes.simulator.process.send({ type: 'set-shapes', shapes: [...sampleShapes()] });
    await planes.untilBelief((b) => b.counts.acknowledged === nodes);
    const textOf = (round: number) => sampleConfigText(ROUTES, 17, round + 1);
    for (let round = 0; round < ROUNDS_WARM; round += 1) await publish(planes, textOf(round));
    const publishes: PublishSample[] = [];
    for (let round = 0; round < rounds; round += 1) {
      publishes.push(await samplePublish(planes, textOf(ROUNDS_WARM + round)));
    }
    const manyPublishes = await sampleMany(planes);
    const restarts: CpuUs[] = [];
    for (let i = 0; i < RESTARTS; i += 1) restarts.push(await sampleRestart(planes));
    const smallPublishes = withSmall ? await sampleSmall(planes) : [];
    return { nodes, firstPublishUs, publishes, manyPublishes, smallPublishes, restarts };
  } finally {
    await planes.close();
  }
}

/** CPU of one heartbeat and its answer, microseconds: a fleet that has nothing else to do. */
export async function measureHeartbeats(
  input: { readonly nodes: number; readonly heartbeatMs: number; readonly forMs: number },
  track: (planes: Planes) => void,
): Promise<CpuUs> {
  const { nodes, heartbeatMs, forMs } = input;
  const rates: CpuUs[] = [];
  for (const every of [heartbeatMs, 10_000]) {
    const planes = new Planes({ nodes, heartbeatMs: every });
    track(planes);
    try {
      await planes.startControlPlane();
      await planes.startSimulator();
      await planes.untilBelief((b) => b.counts.connected === nodes);
      await pause(RESTART_MS);
      rates.push(await idleRate(planes, forMs));
    } finally {
      await planes.close();
    }
  }
  const [often, seldom] = rates;
  if (often === undefined || seldom === undefined) throw new Error('nothing was measured');
  const beatsPerMs = nodes / heartbeatMs - nodes / 10_000;
  return {
    controlPlane: (often.controlPlane - seldom.controlPlane) / beatsPerMs,
    simulator: (often.simulator - seldom.simulator) / beatsPerMs,
  };
}

/** The fleet is not there yet. */
async function sampleFirst(planes: Planes): Promise<number> {
  const before = await planes.controlPlane.cpuUs();
  await request(planes, sampleConfigText(ROUTES));
  const after = await planes.controlPlane.cpuUs();
  await planes.startSimulator();
  return after - before;
}

/** The first is left out: the runtime compiles what is hot. */
async function sampleMany(planes: Planes): Promise<PublishSample[]> {
  const textOf = (round: number) => manyChangedText(ROUTES, CHANGED_MANY, 1_000 + round);
  await publish(planes, textOf(0));
  const samples: PublishSample[] = [];
  for (let round = 1; round <= ROUNDS_MANY; round += 1) {
    samples.push(await samplePublish(planes, textOf(round)));
  }
  return samples;
}

async function sampleSmall(planes: Planes): Promise<PublishSample[]> {
  const textOf = (round: number) => sampleConfigText(ROUTES_SMALL, 17, round + 1);
  await publish(planes, textOf(0));
  const samples: PublishSample[] = [];
  for (let round = 1; round <= ROUNDS_SMALL; round += 1) {
    samples.push(await samplePublish(planes, textOf(round)));
  }
  return samples;
}

async function request(planes: Planes, text: string): Promise<number> {
  const base = planes.belief?.head?.revision ?? null;
  const { record } = await planes.request({
    method: 'publish',
    text,
    base,
    message: 'calibration',
    actor: 'calibrate',
  });
  return record.revision;
}

async function publish(planes: Planes, text: string): Promise<number> {
  const { nodes } = planes.options;
  const revision = await request(planes, text);
  await planes.untilBelief((b) => b.head?.revision === revision && b.counts.acknowledged === nodes);
  return revision;
}

async function samplePublish(planes: Planes, text: string): Promise<PublishSample> {
  // The traffic's slices and the beliefs come at fixed instants: a publish falls anywhere between.
  await pause(Math.random() * 250);
  const idle = await idleRate(planes);
  const before = await cpuOf(planes);
  const startedMs = performance.now();
  const head = await publish(planes, text);
  await pause(Math.max(SETTLE_MS, WINDOW_MS - (performance.now() - startedMs)));
  const after = await cpuOf(planes);
  const wallMs = performance.now() - startedMs;
  const { revision } = planes.belief?.head ?? {};
  if (revision !== head) throw new Error('another head');
  const report = await planes.request({ method: 'get-convergence', revision });
  const { t50Ms, t99Ms, t100Ms, bytes } = report;
  if (t50Ms === null || t99Ms === null || t100Ms === null) throw new Error('not reached by all');
  return {
    t50Ms,
    t99Ms,
    t100Ms,
    bytes: bytes / planes.options.nodes,
    cpu: {
      controlPlane: after.controlPlane - before.controlPlane - idle.controlPlane * wallMs,
      simulator: after.simulator - before.simulator - idle.simulator * wallMs,
    },
  };
}

async function sampleRestart(planes: Planes): Promise<CpuUs> {
  const { nodes } = planes.options;
  const idle = await idleRate(planes);
  const before = await cpuOf(planes);
  const startedMs = performance.now();
  await planes.simulate({ type: 'restart-nodes', target: { scope: 'fleet' }, disk: 'keep' });
  await pause(RESTART_MS);
  await planes.untilBelief((b) => b.counts.connected === nodes && b.counts.acknowledged === nodes);
  const after = await cpuOf(planes);
  const wallMs = performance.now() - startedMs;
  return {
    controlPlane: after.controlPlane - before.controlPlane - idle.controlPlane * wallMs,
    simulator: after.simulator - before.simulator - idle.simulator * wallMs,
  };
}

/** CPU microseconds a millisecond of wall time, when nothing is asked of the planes. */
async function idleRate(planes: Planes, forMs = WINDOW_MS): Promise<CpuUs> {
  const before = await cpuOf(planes);
  const startedMs = performance.now();
  await pause(forMs);
  const after = await cpuOf(planes);
  const wallMs = performance.now() - startedMs;
  return {
    controlPlane: (after.controlPlane - before.controlPlane) / wallMs,
    simulator: (after.simulator - before.simulator) / wallMs,
  };
}

async function cpuOf(planes: Planes): Promise<CpuUs> {
  const [controlPlane, simulator] = await Promise.all([
    planes.controlPlane.cpuUs(),
    planes.simulator.cpuUs(),
  ]);
  return { controlPlane, simulator };
}

function sampleShapes(): readonly RequestShape[] {
  return deriveRequestShapes(builtSample(ROUTES).resources);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}

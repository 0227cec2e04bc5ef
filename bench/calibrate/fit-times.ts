import type { Calibration } from '../../simulator/twin/service-times.ts';
import { median } from '../statistics.ts';
import type { CpuUs, FleetMeasured, PublishSample } from './measure-fleet.ts';
import type { ApplyUs, DiskUs, SpreadUs } from './measure-parts.ts';

/** Everything that one run measured. Fleets from small to large; the first also has the small config. */
export interface Measured {
  readonly fleets: readonly FleetMeasured[];
  /** Documents of the two configs. */
  readonly documents: number;
  readonly documentsSmall: number;
  /** That the larger kind of publish changes; the other changes one. */
  readonly changedMany: number;
  /** Characters of those documents together. */
  readonly changedManyCharacters: number;
  /** One heartbeat and its answer. */
  readonly heartbeat: CpuUs;
  readonly apply: ApplyUs;
  readonly disk: DiskUs;
  readonly loopback: SpreadUs;
}

/** A straight line over the sizes of fleet: what a publish costs by itself, and each node more. */
export interface Line {
  readonly name: string;
  /** Microseconds. */
  readonly fixedUs: number;
  readonly perNodeUs: number;
  /** Measured and fitted at each size, microseconds. */
  readonly points: readonly { nodes: number; measuredUs: number; fittedUs: number }[];
}

export interface Fit {
  readonly lines: readonly Line[];
  readonly times: Calibration['times'];
  readonly shared: Calibration['shared'];
}

/**
 * Divides what was measured into the costs of the model. Of the sums that a run cannot take apart, the
 * parts are held to be equal: at the control plane the two frames of a push and its answer, at the nodes
 * the two frames, the applying and the answer, of a new connection the accept and the hello.
 */
export function fitTimes(measured: Measured): Fit {
  const { fleets, heartbeat, apply, disk } = measured;
  const control = line('control plane, CPU of a publish', points(fleets, ONE, ofControl));
  const simulator = line('all nodes, CPU of a publish', points(fleets, ONE, ofNodes));
  const controlMany = line('control plane, of many changes', points(fleets, MANY, ofControl));
  const simulatorMany = line('all nodes, of many changes', points(fleets, MANY, ofNodes));
  const changedMore = measured.changedMany - 1;
  const characters = measured.changedManyCharacters / measured.changedMany;
  const changedMegabytesMore = megabytes(characters * changedMore);
  const megabytesMore = megabytesMoreOf(fleets);
  const frameUs = atLeastOne(control.perNodeUs / 3);
  const shareUs = atLeastOne(simulator.perNodeUs / 4);
  const publish = publishCost(measured, control);
  const largest = fleets.at(-1);
  const restart = (of: (cpu: CpuUs) => number) =>
    median((largest?.restarts ?? []).map(of)) / (largest?.nodes ?? 1);
  const reconnectUs = restart((cpu) => cpu.controlPlane) - 2 * frameUs;
  const appliedUsPerMegabyte =
    (apply.wide - apply.full) / megabytes(apply.wideBytes - apply.fullBytes);
  const appliedUsEach = (apply.full - apply.delta) / (apply.resources - 1);
  const appliedUsPerResource =
    appliedUsEach - appliedUsPerMegabyte * megabytes(apply.fullBytes / apply.resources);
  const servedUsChanged = (simulatorMany.fixedUs - simulator.fixedUs) / changedMore - appliedUsEach;
  return {
    lines: [control, simulator, controlMany, simulatorMany],
    times: {
      acceptUs: atLeastOne(reconnectUs / 2),
      helloUs: atLeastOne(reconnectUs / 2),
      heartbeatUs: atLeastOne(heartbeat.controlPlane - frameUs),
      answerUs: frameUs,
      otherUs: frameUs,
      sendUs: frameUs,
      pushUs: frameUs,
      pushUsPerMegabyte: atLeastOne((controlMany.perNodeUs - control.perNodeUs) / megabytesMore),
      ...publish,
      publishUsPerMegabyteChanged: atLeastOne(
        (controlMany.fixedUs - control.fixedUs) / changedMegabytesMore,
      ),
      nodeConnectUs: atLeastOne(restart((cpu) => cpu.simulator) - 2 * shareUs),
      nodeFrameUs: atLeastOne(heartbeat.simulator / 2),
      nodeSendUs: atLeastOne(heartbeat.simulator / 2),
      nodeFrameUsPerMegabyte: atLeastOne(
        (simulatorMany.perNodeUs - simulator.perNodeUs) / megabytesMore,
      ),
      nodeApplyUs: atLeastOne(apply.delta - appliedUsEach),
      nodeApplyUsPerResource: atLeastOne(appliedUsPerResource),
      nodeApplyUsPerMegabyte: atLeastOne(appliedUsPerMegabyte),
      diskWriteUsMin: atLeastOne(disk.low),
      diskWriteUsMax: Math.max(atLeastOne(disk.low), atLeastOne(disk.high)),
      diskWriteUsPerMegabyte: atLeastOne(disk.perMegabyte),
    },
    shared: {
      frameUs: shareUs,
      sendUs: shareUs,
      furtherApplyUs: shareUs,
      servedUsPerResource: atLeastOne((simulator.fixedUs - apply.delta) / measured.documents),
      servedUsPerResourceChanged: atLeastOne(servedUsChanged),
    },
  };
}

/** More than this is no garbage collection, but a machine that has other work. */
export const WALL_PER_CPU_MAX = 3;

/**
 * Wall time for each unit of CPU time of a process' main thread: collecting garbage, the kernel's share of
 * sending, and waiting for a core. By least squares over pairs of what was measured and what the twin
 * makes of the CPU times alone.
 */
export function wallPerCpu(pairs: readonly { liveMs: number; twinMs: number }[]): number {
  let product = 0;
  let square = 0;
  for (const { liveMs, twinMs } of pairs) {
    product += liveMs * twinMs;
    square += twinMs * twinMs;
  }
  const factor = Math.round((100 * product) / square) / 100;
  return Math.min(WALL_PER_CPU_MAX, Math.max(1, factor));
}

/** Wall for CPU time: of what every publish costs, and of what changed documents and bytes cost on top. */
export interface WallFactors {
  readonly each: number;
  readonly more: number;
}

/** The same costs in wall time. What the disk takes was measured so. */
export function inWallTime(
  { times, shared }: Fit,
  factors: WallFactors,
): Pick<Fit, 'times' | 'shared'> {
  const { diskWriteUsMin, diskWriteUsMax, diskWriteUsPerMegabyte, ...cpu } = times;
  const disk = { diskWriteUsMin, diskWriteUsMax, diskWriteUsPerMegabyte };
  const stretch = <T extends object>(costs: T): T => {
    const entries = Object.entries(costs).map(([name, us]) => {
      const factor = /(?:Megabyte|Changed)$/.test(name) ? factors.more : factors.each;
      return [name, atLeastOne(us * factor)];
    });
    // The same names, each with a number, as before.
    return Object.fromEntries(entries) as T;
  };
  return { times: { ...stretch(cpu), ...disk }, shared: stretch(shared) };
}

/** The commit waits for the disk once, which costs no CPU. */
function publishCost(measured: Measured, control: Line) {
  const { fleets, documents, documentsSmall, disk } = measured;
  const [smallest] = fleets;
  const small =
    median((smallest?.smallPublishes ?? []).map((p) => p.cpu.controlPlane)) -
    control.perNodeUs * (smallest?.nodes ?? 0);
  const perResource = (control.fixedUs - small) / (documents - documentsSmall);
  const commitUs = Math.max(0, small - perResource * documentsSmall);
  const first = median(fleets.map(({ firstPublishUs }) => firstPublishUs));
  return {
    publishUs: atLeastOne(commitUs + disk.low),
    publishUsPerResource: atLeastOne(perResource),
    publishUsPerResourceNew: atLeastOne((first - commitUs) / documents),
  };
}

const ONE = (fleet: FleetMeasured) => fleet.publishes;
const MANY = (fleet: FleetMeasured) => fleet.manyPublishes;
const ofControl = (sample: PublishSample) => sample.cpu.controlPlane;
const ofNodes = (sample: PublishSample) => sample.cpu.simulator;

interface Point {
  readonly nodes: number;
  readonly measuredUs: number;
}

/** The medians of each fleet. */
function points(
  fleets: readonly FleetMeasured[],
  publishesOf: (fleet: FleetMeasured) => readonly PublishSample[],
  usOf: (sample: PublishSample) => number,
): Point[] {
  return fleets.map((fleet) => ({
    nodes: fleet.nodes,
    measuredUs: median(publishesOf(fleet).map(usOf)),
  }));
}

/** By which a push of many changes is longer. */
function megabytesMoreOf(fleets: readonly FleetMeasured[]): number {
  const bytesOf = (publishesOf: (fleet: FleetMeasured) => readonly PublishSample[]) =>
    median(fleets.flatMap((fleet) => publishesOf(fleet).map(({ bytes }) => bytes)));
  return megabytes(bytesOf(MANY) - bytesOf(ONE));
}

function megabytes(bytes: number): number {
  return bytes / 1_000_000;
}

/** By least squares. */
function line(name: string, points: readonly Point[]): Line {
  const meanNodes = mean(points.map(({ nodes }) => nodes));
  const meanUs = mean(points.map(({ measuredUs }) => measuredUs));
  let covariance = 0;
  let variance = 0;
  for (const { nodes, measuredUs } of points) {
    covariance += (nodes - meanNodes) * (measuredUs - meanUs);
    variance += (nodes - meanNodes) * (nodes - meanNodes);
  }
  const perNodeUs = covariance / variance;
  const fixedUs = meanUs - perNodeUs * meanNodes;
  return {
    name,
    fixedUs,
    perNodeUs,
    points: points.map((point) => ({ ...point, fittedUs: fixedUs + perNodeUs * point.nodes })),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function atLeastOne(us: number): number {
  return Math.max(1, Math.round(us));
}

import type { Calibration } from '../../simulator/twin/service-times.ts';
import { median } from '../statistics.ts';
import type { CpuUs, FleetMeasured, PublishSample } from './measure-fleet.ts';
import type { ApplyUs, SpreadUs } from './measure-parts.ts';

/** Everything that one run measured. Fleets from small to large; the first also has the small config. */
export interface Measured {
  readonly fleets: readonly FleetMeasured[];
  /** Documents of the two configs. */
  readonly documents: number;
  readonly documentsSmall: number;
  /** One heartbeat and its answer. */
  readonly heartbeat: CpuUs;
  readonly apply: ApplyUs;
  readonly disk: SpreadUs;
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
  const control = line('control plane, CPU of a publish', fleets, (p) => p.cpu.controlPlane);
  const simulator = line('all nodes, CPU of a publish', fleets, (p) => p.cpu.simulator);
  const frameUs = atLeastOne(control.perNodeUs / 3);
  const shareUs = atLeastOne(simulator.perNodeUs / 4);
  const publish = publishCost(measured, control);
  const largest = fleets.at(-1);
  const restart = (of: (cpu: CpuUs) => number) =>
    median((largest?.restarts ?? []).map(of)) / (largest?.nodes ?? 1);
  const reconnectUs = restart((cpu) => cpu.controlPlane) - 2 * frameUs;
  const appliedUsPerResource = (apply.full - apply.delta) / (apply.resources - 1);
  return {
    lines: [control, simulator],
    times: {
      acceptUs: atLeastOne(reconnectUs / 2),
      helloUs: atLeastOne(reconnectUs / 2),
      heartbeatUs: atLeastOne(heartbeat.controlPlane - frameUs),
      answerUs: frameUs,
      otherUs: frameUs,
      sendUs: frameUs,
      pushUs: frameUs,
      ...publish,
      nodeConnectUs: atLeastOne(restart((cpu) => cpu.simulator) - 2 * shareUs),
      nodeFrameUs: atLeastOne(heartbeat.simulator / 2),
      nodeSendUs: atLeastOne(heartbeat.simulator / 2),
      nodeApplyUs: atLeastOne(apply.delta - appliedUsPerResource),
      nodeApplyUsPerResource: atLeastOne(appliedUsPerResource),
      diskWriteUsMin: atLeastOne(disk.low),
      diskWriteUsMax: Math.max(atLeastOne(disk.low), atLeastOne(disk.high)),
    },
    shared: {
      frameUs: shareUs,
      sendUs: shareUs,
      furtherApplyUs: shareUs,
      servedUsPerResource: atLeastOne((simulator.fixedUs - apply.delta) / measured.documents),
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

/** The same costs in wall time. What the disk takes was measured so. */
export function inWallTime({ times, shared }: Fit, factor: number): Pick<Fit, 'times' | 'shared'> {
  const { diskWriteUsMin, diskWriteUsMax, ...cpu } = times;
  const stretch = <T extends object>(costs: T): T => {
    const entries = Object.entries(costs).map(([name, us]) => [name, atLeastOne(us * factor)]);
    // The same names, each with a number, as before.
    return Object.fromEntries(entries) as T;
  };
  return { times: { ...stretch(cpu), diskWriteUsMin, diskWriteUsMax }, shared: stretch(shared) };
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

/** By least squares over the medians of each fleet. */
function line(
  name: string,
  fleets: readonly FleetMeasured[],
  usOf: (sample: PublishSample) => number,
): Line {
  const points = fleets.map(({ nodes, publishes }) => ({
    nodes,
    measuredUs: median(publishes.map(usOf)),
  }));
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

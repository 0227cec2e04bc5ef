import type { GatewayRequest } from '../gateway/route.ts';
import type { RequestShape } from '../protocol/simulator-control.ts';

/** What the fleet is asked, ready to be drawn from. Compared by identity. */
export interface ShapeSet {
  readonly requests: readonly GatewayRequest[];
  /** Sum of the weights up to and with each shape. */
  readonly weightsUpTo: readonly number[];
  readonly weightTotal: number;
  /** Samples that were asked for before, by requests and draw; see `sampleOf`. */
  readonly samples: Map<number, Uint16Array>;
  /** Of small numbers of requests, by number, those of all draws; see `samplesOf`. */
  readonly allSamples: Map<number, Uint16Array>;
}

/** Samples that one set remembers, and the most requests that one may have. */
const SAMPLES_MAX = 8_192;
const SAMPLE_REQUESTS_MAX = 1_024;
/** Numbers of requests of which all samples are kept, and entries of those of one number: 64 KiB. */
const ALL_SAMPLES_MAX = 32;
const ALL_SAMPLES_ENTRIES_MAX = 32_768;

export function createShapeSet(shapes: readonly RequestShape[]): ShapeSet {
  const weightsUpTo: number[] = [];
  let weightTotal = 0;
  for (const { weight } of shapes) {
    weightTotal += weight;
    weightsUpTo.push(weightTotal);
  }
  const requests = shapes.map(({ weight: _, ...request }) => request);
  return { requests, weightsUpTo, weightTotal, samples: new Map(), allSamples: new Map() };
}

/**
 * The samples of all draws, one after the other, that of a draw from `draw * requests` on: together
 * they take little memory, and a fleet asks for all of them. Null: they are too many for that.
 */
export function samplesOf(set: ShapeSet, requests: number): Uint16Array | null {
  const known = set.allSamples.get(requests);
  if (known !== undefined) return known;
  const entries = requests * set.weightTotal;
  if (entries > ALL_SAMPLES_ENTRIES_MAX || set.allSamples.size >= ALL_SAMPLES_MAX) return null;
  const samples = new Uint16Array(entries);
  for (let draw = 0; draw < set.weightTotal; draw += 1)
    fill(samples, draw * requests, set, requests, draw);
  set.allSamples.set(requests, samples);
  return samples;
}

/** The shape of each of so many requests, by `requestsUpTo`. Few differ, so they are remembered. */
export function sampleOf(set: ShapeSet, requests: number, draw: number): Uint16Array {
  const key = requests * set.weightTotal + draw;
  const known = set.samples.get(key);
  if (known !== undefined) return known;
  const sample = new Uint16Array(requests);
  fill(sample, 0, set, requests, draw);
  if (requests <= SAMPLE_REQUESTS_MAX && set.samples.size < SAMPLES_MAX)
    set.samples.set(key, sample);
  return sample;
}

function fill(
  samples: Uint16Array,
  from: number,
  set: ShapeSet,
  requests: number,
  draw: number,
): void {
  let done = 0;
  for (let shape = 0; shape < set.weightsUpTo.length; shape += 1) {
    const upTo = requestsUpTo(set, shape, requests, draw);
    samples.fill(shape, from + done, from + upTo);
    done = upTo;
  }
}

/**
 * How many of `requests` fall to shapes 0 … i, for systematic sampling from one draw: shares are
 * exact to one request in every step, and exact over many. `draw` is uniform in [0, weightTotal).
 */
export function requestsUpTo(set: ShapeSet, shape: number, requests: number, draw: number): number {
  const weight = set.weightsUpTo[shape] ?? set.weightTotal;
  // Requests stand at (draw + k · total) / requests on the axis of weights, for k = 0 … requests-1.
  const reach = requests * weight - draw;
  if (reach <= 0) return 0;
  return Math.min(requests, Math.floor((reach + set.weightTotal - 1) / set.weightTotal));
}

import { assert } from '../lib/assert.ts';
import { bandOf } from './band-of.ts';
import type { Forecast } from './forecast.ts';
import { forecastCurve } from './forecast-curve.ts';
import type { SeedOutcome } from './seed-outcome.ts';

export interface ForecastInput {
  /** In the order of their seeds; at least one, all of the same fleet. */
  readonly outcomes: readonly SeedOutcome[];
  readonly horizonMs: number;
  readonly serviceTimes: string;
  /** The chosen faults in words. */
  readonly faults: readonly string[];
  readonly wallMs: number;
}

/** All seeds of one rehearsal together. */
export function makeForecast(input: ForecastInput): Forecast {
  const { outcomes, horizonMs, serviceTimes, faults, wallMs } = input;
  const [first] = outcomes;
  assert(first !== undefined, 'a forecast is made of at least one seed');
  const band = (figure: (outcome: SeedOutcome) => number | null) => bandOf(outcomes.map(figure));
  return {
    seeds: outcomes.length,
    firstSeed: first.seed,
    nodes: first.nodes,
    horizonMs,
    t50: band(({ t50Ms }) => t50Ms),
    t95: band(({ t95Ms }) => t95Ms),
    t99: band(({ t99Ms }) => t99Ms),
    t100: band(({ t100Ms }) => t100Ms),
    reached: band(({ reached }) => reached),
    curve: forecastCurve(outcomes.map(({ curve }) => curve)),
    lagMsMax: band(({ lagMsMax }) => lagMsMax),
    unverifiedMsMax: band(({ unverifiedMsMax }) => unverifiedMsMax),
    requestsLost: band(requestsLostOf),
    requestsAsked: band(({ requests }) => requests.asked),
    nodesRejecting: band(({ nodesRejecting }) => nodesRejecting),
    rejections: mostRejecting(outcomes, first).rejections,
    bytes: band(({ bytes }) => bytes),
    pushesFull: band(({ pushesFull }) => pushesFull),
    pushesDelta: band(({ pushesDelta }) => pushesDelta),
    serviceTimes,
    faults,
    wallMs,
  };
}

/** What came of requests after the publish, beyond what is lost without it. */
export function requestsLostOf({ requests, requestsBefore }: SeedOutcome): number {
  return Math.max(0, lostOf(requests) - lostOf(requestsBefore));
}

function lostOf({ failed, refused, unrouted }: SeedOutcome['requests']): number {
  return failed + refused + unrouted;
}

function mostRejecting(outcomes: readonly SeedOutcome[], first: SeedOutcome): SeedOutcome {
  let most = first;
  for (const outcome of outcomes) if (outcome.nodesRejecting > most.nodesRejecting) most = outcome;
  return most;
}

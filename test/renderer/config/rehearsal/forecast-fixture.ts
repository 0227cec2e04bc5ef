import type { Band, Forecast } from '../../../../core/rehearsal/forecast.ts';

export function band(low: number | null, median = low, high = median): Band {
  return { low, median, high };
}

/** A rehearsal in which nothing goes wrong. */
export function forecastWith(change: Partial<Forecast> = {}): Forecast {
  return {
    seeds: 37,
    firstSeed: 1,
    nodes: 200,
    horizonMs: 30_000,
    t50: band(20, 24, 28),
    t95: band(30, 36, 44),
    t99: band(38, 45, 55),
    t100: band(41, 50, 60),
    reached: band(200),
    curve: [
      [20, 0, 60, 100],
      [28, 100, 120, 180],
      [60, 200, 200, 200],
    ],
    lagMsMax: band(41, 50, 60),
    unverifiedMsMax: band(1_000, 1_010, 1_020),
    requestsLost: band(0),
    requestsAsked: band(12_000),
    nodesRejecting: band(0),
    rejections: [],
    bytes: band(1_200_000, 1_300_000, 1_400_000),
    pushesFull: band(0),
    pushesDelta: band(200),
    serviceTimes: 'a table',
    faults: [],
    wallMs: 5_040,
    ...change,
  };
}

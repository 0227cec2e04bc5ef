import { micros } from '../../core/ports/clock.ts';
import type { ServiceTimes } from '../../simulator/twin/service-times.ts';
import { DEFAULT_TWIN_OPTIONS } from '../../simulator/twin/twin-options.ts';
import { TwinWorld } from '../../simulator/twin/twin-world.ts';
import { sampleConfigText } from '../sample-config.ts';
import { median } from '../statistics.ts';
import { ROUTES } from './measure-fleet.ts';

const PUBLISHES = 15;
/** No multiple of a traffic slice, so that a publish falls anywhere between two. */
const EVERY_US = 1_037_000;
const FIRST = 8;

/** What the twin makes of the publishes that were measured live: medians, milliseconds. */
export function predictPublishes(
  nodes: number,
  times: ServiceTimes,
  link: { readonly latencyUs: number; readonly jitterUs: number },
): { readonly t50Ms: number; readonly t99Ms: number; readonly t100Ms: number } {
  const durationUs = EVERY_US * (FIRST + PUBLISHES + 1);
  const world = new TwinWorld({
    ...DEFAULT_TWIN_OPTIONS,
    nodes,
    cells: 4,
    seed: 1,
    durationUs,
    configText: sampleConfigText(ROUTES),
    publishes: { everyUs: EVERY_US, textOf: (step) => sampleConfigText(ROUTES, 17, step) },
    link,
    times,
  });
  world.runUntil(micros(durationUs));
  const measured = world.publishes.slice(-PUBLISHES).map(({ revision }) => {
    const record = world.controlPlane.convergence(revision);
    if (record === null || record.t100Us === null) throw new Error('not reached by all');
    return record;
  });
  const ms = (of: (record: (typeof measured)[number]) => number | null) =>
    median(measured.map((record) => (of(record) ?? Number.NaN) / 1_000));
  return { t50Ms: ms((r) => r.t50Us), t99Ms: ms((r) => r.t99Us), t100Ms: ms((r) => r.t100Us) };
}

import { micros } from '../../core/ports/clock.ts';
import type { ServiceTimes } from '../../simulator/twin/service-times.ts';
import { DEFAULT_TWIN_OPTIONS } from '../../simulator/twin/twin-options.ts';
import { TwinWorld } from '../../simulator/twin/twin-world.ts';
import { manyChangedText, sampleConfigText } from '../sample-config.ts';
import { median } from '../statistics.ts';
import { CHANGED_MANY, ROUTES } from './measure-fleet.ts';

const PUBLISHES = 15;
const PUBLISHES_MANY = 5;
/** No multiple of a traffic slice, so that a publish falls anywhere between two. */
const EVERY_US = { one: 1_037_000, many: 5_037_000 } as const;
/** Not counted. */
const FIRST = { one: 8, many: 2 } as const;

/** What the twin makes of the publishes that were measured live: medians, milliseconds. */
export function predictPublishes(
  nodes: number,
  times: ServiceTimes,
  link: { readonly latencyUs: number; readonly jitterUs: number },
  kind: 'one' | 'many',
): { readonly t50Ms: number; readonly t99Ms: number; readonly t100Ms: number } {
  const counted = kind === 'one' ? PUBLISHES : PUBLISHES_MANY;
  const textOf = (step: number) =>
    kind === 'one'
      ? sampleConfigText(ROUTES, 17, step)
      : manyChangedText(ROUTES, CHANGED_MANY, step);
  const everyUs = EVERY_US[kind];
  const durationUs = everyUs * (FIRST[kind] + counted + 1);
  const world = new TwinWorld({
    ...DEFAULT_TWIN_OPTIONS,
    nodes,
    cells: 4,
    seed: 1,
    durationUs,
    configText: sampleConfigText(ROUTES),
    publishes: { everyUs, textOf },
    link,
    times,
  });
  world.runUntil(micros(durationUs));
  const measured = world.publishes.slice(-counted).map(({ revision }) => {
    const record = world.controlPlane.convergence(revision);
    if (record === null || record.t100Us === null) throw new Error('not reached by all');
    return record;
  });
  const ms = (of: (record: (typeof measured)[number]) => number | null) =>
    median(measured.map((record) => (of(record) ?? Number.NaN) / 1_000));
  return { t50Ms: ms((r) => r.t50Us), t99Ms: ms((r) => r.t99Us), t100Ms: ms((r) => r.t100Us) };
}

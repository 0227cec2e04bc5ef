import type { ConsoleEvent, TrafficSample } from '../../core/protocol/console-model.ts';

/** Events kept in the page; older ones are asked for page by page. */
export const EVENTS_KEPT_MAX = 2_000;
/** Traffic samples kept in the page, one a second. */
export const TRAFFIC_KEPT_MAX = 600;

/** Adds events by id: once each, oldest first, the newest kept. */
export function mergeEvents(
  held: readonly ConsoleEvent[],
  more: readonly ConsoleEvent[],
): readonly ConsoleEvent[] {
  return mergeBy(held, more, (event) => event.id, EVENTS_KEPT_MAX);
}

/** Adds samples by their instant: once each, oldest first, the newest kept. */
export function mergeTraffic(
  held: readonly TrafficSample[],
  more: readonly TrafficSample[],
): readonly TrafficSample[] {
  return mergeBy(held, more, (sample) => sample.atMs, TRAFFIC_KEPT_MAX);
}

function mergeBy<T>(
  held: readonly T[],
  more: readonly T[],
  orderOf: (item: T) => number,
  keepMax: number,
): readonly T[] {
  if (more.length === 0) return held;
  const last = held.at(-1);
  const first = more[0];
  const ascending = more.every((item, i) => {
    const before = more[i - 1];
    return before === undefined || orderOf(before) < orderOf(item);
  });
  // The usual case: everything is newer than what is held.
  if (ascending && first !== undefined && (last === undefined || orderOf(last) < orderOf(first))) {
    return [...held, ...more].slice(-keepMax);
  }
  const byOrder = new Map<number, T>();
  for (const item of held) byOrder.set(orderOf(item), item);
  for (const item of more) byOrder.set(orderOf(item), item);
  return [...byOrder.entries()]
    .sort((a, b) => a[0] - b[0])
    .slice(-keepMax)
    .map((entry) => entry[1]);
}

import type { Forecast } from '../../core/rehearsal/forecast.ts';
import { type CurveSpan, positionOf, type TimeAxis } from './time-axis.ts';

type Curve = readonly (readonly [ms: number, nodes: number])[];

/** Room of the plot, and what its full height stands for. */
export interface PlotRoom {
  readonly axis: TimeAxis;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly nodes: number;
}

/**
 * The predicted band as an SVG path. The band is known at instants: between two of them it reaches
 * from the fewest at the one before to the most at the one after, as the comparison takes it.
 */
export function bandPath(curve: Forecast['curve'], room: PlotRoom): string {
  if (curve.length === 0) return '';
  const low = stepAfter(
    curve.map(([ms, fewest]) => [ms, fewest]),
    room,
  );
  const high = stepBefore(
    curve.map(([ms, , , most]) => [ms, most]),
    room,
  );
  const [first, ...back] = high.toReversed();
  return `${toPath(low)}L${first}${back.map((point) => `L${point}`).join('')}Z`;
}

/** The middle seed at each instant, as a line. */
export function medianPath(curve: Forecast['curve'], room: PlotRoom): string {
  if (curve.length === 0) return '';
  return toPath(
    stepAfter(
      curve.map(([ms, , median]) => [ms, median]),
      room,
    ),
  );
}

/** Nodes that reached it, as a line from the publish on. @param untilMs how long it is known */
export function curvePath(curve: Curve, untilMs: number, room: PlotRoom): string {
  return toPath(stepAfter(curve, room, untilMs));
}

/** When a predicted curve is to be read, by its fastest seed and its last node; null: nothing rises. */
export function spanOfBand(curve: Forecast['curve']): CurveSpan | null {
  const last = curve.at(-1);
  if (last === undefined) return null;
  const span = spanOfCurve(curve.map(([ms, , , most]) => [ms, most]));
  return span === null ? null : { ...span, lastMs: last[0] };
}

/** The same of a real curve. */
export function spanOfCurve(curve: Curve): CurveSpan | null {
  const first = curve.find(([, nodes]) => nodes > 0);
  const last = curve.at(-1);
  if (first === undefined || last === undefined) return null;
  const half = curve.find(([, nodes]) => nodes * 2 >= last[1]) ?? last;
  return { firstMs: first[0], halfMs: half[0], lastMs: last[0] };
}

/** Corners of a line that keeps a value until the next one, from nothing at the publish to the end. */
function stepAfter(points: Curve, room: PlotRoom, untilMs = room.axis.toMs): readonly string[] {
  const corners = [corner(room, 0, 0)];
  let value = 0;
  for (const [ms, nodes] of points) {
    corners.push(corner(room, ms, value), corner(room, ms, nodes));
    value = nodes;
  }
  corners.push(corner(room, Math.max(untilMs, points.at(-1)?.[0] ?? 0), value));
  return corners;
}

/** Corners of a line that has each value since the instant before it. */
function stepBefore(points: Curve, room: PlotRoom): readonly string[] {
  const rising = points.slice(points.findIndex(([, nodes]) => nodes > 0));
  // Before the first ack nobody has it, however far back the instant before it lies.
  let beforeMs = rising[0]?.[0] ?? 0;
  const corners = [corner(room, 0, 0), corner(room, beforeMs, 0)];
  for (const [ms, nodes] of rising) {
    corners.push(corner(room, beforeMs, nodes), corner(room, ms, nodes));
    beforeMs = ms;
  }
  corners.push(corner(room, room.axis.toMs, points.at(-1)?.[1] ?? 0));
  return corners;
}

function corner(room: PlotRoom, ms: number, nodes: number): string {
  const x = positionOf(room.axis, ms) * room.widthPx;
  const share = room.nodes === 0 ? 0 : Math.min(1, nodes / room.nodes);
  return `${tenths(x)} ${tenths((1 - share) * room.heightPx)}`;
}

function tenths(px: number): string {
  return `${Math.round(px * 10) / 10}`;
}

function toPath(corners: readonly string[]): string {
  return `M${corners.join('L')}`;
}

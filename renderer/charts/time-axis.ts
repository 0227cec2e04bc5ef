import { niceAxis } from './convergence.ts';

/** Time from the publish, along the width of a chart. */
export interface TimeAxis {
  readonly kind: 'linear' | 'logarithmic';
  /** Where the axis begins, milliseconds: 0 when it is linear, else more. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Ascending, both ends among them. */
  readonly ticksMs: readonly number[];
}

/** What is to be read from a curve: when it began to rise, was half done, and rose last. */
export interface CurveSpan {
  readonly firstMs: number;
  readonly halfMs: number;
  readonly lastMs: number;
}

/** Shortest axis: a burst of acks is not stretched over the whole width. */
const AXIS_MS_MIN = 20;
/** A curve whose last node comes so many times later than half of them is read on a logarithmic axis. */
const STRETCH_MAX = 12;
/** Where a logarithmic axis begins at the earliest. */
const LOG_MS_MIN = 1;
/** Labels that fit under the narrowest chart. */
const TICKS_MAX = 6;

/**
 * The axis on which all of these curves can be read: a burst of 50 ms, a tail of 30 s, and both
 * together.
 */
export function chooseTimeAxis(spans: readonly CurveSpan[]): TimeAxis {
  const lastMs = Math.max(AXIS_MS_MIN, ...spans.map((span) => span.lastMs));
  const halfMs = Math.min(...spans.map((span) => span.halfMs));
  const firstMs = Math.min(...spans.map((span) => span.firstMs));
  if (!(lastMs > STRETCH_MAX * Math.max(halfMs, LOG_MS_MIN))) {
    const toMs = niceAxis(lastMs * 1.05);
    return { kind: 'linear', fromMs: 0, toMs, ticksMs: [0, toMs / 2, toMs] };
  }
  const fromMs = Math.max(LOG_MS_MIN, niceBelow(firstMs));
  const toMs = niceAxis(lastMs * 1.05);
  return { kind: 'logarithmic', fromMs, toMs, ticksMs: logTicks(fromMs, toMs) };
}

/** Where an instant lies, from 0 at the left end to 1 at the right one. */
export function positionOf(axis: TimeAxis, ms: number): number {
  const { fromMs, toMs } = axis;
  if (ms <= fromMs) return 0;
  if (ms >= toMs) return 1;
  if (axis.kind === 'linear') return (ms - fromMs) / (toMs - fromMs);
  return Math.log(ms / fromMs) / Math.log(toMs / fromMs);
}

/** The next of 1, 2, 5 times a power of ten at or below the value. */
function niceBelow(value: number): number {
  let scale = LOG_MS_MIN;
  while (scale * 10 <= value) scale *= 10;
  for (const step of [5, 2]) if (step * scale <= value) return step * scale;
  return scale;
}

/** The ends and the powers of ten between them that keep off the ends. */
function logTicks(fromMs: number, toMs: number): readonly number[] {
  const between: number[] = [];
  for (let ms = LOG_MS_MIN; ms < toMs; ms *= 10) {
    if (ms >= fromMs * 3 && ms * 3 <= toMs) between.push(ms);
  }
  const every = Math.ceil(between.length / (TICKS_MAX - 2));
  return [fromMs, ...between.filter((_, index) => index % every === 0), toMs];
}

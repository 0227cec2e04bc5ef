import type { ActiveFault } from '../../core/fault/fault.ts';
import type { ConsoleEvent, ConsoleStatus } from '../../core/protocol/console-model.ts';

/** Something that lasted: a fault or an outage. */
export interface StripBar {
  readonly id: string;
  readonly label: string;
  readonly startMs: number;
  /** Null: still going on. */
  readonly endMs: number | null;
  readonly tone: 'bad' | 'warn';
  /** From 0: which of the rows it lies in. */
  readonly lane: number;
  /** Shares of the strip's width, 0 to 1. */
  readonly from: number;
  readonly to: number;
  /** Null: there is no room for it, and another bar's label counts it. */
  readonly labelShown: string | null;
}

/** Something that happened at an instant. */
export interface StripMark {
  readonly id: string;
  readonly kind: 'commit' | 'refusal' | 'alert' | 'note';
  readonly label: string;
  readonly title: string;
  readonly atMs: number;
  readonly x: number;
  /** Where the label stands to its mark; null: there is no room for it. */
  readonly labelAnchor: LabelAnchor | null;
}

export type LabelAnchor = 'middle' | 'start' | 'end';

export interface StripLayout {
  readonly bars: readonly StripBar[];
  readonly marks: readonly StripMark[];
}

/** Marks drawn at most, the newest. */
const MARKS_MAX = 150;
/** Processes lie in the first; faults come there only when the others are taken. */
const LANES_OF_PROCESS = [0, 1, 2];
const LANES_OF_FAULT = [1, 2, 0];
/** Width of one character at 11 px, on average. */
const CHAR_PX = 6.1;
const LABEL_GAP_PX = 6;
/** Labels that stand beside their mark begin this far before its middle. */
const MARK_PX = 1;

type Span = Omit<StripBar, 'lane' | 'from' | 'to' | 'labelShown'>;

/** Places what happened in the last `spanMs` on a strip of `widthPx`. */
export function layoutStrip(input: {
  readonly events: readonly ConsoleEvent[];
  readonly status: Pick<ConsoleStatus, 'controlPlane' | 'simulator' | 'faults'> | null;
  readonly nowMs: number;
  readonly spanMs: number;
  readonly widthPx: number;
  describe(fault: ActiveFault): string;
}): StripLayout {
  const { nowMs, spanMs, widthPx } = input;
  const startMs = nowMs - spanMs;
  const xOf = (atMs: number) => Math.min(1, Math.max(0, (atMs - startMs) / spanMs));
  const spans = spansOf(input).filter((span) => (span.endMs ?? nowMs) >= startMs);
  const said = new Set(spans.map((span) => span.label));
  return {
    bars: placeBars(spans, xOf, nowMs, widthPx),
    marks: placeMarks(
      input.events.filter((event) => event.atMs >= startMs && event.atMs <= nowMs),
      xOf,
      widthPx,
      said,
    ),
  };
}

const DOWN_LABELS: Readonly<Record<string, string>> = {
  'control-plane': 'Control plane down',
  simulator: 'Simulator down',
};

function spansOf(input: Parameters<typeof layoutStrip>[0]): Span[] {
  const open = new Map<string, Span>();
  const closed: Span[] = [];
  for (const event of input.events) {
    const subject = event.subject ?? '';
    if (event.kind === 'fault-started') {
      open.set(`fault:${subject}`, spanOf(event, `fault:${subject}`, 'warn'));
    } else if (event.kind === 'process-exited') {
      const span = spanOf(event, `process:${subject}:${event.id}`, 'bad');
      // The bar is the outage; the event, which began it, is titled by how.
      open.set(`process:${subject}`, { ...span, label: DOWN_LABELS[subject] ?? event.title });
    } else if (event.kind === 'fault-ended' || event.kind === 'process-started') {
      const key = `${event.kind === 'fault-ended' ? 'fault' : 'process'}:${subject}`;
      const span = open.get(key);
      if (span !== undefined) closed.push({ ...span, endMs: event.atMs });
      open.delete(key);
    }
  }
  const ended = new Set(closed.map((span) => span.id));
  // What is going on now is known better from the status than from a log that may be cut short.
  for (const active of input.status?.faults ?? []) {
    const key = `fault:${active.id}`;
    // A status older than the log still names what has ended.
    if (ended.has(key)) continue;
    const label = input.describe(active);
    open.set(key, { id: key, label, startMs: active.startedAtMs, endMs: null, tone: 'warn' });
  }
  const running = new Set((input.status?.faults ?? []).map((active) => `fault:${active.id}`));
  const still = [...open].filter(([key]) => !key.startsWith('fault:') || running.has(key));
  return [...closed, ...still.map(([, span]) => span)].sort((a, b) => a.startMs - b.startMs);
}

function spanOf(event: ConsoleEvent, id: string, tone: 'bad' | 'warn'): Span {
  return { id, label: event.title, startMs: event.atMs, endMs: null, tone };
}

type Range = readonly [from: number, to: number];

const overlaps = (a: Range, b: Range) => a[0] < b[1] && b[0] < a[1];

function placeBars(
  spans: readonly Span[],
  xOf: (atMs: number) => number,
  nowMs: number,
  widthPx: number,
): StripBar[] {
  const lanes: Range[][] = [[], [], []];
  // An outage of a process is what explains the rest: it is placed and named first.
  const ordered = [...spans].sort((a, b) => rankOf(a) - rankOf(b));
  const bars = ordered.map((span): StripBar => {
    const from = xOf(span.startMs);
    const to = xOf(span.endMs ?? nowMs);
    const order = rankOf(span) === 0 ? LANES_OF_PROCESS : LANES_OF_FAULT;
    const isFree = (lane: number) => !lanes[lane]?.some((taken) => overlaps(taken, [from, to]));
    const lane = order.find(isFree) ?? order[1] ?? 0;
    lanes[lane]?.push([from, to]);
    return { ...span, lane, from, to, labelShown: null };
  });
  return labelBars(bars, widthPx);
}

function rankOf(span: Span): number {
  return span.id.startsWith('process:') ? 0 : 1;
}

/** Labels as many bars as do not touch; the label that kept others out counts them. */
function labelBars(bars: readonly StripBar[], widthPx: number): StripBar[] {
  const shown: { readonly id: string; range: Range; text: string; hidden: number }[] = [];
  const rangeOf = (bar: StripBar, text: string): Range => {
    const left = labelStartPx(bar.from, text, widthPx);
    return [left, left + text.length * CHAR_PX + LABEL_GAP_PX];
  };
  for (const bar of bars) {
    const range = rangeOf(bar, bar.label);
    const inTheWay = shown.find((other) => overlaps(other.range, range));
    if (inTheWay !== undefined) inTheWay.hidden += 1;
    else shown.push({ id: bar.id, range, text: bar.label, hidden: 0 });
  }
  for (const entry of shown) {
    const bar = bars.find(({ id }) => id === entry.id);
    if (bar === undefined || entry.hidden === 0) continue;
    const text = `${bar.label} +${entry.hidden} ${entry.hidden === 1 ? 'fault' : 'faults'}`;
    const range = rangeOf(bar, text);
    if (shown.some((other) => other !== entry && overlaps(other.range, range))) continue;
    entry.range = range;
    entry.text = text;
  }
  const texts = new Map(shown.map(({ id, text }) => [id, text]));
  return bars.map((bar) => ({ ...bar, labelShown: texts.get(bar.id) ?? null }));
}

/** Where a bar's label begins: at the bar, or further left where the strip would end. */
export function labelStartPx(from: number, label: string, widthPx: number): number {
  return Math.max(0, Math.min(from * widthPx, widthPx - label.length * CHAR_PX));
}

const COMMITS = new Set(['published', 'rolled-back', 'adopted']);
const NOTES = new Set([
  'nodes-restarted',
  'fleet-resized',
  'node-retired',
  'backup-made',
  'backup-restored',
  'reset',
]);

function placeMarks(
  events: readonly ConsoleEvent[],
  xOf: (atMs: number) => number,
  widthPx: number,
  said: ReadonlySet<string>,
): StripMark[] {
  const marks: StripMark[] = [];
  for (const event of events) {
    const kind = COMMITS.has(event.kind)
      ? 'commit'
      : event.kind === 'publish-refused'
        ? 'refusal'
        : event.kind === 'alert-raised'
          ? 'alert'
          : NOTES.has(event.kind)
            ? 'note'
            : null;
    if (kind === null) continue;
    marks.push({
      id: `event:${event.id}`,
      kind,
      label: kind === 'commit' ? (event.subject ?? event.title) : event.title,
      title: event.title,
      atMs: event.atMs,
      x: xOf(event.atMs),
      labelAnchor: null,
    });
  }
  return labelMarks(marks.slice(-MARKS_MAX), widthPx, said);
}

/** Shows as many labels as do not touch: commits first, then refusals, alerts, notes; newest first. */
function labelMarks(
  marks: readonly StripMark[],
  widthPx: number,
  said: ReadonlySet<string>,
): StripMark[] {
  const taken: (readonly [number, number])[] = [];
  const anchors = new Map<string, LabelAnchor>();
  for (const kind of ['commit', 'refusal', 'alert', 'note'] as const) {
    for (const mark of marks.toReversed()) {
      // What a bar says already is not said twice.
      if (mark.kind !== kind || said.has(mark.label)) continue;
      for (const anchor of ['middle', 'start', 'end'] as const) {
        const [from, to] = labelRange(mark, anchor, widthPx);
        if (from < -LABEL_GAP_PX || to > widthPx + LABEL_GAP_PX) continue;
        if (taken.some(([a, b]) => from < b && to > a)) continue;
        taken.push([from, to]);
        anchors.set(mark.id, anchor);
        break;
      }
    }
  }
  return marks.map((mark) => ({ ...mark, labelAnchor: anchors.get(mark.id) ?? null }));
}

function labelRange(
  mark: StripMark,
  anchor: LabelAnchor,
  widthPx: number,
): readonly [number, number] {
  const x = mark.x * widthPx;
  const length = mark.label.length * CHAR_PX;
  const left =
    anchor === 'middle' ? x - length / 2 : anchor === 'start' ? x - MARK_PX : x + MARK_PX - length;
  return [left - LABEL_GAP_PX / 2, left + length + LABEL_GAP_PX / 2];
}

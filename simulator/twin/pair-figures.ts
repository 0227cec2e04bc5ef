import type {
  PairFigure,
  PairReport,
  PublishReport,
  TwinReport,
} from '../../core/protocol/twin-control.ts';

/** Parts of a report whose numbers are compared, whatever they are. */
const PARTS = [
  'staleness',
  'requests',
  'pushes',
  'bytes',
  'controlPlane',
  'end',
  'belief',
] as const;
/** Of each publish. */
const OF_A_PUBLISH = ['reached', 't50Ms', 't95Ms', 't99Ms', 't100Ms', 'bytes'] as const;
/** Differences of milliseconds have microsecond digits, and no more. */
const DIGITS = 1_000;

/** Every number of two reports beside each other. */
export function figuresOf(first: TwinReport, second: TwinReport): PairFigure[] {
  const lost = ({ requests }: TwinReport) => requests.failed + requests.refused;
  return [
    ...PARTS.flatMap((part) => figuresOfPart(part, first[part], second[part])),
    figure('requests.lost', lost(first), lost(second)),
    figure('publishesRefused', first.publishesRefused.length, second.publishesRefused.length),
  ];
}

/** Publishes are the same that were asked for at the same instant, whatever their revisions are. */
export function publishesOf(first: TwinReport, second: TwinReport): PairReport['publishes'] {
  const byTime = (report: TwinReport) =>
    new Map(report.publishes.map((publish) => [publish.askedAtMs, publish]));
  const [inFirst, inSecond] = [byTime(first), byTime(second)];
  const times = [...new Set([...inFirst.keys(), ...inSecond.keys()])].sort((a, b) => a - b);
  return times.map((askedAtMs) => ({
    askedAtMs,
    figures: OF_A_PUBLISH.map((name) => {
      const of = (publish: PublishReport | undefined) => publish?.[name] ?? null;
      return figure(name, of(inFirst.get(askedAtMs)), of(inSecond.get(askedAtMs)));
    }),
  }));
}

function figuresOfPart(part: string, first: object | null, second: object | null): PairFigure[] {
  const [before, after] = [numbersOf(first), numbersOf(second)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.map((name) =>
    figure(`${part}.${name}`, before.get(name) ?? null, after.get(name) ?? null),
  );
}

function numbersOf(part: object | null): ReadonlyMap<string, number | null> {
  const numbers = new Map<string, number | null>();
  for (const [name, value] of Object.entries(part ?? {})) {
    if (typeof value === 'number' || value === null) numbers.set(name, value);
  }
  return numbers;
}

function figure(name: string, first: number | null, second: number | null): PairFigure {
  const difference =
    first === null || second === null ? null : Math.round((second - first) * DIGITS) / DIGITS;
  return { name, first, second, difference };
}

import type { CompiledMatch } from './path-table.ts';

/**
 * Which of several matches of the same hostname wins: negative when `a` does. The hostname's own
 * specificity is settled before, by looking at the most specific one first.
 *
 * The API leaves regular expressions open. Here they come after Exact and before PathPrefix, the
 * longer pattern first, because a catch-all prefix would otherwise hide every one of them.
 */
export function compareMatches(a: CompiledMatch, b: CompiledMatch): number {
  return (
    compareConditions(a, b) ||
    compareNumbers(a.createdAt, b.createdAt) ||
    compareText(a.routeName, b.routeName) ||
    a.target.rule - b.target.rule ||
    a.position - b.position
  );
}

/** What a match asks for, as far as it decides its rank. */
export interface RankedCondition {
  readonly path: { readonly type: keyof typeof PATH_RANK; readonly value: string };
  readonly method: string | null;
  readonly headers: { readonly length: number };
  readonly query: { readonly length: number };
}

/** The steps that look at what is asked for alone: negative when `a` wins, 0 when others decide. */
export function compareConditions(a: RankedCondition, b: RankedCondition): number {
  return (
    PATH_RANK[a.path.type] - PATH_RANK[b.path.type] ||
    b.path.value.length - a.path.value.length ||
    Number(b.method !== null) - Number(a.method !== null) ||
    b.headers.length - a.headers.length ||
    b.query.length - a.query.length
  );
}

const PATH_RANK = { exact: 0, pattern: 1, prefix: 2 } as const;

function compareNumbers(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Later than every time that can be written: resources without a creation time lose ties. */
export const NEVER_CREATED = Number.MAX_SAFE_INTEGER;

/** Milliseconds since 1970 of an RFC 3339 time; `NEVER_CREATED` for anything else. */
export function creationInstantMs(text: string | undefined): number {
  const parts =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/.exec(
      text ?? '',
    );
  if (parts === null) return NEVER_CREATED;
  const at = (index: number) => Number(parts[index] ?? 0);
  const days = daysFromCivil(at(1), at(2), at(3));
  const fractionMs = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const offsetMinutes = (parts[8] === '-' ? -1 : 1) * (at(9) * 60 + at(10));
  const minutes = days * 1_440 + at(4) * 60 + at(5) - offsetMinutes;
  return (minutes * 60 + at(6)) * 1_000 + fractionMs;
}

/** Days since 1970-01-01 in the Gregorian calendar. Years begin in March here, so leap days end them. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146_097 + yearOfEra * 365 + leapDays + dayOfYear - 719_468;
}

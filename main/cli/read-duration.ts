const UNITS_MS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);
/** Thousandths of all but milliseconds: what comes of them is whole milliseconds. */
const DURATION = /^(?:\d{1,9}ms|\d{1,9}(?:\.\d{1,3})?(?:s|m|h|d)){1,5}$/;
const PART = /(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)/g;

/** `90s`, `10m`, `1h30m`, `2m0.001s`, in milliseconds; null when it is not a length of time. */
export function readDuration(text: string): number | null {
  if (!DURATION.test(text)) return null;
  let ms = 0;
  for (const [, count = '', unit = ''] of text.matchAll(PART)) {
    // Of fractions the nearest: they have no exact sum.
    ms += Math.round(Number(count) * (UNITS_MS.get(unit) ?? 0));
  }
  return ms;
}

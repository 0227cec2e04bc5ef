import type { Band } from './forecast.ts';

/** Stands where a share was never reached. */
const NEVER = 'not reached';

/** `38–55 ms`, `0.95–1.20 s`, `38 ms to not reached`, `not reached`. */
export function bandMsText(band: Band): string {
  return bandText(band, msText);
}

/** `0`, `3–12`, `1,200–1,240`. */
export function bandCountText(band: Band): string {
  return bandText(band, countText);
}

/** `1.2–1.4 MB` */
export function bandBytesText(band: Band): string {
  return bandText(band, bytesText);
}

/** One word where both ends read the same, and the unit once where they share it. */
function bandText({ low, high }: Band, textOf: (value: number) => string): string {
  if (low === null) return NEVER;
  const from = textOf(low);
  if (high === null) return `${from} to ${NEVER}`;
  const to = textOf(high);
  if (from === to) return to;
  const [figure = '', unit] = from.split(' ');
  return unit === to.split(' ')[1] ? `${figure}–${to}` : `${from} – ${to}`;
}

/** `0.4 ms`, `38 ms`, `1.20 s`, `42 s`, `3:05 min`. @param ms from 0 on */
export function msText(ms: number): string {
  if (ms < 10) return `${trimmed(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_995) return `${(ms / 1_000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min`;
}

/** `1,234,567` */
export function countText(value: number): string {
  const digits = String(Math.round(value));
  let out = '';
  for (let from = digits.length % 3; from <= digits.length; from += 3) {
    const group = digits.slice(Math.max(0, from - 3), from);
    if (group !== '') out += out === '' ? group : `,${group}`;
  }
  return out;
}

/** `830 B`, `1.2 kB`, `742 kB`, `3.4 MB` */
export function bytesText(bytes: number): string {
  if (bytes < 999.5) return `${Math.round(bytes)} B`;
  if (bytes < 999_500) return `${upToThreeDigits(bytes / 1_000)} kB`;
  if (bytes < 999_500_000) return `${upToThreeDigits(bytes / 1_000_000)} MB`;
  return `${upToThreeDigits(bytes / 1_000_000_000)} GB`;
}

/** A digit behind the point up to 100. */
function upToThreeDigits(value: number): string {
  return value < 99.95 ? value.toFixed(1) : String(Math.round(value));
}

function trimmed(figure: string): string {
  return figure.endsWith('.0') ? figure.slice(0, -2) : figure;
}

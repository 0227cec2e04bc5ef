import type { ResourceTouch, Touch } from '../../core/protocol/console-model.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Below it, hours say more. */
const DAYS_MIN = 2;

/** `r12 by mira, 9 days ago`. */
export function touchInWords({ revision, author, atMs }: Touch, nowMs: number): string {
  const ageMs = Math.max(0, nowMs - atMs);
  return `r${revision} by ${author}, ${ageInWords(ageMs)}`;
}

/** `just now`, `12 min ago`, `3 h ago`, `9 days ago`: whole units, so that it seldom changes. */
export function ageInWords(ageMs: number): string {
  if (ageMs < MINUTE_MS) return 'just now';
  if (ageMs < HOUR_MS) return `${Math.floor(ageMs / MINUTE_MS)} min ago`;
  if (ageMs < DAYS_MIN * DAY_MS) return `${Math.floor(ageMs / HOUR_MS)} h ago`;
  return `${Math.floor(ageMs / DAY_MS)} days ago`;
}

/** Who touched the text alone since; null when nobody did. */
export function textTouchInWords({ text }: ResourceTouch, nowMs: number): string | null {
  return text === null ? null : `text only in ${touchInWords(text, nowMs)}`;
}

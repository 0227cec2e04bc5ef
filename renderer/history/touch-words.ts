import type { ResourceTouch, Touch } from '../../core/protocol/console-model.ts';
import { formatSpan } from '../format/format.ts';

const JUST_NOW_MS = 5_000;
const DAY_MS = 86_400_000;
/** Below it, hours say more. */
const DAYS_MIN = 2;

/** `r12 by mira, 9 days ago`. */
export function touchInWords({ revision, author, atMs }: Touch, nowMs: number): string {
  const ageMs = Math.max(0, nowMs - atMs);
  return `r${revision} by ${author}, ${ageInWords(ageMs)}`;
}

function ageInWords(ageMs: number): string {
  if (ageMs < JUST_NOW_MS) return 'just now';
  const days = Math.floor(ageMs / DAY_MS);
  return days >= DAYS_MIN ? `${days} days ago` : `${formatSpan(ageMs)} ago`;
}

/** Who touched the text alone since; null when nobody did. */
export function textTouchInWords({ text }: ResourceTouch, nowMs: number): string | null {
  return text === null ? null : `text only in ${touchInWords(text, nowMs)}`;
}

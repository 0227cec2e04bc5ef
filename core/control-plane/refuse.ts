import { err, type Result } from '../lib/result.ts';
import type { ControlPlaneRefusal } from '../protocol/control-plane-control.ts';

export type Refused = { readonly ok: false; readonly error: ControlPlaneRefusal };

/** An answer that says no, why, and what to do. */
export function refuse(
  reason: ControlPlaneRefusal['reason'],
  detail: string,
  more: Pick<ControlPlaneRefusal, 'problems' | 'resources' | 'head'> = {},
): Refused {
  return err({ reason, detail: sentenceOf(detail), ...more });
}

function sentenceOf(words: string): string {
  const begun = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

export type Answered<T> = Result<T, ControlPlaneRefusal>;

import type { LinkClose } from '../../core/ports/link.ts';

const CLOSE_TOO_LARGE = 1009;
const CLOSE_VANISHED = 1006;

/** What a close comes to, in a node's words; the same in both worlds. */
export function closeInWords({ code, reason }: LinkClose): string {
  if (reason !== '') return reason;
  if (code === CLOSE_TOO_LARGE) return 'frame-too-large';
  return code === CLOSE_VANISHED ? 'connection lost' : `closed with code ${code}`;
}

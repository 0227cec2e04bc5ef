import type { Micros } from '../../core/ports/clock.ts';

/** Of virtual time: `3:05.250` */
export function instantText(at: Micros): string {
  const ms = Math.floor(at / 1_000);
  const seconds = Math.floor(ms / 1_000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}.${String(ms % 1_000).padStart(3, '0')}`;
}

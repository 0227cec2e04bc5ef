import { MICROS_PER_MS } from '../../../core/ports/clock.ts';
import { START_SPREAD_MS } from '../../live/live-limits.ts';

/**
 * From the start of a seed to its publish at least, microseconds, unless the fleet never settles: its nodes
 * connect, and go on for as long as from one heartbeat to the next, so that the control plane's last word to
 * them is as old as it mostly is.
 */
export function warmUpUsMin(heartbeatMs: number): number {
  return (START_SPREAD_MS + heartbeatMs) * MICROS_PER_MS;
}

import type { NodeMachine } from '../../core/node/node-machine.ts';

/** Reads what a heartbeat of the node reads: see `VirtualTimer.touch`. */
export function touchMachine({ counters, phase, told, verifiedAt }: NodeMachine): number {
  const seen = counters.reconnects + (told?.generation ?? 0) + (verifiedAt === null ? 0 : 1);
  if (phase.kind === 'down') return seen;
  const { serving, link, retiring } = phase;
  const generation = serving?.statement.generation ?? 0;
  const heartbeatMs = link.kind === 'open' ? link.conversation.heartbeatMs : 0;
  return seen + generation + heartbeatMs + (retiring === null ? 0 : 1);
}

import type { NodeMachine } from '../../core/node/node-machine.ts';

/** Reads what a heartbeat of the node reads: see `VirtualTimer.touch`. */
export function touchMachine(machine: NodeMachine, step: number): number {
  if (step === 0) return 0;
  if (step === 1) return machine.verifiedAt === null ? 1 : 0;
  const { counters, phase, told } = machine;
  if (phase.kind === 'down') return 0;
  const { serving, link } = phase;
  if (step === 2) return counters.reconnects + (told?.generation ?? 0);
  const generation = serving?.statement.generation ?? 0;
  return generation + (link.kind === 'open' ? link.conversation.heartbeatMs : 0);
}

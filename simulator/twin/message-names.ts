import type { ControlPlaneToNode, NodeToControlPlane } from '../../core/protocol/node-link.ts';

/** What travels on a link, numbered for the trace: new ones go to the end. */
const MESSAGE_NAMES = [
  'hello',
  'ack',
  'nack',
  'heartbeat',
  'config-chunk',
  'welcome',
  'push',
  'delta',
  'full',
  'current',
  'retry-later',
  'incompatible',
  'fetch-config',
  'connect',
  'opened',
  'refused',
  'close',
] as const satisfies readonly (
  | NodeToControlPlane['type']
  | ControlPlaneToNode['type']
  | 'connect'
  | 'opened'
  | 'refused'
  | 'close'
)[];
export type MessageName = (typeof MESSAGE_NAMES)[number];

const NUMBERS: ReadonlyMap<string, number> = new Map(
  MESSAGE_NAMES.map((name, index) => [name, index]),
);

export function messageNumber(name: MessageName): number {
  return NUMBERS.get(name) ?? 0;
}

export function messageName(number: number): MessageName {
  return MESSAGE_NAMES[number] ?? 'close';
}

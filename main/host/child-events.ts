import type { ControlPlaneEventMessage } from '../../core/protocol/control-plane-control.ts';
import type { SimulatorEvent, SimulatorFrame } from '../../core/protocol/simulator-control.ts';

/**
 * The children are our own processes and their messages arrive as structured clones, so only what a
 * mixed-up channel could get wrong is checked: that it is a message, and of which kind.
 */

const CONTROL_PLANE_EVENTS: ReadonlySet<string> = new Set<ControlPlaneEventMessage['type']>([
  'ready',
  'belief',
  'response',
  'fatal',
]);
const SIMULATOR_EVENTS: ReadonlySet<string> = new Set<SimulatorEvent['type']>([
  'ready',
  'frame',
  'result',
  'fault-ended',
  'node-note',
  'fatal',
]);

export function isControlPlaneEvent(value: unknown): value is ControlPlaneEventMessage {
  return CONTROL_PLANE_EVENTS.has(typeOf(value));
}

export function isSimulatorEvent(value: unknown): value is SimulatorEvent {
  return SIMULATOR_EVENTS.has(typeOf(value));
}

/** Whether every column has one value a node. */
export function hasColumnsFor(frame: SimulatorFrame, nodes: number): boolean {
  const { servingRevision, flags, unverifiedMs, requests, failures } = frame;
  const columns = [servingRevision, flags, unverifiedMs, requests, failures];
  return columns.every((column) => ArrayBuffer.isView(column) && column.length === nodes);
}

function typeOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('type' in value)) return '';
  return typeof value.type === 'string' ? value.type : '';
}

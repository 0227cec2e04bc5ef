import type { ControlPlaneToNode } from '../../core/protocol/node-link.ts';

/** A push body one resource of which is not what was sent; any other message as it is. */
export function corruptBody(message: ControlPlaneToNode): ControlPlaneToNode {
  if (message.type === 'full') {
    const [first, ...rest] = message.resources;
    if (first === undefined) return message;
    return { ...message, resources: [{ ...first, spec: { damaged: true } }, ...rest] };
  }
  if (message.type !== 'delta') return message;
  const [first, ...rest] = message.changed;
  if (first === undefined) return message;
  return { ...message, changed: [{ ...first, spec: { damaged: true } }, ...rest] };
}

import { z } from 'zod';
import { decodeJson } from '../protocol/decode-json.ts';
import { NODE_PROTOCOL_VERSION } from '../protocol/limits.ts';
import { decodeNodeFrame } from '../protocol/node-link.ts';
import { countSchema } from '../protocol/primitives.ts';
import type { ConnectionId } from './events.ts';
import type { NodeConnectionEvent } from './node-connection.ts';

/** All that is asked of a hello before its protocol version is known. */
const anyHelloSchema = z.looseObject({ type: z.literal('hello'), protocol: countSchema });

/** What a frame from a node means to the control plane, readable or not. */
export function decodeNodeEvent(
  connectionId: ConnectionId,
  frame: Uint8Array,
): NodeConnectionEvent {
  const decoded = decodeNodeFrame(frame);
  if (decoded.ok) return { type: 'frame-received', connectionId, message: decoded.value };
  const hello = decodeJson(anyHelloSchema, frame);
  if (hello.ok && hello.value.protocol !== NODE_PROTOCOL_VERSION) {
    return { type: 'foreign-hello', connectionId, protocol: hello.value.protocol };
  }
  return { type: 'bad-frame', connectionId, detail: decoded.error.detail };
}

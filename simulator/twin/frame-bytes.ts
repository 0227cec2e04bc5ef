import {
  type ControlPlaneToNode,
  encodeFrame,
  type NodeToControlPlane,
} from '../../core/protocol/node-link.ts';
import type { ServingStatement } from '../../core/protocol/primitives.ts';

type Heartbeat = Extract<NodeToControlPlane, { type: 'heartbeat' }>;

/**
 * How long the frame of a message would be, in bytes, without writing it. What is sent by the
 * thousand is reckoned from its parts; whatever is rare is encoded, and what many are sent at once is
 * encoded once. Frames of the node link are ASCII but for names and details of a few refusals, whose
 * length in characters will do, as on the live link.
 */
export class FrameBytes {
  #lastShared: ControlPlaneToNode | null = null;
  #lastSharedBytes = 0;

  up(message: NodeToControlPlane): number {
    if (message.type === 'ack') return ACK_BYTES + digits(message.nonce);
    if (message.type === 'heartbeat') return heartbeatBytes(message);
    return encodeFrame(message).length;
  }

  /** Of anything but a push body, which has its length already. */
  down(message: ControlPlaneToNode): number {
    if (this.#lastShared === message) return this.#lastSharedBytes;
    const bytes = encodeFrame(message).length;
    if (message.type === 'current') {
      this.#lastShared = message;
      this.#lastSharedBytes = bytes;
    }
    return bytes;
  }
}

function heartbeatBytes({ serving, counters, health }: Heartbeat): number {
  const { reconnects, pushesApplied, pushesRejected, badFrames } = counters;
  return (
    HEARTBEAT_BYTES +
    statementBytes(serving) +
    health.length +
    digits(reconnects) +
    digits(pushesApplied) +
    digits(pushesRejected) +
    digits(badFrames)
  );
}

function statementBytes(serving: ServingStatement | null): number {
  if (serving === null) return 'null'.length;
  const { lineage, generation, revision, source, damaged } = serving;
  const values = lineage.length + digits(generation) + digits(revision) + source.length;
  return STATEMENT_BYTES + values + (damaged === true ? DAMAGED_BYTES : 0);
}

/** The frames' fixed text, without the values that vary. */
const STATEMENT_BYTES =
  '{"lineage":"","generation":,"revision":,"hash":"","source":""}'.length + 64;
const DAMAGED_BYTES = ',"damaged":true'.length;
const ACK_BYTES = '{"type":"ack","nonce":,"hash":""}'.length + 64;
const HEARTBEAT_BYTES =
  '{"type":"heartbeat","serving":,"counters":{"reconnects":,"pushesApplied":,'.length +
  '"pushesRejected":,"badFrames":},"health":""}'.length;

function digits(value: number): number {
  let count = 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) count += 1;
  return count;
}

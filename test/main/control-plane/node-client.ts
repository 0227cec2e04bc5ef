import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Lineage } from '../../../core/config/ids.ts';
import {
  applyDelta,
  type ConfigSnapshot,
  EMPTY_SNAPSHOT,
  snapshotFromBodies,
} from '../../../core/config/snapshot.ts';
import { NODE_SUBPROTOCOL } from '../../../core/protocol/limits.ts';
import {
  type ControlPlaneToNode,
  decodeControlPlaneFrame,
} from '../../../core/protocol/node-link.ts';
import type { ServingStatement } from '../../../core/protocol/primitives.ts';
import { FLEET_TOKEN } from './control-plane-child.ts';

const POLL_MS = 2;

/** A node by hand: a bare WebSocket that applies what it is pushed and acknowledges it. */
export class NodeClient {
  readonly socket: WebSocket;
  readonly messages: ControlPlaneToNode[] = [];
  closed: { code: number; reason: string } | null = null;
  snapshot: ConfigSnapshot = EMPTY_SNAPSHOT;
  serving: ServingStatement | null = null;
  #lineage: Lineage | null = null;
  #nonce = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.#take(new Uint8Array(data as Buffer)));
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    socket.on('error', () => undefined);
  }

  static async open(port: number): Promise<NodeClient> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/node`, [NODE_SUBPROTOCOL], {
      headers: { authorization: `Bearer ${FLEET_TOKEN}` },
      perMessageDeflate: false,
    });
    const client = new NodeClient(socket);
    await once(socket, 'open');
    return client;
  }

  hello(nodeId: string): void {
    this.send({
      type: 'hello',
      protocol: 1,
      nodeId,
      cell: 'cell-a',
      labels: {},
      bootId: 1,
      capabilities: {
        agentVersion: '1.0.0',
        features: [],
        limits: { resourcesMax: 1_000, configBytesMax: 1_000_000 },
      },
      serving: this.serving,
    });
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }

  has(type: ControlPlaneToNode['type']): boolean {
    return this.messages.some((message) => message.type === type);
  }

  #take(frame: Uint8Array): void {
    const decoded = decodeControlPlaneFrame(frame);
    assert.ok(decoded.ok);
    const message = decoded.value;
    this.messages.push(message);
    if (message.type === 'welcome') this.#lineage = message.lineage;
    if (message.type === 'push') this.#nonce = message.nonce;
    if (message.type !== 'full' && message.type !== 'delta') return;
    const applied =
      message.type === 'full'
        ? snapshotFromBodies(message.resources)
        : applyDelta(this.snapshot, message.changed, message.removed);
    assert.ok(applied.ok && this.#lineage !== null);
    this.snapshot = applied.value;
    const { generation, revision } = message;
    const { hash } = applied.value;
    const source = 'control-plane';
    this.serving = { lineage: this.#lineage, generation, revision, hash, source };
    this.send({ type: 'ack', nonce: this.#nonce, hash });
  }
}

import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Generation, Lineage, Nonce, Revision } from '../../../core/config/ids.ts';
import { snapshotFromBodies } from '../../../core/config/snapshot.ts';
import {
  type ControlPlaneToNode,
  decodeNodeFrame,
  encodeFrame,
  type NodeToControlPlane,
  type ResourceBody,
} from '../../../core/protocol/node-link.ts';

export const TINY_LINEAGE = 'c'.repeat(32) as Lineage;

export interface TinyPeer {
  readonly request: IncomingMessage;
  readonly received: NodeToControlPlane[];
  readonly socket: WebSocket;
  send(message: ControlPlaneToNode): void;
}

/**
 * A control plane of a few lines, so that the simulator is tested against the wire and not against
 * our own other end: hello → welcome → full push → ack, and `current` for every heartbeat.
 */
export class TinyControlPlane {
  readonly peers: TinyPeer[] = [];
  /** False: says nothing, as a hung process does. */
  answers = true;
  heartbeatMs = 10_000;
  readonly #server: WebSocketServer;
  #revision = 1;
  #bodies: readonly ResourceBody[];
  readonly #waiting = new Set<() => void>();

  private constructor(server: WebSocketServer, bodies: readonly ResourceBody[]) {
    this.#server = server;
    this.#bodies = bodies;
    server.on('connection', (socket, request) => this.#accept(socket, request));
  }

  static async listen(bodies: readonly ResourceBody[], port = 0): Promise<TinyControlPlane> {
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port,
      handleProtocols: (offered) => (offered.has('holdfast.node.v1') ? 'holdfast.node.v1' : false),
    });
    await once(server, 'listening');
    return new TinyControlPlane(server, bodies);
  }

  get port(): number {
    const address = this.#server.address();
    assert.ok(typeof address === 'object' && address !== null);
    return address.port;
  }

  get messages(): NodeToControlPlane[] {
    return this.peers.flatMap(({ received }) => received);
  }

  acksOf(revision: number): number {
    const hash = this.#currency(revision).hash;
    return this.messages.filter((m) => m.type === 'ack' && m.hash === hash).length;
  }

  publish(bodies: readonly ResourceBody[]): void {
    this.#bodies = bodies;
    this.#revision += 1;
    for (const peer of this.peers) if (peer.socket.readyState === 1) this.#push(peer);
  }

  /** Resolves when the condition holds, looked at after every frame and end of a link. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async close(): Promise<void> {
    for (const { socket } of this.peers) socket.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: WebSocket, request: IncomingMessage): void {
    const received: NodeToControlPlane[] = [];
    const send = (message: ControlPlaneToNode) => socket.send(encodeFrame(message));
    const peer: TinyPeer = { request, received, socket, send };
    this.peers.push(peer);
    socket.on('message', (data: Buffer) => {
      const decoded = decodeNodeFrame(data);
      assert.ok(decoded.ok, 'nodes send what the wire says');
      received.push(decoded.value);
      if (this.answers) this.#answer(peer, decoded.value);
      this.#changed();
    });
    socket.on('close', () => this.#changed());
    this.#changed();
  }

  #answer(peer: TinyPeer, message: NodeToControlPlane): void {
    if (message.type === 'heartbeat') {
      peer.send({ type: 'current', ...this.#currency() });
    } else if (message.type === 'hello') {
      const { heartbeatMs } = this;
      peer.send({
        type: 'welcome',
        lineage: TINY_LINEAGE,
        ...this.#currency(),
        heartbeatMs,
        supersedes: [],
      });
      if (message.serving?.hash !== this.#currency().hash) this.#push(peer);
    }
  }

  #push(peer: TinyPeer): void {
    peer.send({ type: 'push', nonce: this.#revision as Nonce });
    peer.send({ type: 'full', ...this.#currency(), resources: [...this.#bodies] });
  }

  #currency(revision = this.#revision) {
    const built = snapshotFromBodies(this.#bodies);
    assert.ok(built.ok);
    return {
      generation: revision as Generation,
      revision: revision as Revision,
      hash: built.value.hash,
    };
  }

  #changed(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

import assert from 'node:assert/strict';
import type { Lineage, NodeId, Revision } from '../../../core/config/ids.ts';
import { createMemoryConfigStore } from '../../../core/config/memory-config-store.ts';
import {
  applyDelta,
  type ConfigSnapshot,
  EMPTY_SNAPSHOT,
  snapshotFromBodies,
} from '../../../core/config/snapshot.ts';
import {
  type ControlPlane,
  createControlPlane,
  type MeasuredLoad,
} from '../../../core/control-plane/control-plane.ts';
import { decodeNodeEvent } from '../../../core/control-plane/decode-node-event.ts';
import type {
  ConnectionId,
  ControlPlaneEffect,
  ControlPlaneEvent,
  ControlPlaneResponse,
} from '../../../core/control-plane/events.ts';
import {
  type ControlPlaneSettings,
  DEFAULT_CONTROL_PLANE_SETTINGS,
} from '../../../core/control-plane/settings.ts';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import { addMicros, type Micros, micros } from '../../../core/ports/clock.ts';
import type { ConfigStore } from '../../../core/ports/store.ts';
import type {
  Belief,
  ControlPlaneRefusal,
  ControlPlaneRequest,
  ControlPlaneResults,
} from '../../../core/protocol/control-plane-control.ts';
import {
  type ControlPlaneToNode,
  decodeControlPlaneFrame,
  encodeFrame,
  type NodeCapabilities,
  type NodeHello,
  type NodeToControlPlane,
  type PushBody,
} from '../../../core/protocol/node-link.ts';
import type { ServingStatement } from '../../../core/protocol/primitives.ts';

export const LINEAGE = '0123456789abcdef0123456789abcdef' as Lineage;
export const FOREIGN_LINEAGE = 'fedcba9876543210fedcba9876543210' as Lineage;
const MEASURED: MeasuredLoad = { bytesSent: 0, publishMsLast: null, rssBytes: 0 };

export function nodeId(index: number): NodeId {
  return `cell-a/node-${index}` as NodeId;
}

/** A config of independent services; `ports` sets each one's port, by position. */
export function configText(ports: readonly number[], comment = ''): string {
  return ports
    .map(
      (port, i) =>
        `${comment}apiVersion: v1\nkind: Service\nmetadata:\n  name: backend-${i}\n  namespace: shop\n` +
        `spec:\n  ports:\n    - name: http\n      port: ${port}\n`,
    )
    .join('---\n');
}

export const CAPABILITIES: NodeCapabilities = {
  agentVersion: '1.4.0',
  features: ['HTTPRoute'],
  limits: { resourcesMax: 10_000, configBytesMax: 8_000_000 },
};

/** Of a node's process that the tests do not restart. */
const BOOT_ID = 1;

interface WorldOptions {
  readonly nodes?: number;
  readonly store?: ConfigStore;
  readonly settings?: Partial<ControlPlaneSettings>;
  readonly lineage?: Lineage;
}

/** A control plane driven by hand: time moves only when told to. */
export class World {
  readonly store: ConfigStore;
  readonly peers = new Map<ConnectionId, FakeNode>();
  readonly backups: string[] = [];
  now: Micros = micros(1_700_000_000_000_000);
  #control: ControlPlane;
  readonly #settings: ControlPlaneSettings;
  readonly #responses = new Map<number, ControlPlaneResponse>();
  #requests = 0;
  #connections = 0;

  constructor(options: WorldOptions = {}) {
    this.store = options.store ?? createMemoryConfigStore({ lineage: options.lineage ?? LINEAGE });
    this.#settings = { ...DEFAULT_CONTROL_PLANE_SETTINGS, ...options.settings };
    if (options.store === undefined) {
      this.store.changeInventory({
        add: Array.from({ length: options.nodes ?? 1 }, (_, i) => ({
          nodeId: nodeId(i),
          cell: 'cell-a',
          provisionedAt: this.now,
        })),
        retire: [],
        actor: 'test',
        at: this.now,
      });
    }
    this.#control = this.#create();
  }

  #create(): ControlPlane {
    const random = createSeededRandom(1);
    return createControlPlane({ store: this.store, random, settings: this.#settings }, this.now);
  }

  /** The process was killed and started again: only the store is left. */
  restart(): void {
    this.peers.clear();
    this.#control = this.#create();
  }

  event(event: ControlPlaneEvent): ControlPlaneEffect[] {
    const effects = this.#control.handle(event, this.now);
    for (const effect of effects) this.#apply(effect);
    return effects;
  }

  /** Null: nothing is waited for. */
  get nextTickAt(): Micros | null {
    return this.#control.nextTickAt();
  }

  /** Moves time on, with ticks exactly when the machine asks for them. */
  advanceMs(ms: number): void {
    const end = addMicros(this.now, ms * 1_000);
    for (let ticks = 0; ; ticks += 1) {
      assert.ok(ticks < 10_000, 'the machine asks for ticks without end');
      const next = this.#control.nextTickAt();
      if (next === null || next > end) break;
      if (next > this.now) this.now = next;
      this.event({ type: 'tick' });
    }
    this.now = end;
  }

  /** Opens a connection that has not said anything yet. */
  open(id: NodeId = nodeId(0)): FakeNode {
    this.#connections += 1;
    const peer = new FakeNode(this, this.#connections, id);
    this.peers.set(this.#connections, peer);
    this.event({ type: 'connection-opened', connectionId: this.#connections });
    return peer;
  }

  /** Opens a connection and says hello. */
  connect(id: NodeId = nodeId(0), hello: Partial<NodeHello> = {}): FakeNode {
    const peer = this.open(id);
    peer.hello(hello);
    return peer;
  }

  request<M extends ControlPlaneRequest['method']>(
    request: Extract<ControlPlaneRequest, { method: M }>,
  ): ControlPlaneResults[M] {
    const response = this.ask(request);
    assert.ok(response?.ok, `${request.method} was refused: ${JSON.stringify(response)}`);
    return response.value as ControlPlaneResults[M];
  }

  refusal(request: ControlPlaneRequest): ControlPlaneRefusal {
    const response = this.ask(request);
    assert.ok(response !== undefined && !response.ok, `${request.method} was not refused`);
    return response.error;
  }

  /** The answer, or undefined while it is awaited; `answerTo` has it later. */
  ask(request: ControlPlaneRequest): ControlPlaneResponse | undefined {
    this.#requests += 1;
    this.event({ type: 'request', requestId: this.#requests, request });
    return this.#responses.get(this.#requests);
  }

  lastAnswer(): ControlPlaneResponse | undefined {
    return this.#responses.get(this.#requests);
  }

  publish(text: string): ControlPlaneResults['publish'] {
    return this.request({
      method: 'publish',
      text,
      base: this.store.head()?.revision ?? null,
      message: 'test',
      actor: 'tester',
    });
  }

  belief(): Belief {
    return this.#control.belief(this.now, MEASURED);
  }

  status(id: NodeId = nodeId(0)) {
    return this.request({ method: 'get-node-sync', nodeId: id });
  }

  convergence(revision: number) {
    return this.request({ method: 'get-convergence', revision: revision as Revision });
  }

  #apply(effect: ControlPlaneEffect): void {
    switch (effect.type) {
      case 'send':
        this.peers.get(effect.connectionId)?.take(encodeFrame(effect.message));
        return;
      case 'send-push':
        this.peers.get(effect.connectionId)?.takePush(effect.nonce, effect.body);
        return;
      case 'close': {
        const peer = this.peers.get(effect.connectionId);
        if (peer !== undefined) peer.closed = effect.reason;
        return;
      }
      case 'respond':
        assert.ok(!this.#responses.has(effect.requestId), 'a request is answered once');
        this.#responses.set(effect.requestId, effect.response);
        return;
      case 'backup':
        this.backups.push(effect.path);
        return;
    }
  }
}

/** A node that does exactly what the test says, and can apply what it is pushed. */
export class FakeNode {
  readonly connectionId: ConnectionId;
  readonly nodeId: NodeId;
  readonly messages: ControlPlaneToNode[] = [];
  readonly pushes: { nonce: number; body: PushBody; bytes: Uint8Array }[] = [];
  closed: string | null = null;
  serving: ServingStatement | null = null;
  snapshot: ConfigSnapshot = EMPTY_SNAPSHOT;
  lineage: Lineage = LINEAGE;
  readonly #world: World;

  constructor(world: World, connectionId: ConnectionId, id: NodeId) {
    this.#world = world;
    this.connectionId = connectionId;
    this.nodeId = id;
  }

  take(frame: string): void {
    const decoded = decodeControlPlaneFrame(frame);
    assert.ok(decoded.ok, `the control plane sent what is no frame: ${frame}`);
    this.messages.push(decoded.value);
    if (decoded.value.type === 'welcome') this.lineage = decoded.value.lineage;
  }

  takePush(nonce: number, bytes: Uint8Array): void {
    const decoded = decodeControlPlaneFrame(bytes);
    assert.ok(decoded.ok && (decoded.value.type === 'delta' || decoded.value.type === 'full'));
    this.pushes.push({ nonce, body: decoded.value, bytes });
  }

  get lastPush() {
    const last = this.pushes.at(-1);
    assert.ok(last !== undefined, 'nothing was pushed');
    return last;
  }

  say(message: NodeToControlPlane): void {
    const frame = new TextEncoder().encode(encodeFrame(message));
    this.#world.event(decodeNodeEvent(this.connectionId, frame));
  }

  sayRaw(frame: string | Uint8Array): void {
    const bytes = typeof frame === 'string' ? new TextEncoder().encode(frame) : frame;
    this.#world.event(decodeNodeEvent(this.connectionId, bytes));
  }

  hello(hello: Partial<NodeHello> = {}): void {
    if (hello.serving !== undefined) this.serving = hello.serving;
    this.say({
      type: 'hello',
      protocol: 1,
      nodeId: this.nodeId,
      cell: 'cell-a',
      labels: {},
      capabilities: CAPABILITIES,
      bootId: BOOT_ID,
      serving: null,
      ...hello,
    });
  }

  /** Applies the last push for real and acknowledges it with what came out. */
  ack(): void {
    const { nonce, body } = this.lastPush;
    const applied =
      body.type === 'full'
        ? snapshotFromBodies(body.resources)
        : applyDelta(this.snapshot, body.changed, body.removed);
    assert.ok(applied.ok, 'the push can be applied');
    this.snapshot = applied.value;
    const { generation, revision } = body;
    const { hash } = this.snapshot;
    this.serving = { lineage: this.lineage, generation, revision, hash, source: 'control-plane' };
    this.say({ type: 'ack', nonce: nonce as never, hash });
  }

  nack(reason: Extract<NodeToControlPlane, { type: 'nack' }>['reason'] = 'rejected'): void {
    this.say({
      type: 'nack',
      nonce: this.lastPush.nonce as never,
      reason,
      detail: 'test',
      resources: [],
      resourcesTotal: 0,
    });
  }

  heartbeat(): void {
    this.say({
      type: 'heartbeat',
      serving: this.serving,
      counters: { reconnects: 0, pushesApplied: 0, pushesRejected: 0, badFrames: 0 },
      health: 'healthy',
    });
  }

  /** The connection is gone, without a word. */
  vanish(): void {
    const close = { code: 1006, reason: '' };
    this.#world.event({ type: 'connection-closed', connectionId: this.connectionId, close });
  }

  /** The same node again, on a new connection, with what it has. */
  reconnect(hello: Partial<NodeHello> = {}): FakeNode {
    const again = this.#world.open(this.nodeId);
    again.snapshot = this.snapshot;
    again.serving = this.serving;
    again.hello({ serving: this.serving, ...hello });
    return again;
  }
}

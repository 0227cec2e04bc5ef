import { EMPTY_ROOT_HASH, type Revision } from '../config/ids.ts';
import type { ConvergenceTracker } from '../fleet/convergence.ts';
import { assert } from '../lib/assert.ts';
import { earlier, MICROS_PER_MS, type Micros } from '../ports/clock.ts';
import type { LinkClose } from '../ports/link.ts';
import type { RandomStream } from '../ports/random.ts';
import type { ConfigStore } from '../ports/store.ts';
import { NODE_PROTOCOL_VERSION } from '../protocol/limits.ts';
import {
  type ControlPlaneToNode,
  NODE_CLOSE_CODES,
  type NodeCloseReason,
  type NodeHello,
  type NodeToControlPlane,
} from '../protocol/node-link.ts';
import { admitHello, retiredDetail } from './admit-hello.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import type { ConnectionId, ControlPlaneEffect } from './events.ts';
import { JitteredDeadlines } from './jittered-deadlines.ts';
import type { NodeRecord, Target } from './node-record.ts';
import type { NodeRegistry } from './node-registry.ts';
import type { PushBodies } from './push-bodies.ts';
import { PushDispatcher } from './push-dispatcher.ts';
import { type Connected, IDLE, type Session } from './session.ts';
import {
  CONNECTION_AGE_JITTER_PERCENT,
  type ControlPlaneSettings,
  HEARTBEATS_MISSED_MAX,
} from './settings.ts';
import { countClose, createSyncCounters, type SyncCounters } from './sync-counters.ts';

type Incompatibility = Extract<ControlPlaneToNode, { type: 'incompatible' }>;
type RetryReason = Extract<ControlPlaneToNode, { type: 'retry-later' }>['reason'];

export interface SyncEngineParts {
  readonly store: ConfigStore;
  readonly registry: NodeRegistry;
  readonly bodies: PushBodies;
  readonly convergence: ConvergenceTracker;
  /** For the waits that `retry-later` asks for. */
  readonly random: RandomStream;
  readonly ageRandom: RandomStream;
  readonly settings: ControlPlaneSettings;
  readonly emit: (effect: ControlPlaneEffect) => void;
  /** Config chunks, and the end of connections, concern an adoption under way. */
  readonly onSessionEnded: (connectionId: ConnectionId, now: Micros) => void;
  /** Whether an adoption collects from this connection. */
  readonly isCollectedFrom: (connectionId: ConnectionId) => boolean;
}

/** Sessions with nodes: handshake, what each is sent and when, and what its answers mean. */
export class SyncEngine {
  readonly counters: SyncCounters = createSyncCounters();
  readonly #parts: SyncEngineParts;
  readonly #sessions = new Map<ConnectionId, Session>();
  readonly #helloDue: DeadlineQueue<ConnectionId>;
  readonly #heartbeatDue: DeadlineQueue<ConnectionId>;
  readonly #ageDue: JitteredDeadlines<ConnectionId>;
  readonly #pushes: PushDispatcher;
  #current: ControlPlaneToNode;

  constructor(parts: SyncEngineParts) {
    this.#parts = parts;
    const { settings } = parts;
    this.#helloDue = new DeadlineQueue(settings.helloTimeoutUs);
    this.#heartbeatDue = new DeadlineQueue(
      settings.heartbeatMs * MICROS_PER_MS * HEARTBEATS_MISSED_MAX,
    );
    this.#ageDue = new JitteredDeadlines(
      settings.connectionAgeUs,
      CONNECTION_AGE_JITTER_PERCENT,
      parts.ageRandom,
    );
    this.#pushes = new PushDispatcher({
      ...parts,
      counters: this.counters,
      sessionOf: (connectionId) => this.#sessions.get(connectionId),
      heard: (node, serving, now) => this.#heard(node, serving, now),
      retryLater: (session, now) => this.#retryLater(session, 'full-pushes-full', now),
      rested: (session, now) => this.#closeIfAged(session, now),
    });
    this.#current = { type: 'current', ...this.#currency() };
  }

  get target(): Target | null {
    return this.#pushes.target;
  }

  get load() {
    return {
      connections: this.#sessions.size,
      handshakesPending: this.#helloDue.size,
      ...this.#pushes.load,
    };
  }

  session(connectionId: ConnectionId): Session | undefined {
    return this.#sessions.get(connectionId);
  }

  /** From now on this is what nodes ought to serve; who is connected gets it on `release`. */
  setTarget(target: Target): void {
    this.#pushes.setTarget(target);
    this.#current = { type: 'current', ...this.#currency() };
  }

  /** Sends the target to everybody who lacks it and has no push in flight. */
  release(now: Micros): void {
    this.#pushes.openGate();
    for (const session of [...this.#sessions.values()]) {
      if (session.state === 'connected') this.#pushes.sync(session, now);
    }
  }

  /** Tells connected nodes of other lineages whose history this store has taken over. */
  announceSuperseded(): void {
    for (const session of this.#sessions.values()) {
      if (session.state !== 'connected') continue;
      const { said } = session.node;
      if (said.state === 'serving' && said.served.lineage !== this.#parts.store.lineage) {
        this.#send(session.connectionId, this.#welcome(session.node));
      }
    }
  }

  retire(node: NodeRecord, now: Micros): void {
    const session = this.#sessionOf(node);
    if (session !== null) this.#refuse(session, 'retired-node', retiredDetail(node.nodeId), now);
  }

  opened(connectionId: ConnectionId, now: Micros): void {
    assert(!this.#sessions.has(connectionId), 'a connection id is used once');
    const session: Session = { state: 'awaiting-hello', connectionId };
    const isFull = this.#helloDue.size >= this.#parts.settings.handshakesMax;
    this.#sessions.set(connectionId, session);
    if (isFull) this.#retryLater(session, 'handshakes-full', now);
    else this.#helloDue.start(connectionId, now);
  }

  closed(connectionId: ConnectionId, close: LinkClose, now: Micros): void {
    const session = this.#sessions.get(connectionId);
    if (session === undefined) return;
    const noticed = noticedBySocket(close);
    if (noticed !== null) countClose(this.counters, noticed);
    this.#forget(session, now);
  }

  closeFor(connectionId: ConnectionId, reason: NodeCloseReason, now: Micros): void {
    const session = this.#sessions.get(connectionId);
    if (session !== undefined) this.#close(session, reason, now);
  }

  foreignHello(connectionId: ConnectionId, protocol: number, now: Micros): void {
    const session = this.#sessions.get(connectionId);
    if (session === undefined) return;
    const detail = `this control plane speaks protocol ${NODE_PROTOCOL_VERSION}, not ${protocol}`;
    this.#refuse(session, 'protocol-version', detail, now);
  }

  /** A decoded frame; `config-chunk` is the adoption's and does not come here. */
  frame(
    session: Session,
    message: Exclude<NodeToControlPlane, { type: 'config-chunk' }>,
    now: Micros,
  ): void {
    if (session.state === 'awaiting-hello') {
      if (message.type === 'hello') this.#hello(session, message, now);
      else this.#close(session, 'bad-frame', now);
      return;
    }
    this.heardFrom(session, now);
    switch (message.type) {
      case 'hello':
        this.#close(session, 'bad-frame', now);
        return;
      case 'heartbeat':
        this.#heard(session.node, message.serving, now);
        this.#send(session.connectionId, this.#current);
        this.#pushes.sync(session, now);
        return;
      case 'ack':
      case 'nack':
        this.#pushes.answer(session, message, now);
        return;
    }
  }

  /** Whatever a node sends shows that it lives. */
  heardFrom(session: Session, now: Micros): void {
    if (session.state === 'connected') this.#heartbeatDue.restart(session.heartbeatDue, now);
  }

  tick(now: Micros): void {
    for (const id of this.#helloDue.takeDue(now)) this.closeFor(id, 'hello-timeout', now);
    for (const id of this.#pushes.takeUnanswered(now)) this.closeFor(id, 'answer-timeout', now);
    for (const id of this.#heartbeatDue.takeDue(now)) this.closeFor(id, 'heartbeat-timeout', now);
    for (const id of this.#ageDue.takeDue(now)) this.#comeOfAge(id, now);
  }

  /** An adoption no longer collects from this connection. */
  collected(connectionId: ConnectionId, now: Micros): void {
    const session = this.#sessions.get(connectionId);
    if (session?.state === 'connected') this.#closeIfAged(session, now);
  }

  nextDeadline(): Micros | null {
    const held = earlier(this.#pushes.nextAt(), this.#heartbeatDue.nextAt());
    return earlier(this.#helloDue.nextAt(), earlier(held, this.#ageDue.nextAt()));
  }

  shutDown(now: Micros): void {
    // Else each place that becomes free would send a full push to somebody about to be sent away.
    this.#pushes.stop();
    for (const session of [...this.#sessions.values()]) {
      this.#sendRetryLater(session, 'shutting-down');
      this.#close(session, 'shutting-down', now);
    }
  }

  // ---- handshake ----------------------------------------------------------------------------

  #hello(session: Session, hello: NodeHello, now: Micros): void {
    const { store, registry } = this.#parts;
    if (hello.protocol !== NODE_PROTOCOL_VERSION) {
      this.foreignHello(session.connectionId, hello.protocol, now);
      return;
    }
    const admitted = admitHello(hello, registry, store);
    if (!admitted.ok) {
      this.#refuse(session, admitted.error.reason, admitted.error.detail, now);
      return;
    }
    const node = admitted.value;
    const earlier = this.#sessionOf(node);
    if (earlier !== null) this.#close(earlier, 'replaced', now);

    this.#helloDue.stop(session.connectionId);
    this.#ageDue.start(session.connectionId, now);
    const connected: Connected = {
      state: 'connected',
      connectionId: session.connectionId,
      node,
      heartbeatDue: this.#heartbeatDue.start(session.connectionId, now),
      slot: IDLE,
      pushesSent: 0,
      isOverAge: false,
    };
    this.#sessions.set(session.connectionId, connected);
    node.connectionId = session.connectionId;
    node.capabilities = hello.capabilities;
    forgiveAtHello(node, hello.bootId);
    node.unanswered = null;
    this.#heard(node, hello.serving, now);
    this.#send(session.connectionId, this.#welcome(node));
    this.#pushes.sync(connected, now);
  }

  #welcome(node: NodeRecord): ControlPlaneToNode {
    return {
      type: 'welcome',
      lineage: this.#parts.store.lineage,
      ...this.#currency(),
      heartbeatMs: this.#parts.settings.heartbeatMs,
      supersedes: this.#parts.registry.supersededFor(node),
    };
  }

  #currency() {
    const { store } = this.#parts;
    return (
      this.target ?? {
        generation: store.generation(),
        revision: 0 as Revision,
        hash: EMPTY_ROOT_HASH,
      }
    );
  }

  #heard(node: NodeRecord, serving: NodeHello['serving'], now: Micros): void {
    const { registry, convergence, store } = this.#parts;
    registry.heard(node, serving, now);
    if (serving === null || serving.damaged === true) return;
    if (serving.lineage !== store.lineage || registry.isAhead(node)) return;
    convergence.reached(node.nodeId, serving.generation, now);
  }

  // ---- age ----------------------------------------------------------------------------------

  #comeOfAge(connectionId: ConnectionId, now: Micros): void {
    const session = this.#sessions.get(connectionId);
    if (session?.state !== 'connected') return;
    session.isOverAge = true;
    this.#closeIfAged(session, now);
  }

  /** What is under way is waited for: it ends by an answer, or by a deadline of its own. */
  #closeIfAged(session: Connected, now: Micros): void {
    const { connectionId, slot } = session;
    if (!session.isOverAge || slot.state !== 'idle') return;
    if (this.#parts.isCollectedFrom(connectionId)) return;
    // It may have been closed for something else meanwhile.
    if (this.#sessions.get(connectionId) === session) this.#close(session, 'connection-age', now);
  }

  // ---- endings ------------------------------------------------------------------------------

  #sessionOf(node: NodeRecord): Session | null {
    if (node.connectionId === null) return null;
    return this.#sessions.get(node.connectionId) ?? null;
  }

  #refuse(session: Session, reason: Incompatibility['reason'], detail: string, now: Micros): void {
    this.#send(session.connectionId, { type: 'incompatible', reason, detail });
    this.#close(session, 'incompatible', now);
  }

  #retryLater(session: Session, reason: RetryReason, now: Micros): void {
    this.#sendRetryLater(session, reason);
    this.#close(session, 'retry-later', now);
  }

  #sendRetryLater(session: Session, reason: RetryReason): void {
    const { retryAfterMsMin, retryAfterMsMax } = this.#parts.settings;
    const spreadMs = retryAfterMsMax - retryAfterMsMin + 1;
    const afterMs = retryAfterMsMin + this.#parts.random.below(spreadMs);
    this.counters.retryLaters += 1;
    this.#send(session.connectionId, { type: 'retry-later', afterMs, reason });
  }

  #close(session: Session, reason: NodeCloseReason, now: Micros): void {
    countClose(this.counters, reason);
    this.#parts.emit({
      type: 'close',
      connectionId: session.connectionId,
      code: NODE_CLOSE_CODES[reason],
      reason,
    });
    this.#forget(session, now);
  }

  #forget(session: Session, now: Micros): void {
    const { connectionId } = session;
    this.#sessions.delete(connectionId);
    this.#helloDue.stop(connectionId);
    this.#heartbeatDue.stop(connectionId);
    this.#ageDue.stop(connectionId);
    this.#pushes.ended(connectionId);
    if (session.state === 'connected' && session.node.connectionId === connectionId) {
      session.node.connectionId = null;
    }
    this.#parts.onSessionEnded(connectionId, now);
    this.#pushes.drain(now);
  }

  #send(connectionId: ConnectionId, message: ControlPlaneToNode): void {
    this.#parts.emit({ type: 'send', connectionId, message });
  }
}

/**
 * Ends errors that a hello can end. A disk may have room again: only the node can tell, and a new hello
 * is how it asks. What arrived damaged in one process may arrive whole in the next. What a node rejects,
 * it rejects for what it can do, and goes on doing so.
 */
function forgiveAtHello(node: NodeRecord, bootId: number): void {
  const reason = node.lastNack?.nack.reason;
  if (reason === 'storage-failed') node.rejection = null;
  if (reason === 'hash-mismatch' && node.bootId !== bootId) {
    node.rejection = null;
    node.retriedInFull = null;
  }
  node.bootId = bootId;
}

/** What the socket itself found wrong with a frame; it has closed already. */
function noticedBySocket(close: LinkClose): NodeCloseReason | null {
  if (close.code === 1009 && close.reason === 'frame-too-large') return 'frame-too-large';
  if (close.code !== 1006 && close.code < 3000 && close.reason === 'bad-frame') return 'bad-frame';
  return null;
}

import type { Generation, Nonce } from '../config/ids.ts';
import type { ConvergenceTracker } from '../fleet/convergence.ts';
import type { Micros } from '../ports/clock.ts';
import type { ConfigStore } from '../ports/store.ts';
import type { NodeHello, NodeNack, NodeToControlPlane } from '../protocol/node-link.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import { type ConnectionId, type ControlPlaneEffect, encodePushFrame } from './events.ts';
import { FullPushAdmission } from './full-push-admission.ts';
import {
  circumstancesOf,
  hasAcknowledged,
  isRejected,
  type NodeRecord,
  type Target,
} from './node-record.ts';
import type { NodeRegistry } from './node-registry.ts';
import type { PushBodies, PushPlan } from './push-bodies.ts';
import { type Connected, IDLE, type Session } from './session.ts';
import type { ControlPlaneSettings } from './settings.ts';
import type { SyncCounters } from './sync-counters.ts';

type Answer = Extract<NodeToControlPlane, { type: 'ack' | 'nack' }>;
type NackContent = Omit<NodeNack, 'type' | 'nonce'>;

export interface PushDispatcherParts {
  readonly store: ConfigStore;
  readonly registry: NodeRegistry;
  readonly bodies: PushBodies;
  readonly convergence: ConvergenceTracker;
  readonly settings: ControlPlaneSettings;
  readonly counters: SyncCounters;
  readonly emit: (effect: ControlPlaneEffect) => void;
  readonly sessionOf: (connectionId: ConnectionId) => Session | undefined;
  readonly heard: (node: NodeRecord, serving: NodeHello['serving'], now: Micros) => void;
  readonly retryLater: (session: Session, now: Micros) => void;
  /** What was under way on the connection is over; more may have begun. */
  readonly rested: (session: Connected, now: Micros) => void;
}

/** Decides who is pushed what and when, and takes the answers. At most one push a node in flight. */
export class PushDispatcher {
  readonly #parts: PushDispatcherParts;
  readonly #answerDue: DeadlineQueue<ConnectionId>;
  readonly #fullPushes: FullPushAdmission;
  #isStopped = false;
  #target: Target | null = null;
  /** Nodes at or past this generation wait until the burst is gathered. */
  #released: Generation | null = null;

  constructor(parts: PushDispatcherParts) {
    this.#parts = parts;
    this.#answerDue = new DeadlineQueue(parts.settings.answerTimeoutUs);
    this.#fullPushes = new FullPushAdmission({
      inFlightMax: parts.settings.fullPushesInFlightMax,
      queuedMax: parts.settings.fullPushesQueuedMax,
    });
  }

  get target(): Target | null {
    return this.#target;
  }

  get load(): { pushesInFlight: number; fullPushesQueued: number } {
    return { pushesInFlight: this.#answerDue.size, fullPushesQueued: this.#fullPushes.queued };
  }

  setTarget(target: Target): void {
    this.#target = target;
    this.#released ??= target.generation;
  }

  /** The burst is gathered: whoever lacks the target may be sent it. */
  openGate(): void {
    this.#released = this.#target?.generation ?? null;
  }

  /** Sends the target unless the node has it, refused it, is ahead, or has a push in flight. */
  sync(session: Connected, now: Micros): void {
    const target = this.#target;
    if (session.slot.state !== 'idle' || target === null) return;
    if (!this.#lacks(session.node, target)) return;
    const plan = this.#parts.bodies.plan(session.node, target);
    if (plan.kind === 'full') {
      const admission = this.#fullPushes.request(session.connectionId);
      if (admission === 'refused') {
        this.#parts.retryLater(session, now);
        return;
      }
      if (admission === 'queued') {
        session.slot = { state: 'queued-full' };
        return;
      }
    }
    this.#push(session, plan, target, now);
  }

  answer(session: Connected, answer: Answer, now: Micros): void {
    const { slot, node } = session;
    const { counters, store } = this.#parts;
    if (slot.state !== 'in-flight' || slot.nonce !== answer.nonce) {
      counters.staleNonces += 1;
      return;
    }
    session.slot = IDLE;
    node.unanswered = null;
    this.ended(session.connectionId);
    if (answer.type === 'ack' && answer.hash === slot.target.hash) {
      counters.acks += 1;
      node.rejection = null;
      node.retriedInFull = null;
      const { lineage } = store;
      this.#parts.heard(node, { lineage, ...slot.target, source: 'control-plane' }, now);
    } else {
      counters.nacks += 1;
      const nack = answer.type === 'nack' ? answer : wrongHash(answer);
      noteRejection(node, slot.target, nack, now);
    }
    this.sync(session, now);
    this.drain(now);
    this.#parts.rested(session, now);
  }

  /** The push on this connection was answered, or the connection is gone. */
  ended(connectionId: ConnectionId): void {
    this.#answerDue.stop(connectionId);
    this.#fullPushes.release(connectionId);
  }

  /** No full push leaves the queue any more. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Lets those who wait for a full push have the places that have become free. */
  drain(now: Micros): void {
    while (!this.#isStopped) {
      const connectionId = this.#fullPushes.next();
      if (connectionId === null) return;
      const session = this.#parts.sessionOf(connectionId);
      if (session?.state !== 'connected') continue;
      session.slot = IDLE;
      this.sync(session, now);
      this.#parts.rested(session, now);
    }
  }

  takeUnanswered(now: Micros): ConnectionId[] {
    return this.#answerDue.takeDue(now);
  }

  nextAt(): Micros | null {
    return this.#answerDue.nextAt();
  }

  #push(session: Connected, plan: PushPlan, target: Target, now: Micros): void {
    const { bodies, counters, convergence, emit } = this.#parts;
    const { connectionId, node } = session;
    const body = bodies.encode(plan, target);
    session.pushesSent += 1;
    const nonce = session.pushesSent as Nonce;
    session.slot = { state: 'in-flight', nonce, target };
    node.unanswered = target.generation;
    this.#answerDue.start(connectionId, now);
    if (plan.kind === 'full') counters.pushesFull += 1;
    else counters.pushesDelta += 1;
    const bytes = encodePushFrame(nonce).length + body.byteLength;
    convergence.addBytes(target.generation, bytes);
    emit({ type: 'send-push', connectionId, nodeId: node.nodeId, nonce, body });
  }

  #lacks(node: NodeRecord, target: Target): boolean {
    const { registry, store } = this.#parts;
    if (registry.isAhead(node) || isRejected(node, target)) return false;
    if (node.said.state !== 'serving') return true;
    const { lineage, generation } = node.said.served;
    if (lineage !== store.lineage) return true;
    if (hasAcknowledged(node, target) && generation === target.generation) return false;
    const released = this.#released ?? target.generation;
    return released === target.generation || generation < released;
  }
}

/** The wrong hash is mended by one full push; any other refusal, and a second wrong hash, stands. */
function noteRejection(node: NodeRecord, target: Target, nack: NackContent, now: Micros): void {
  const { reason, detail, resources, resourcesTotal } = nack;
  node.lastNack = {
    at: now,
    revision: target.revision,
    nack: { reason, detail, resources, resourcesTotal },
  };
  if (reason === 'hash-mismatch' && node.retriedInFull !== target.generation) {
    node.retriedInFull = target.generation;
    return;
  }
  node.rejection = { generation: target.generation, circumstances: circumstancesOf(node) };
}

function wrongHash(ack: Extract<Answer, { type: 'ack' }>): NackContent {
  return {
    reason: 'hash-mismatch',
    detail: `acknowledged with the hash ${ack.hash}, which is not what was pushed`,
    resources: [],
    resourcesTotal: 0,
  };
}

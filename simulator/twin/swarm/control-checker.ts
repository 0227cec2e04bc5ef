import type { NodeId } from '../../../core/config/ids.ts';
import type { ControlPlane } from '../../../core/control-plane/control-plane.ts';
import type {
  ConnectionId,
  ControlPlaneEffect,
  ControlPlaneEvent,
} from '../../../core/control-plane/events.ts';
import type { ControlPlaneSettings } from '../../../core/control-plane/settings.ts';
import { SYNC_STATUSES } from '../../../core/fleet/frame.ts';
import type { Micros } from '../../../core/ports/clock.ts';
import type { ConfigStore, InventoryNode } from '../../../core/ports/store.ts';
import type { Belief } from '../../../core/protocol/control-plane-control.ts';
import { readPushHeader } from './push-header.ts';
import { hold } from './swarm-failure.ts';

interface Conversation {
  nodeId: NodeId | null;
  /** The push that is unanswered; at most one. */
  push: { readonly nonce: number; readonly hash: string; readonly isFull: boolean } | null;
}

const UNMEASURED = { bytesSent: 0, publishMsLast: null, rssBytes: 0 };
const SYNCED = SYNC_STATUSES.indexOf('SYNCED');

/** What must hold of the control plane at each step, by the frames that reached it and left it. */
export class ControlChecker {
  readonly #caps: ControlPlaneSettings;
  readonly #conversations = new Map<ConnectionId, Conversation>();
  /** Hash that each node stated last to this process; null: nothing. */
  readonly #words = new Map<NodeId, string | null>();
  /** What each ever stated, for words that were saved by an earlier process. */
  readonly #wordsEver = new Map<NodeId, Set<string>>();
  #answers = 0;
  #fullPushes = 0;
  #inventory: readonly InventoryNode[] = [];
  #inventoryVersion = -1;

  constructor(caps: ControlPlaneSettings) {
    this.#caps = caps;
  }

  started(): void {
    this.ended();
    this.#answers = 0;
    this.#inventoryVersion = -1;
  }

  ended(): void {
    this.#conversations.clear();
    this.#words.clear();
    this.#fullPushes = 0;
  }

  stepped(
    control: ControlPlane,
    event: ControlPlaneEvent,
    effects: readonly ControlPlaneEffect[],
    { store, now }: { readonly store: ConfigStore; readonly now: Micros },
  ): void {
    const belief = control.belief(now, UNMEASURED);
    this.#checkAnswers(event, belief);
    this.#hear(event);
    for (const effect of effects) this.#follow(effect);
    this.#checkCaps(belief);
    this.#checkBelief(belief, store);
  }

  /** An answer counts once, and only for the push that is out on its connection. */
  #checkAnswers(event: ControlPlaneEvent, { load }: Belief): void {
    const counted = load.acks + load.nacks - this.#answers;
    this.#answers += counted;
    if (event.type !== 'frame-received') {
      hold('safety', counted === 0, () => `${counted} answers were counted that nobody gave.`);
      return;
    }
    const { connectionId, message } = event;
    const conversation = this.#conversations.get(connectionId);
    const push = conversation?.push ?? null;
    const answers =
      (message.type === 'ack' || message.type === 'nack') && push?.nonce === message.nonce;
    hold(
      'safety',
      counted === (answers ? 1 : 0),
      () =>
        `A frame ${message.type} of ${conversation?.nodeId} was counted as ${counted} answers; ${push === null ? 'nothing was unanswered' : `push ${push.nonce} was unanswered`}.`,
    );
    if (!answers || conversation === undefined || push === null) return;
    this.#answered(conversation);
    const { nodeId } = conversation;
    if (nodeId !== null && message.type === 'ack' && message.hash === push.hash) {
      this.#said(nodeId, message.hash);
    }
  }

  #hear(event: ControlPlaneEvent): void {
    switch (event.type) {
      case 'connection-opened':
        this.#conversations.set(event.connectionId, { nodeId: null, push: null });
        return;
      case 'connection-closed':
        this.#over(event.connectionId);
        return;
      case 'frame-received': {
        const { message, connectionId } = event;
        const conversation = this.#conversations.get(connectionId);
        if (conversation === undefined) return;
        if (message.type === 'hello') {
          conversation.nodeId = message.nodeId;
          this.#said(message.nodeId, message.serving?.hash ?? null);
        } else if (message.type === 'heartbeat' && conversation.nodeId !== null) {
          this.#said(conversation.nodeId, message.serving?.hash ?? null);
        }
        return;
      }
      case 'request': {
        const { request } = event;
        if (request.method !== 'change-inventory') return;
        for (const nodeId of request.retire) {
          this.#words.delete(nodeId);
        }
        return;
      }
      default:
        return;
    }
  }

  #follow(effect: ControlPlaneEffect): void {
    if (effect.type === 'close') this.#over(effect.connectionId);
    if (effect.type !== 'send-push') return;
    const conversation = this.#conversations.get(effect.connectionId);
    hold(
      'safety',
      conversation !== undefined && conversation.nodeId === effect.nodeId,
      () => `A push for ${effect.nodeId} went to another connection.`,
    );
    hold(
      'safety',
      conversation.push === null,
      () => `${effect.nodeId} was sent a push while one was unanswered.`,
    );
    const { hash, isFull } = readPushHeader(effect.body);
    conversation.push = { nonce: effect.nonce, hash, isFull };
    if (isFull) this.#fullPushes += 1;
  }

  #checkCaps({ load }: Belief): void {
    const { handshakesMax, fullPushesInFlightMax, fullPushesQueuedMax } = this.#caps;
    for (const [what, count, max] of [
      ['handshakes', load.handshakesPending, handshakesMax],
      ['full pushes in flight', this.#fullPushes, fullPushesInFlightMax],
      ['full pushes queued', load.fullPushesQueued, fullPushesQueuedMax],
      ['pushes in flight', load.pushesInFlight, this.#conversations.size],
    ] as const) {
      hold('safety', count <= max, () => `${count} ${what}, over the cap of ${max}.`);
    }
    hold(
      'safety',
      load.connections === this.#conversations.size,
      () => `${load.connections} connections are kept; ${this.#conversations.size} are open.`,
    );
  }

  /** The whole inventory is counted, and nobody whose last word was another. */
  #checkBelief(belief: Belief, store: ConfigStore): void {
    const { counts, syncStatus, head } = belief;
    if (belief.inventoryVersion !== this.#inventoryVersion) {
      this.#inventoryVersion = belief.inventoryVersion;
      this.#inventory = store.inventory();
    }
    const nodes = this.#inventory.length;
    hold(
      'safety',
      counts.inventory === nodes && syncStatus.length === nodes,
      () => `${counts.inventory} nodes are counted of an inventory of ${nodes}.`,
    );
    if (head === null) return;
    let stated = 0;
    this.#inventory.forEach(({ nodeId }, row) => {
      const states = this.#states(nodeId, head.rootHash);
      if (states) stated += 1;
      hold(
        'safety',
        states || syncStatus[row] !== SYNCED,
        () => `${nodeId} counts as synced, but its last word was another.`,
      );
    });
    hold(
      'safety',
      counts.acknowledged <= stated,
      () => `${counts.acknowledged} nodes count as acknowledged; ${stated} said so.`,
    );
  }

  #states(nodeId: NodeId, hash: string): boolean {
    const word = this.#words.get(nodeId);
    if (word !== undefined) return word === hash;
    return this.#wordsEver.get(nodeId)?.has(hash) === true;
  }

  #said(nodeId: NodeId, hash: string | null): void {
    this.#words.set(nodeId, hash);
    if (hash === null) return;
    const ever = this.#wordsEver.get(nodeId);
    if (ever === undefined) this.#wordsEver.set(nodeId, new Set([hash]));
    else ever.add(hash);
  }

  #answered(conversation: Conversation): void {
    if (conversation.push?.isFull === true) this.#fullPushes -= 1;
    conversation.push = null;
  }

  #over(connectionId: ConnectionId): void {
    const conversation = this.#conversations.get(connectionId);
    if (conversation === undefined) return;
    this.#answered(conversation);
    this.#conversations.delete(connectionId);
  }
}

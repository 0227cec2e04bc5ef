import type { NodeId } from '../../../core/config/ids.ts';
import type {
  ConnectionId,
  ControlPlaneEffect,
  ControlPlaneEvent,
} from '../../../core/control-plane/events.ts';
import {
  CONNECTION_AGE_JITTER_PERCENT,
  type ControlPlaneSettings,
} from '../../../core/control-plane/settings.ts';
import type { Micros } from '../../../core/ports/clock.ts';
import type { TwinNode } from '../twin-node.ts';
import { hold } from './swarm-failure.ts';

interface Conversation {
  readonly nodeId: NodeId;
  readonly since: Micros;
  isPushed: boolean;
}

/** What must hold of connections that are closed for their age, and when all is quiet. */
export class LinkChecker {
  readonly #settings: ControlPlaneSettings;
  readonly #conversations = new Map<ConnectionId, Conversation>();
  /** Closed for their age: `leaving` until the node has heard of it, `coming` until it is welcomed. */
  readonly #renewing = new Map<NodeId, 'leaving' | 'coming'>();

  constructor(settings: ControlPlaneSettings) {
    this.#settings = settings;
  }

  get isRenewing(): boolean {
    return this.#renewing.size > 0;
  }

  controlStepped(
    event: ControlPlaneEvent,
    effects: readonly ControlPlaneEffect[],
    { now, isQuiet }: { readonly now: Micros; readonly isQuiet: boolean },
  ): void {
    this.#hear(event, now);
    for (const effect of effects) {
      if (effect.type === 'close') this.#closed(effect, now);
      if (effect.type !== 'send-push') continue;
      const conversation = this.#conversations.get(effect.connectionId);
      if (conversation !== undefined) conversation.isPushed = true;
      hold('liveness', !isQuiet, () => `${effect.nodeId} was pushed to with nothing amiss.`);
    }
  }

  controlEnded(): void {
    this.#conversations.clear();
    this.#renewing.clear();
  }

  /** The node's link has opened or ended; true when that is of its age. */
  changed(node: TwinNode): boolean {
    const { nodeId, phase } = node.machine;
    const stage = this.#renewing.get(nodeId);
    if (stage === undefined) return false;
    const isWaiting = phase.kind === 'running' && phase.link.kind === 'waiting';
    if (stage === 'leaving' && isWaiting) this.#renewing.set(nodeId, 'coming');
    return true;
  }

  /** It is renewed once the node is welcomed. */
  stepped(node: TwinNode): void {
    const { nodeId, phase } = node.machine;
    if (this.#renewing.get(nodeId) !== 'coming') return;
    const isOver = phase.kind === 'down' || phase.link.kind === 'open';
    if (isOver) this.#renewing.delete(nodeId);
  }

  #hear(event: ControlPlaneEvent, now: Micros): void {
    if (event.type === 'connection-closed') this.#conversations.delete(event.connectionId);
    if (event.type !== 'frame-received') return;
    const { message, connectionId } = event;
    if (message.type === 'hello') {
      const { nodeId } = message;
      this.#conversations.set(connectionId, { nodeId, since: now, isPushed: false });
    }
    if (message.type !== 'ack' && message.type !== 'nack') return;
    const conversation = this.#conversations.get(connectionId);
    if (conversation !== undefined) conversation.isPushed = false;
  }

  /** Not before its age, and not while it owes an answer. */
  #closed(close: Extract<ControlPlaneEffect, { type: 'close' }>, now: Micros): void {
    const conversation = this.#conversations.get(close.connectionId);
    this.#conversations.delete(close.connectionId);
    if (close.reason !== 'connection-age') return;
    hold('safety', conversation !== undefined, () => 'A link without a hello came of age.');
    const { nodeId, since, isPushed } = conversation;
    const { connectionAgeUs } = this.#settings;
    const leastUs = (connectionAgeUs * (100 - CONNECTION_AGE_JITTER_PERCENT)) / 100;
    hold(
      'safety',
      now - since >= leastUs - 1 && !isPushed,
      () => `The link of ${nodeId} was closed for its age ${isPushed ? 'in a push' : 'too soon'}.`,
    );
    this.#renewing.set(nodeId, 'leaving');
  }
}

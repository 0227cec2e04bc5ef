import type { NodeId } from '../../../core/config/ids.ts';
import type { ControlPlane } from '../../../core/control-plane/control-plane.ts';
import type { ControlPlaneEffect, ControlPlaneEvent } from '../../../core/control-plane/events.ts';
import {
  type ControlPlaneSettings,
  DEFAULT_CONTROL_PLANE_SETTINGS,
} from '../../../core/control-plane/settings.ts';
import type { PushOutcome } from '../../../core/node/node-state.ts';
import { type Micros, micros } from '../../../core/ports/clock.ts';
import type { ConfigStore } from '../../../core/ports/store.ts';
import type { NodeNack, NodeToControlPlane } from '../../../core/protocol/node-link.ts';
import type { DiskFate, TwinNode } from '../twin-node.ts';
import type { TwinWatch } from '../twin-seams.ts';
import type { TwinWorld } from '../twin-world.ts';
import { ControlChecker } from './control-checker.ts';
import { LinkChecker } from './link-checker.ts';
import { NodeChecker } from './node-checker.ts';
import { PublishLedger } from './publish-ledger.ts';
import { hold } from './swarm-failure.ts';

/** A push that a node refused, and why. */
export type Refusal = PushOutcome & { readonly reason: NodeNack['reason'] };

/** Hears of every step of a world and holds it against what must be. Throws a `SwarmFailure`. */
export class SwarmWatch implements TwinWatch {
  readonly ledger = new PublishLedger();
  /** Lives of the control plane so far. */
  life = 0;
  /** The newest publish of an earlier time does not tell who had it then. */
  inventoryChangedAt: Micros = micros(0);
  /** From now on no link may end. */
  isQuiet = false;
  readonly #control: ControlChecker;
  readonly #refusals = new Map<NodeId, Refusal>();
  readonly #links: LinkChecker;
  #nodes: NodeChecker | null = null;
  #world: TwinWorld | null = null;
  #store: ConfigStore | null = null;

  constructor(settings: Partial<ControlPlaneSettings>) {
    const all = { ...DEFAULT_CONTROL_PLANE_SETTINGS, ...settings };
    this.#control = new ControlChecker(all);
    this.#links = new LinkChecker(all);
  }

  /** A world takes its first steps while it is made: the start, and the first publish. */
  attach(world: TwinWorld): void {
    this.#world = world;
    this.#nodes = new NodeChecker(this.ledger, world.disk);
  }

  /** Whether what it serves was damaged in its memory, and is not whole since. */
  isHarmed(node: TwinNode): boolean {
    return this.#nodes?.isHarmed(node) === true;
  }

  /** Whether any link was closed for its age and has not come again. */
  get isRenewing(): boolean {
    return this.#links.isRenewing;
  }

  /**
   * The last push that a node refused, also when its process has forgotten it since; what arrived
   * damaged in an earlier process is no excuse in this one.
   */
  refusalOf(nodeId: NodeId): Refusal | null {
    return this.#refusals.get(nodeId) ?? null;
  }

  nodeStepped(node: TwinNode): void {
    this.#nodes?.stepped(node);
    this.#links.stepped(node);
  }

  nodeSends(node: TwinNode, message: NodeToControlPlane): void {
    this.#nodes?.sends(node, message);
    const { nodeId, lastPush } = node.machine;
    if (message.type !== 'nack' || lastPush === null) return;
    this.#refusals.set(nodeId, { ...lastPush, reason: message.reason });
  }

  nodeLinkChanged(node: TwinNode): void {
    const { nodeId } = node.machine;
    const isRenewed = this.#links.changed(node);
    hold(
      'liveness',
      !this.isQuiet || isRenewed || this.#world?.controlPlane.store.wasRetired(nodeId) === true,
      () => `The link of ${nodeId} ended or came again with nothing amiss.`,
    );
  }

  nodeHarmed(node: TwinNode): void {
    this.#nodes?.harmed(node);
  }

  nodeEnded(node: TwinNode, fate: DiskFate): void {
    this.#nodes?.ended(node, fate);
    const { nodeId } = node.machine;
    if (this.#refusals.get(nodeId)?.reason === 'hash-mismatch') this.#refusals.delete(nodeId);
  }

  controlStarted(_control: ControlPlane, store: ConfigStore): void {
    this.life += 1;
    this.#store = store;
    this.#control.started();
    this.ledger.check(store);
  }

  controlEnded(): void {
    this.#control.ended();
    this.#links.controlEnded();
  }

  controlStepped(
    control: ControlPlane,
    event: ControlPlaneEvent,
    effects: readonly ControlPlaneEffect[],
  ): void {
    const now = this.#now();
    if (event.type === 'request' && event.request.method === 'change-inventory') {
      this.inventoryChangedAt = now;
    }
    for (const effect of effects) this.#published(effect, now);
    this.#links.controlStepped(event, effects, { now, isQuiet: this.isQuiet });
    const store = this.#store;
    if (store === null) return;
    this.#control.stepped(control, event, effects, { store, now });
  }

  backedUp(): void {
    this.ledger.backedUp();
  }

  restored(): void {
    this.ledger.restored();
    this.inventoryChangedAt = this.#now();
  }

  /** What an operator was told is published. */
  #published(effect: ControlPlaneEffect, at: Micros): void {
    if (effect.type !== 'respond' || !effect.response.ok) return;
    const { value } = effect.response;
    if (!('record' in value) || !('removed' in value)) return;
    const { revision, generation, rootHash } = value.record;
    this.ledger.add({ revision, generation, hash: rootHash, at, life: this.life });
  }

  #now(): Micros {
    return this.#world?.time.now() ?? micros(0);
  }
}

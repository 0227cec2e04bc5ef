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
import type { NodeToControlPlane } from '../../../core/protocol/node-link.ts';
import type { DiskFate, TwinNode } from '../twin-node.ts';
import type { TwinWatch } from '../twin-seams.ts';
import type { TwinWorld } from '../twin-world.ts';
import { ControlChecker } from './control-checker.ts';
import { NodeChecker } from './node-checker.ts';
import { PublishLedger } from './publish-ledger.ts';
import { hold } from './swarm-failure.ts';

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
  readonly #refusals = new Map<NodeId, PushOutcome>();
  #nodes: NodeChecker | null = null;
  #world: TwinWorld | null = null;
  #store: ConfigStore | null = null;

  constructor(settings: Partial<ControlPlaneSettings>) {
    this.#control = new ControlChecker({ ...DEFAULT_CONTROL_PLANE_SETTINGS, ...settings });
  }

  /** A world takes its first steps while it is made: the start, and the first publish. */
  attach(world: TwinWorld): void {
    this.#world = world;
    this.#nodes = new NodeChecker(this.ledger, world.disk);
  }

  /** The last push that a node refused, also when its process has forgotten it since. */
  refusalOf(nodeId: NodeId): PushOutcome | null {
    return this.#refusals.get(nodeId) ?? null;
  }

  nodeStepped(node: TwinNode): void {
    this.#nodes?.stepped(node);
  }

  nodeSends(node: TwinNode, message: NodeToControlPlane): void {
    this.#nodes?.sends(node, message);
    const { nodeId, lastPush } = node.machine;
    if (message.type === 'nack' && lastPush !== null) this.#refusals.set(nodeId, lastPush);
  }

  nodeLinkChanged(node: TwinNode): void {
    hold(
      'liveness',
      !this.isQuiet || this.#world?.controlPlane.store.wasRetired(node.machine.nodeId) === true,
      () => `The link of ${node.machine.nodeId} ended or came again with nothing amiss.`,
    );
  }

  nodeEnded(node: TwinNode, fate: DiskFate): void {
    this.#nodes?.ended(node, fate);
  }

  controlStarted(_control: ControlPlane, store: ConfigStore): void {
    this.life += 1;
    this.#store = store;
    this.#control.started();
    this.ledger.check(store);
  }

  controlEnded(): void {
    this.#control.ended();
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

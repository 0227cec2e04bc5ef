import type { ControlPlane, ControlPlaneParts } from '../../core/control-plane/control-plane.ts';
import type { ControlPlaneEffect, ControlPlaneEvent } from '../../core/control-plane/events.ts';
import type { ControlPlaneSettings } from '../../core/control-plane/settings.ts';
import type { NodeMachine, NodeMachineInput } from '../../core/node/node-machine.ts';
import type { Micros } from '../../core/ports/clock.ts';
import type { ConfigStore } from '../../core/ports/store.ts';
import type { NodeToControlPlane } from '../../core/protocol/node-link.ts';
import type { DiskFate, TwinNode } from './twin-node.ts';

/**
 * Where a caller may look at the steps of a world, and put something of its own in a part's place: for
 * the swarm's checkers, and for the tests that show that those find what is wrong. A world without
 * seams is the ordinary one.
 */
export interface TwinSeams {
  readonly settings?: Partial<ControlPlaneSettings>;
  readonly createControlPlane?: (parts: ControlPlaneParts, now: Micros) => ControlPlane;
  readonly createNode?: (input: NodeMachineInput) => NodeMachine;
  /** What is left of the store by a kill. */
  readonly storeAfterKill?: (store: ConfigStore) => ConfigStore;
  readonly watch?: TwinWatch;
}

/** Hears of every step of a world, after it was done. Must change nothing. */
export interface TwinWatch {
  nodeStepped(node: TwinNode): void;
  /** About to leave the node. */
  nodeSends(node: TwinNode, message: NodeToControlPlane): void;
  /** A node's link has opened or ended. */
  nodeLinkChanged(node: TwinNode): void;
  /** What a node serves is no longer what it was. */
  nodeHarmed(node: TwinNode): void;
  /** A node's process was ended; its disk is what it will find. */
  nodeEnded(node: TwinNode, fate: DiskFate): void;
  /** @param store what it was started on */
  controlStarted(control: ControlPlane, store: ConfigStore): void;
  controlEnded(cause: string): void;
  controlStepped(
    control: ControlPlane,
    event: ControlPlaneEvent,
    effects: readonly ControlPlaneEffect[],
  ): void;
  backedUp(): void;
  /** The copy stands in the store's place. */
  restored(): void;
}

/** The same control plane, whose steps are told. */
export function watched(control: ControlPlane, watch: TwinWatch): ControlPlane {
  return {
    handle(event, now) {
      const effects = control.handle(event, now);
      watch.controlStepped(control, event, effects);
      return effects;
    },
    nextTickAt: () => control.nextTickAt(),
    belief: (now, measured) => control.belief(now, measured),
  };
}

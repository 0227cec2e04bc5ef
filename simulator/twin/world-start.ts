import type { NodeId } from '../../core/config/ids.ts';
import type { RosterNode } from '../../core/fleet/roster.ts';
import type { SharedWork } from '../../core/node/shared-work.ts';
import type { Micros } from '../../core/ports/clock.ts';
import type { ConfigStore } from '../../core/ports/store.ts';
import type { DiskContent } from './twin-disk.ts';

/**
 * What a world begins with in place of an empty store: a fleet that has been running. Nothing in it
 * is changed, so that many worlds can begin with the same one.
 */
export interface WorldStart {
  /** What the clock says; after all that was published before. */
  readonly at: Micros;
  readonly inventory: readonly RosterNode[];
  /** A memory store with that inventory. Each world has a copy. */
  readonly store: ConfigStore;
  /** What nodes find on their disks; whoever is not named has an empty one. */
  readonly disks: ReadonlyMap<NodeId, DiskContent>;
  /** Nodes that are down and stay down, whatever befalls them. */
  readonly down: ReadonlySet<NodeId>;
  /** Remembers what it has built, for all worlds. */
  readonly work: SharedWork;
}

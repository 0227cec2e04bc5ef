import type { SharedWork } from '../../core/node/shared-work.ts';
import type { NodeHost } from './node-host.ts';
import type { StalenessGauge } from './staleness-gauge.ts';
import type { ControlPlaneEnd, LinkWorld } from './twin-connection.ts';
import type { TwinDisk } from './twin-disk.ts';
import type { TwinSeams } from './twin-seams.ts';
import type { TwinSnapshotStore } from './twin-snapshot-store.ts';

/** What all nodes of a world have in common. */
export interface TwinNodeServices extends LinkWorld {
  /** What a node runs on: its own machine, or the one of all. */
  readonly hostOf: () => NodeHost;
  readonly disk: TwinDisk;
  /** Null: there is none. */
  readonly snapshots: TwinSnapshotStore | null;
  readonly work: SharedWork;
  readonly controlPlane: ControlPlaneEnd;
  readonly staleness: StalenessGauge;
  readonly seams: TwinSeams;
}

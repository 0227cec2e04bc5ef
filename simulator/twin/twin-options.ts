import {
  type ControlPlaneSettings,
  DEFAULT_CONTROL_PLANE_SETTINGS,
  SNAPSHOT_INTERVAL_MS,
} from '../../core/control-plane/settings.ts';
import { MICROS_PER_MS } from '../../core/ports/clock.ts';
import type { LinkNature } from './link-conditions.ts';
import { SERVICE_TIMES, type ServiceTimes } from './service-times.ts';
import type { ScheduledFault } from './twin-fault.ts';
import type { WorldStart } from './world-start.ts';

/** One run of the twin, told in full: the same options give the same run. */
export interface TwinOptions {
  readonly nodes: number;
  readonly cells: number;
  readonly seed: number;
  /** Null: an empty store, nodes that serve nothing, and `configText` as the first publish. */
  readonly start: WorldStart | null;
  /** Virtual microseconds. */
  readonly durationUs: number;
  /** The first config, published at the start. */
  readonly configText: string;
  /** Further publishes; null: none. */
  readonly publishes: PublishPlan | null;
  readonly faults: readonly ScheduledFault[];
  /** Whole requests a second at each node; 0: no traffic. */
  readonly requestsPerSecond: number;
  readonly heartbeatMs: number;
  /** What is not as in `TWIN_CONTROL_PLANE_SETTINGS`. */
  readonly settings: Partial<ControlPlaneSettings>;
  readonly link: LinkNature;
  readonly times: ServiceTimes;
  /** Entries of the trace that are kept for `why`; 0: the hash alone. */
  readonly traceEntriesMax: number;
}

export interface PublishPlan {
  readonly everyUs: number;
  /** The text of the publish with this number, counted from 1. */
  readonly textOf: (step: number) => string;
}

/** Of a link without faults: a data centre's own network and its neighbours. */
export const DEFAULT_LINK_NATURE: LinkNature = { latencyUs: 1_000, jitterUs: 500 };
/** The fixed workload of the design. */
export const DEFAULT_HEARTBEAT_MS = 10_000;
export const DEFAULT_REQUESTS_PER_SECOND = 20;

/** As the live control plane is run: with a snapshot store. */
export const TWIN_CONTROL_PLANE_SETTINGS: ControlPlaneSettings = {
  ...DEFAULT_CONTROL_PLANE_SETTINGS,
  snapshotIntervalUs: SNAPSHOT_INTERVAL_MS * MICROS_PER_MS,
};

export const DEFAULT_TWIN_OPTIONS = {
  start: null,
  publishes: null,
  faults: [],
  requestsPerSecond: DEFAULT_REQUESTS_PER_SECOND,
  heartbeatMs: DEFAULT_HEARTBEAT_MS,
  settings: {},
  link: DEFAULT_LINK_NATURE,
  times: SERVICE_TIMES,
  traceEntriesMax: 0,
} as const satisfies Partial<TwinOptions>;

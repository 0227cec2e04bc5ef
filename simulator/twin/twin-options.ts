import type { LinkNature } from './link-conditions.ts';
import { SERVICE_TIMES, type ServiceTimes } from './service-times.ts';
import type { ScheduledFault } from './twin-fault.ts';

/** One run of the twin, told in full: the same options give the same run. */
export interface TwinOptions {
  readonly nodes: number;
  readonly cells: number;
  readonly seed: number;
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

export const DEFAULT_TWIN_OPTIONS = {
  publishes: null,
  faults: [],
  requestsPerSecond: DEFAULT_REQUESTS_PER_SECOND,
  heartbeatMs: DEFAULT_HEARTBEAT_MS,
  link: DEFAULT_LINK_NATURE,
  times: SERVICE_TIMES,
  traceEntriesMax: 0,
} as const satisfies Partial<TwinOptions>;

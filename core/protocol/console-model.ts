import type { Lineage, NodeId, Revision, RootHash } from '../config/ids.ts';
import type { ActiveFault } from '../fault/fault.ts';
import type { Problem } from '../gateway/problem.ts';
import type { Band } from '../rehearsal/forecast.ts';
import type {
  ControlPlaneLoad,
  ConvergenceSummary,
  DraftDelta,
  NodeSync,
  ResourceTouch,
  Touch,
} from './control-plane-control.ts';

export type { DraftDelta, ResourceTouch, Touch };

import type { NodeInspection } from './simulator-control.ts';

/** What the console API's answers and streams are made of. */

export interface ProcessStatus {
  readonly state: 'up' | 'starting' | 'down';
  /** Instant of the last change of state, milliseconds since the epoch. */
  readonly sinceMs: number;
  readonly pid: number | null;
  /** Why it is down, in words: `killed by you`, `exited with code 1`, … */
  readonly reason: string | null;
}

export interface StalenessBudget {
  readonly lagRevisions: number;
  readonly lagMs: number;
  readonly unverifiedMs: number;
}

export interface ConsoleStatus {
  readonly atMs: number;
  readonly controlPlane: ProcessStatus;
  readonly simulator: ProcessStatus;
  readonly head: {
    readonly revision: Revision;
    readonly generation: number;
    readonly rootHash: RootHash;
    readonly lineage: Lineage;
    readonly author: string;
    readonly message: string;
    readonly publishedAtMs: number;
  } | null;
  readonly fleet: {
    readonly inventory: number;
    /** Truth: healthy or degraded now, whatever they serve. */
    readonly serving: number;
    /** Belief: latest own word states the target's hash. */
    readonly acknowledged: number;
    /** Truth: control link up now. */
    readonly connected: number;
    /** Truth: serving something else than the target. */
    readonly behind: number;
    /** Belief: rejected what was last sent. */
    readonly rejected: number;
    /** Serve a newer generation, or another lineage, than the control plane has. */
    readonly ahead: number;
    /** Belief, frozen at the last word of the control plane while it is down. */
    readonly believedAtMs: number | null;
    readonly bySyncStatus: Readonly<
      Record<'UNKNOWN' | 'NOT_SENT' | 'STALE' | 'SYNCED' | 'ERROR', number>
    >;
    readonly bySource: Readonly<
      Record<'control-plane' | 'snapshot-store' | 'disk' | 'default', number>
    >;
  };
  readonly staleness: {
    readonly lagRevisionsMax: number;
    readonly lagMsMax: number;
    readonly unverifiedMsMax: number;
    /** Nodes beyond any of the three bounds. */
    readonly overBudget: number;
    readonly budget: StalenessBudget;
  };
  readonly traffic: {
    readonly requestsPerSecond: number;
    /** Answered over asked, of the last step; null when nothing was asked. */
    readonly successRate: number | null;
    readonly unroutedPerSecond: number;
    readonly failedPerSecond: number;
    readonly refusedPerSecond: number;
    /** Of those answered: 429 by a rate limit. */
    readonly limitedPerSecond: number;
    /** Of those failed: 503 by a policy. */
    readonly shedPerSecond: number;
    /** Of those answered: 401 or 403 by a policy. */
    readonly deniedPerSecond: number;
    readonly latencyP50Ms: number;
    readonly latencyP99Ms: number;
  };
  readonly convergence: ConvergenceSummary | null;
  readonly controlPlaneLoad: ControlPlaneLoad | null;
  readonly faults: readonly ActiveFault[];
  readonly alerts: readonly Alert[];
  readonly draft: { readonly base: Revision | null; readonly savedAtMs: number } | null;
}

export type AlertKind =
  | 'staleness-budget'
  | 'convergence-late'
  /** The head holds documents that no node was sent: their kinds were unknown at its publish. */
  | 'head-not-in-force'
  | 'nodes-rejected'
  | 'nodes-ahead'
  | 'nodes-not-serving'
  | 'control-plane-down'
  | 'simulator-down'
  /** What nodes turn to while the control plane is away is not renewed. */
  | 'snapshot-store-failing';

export interface Alert {
  /** Stable for one condition: `kind` and its subject. */
  readonly id: string;
  readonly kind: AlertKind;
  readonly title: string;
  readonly detail: string;
  readonly raisedAtMs: number;
  readonly clearedAtMs: number | null;
}

export type ConsoleEventKind =
  | 'published'
  | 'publish-refused'
  | 'rolled-back'
  | 'adopted'
  | 'process-started'
  | 'process-exited'
  | 'fault-started'
  | 'fault-ended'
  | 'nodes-restarted'
  | 'fleet-resized'
  | 'node-retired'
  | 'alert-raised'
  | 'alert-cleared'
  | 'backup-made'
  | 'backup-restored'
  | 'reset'
  | 'note';

export interface ConsoleEvent {
  readonly id: number;
  readonly atMs: number;
  readonly kind: ConsoleEventKind;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly title: string;
  readonly detail: string;
  /** Ties the end of something to its start: a fault's id, a process, an alert's id, `r12`. */
  readonly subject: string | null;
}

export interface ConfigText {
  readonly revision: Revision | null;
  readonly rootHash: RootHash;
  readonly text: string;
  readonly author: string;
  readonly message: string;
  readonly publishedAtMs: number | null;
}

export interface Draft {
  readonly base: Revision | null;
  readonly text: string;
  readonly savedAtMs: number;
}

/** One of an operator's drafts; there is one for each revision that they were made from. */
export interface DraftSummary {
  readonly base: Revision | null;
  readonly savedAtMs: number;
  readonly bytes: number;
}

/** Who last touched each resource of a revision, in the revision's order. */
export interface Blame {
  /** Null when nothing is published. */
  readonly revision: Revision | null;
  /** False while the control plane is down: then it is what the console remembers. */
  readonly complete: boolean;
  readonly resources: readonly ResourceTouch[];
}

export interface RevisionRow {
  readonly revision: Revision;
  readonly parent: Revision | null;
  readonly generation: number;
  readonly rootHash: RootHash;
  readonly author: string;
  readonly message: string;
  readonly publishedAtMs: number;
  readonly origin: 'publish' | 'rollback' | 'adopt';
  readonly originOf: Revision | null;
  readonly resources: number;
  readonly changed: number;
  readonly sourceBytes: number;
  readonly convergence: ConvergenceSummary | null;
  /** Absent: this very text was not rehearsed before it was published. */
  readonly forecast?: RowForecast;
}

/** That a revision was rehearsed, in short; `get-forecast` has the whole. */
export interface RowForecast {
  /** As predicted. */
  readonly t99: Band;
  /** Whether T99 came to lie in that band; null: that is not known (yet), or not to be judged. */
  readonly withinT99: boolean | null;
  /** Faults were chosen for the rehearsal alone: what came of the publish says nothing of the prediction. */
  readonly withFaults?: boolean;
}

export interface PublishOutcome {
  readonly revision: Revision;
  readonly generation: number;
  readonly rootHash: RootHash;
  /** Resources that are new, different or gone. */
  readonly changed: number;
  /** Those of them that are gone. */
  readonly removed: number;
  readonly problems: readonly Problem[];
}

export interface ResourceChange {
  readonly key: string;
  readonly change: 'added' | 'removed' | 'changed' | 'text-only';
  /** For `changed`: pointer, value before and after, as JSON; at most 50. */
  readonly fields: readonly {
    readonly pointer: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
  /**
   * The kind was not known when the one side was published, so that there the resource is in no
   * node's config, whatever its text says. Absent where both sides agree.
   */
  readonly inForce?: 'begins' | 'ends';
}

export interface RevisionDiff {
  readonly from: number;
  readonly to: number;
  readonly changes: readonly ResourceChange[];
  readonly fromText: string;
  readonly toText: string;
}

export interface NodeRow {
  readonly nodeId: NodeId;
  readonly cell: string;
  readonly servingRevision: number;
  readonly source: 'control-plane' | 'snapshot-store' | 'disk' | 'default';
  readonly link: 'connected' | 'connecting' | 'lost';
  readonly health: 'healthy' | 'degraded' | 'down';
  readonly syncStatus: NodeSync['status'];
  readonly lagRevisions: number;
  readonly lagMs: number;
  /** Null: never verified. */
  readonly unverifiedMs: number | null;
  readonly requestsPerSecond: number;
  readonly failuresPerSecond: number;
}

export interface NodeDetail {
  readonly row: NodeRow;
  /** Truth; null while the simulator is down. */
  readonly inspection: Omit<NodeInspection, 'manifest'> | null;
  /** Belief; null while the control plane is down. */
  readonly sync: NodeSync | null;
  /** What serving lacks of its target, or has beyond it; null when it cannot be told now. */
  readonly difference:
    | readonly { readonly key: string; readonly change: 'missing' | 'different' | 'extra' }[]
    | null;
}

export interface TrafficSample {
  readonly atMs: number;
  readonly requests: number;
  readonly answered: number;
  readonly refused: number;
  readonly failed: number;
  /** What policies refused: see the fields of `ConsoleStatus.traffic` of the same names. */
  readonly limited: number;
  readonly shed: number;
  readonly denied: number;
  readonly controlPlaneUp: boolean;
  readonly latencyP99Ms: number;
}

/** Nodes in frame order. */
export interface RosterMessage {
  readonly rosterVersion: number;
  readonly cells: readonly string[];
  readonly nodeIds: readonly NodeId[];
  /** Index into `cells`, by node. */
  readonly cellOf: readonly number[];
}

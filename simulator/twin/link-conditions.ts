import type { TwinFault } from './twin-fault.ts';

/** What a node's link, and its disk, are like now. Shared by all nodes that nothing befell. */
export interface NodeConditions {
  /** Each way, before jitter. */
  readonly latencyUs: number;
  /** A further uniform draw from 0 to this. */
  readonly jitterUs: number;
  readonly stallPerMille: number;
  readonly stallUs: number;
  /** Each way; 0: as much as comes. */
  readonly bytesPerSecond: number;
  /** Index of the fault that lets nothing through to the control plane; null: open. */
  readonly upCutBy: number | null;
  /** Index of the fault that lets nothing through to the node; null: open. */
  readonly downCutBy: number | null;
  readonly diskIsFull: boolean;
  readonly diskLies: boolean;
  /** Push bodies come out of this node's memory damaged. */
  readonly corruptsBodies: boolean;
  /** This node says each ack once more, with the next. */
  readonly repeatsAnswers: boolean;
  /** Index of the fault that keeps the snapshot store out of this node's reach; null: none does. */
  readonly storeCutBy: number | null;
}

/** What every link is like without any fault, microseconds. */
export interface LinkNature {
  readonly latencyUs: number;
  readonly jitterUs: number;
}

export function clearConditions(nature: LinkNature): NodeConditions {
  return {
    ...nature,
    stallPerMille: 0,
    stallUs: 0,
    bytesPerSecond: 0,
    upCutBy: null,
    downCutBy: null,
    diskIsFull: false,
    diskLies: false,
    corruptsBodies: false,
    repeatsAnswers: false,
    storeCutBy: null,
  };
}

/** Conditions under one more fault. Latencies add up; of two bandwidths the narrower one holds. */
export function worsen(before: NodeConditions, fault: TwinFault, index: number): NodeConditions {
  switch (fault.kind) {
    case 'link-latency':
      return {
        ...before,
        latencyUs: before.latencyUs + fault.latencyMs * 1_000,
        jitterUs: before.jitterUs + fault.jitterMs * 1_000,
      };
    case 'link-partition':
      return {
        ...before,
        upCutBy: before.upCutBy ?? index,
        downCutBy: before.downCutBy ?? index,
      };
    case 'link-one-way':
      return fault.blocked === 'to-node'
        ? { ...before, downCutBy: before.downCutBy ?? index }
        : { ...before, upCutBy: before.upCutBy ?? index };
    case 'link-loss':
      return {
        ...before,
        stallPerMille: Math.max(before.stallPerMille, fault.perMille),
        stallUs: Math.max(before.stallUs, fault.stallMs * 1_000),
      };
    case 'link-bandwidth': {
      const { bytesPerSecond } = before;
      const narrower =
        bytesPerSecond === 0
          ? fault.bytesPerSecond
          : Math.min(bytesPerSecond, fault.bytesPerSecond);
      return { ...before, bytesPerSecond: narrower };
    }
    case 'disk-full':
      return { ...before, diskIsFull: true };
    case 'disk-lies':
      return { ...before, diskLies: true };
    case 'push-corrupted':
      return { ...before, corruptsBodies: true };
    case 'answers-repeated':
      return { ...before, repeatsAnswers: true };
    case 'store-cut':
      return { ...before, storeCutBy: before.storeCutBy ?? index };
    default:
      return before;
  }
}

import type { NodeId } from '../config/ids.ts';
import { addMicros, MICROS_PER_MS, type Micros } from '../ports/clock.ts';
import type { RandomStream } from '../ports/random.ts';
import type { NodeToControlPlane } from '../protocol/node-link.ts';
import type { AgentProfile } from './agent-profiles.ts';
import type { NodeEffect, NodeLinkEnd, NodeTimer } from './node-events.ts';
import type { NodeLog } from './node-log.ts';
import type { LinkPhase, NodePhase, PushOutcome, ToldTarget } from './node-state.ts';
import type { SharedWork } from './shared-work.ts';

/** When a node without a welcome reads the snapshot store, milliseconds before jitter. */
export interface SnapshotTiming {
  /** For the first time. */
  readonly afterMs: number;
  /** And again. */
  readonly everyMs: number;
}

/** Everything one node knows, and the effects of the event that it handles. The rules share it. */
export interface NodeCore {
  readonly nodeId: NodeId;
  readonly cell: string;
  readonly agent: AgentProfile;
  readonly random: RandomStream;
  /** A stream of their own, so that how often they are sent changes no other draw. */
  readonly heartbeatRandom: RandomStream;
  /** For what a node does by itself, so that it shifts no draw of its links. */
  readonly upkeepRandom: RandomStream;
  readonly scrubPeriodMs: number;
  readonly work: SharedWork;
  /** Null: there is no snapshot store to read. */
  readonly snapshots: SnapshotTiming | null;
  readonly log: NodeLog;
  readonly counters: {
    reconnects: number;
    pushesApplied: number;
    pushesRejected: number;
    badFrames: number;
  };
  phase: NodePhase;
  /** Names this run of the process. */
  bootId: number;
  /** Failed tries since the last `welcome`. */
  failures: number;
  /** Times in a row that the control plane said `retry-later` and nothing of use. */
  deferrals: number;
  /** Times in a row that the disk refused a config. */
  storageFailures: number;
  /** What is amiss with the snapshot store, as it was said last; null: nothing. */
  storeTrouble: string | null;
  /** The snapshot store was asked, and has not answered. */
  isReadingStore: boolean;
  /** Whether a welcome came since the node booted. */
  welcomed: boolean;
  linkIds: number;
  tokens: number;
  /** What `hello` stated is no longer true: said again as soon as the link is open. */
  restate: boolean;
  verifiedAt: Micros | null;
  told: ToldTarget | null;
  lastPush: PushOutcome | null;
  lastClose: string | null;
  out: NodeEffect[];
}

/** Null while there is none. */
export function linkIdOf(link: LinkPhase): number | null {
  return link.kind === 'waiting' ? null : link.linkId;
}

export function send(node: NodeCore, linkId: number, message: NodeToControlPlane): void {
  const running = node.phase.kind === 'running' ? node.phase.link : null;
  if (running === null || linkIdOf(running) !== linkId) return;
  node.out.push({ type: 'send', linkId, message });
}

export function closeLink(node: NodeCore, link: LinkPhase, reason: NodeLinkEnd): void {
  const linkId = linkIdOf(link);
  if (linkId !== null) node.out.push({ type: 'close-link', linkId, reason });
}

export function setTimer(node: NodeCore, timer: NodeTimer, at: Micros): void {
  node.out.push({ type: 'set-timer', timer, at });
}

export function clearTimer(node: NodeCore, timer: NodeTimer): void {
  node.out.push({ type: 'clear-timer', timer });
}

/** Sets a timer `delayMs` from now. */
export function setTimerIn(node: NodeCore, timer: NodeTimer, delayMs: number, now: Micros): void {
  setTimer(node, timer, addMicros(now, delayMs * MICROS_PER_MS));
}

export function note(node: NodeCore, text: string, now: Micros): void {
  node.log.add(now, text);
  node.out.push({ type: 'note', text });
}

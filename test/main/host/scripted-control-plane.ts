import { writeFileSync } from 'node:fs';
import type { Lineage, NodeId, Revision, RootHash } from '../../../core/config/ids.ts';
import { SYNC_STATUSES, type SyncStatus } from '../../../core/fleet/frame.ts';
import { micros } from '../../../core/ports/clock.ts';
import type {
  Belief,
  ControlPlaneCommand,
  ControlPlaneRequest,
  ConvergenceReport,
} from '../../../core/protocol/control-plane-control.ts';
import type { ScriptedChild } from './scripted-spawner.ts';

export const LINEAGE = '00'.repeat(16) as Lineage;

export function scriptedHash(revision: number): RootHash {
  return String(revision).padStart(64, '0') as RootHash;
}

export function scriptedRecord(revision: number) {
  return {
    revision,
    parent: revision === 1 ? null : revision - 1,
    generation: revision,
    rootHash: scriptedHash(revision),
    author: 'ada',
    message: 'm',
    createdAt: micros(0),
    origin: { kind: 'publish' },
    resources: 1,
    changed: 1,
    sourceBytes: 1,
  };
}

/** What a scripted control plane believes when its head is `revision` and nodes stand as given. */
export function scriptedBelief(revision: number, statuses: readonly SyncStatus[]): Belief {
  const count = (status: SyncStatus) => statuses.filter((one) => one === status).length;
  return {
    atMs: 0,
    inventoryVersion: 1,
    syncStatus: Uint8Array.from(statuses, (status) => SYNC_STATUSES.indexOf(status)),
    head: {
      revision: revision as Revision,
      generation: revision,
      rootHash: scriptedHash(revision),
      lineage: LINEAGE,
    },
    counts: {
      inventory: statuses.length,
      connected: statuses.length,
      acknowledged: count('SYNCED'),
      rejected: count('ERROR'),
      ahead: 0,
    },
    load: {
      connections: 0,
      handshakesPending: 0,
      pushesInFlight: 0,
      fullPushesQueued: 0,
      pushesDelta: 0,
      pushesFull: 0,
      bytesSent: 0,
      acks: 0,
      nacks: 0,
      staleNonces: 0,
      retryLaters: 0,
      closedByReason: {},
      publishMsLast: null,
      rssBytes: 0,
      snapshotStore: null,
    },
    convergence: null,
    late: [],
    unforced: [],
  };
}

/** One of two nodes has it. */
export function scriptedReport(revision: number): ConvergenceReport {
  const times = { t50Ms: null, t95Ms: null, t99Ms: null, t100Ms: null };
  const counts = { nodes: 2, reached: 1, bytes: 0, missing: [], curve: [] };
  return {
    revision: revision as Revision,
    publishedAtMs: 0,
    ...times,
    ...counts,
    deadlineMs: 30_000,
    late: false,
  };
}

/** What a scripted control plane has in its file, and what it was asked. */
export interface ScriptedStore {
  head: number;
  nodes: number;
  readonly asked: ControlPlaneRequest[];
  /** Absent: `text of rN`. */
  textOf?: (revision: number) => string;
}

export function scriptedNodeIds(count: number): NodeId[] {
  return Array.from({ length: count }, (_, i) => `cell-a/edge-${i}` as NodeId);
}

/** Has the head and inventory of `store`, the text `text of rN` for rN, and never answers a publish. */
export function scriptedControlPlane(store: ScriptedStore) {
  const read = (revision: number) => ({
    record: scriptedRecord(revision),
    text: store.textOf?.(revision) ?? `text of r${revision}`,
  });
  const answer = (request: ControlPlaneRequest): unknown => {
    if (request.method === 'get-revision') return read(request.revision);
    if (request.method === 'adopt-fleet') {
      store.head += 10;
      return read(store.head);
    }
    if (request.method === 'get-convergence') return scriptedReport(request.revision);
    const revisions = Array.from({ length: store.head }, (_, i) => ({
      ...scriptedRecord(store.head - i),
      convergence: null,
    }));
    return { revisions };
  };
  return (child: ScriptedChild, command: ControlPlaneCommand) => {
    if (command.type === 'shut-down') child.exit({ code: 0, signal: null, lastWords: null });
    if (command.type === 'init') {
      writeFileSync(command.databasePath, 'scripted');
      const inventory = scriptedNodeIds(store.nodes).map((nodeId) => ({
        nodeId,
        cell: 'cell-a',
        provisionedAt: micros(0),
      }));
      const { record, text } = read(store.head);
      const head = { head: record, headText: text, lineage: LINEAGE };
      child.say({ type: 'ready', port: command.port, inventory, ...head });
    }
    if (command.type !== 'request') return;
    store.asked.push(command.request);
    if (command.request.method === 'publish') return;
    const { requestId } = command;
    const response = { ok: true, value: answer(command.request) };
    child.say({ type: 'response', requestId, response });
  };
}

import type { NodeId, Revision } from '../config/ids.ts';
import { type ConvergenceTracker, curveOfRecord, summaryOfRecord } from '../fleet/convergence.ts';
import { ok } from '../lib/result.ts';
import { type Micros, toMs } from '../ports/clock.ts';
import type {
  ConfigStore,
  ConvergenceRecord,
  RevisionRecord,
  RevisionTouch,
} from '../ports/store.ts';
import type {
  ControlPlaneResults,
  ConvergenceReport,
  ConvergenceSummary,
  NodeSync,
  Touch,
} from '../protocol/control-plane-control.ts';
import { type NodeRecord, syncStatusOf, type Target } from './node-record.ts';
import type { NodeRegistry } from './node-registry.ts';
import { loadText, refuseUnknownRevision } from './publisher.ts';
import { type Answered, refuse } from './refuse.ts';
import { unforcedKeys } from './unforced-documents.ts';

/** Convergence of followed revisions from memory, of older ones from what was saved. */
export interface ConvergenceView {
  readonly store: ConfigStore;
  readonly tracker: ConvergenceTracker;
  readonly deadlineUs: number;
}

export function listRevisions(
  view: ConvergenceView,
  query: {
    readonly before?: Revision | undefined;
    readonly limit: number;
    readonly search?: string | undefined;
  },
  now: Micros,
): ControlPlaneResults['list-revisions'] {
  const { before, limit, search } = query;
  const page = before === undefined ? { limit } : { before, limit };
  const records =
    search === undefined
      ? view.store.revisions(page)
      : view.store.searchRevisions({ search, ...page });
  const revisions = records.map((record) => ({
    ...record,
    convergence: convergenceOf(view, record, now),
  }));
  return { revisions };
}

export function getRevision(
  store: ConfigStore,
  revision: Revision,
): Answered<ControlPlaneResults['get-revision']> {
  const record = store.revision(revision);
  const text = loadText(store, revision);
  if (record === null || text === null) return refuseUnknownRevision(revision);
  return ok({ record, text, unforced: unforcedKeys(store, revision) });
}

/** Of the head when no revision is named; of nothing when there is no head. */
export function getBlame(
  store: ConfigStore,
  named: Revision | null,
): Answered<ControlPlaneResults['get-blame']> {
  const revision = named ?? store.head()?.revision ?? null;
  if (revision === null) return ok({ revision: null, resources: [] });
  const touches = store.touches(revision);
  if (touches === null) return refuseUnknownRevision(revision);
  const resources = touches.map(({ key, content, text }) => ({
    key,
    ...touchOf(content),
    text: text === null ? null : touchOf(text),
  }));
  return ok({ revision, resources });
}

function touchOf({ revision, author, at }: RevisionTouch): Touch {
  return { revision, author, atMs: toMs(at) };
}

export function getAudit(store: ConfigStore, limit: number): ControlPlaneResults['get-audit'] {
  const entries = store.auditTail(limit).map(({ at, actor, action, detail }) => ({
    atMs: toMs(at),
    actor,
    action,
    detail,
  }));
  return { entries };
}

export function getConvergence(
  view: ConvergenceView,
  revision: Revision,
  now: Micros,
): Answered<ConvergenceReport> {
  const followed = view.tracker.report(revision, now);
  if (followed !== null) return ok(followed);
  const record = view.store.revision(revision);
  if (record === null) return refuseUnknownRevision(revision);
  const saved = view.store.convergence(revision) ?? nothingKnown(revision);
  const summary = summaryOfRecord(saved, record.createdAt, view.deadlineUs, now);
  return ok({ ...summary, curve: curveOfRecord(saved) });
}

export function getNodeSync(
  registry: NodeRegistry,
  target: Target | null,
  nodeId: NodeId,
): Answered<NodeSync> {
  const node = registry.get(nodeId);
  if (node === undefined) return refuse('unknown-node', `${nodeId} is not in the inventory`);
  return ok({
    nodeId,
    status: syncStatusOf(node, target),
    connected: node.connectionId !== null,
    ahead: registry.isAhead(node),
    target: target === null ? null : { revision: target.revision, hash: target.hash },
    stated: statedBy(node),
    lastNack: lastNackOf(node),
  });
}

function statedBy({ said }: NodeRecord): NodeSync['stated'] {
  if (said.state !== 'serving') return null;
  const { revision, hash } = said.served;
  return { revision, hash, heardAtMs: toMs(said.heardAt) };
}

function lastNackOf({ lastNack }: NodeRecord): NodeSync['lastNack'] {
  if (lastNack === null) return null;
  return { atMs: toMs(lastNack.at), revision: lastNack.revision, ...lastNack.nack };
}

/** Of a revision that is followed, or else as it was saved. */
export function convergenceOf(
  view: ConvergenceView,
  record: RevisionRecord,
  now: Micros,
): ConvergenceSummary | null {
  const followed = view.tracker.summary(record.revision, now);
  if (followed !== null) return followed;
  const saved = view.store.convergence(record.revision);
  return saved === null ? null : summaryOfRecord(saved, record.createdAt, view.deadlineUs, now);
}

function nothingKnown(revision: Revision): ConvergenceRecord {
  return {
    revision,
    nodes: 0,
    reached: 0,
    t50Us: null,
    t95Us: null,
    t99Us: null,
    t100Us: null,
    bytes: 0,
  };
}

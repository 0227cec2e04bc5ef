import type { Micros } from '../ports/clock.ts';
import type { AuditEntry, RevisionRecord } from '../ports/store.ts';
import type { Lineage, NodeId } from './ids.ts';

/** Node names spelled out in one audit entry; the rest is counted. */
const AUDIT_NODES_NAMED_MAX = 20;

/** The audit entries that a store writes by itself, the same in every store. */
export function publishAudit(record: RevisionRecord): AuditEntry {
  const { revision, origin, changed, message } = record;
  const what =
    origin.kind === 'rollback'
      ? `revision ${revision}, back to the content of ${origin.of}`
      : origin.kind === 'adopt'
        ? `revision ${revision}, from what the fleet served as ${origin.servedRevision}`
        : `revision ${revision}`;
  return {
    at: record.createdAt,
    actor: record.author,
    action: origin.kind,
    detail: `${what}, ${changed} changed: ${message}`,
  };
}

/** Nothing when nothing was changed. */
export function inventoryAudit(change: {
  readonly added: readonly NodeId[];
  readonly retired: readonly NodeId[];
  readonly actor: string;
  readonly at: Micros;
}): AuditEntry[] {
  const { added, retired, actor, at } = change;
  const entries: AuditEntry[] = [];
  if (added.length > 0) {
    entries.push({ at, actor, action: 'provision-nodes', detail: nameNodes(added) });
  }
  if (retired.length > 0) {
    entries.push({ at, actor, action: 'retire-nodes', detail: nameNodes(retired) });
  }
  return entries;
}

export function supersedeAudit(lineage: Lineage, actor: string, at: Micros): AuditEntry {
  return { at, actor, action: 'supersede-lineage', detail: lineage };
}

function nameNodes(nodeIds: readonly NodeId[]): string {
  const named = nodeIds.slice(0, AUDIT_NODES_NAMED_MAX).join(', ');
  const rest = nodeIds.length - AUDIT_NODES_NAMED_MAX;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return `${nodeIds.length} ${nodeIds.length === 1 ? 'node' : 'nodes'}: ${named}${more}`;
}

import type { ActiveFault } from '../../core/fault/fault.ts';
import type { ConsoleStatus, NodeDetail } from '../../core/protocol/console-model.ts';
import { formatClock, formatCount, formatRevision } from '../format/format.ts';

/**
 * Why a node does not serve its target, or cannot know whether it does: from the node down to the
 * cause, one sentence each. Empty: there is nothing to explain.
 */
export function explainStaleness(
  detail: NodeDetail,
  status: ConsoleStatus | null,
  faults: readonly ActiveFault[],
  nowMs: number,
): readonly string[] {
  const { row, sync } = detail;
  const reasons: string[] = [];
  if (row.health === 'down') reasons.push('It is not running, so it answers nothing.');
  if (row.lagRevisions > 0) {
    reasons.push(
      `It serves ${formatRevision(row.servingRevision)}, ${formatCount(row.lagRevisions)} behind its target.`,
    );
  }
  const rejection = rejectionOf(detail);
  if (rejection !== null) {
    reasons.push(
      `It rejected r${rejection.revision}: ${rejection.detail.replace(/\.$/, '')}.`,
      'The same is not sent again until the target or the node changes.',
    );
  }
  if (sync?.ahead === true) {
    reasons.push(
      'It serves a newer generation than this control plane knows: an older backup was restored.',
    );
  }
  if (row.link !== 'connected') reasons.push(...explainLink(detail, status, nowMs));
  for (const active of faults) {
    reasons.push(
      active.fault.kind === 'link-partition'
        ? 'A fault cuts its links.'
        : `A fault delays its links by ${formatCount(active.fault.latencyMs)} ms.`,
    );
  }
  return reasons;
}

/** What the node itself says counts first: it is also there while the control plane is down. */
function rejectionOf({
  row,
  inspection,
  sync,
}: NodeDetail): { readonly revision: number; readonly detail: string } | null {
  const push = inspection?.lastPush ?? null;
  if (push !== null) return push.outcome === 'rejected' ? push : null;
  return row.syncStatus === 'ERROR' ? (sync?.lastNack ?? null) : null;
}

function explainLink(
  { inspection, row }: NodeDetail,
  status: ConsoleStatus | null,
  nowMs: number,
): string[] {
  const told = inspection?.verifiedAtMs ?? null;
  const last = told === null ? '' : ` It was last told ${formatClock(nowMs - told)} ago.`;
  const reasons = [`Its control link is not up, so nobody can tell it what is current.${last}`];
  if (status?.controlPlane.state === 'down') {
    const why = status.controlPlane.reason;
    reasons.push(`The control plane is down${why === null ? '' : `: ${why}`}.`);
  }
  if (row.source === 'snapshot-store') {
    reasons.push('It serves what it found in the snapshot store, and looks there now and then.');
  }
  return reasons;
}

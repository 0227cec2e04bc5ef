import { toMs } from '../../core/ports/clock.ts';
import type { RevisionRecord } from '../../core/ports/store.ts';
import type { RevisionRow } from '../../core/protocol/console-model.ts';
import type { ConvergenceSummary } from '../../core/protocol/control-plane-control.ts';

/** A revision as the console API shows it. */
export function revisionRowOf(
  record: RevisionRecord,
  convergence: ConvergenceSummary | null,
): RevisionRow {
  const { origin } = record;
  return {
    revision: record.revision,
    parent: record.parent,
    generation: record.generation,
    rootHash: record.rootHash,
    author: record.author,
    message: record.message,
    publishedAtMs: toMs(record.createdAt),
    origin: origin.kind,
    originOf:
      origin.kind === 'rollback'
        ? origin.of
        : origin.kind === 'adopt'
          ? origin.servedRevision
          : null,
    resources: record.resources,
    changed: record.changed,
    sourceBytes: record.sourceBytes,
    convergence,
  };
}

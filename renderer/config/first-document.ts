import type { ConfigAnalysis, DocumentSummary } from '../workers/config-worker-messages.ts';

/** The document to open before anybody has chosen one: a change of the draft, a route, a Gateway. */
export function firstWorthSeeing(
  analysis: Pick<ConfigAnalysis, 'documents' | 'changes'>,
  hasDraft: boolean,
): DocumentSummary | null {
  const { documents } = analysis;
  const changed = new Set(hasDraft ? analysis.changes.map((change) => change.key) : []);
  return (
    documents.find((document) => changed.has(document.key)) ??
    documents.find((document) => document.kind === 'HTTPRoute') ??
    documents.find((document) => document.kind === 'Gateway') ??
    null
  );
}

import type { ParsedConfig, ParsedDocument } from '../../core/gateway/parse-config.ts';
import { joinDocuments } from '../../core/gateway/parse-config.ts';
import type { RebaseOutcome } from './config-worker-messages.ts';

type PlacedSource = Pick<ParsedDocument, 'key' | 'source'>;

/** Keys whose source differs, is missing or is new on both sides since `base`, and not alike. */
export function overlappingKeys(
  base: ParsedConfig,
  head: ParsedConfig,
  draft: ParsedConfig,
): string[] {
  const baseSources = sourcesByKey(base);
  const headSources = sourcesByKey(head);
  const draftSources = sourcesByKey(draft);
  const out: string[] = [];
  for (const key of new Set([
    ...baseSources.keys(),
    ...headSources.keys(),
    ...draftSources.keys(),
  ])) {
    const was = baseSources.get(key);
    const inHead = headSources.get(key);
    const inDraft = draftSources.get(key);
    if (inHead !== was && inDraft !== was && inHead !== inDraft) out.push(key);
  }
  return out.sort();
}

/**
 * The draft's changes since `base`, put onto `head`: head's documents in head's order, with what the
 * draft changed replaced, what it removed left out, and what it added put behind its predecessor.
 */
export function rebaseDraft(
  base: ParsedConfig,
  head: ParsedConfig,
  draft: ParsedConfig,
): RebaseOutcome {
  const unclear = [base, head, draft].flatMap(unclearKeys);
  if (unclear.length > 0) return { ok: false, reason: 'unreadable', keys: [...new Set(unclear)] };
  const overlap = overlappingKeys(base, head, draft);
  if (overlap.length > 0) return { ok: false, reason: 'overlap', keys: overlap };

  const baseSources = sourcesByKey(base);
  const headSources = sourcesByKey(head);
  const draftSources = sourcesByKey(draft);
  const draftDocuments = new Map(draft.documents.map((document) => [document.key, document]));
  const out: PlacedSource[] = [];
  for (const document of head.documents) {
    const was = baseSources.get(document.key);
    const drafted = draftDocuments.get(document.key);
    if (draftSources.get(document.key) === was) out.push(document);
    else if (drafted !== undefined) out.push(drafted);
  }
  let previous: ParsedDocument | null = null;
  for (const document of draft.documents) {
    const added = !baseSources.has(document.key) && !headSources.has(document.key);
    if (added) insertAfter(out, previous?.key ?? null, document);
    previous = document;
  }
  return { ok: true, text: joinDocuments(out.map((entry) => entry.source)) };
}

function insertAfter(
  out: PlacedSource[],
  previousKey: string | null,
  document: ParsedDocument,
): void {
  const at = previousKey === null ? -1 : out.findIndex((entry) => entry.key === previousKey);
  if (previousKey !== null && at === -1) out.push(document);
  else out.splice(at + 1, 0, document);
}

/** Line ends at the end of a document depend on whether it is the last one, so they do not count. */
function sourcesByKey(config: ParsedConfig): ReadonlyMap<string, string> {
  return new Map(
    config.documents
      .filter((document) => document.name !== '')
      .map((document) => [document.key, document.source.trimEnd()]),
  );
}

/** Documents that cannot be told apart from others: unreadable, nameless, or claiming a taken key. */
export function unclearKeys(config: ParsedConfig): string[] {
  const seen = new Set<string>();
  const unclear: string[] = [];
  for (const { key, name } of config.documents) {
    if (name === '' || seen.has(key)) unclear.push(key);
    seen.add(key);
  }
  return unclear;
}

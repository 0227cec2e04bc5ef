import {
  joinDocuments,
  type ParsedConfig,
  type ParsedDocument,
  parseConfig,
} from '../gateway/parse-config.ts';
import { blocksPublishing } from '../gateway/problem.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { ResourceKey } from './ids.ts';

/** What an import would make of a text, before anything is changed. */
export interface MergedConfig {
  readonly text: string;
  /** Keys that only the incoming text has, in its order. */
  readonly added: readonly ResourceKey[];
  /** In both, with another text. */
  readonly changed: readonly ResourceKey[];
  /** In both, with the same text. */
  readonly same: readonly ResourceKey[];
  /** Only in the base, and still there: all of them by merge, none by replace. */
  readonly kept: readonly ResourceKey[];
  /** Only in the base, and gone: by replace alone. */
  readonly removed: readonly ResourceKey[];
}

/**
 * A text with the documents of another brought in. By `merge` a document takes the place of the one
 * of the same key, the others are appended, and what only the base has stays as it is, byte for byte
 * and in its order. By `replace` the incoming text is the result. A document that cannot be told from
 * others, or stands twice, is refused; the error is a sentence that names it.
 */
export function mergeConfigs(
  base: string,
  incoming: string,
  mode: 'merge' | 'replace',
): Result<MergedConfig, string> {
  const parsed = parseConfig(incoming);
  const refusal = refusalOf(parsed);
  if (refusal !== null) return err(refusal);
  const current = parseConfig(base);
  const tooBroken = mode === 'merge' ? unreadableBase(current) : null;
  if (tooBroken !== null) return err(tooBroken);
  const byKey = new Map(parsed.documents.map((document) => [document.key, document]));
  const baseKeys = new Set(current.documents.map(({ key }) => key));
  const both = new Set(
    current.documents.filter((each) => byKey.has(each.key)).map(({ key }) => key),
  );
  const isSame = new Set(
    current.documents
      .filter(({ key, source }) => sameText(byKey.get(key)?.source, source))
      .map(({ key }) => key),
  );
  const onlyBase = [...baseKeys].filter((key) => !byKey.has(key));
  const added = parsed.documents.filter(({ key }) => !baseKeys.has(key));
  return ok({
    text: mode === 'replace' ? incoming : merged(base, current, byKey, added, isSame),
    added: added.map(({ key }) => key),
    changed: [...both].filter((key) => !isSame.has(key)),
    same: [...both].filter((key) => isSame.has(key)),
    kept: mode === 'merge' ? onlyBase : [],
    removed: mode === 'replace' ? onlyBase : [],
  });
}

/**
 * The draft with single resources as another text has them: put back in their place, appended where
 * the draft has lost them, and taken out where the other text has none. All else stays as it is.
 */
export function restoreResources(
  draft: string,
  from: string,
  keys: readonly ResourceKey[],
): Result<string, string> {
  const wanted = new Set(keys);
  const before = new Map<ResourceKey, string>();
  for (const { key, source } of parseConfig(from).documents) {
    if (wanted.has(key) && !before.has(key)) before.set(key, source);
  }
  const documents = parseConfig(draft).documents;
  if (documents.length === 0 && draft.trim() !== '' && isRefused(draft)) {
    const message = 'The draft cannot be read, so nothing can be put back into it; mend it first.';
    return err(message);
  }
  const missing = [...before].filter(([key]) => !documents.some((each) => each.key === key));
  const isUntouched = documents.every(
    ({ key, source }) => !wanted.has(key) || before.get(key) === source,
  );
  if (isUntouched && missing.length === 0) return ok(draft);
  const placed = new Set<ResourceKey>();
  const sources: string[] = [];
  for (const { key, source } of documents) {
    if (!wanted.has(key)) sources.push(source);
    else if (!placed.has(key)) {
      placed.add(key);
      const old = before.get(key);
      if (old !== undefined) sources.push(sameText(old, source) ? source : old);
    }
  }
  return ok(joinDocuments([...sources, ...missing.map(([, source]) => source)]));
}

/** A text of comments only has no documents either, and is no reason to refuse. */
function isRefused(text: string): boolean {
  return blocksPublishing(parseConfig(text).problems);
}

function merged(
  base: string,
  current: ParsedConfig,
  byKey: ReadonlyMap<ResourceKey, ParsedDocument>,
  added: readonly ParsedDocument[],
  isSame: ReadonlySet<ResourceKey>,
): string {
  const isTouched =
    added.length > 0 || current.documents.some(({ key }) => byKey.has(key) && !isSame.has(key));
  if (!isTouched) return base;
  const sources = current.documents.map(({ key, source }) =>
    isSame.has(key) ? source : (byKey.get(key)?.source ?? source),
  );
  const text = joinDocuments([...sources, ...added.map(({ source }) => source)]);
  // Comments of a text without any document have none to stay with.
  return current.documents.length === 0 && base.trim() !== '' ? `${endLine(base)}${text}` : text;
}

function endLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** The last line feed depends on where in its text a document stood. */
function sameText(a: string | undefined, b: string): boolean {
  if (a === undefined) return false;
  return a === b || endLine(a) === endLine(b);
}

function refusalOf({ documents, problems }: ParsedConfig): string | null {
  if (documents.length === 0) {
    return problems[0]?.message ?? null;
  }
  const seen = new Map<ResourceKey, ParsedDocument>();
  for (const document of documents) {
    const earlier = seen.get(document.key);
    if (earlier !== undefined) {
      return `${document.key} stands twice in what is to be imported, at lines ${earlier.startLine} and ${document.startLine}; remove one.`;
    }
    seen.set(document.key, document);
    const unreadable = unreadableDocument(document);
    if (unreadable !== null) return unreadable;
  }
  return null;
}

/** A document without a name of its own cannot be told from others. */
function unreadableDocument({ key, startLine, problems }: ParsedDocument): string | null {
  if (!key.startsWith('unreadable!')) return null;
  const why = problems.find(({ severity }) => severity === 'error')?.message ?? '';
  return `The document at line ${startLine} cannot be imported: ${why || 'it cannot be read.'}`;
}

/** Which documents of the base are replaced cannot be told when it is not read as documents at all. */
function unreadableBase({ documents, problems }: ParsedConfig): string | null {
  const problem = problems[0];
  if (documents.length > 0 || problem === undefined) return null;
  return `The config cannot be merged into: ${problem.message}`;
}

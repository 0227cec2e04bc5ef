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
  const isTwice = mode === 'merge' ? standsTwice(current, byKey, 'the config') : null;
  if (isTwice !== null) return err(isTwice);
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
 * The draft with single resources as another text has them: put back in their place, and where the
 * draft has lost them, next to the neighbour that they had, or else at the end. What the other text
 * does not have is taken out. All else stays as it is. A resource that stands twice is refused, as
 * nobody can tell which is meant.
 */
export function restoreResources(
  draft: string,
  from: string,
  keys: readonly ResourceKey[],
): Result<string, string> {
  const wanted = new Set(keys);
  const old = parseConfig(from);
  const current = parseConfig(draft);
  if (current.documents.length === 0 && draft.trim() !== '' && blocksPublishing(current.problems)) {
    const message = 'The draft cannot be read, so nothing can be put back into it; mend it first.';
    return err(message);
  }
  const twice =
    standsTwice(old, wanted, 'the revision') ?? standsTwice(current, wanted, 'the draft');
  if (twice !== null) return err(twice);
  const before = new Map(old.documents.map(({ key, source }) => [key, source]));
  const present = new Set(current.documents.map(({ key }) => key));
  const missing = old.documents.filter(({ key }) => wanted.has(key) && !present.has(key));
  const isUntouched = current.documents.every(
    ({ key, source }) => !wanted.has(key) || before.get(key) === source,
  );
  if (isUntouched && missing.length === 0) return ok(draft);
  const placed: Placed[] = [];
  for (const { key, source } of current.documents) {
    const restored = wanted.has(key) ? before.get(key) : source;
    if (restored === undefined) continue;
    placed.push({ key, source: sameText(restored, source) ? source : restored });
  }
  const order = old.documents.map(({ key }) => key);
  putBack(placed, missing, order);
  return ok(joinDocuments(placed.map(({ source }) => source)));
}

type Placed = Pick<ParsedDocument, 'key' | 'source'>;

/** Behind the one that it stood behind, or before the one that it stood before, or at the end. */
function putBack(
  placed: Placed[],
  missing: readonly Placed[],
  order: readonly ResourceKey[],
): void {
  const waiting = new Map(missing.map((document) => [document.key, document]));
  const follow = new Map(order.map((key, at) => [key, waiting.get(order[at + 1] ?? key)]));
  const out: Placed[] = [];
  const place = (document: Placed) => {
    let at: Placed | undefined = document;
    while (at !== undefined) {
      out.push(at);
      waiting.delete(at.key);
      const next: Placed | undefined = follow.get(at.key);
      at = next !== undefined && waiting.has(next.key) ? next : undefined;
    }
  };
  const first = waiting.get(order[0] ?? ('' as ResourceKey));
  const second = order.find((key) => !waiting.has(key));
  for (const document of placed) {
    // What stood first has none to stand behind.
    if (first !== undefined && waiting.has(first.key) && document.key === second) place(first);
    place(document);
  }
  for (const document of missing) if (waiting.has(document.key)) place(document);
  placed.splice(0, placed.length, ...out);
}

function standsTwice(
  { documents }: ParsedConfig,
  wanted: { has(key: ResourceKey): boolean },
  where: string,
): string | null {
  const seen = new Map<ResourceKey, number>();
  for (const { key, startLine } of documents) {
    const earlier = seen.get(key);
    if (wanted.has(key) && earlier !== undefined) {
      return `${key} stands twice in ${where}, at lines ${earlier} and ${startLine}, so it cannot be told which one is meant; remove one first.`;
    }
    seen.set(key, startLine);
  }
  return null;
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

import type { ResourceKey } from '../config/ids.ts';
import { CONFIG_TEXT_BYTES_MAX } from '../protocol/limits.ts';
import { checkReferences, ReferenceMemory, type ReferenceSubject } from './check-references.ts';
import { checkText, refused } from './check-text.ts';
import type { JsonObject } from './json.ts';
import { isPushed, resourceKey } from './kinds.ts';
import { parseDocument, type ReadDocument, reporter } from './parse-document.ts';
import { CONFIG_PATTERN_COST_MAX } from './pattern-cost.ts';
import type { Problem } from './problem.ts';
import { readYaml } from './read-yaml.ts';
import { type DocumentSource, joinSources, splitDocuments } from './split-documents.ts';

/** Documents in one text; each costs time even when it is nearly empty. */
export const CONFIG_DOCUMENTS_MAX = 20_000;
/** Problems reported of one text; the last one then says how many more there are. */
export const CONFIG_PROBLEMS_MAX = 1_000;
/** Texts that a cache holds, in characters together. */
const CACHE_CHARS_MAX = 32 * 1024 * 1024;

/** A UTF-16 unit is at most so many bytes of UTF-8. */
const UTF8_BYTES_PER_UNIT_MAX = 3;

/** One document of a config text. */
export interface ParsedDocument {
  /**
   * `Kind/namespace/name`; unknown kinds `apiVersion!Kind/namespace/name`; what cannot be read has a
   * key made from its position.
   */
  readonly key: ResourceKey;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** False: kept and exported, never hashed or pushed. */
  readonly known: boolean;
  /** Known and sent to nodes. A RequestSuite is known and not pushed. */
  readonly pushed: boolean;
  /** Exact text of the document, without the bare `---` lines around it. */
  readonly source: string;
  /** Of the whole text, from 1. */
  readonly startLine: number;
  /** Without `status`; null when the kind is unknown or the document cannot be read. */
  readonly body: JsonObject | null;
  readonly problems: readonly Problem[];
}

export interface ParsedConfig {
  readonly documents: readonly ParsedDocument[];
  /** Of shape, meaning and references, sorted by line of the whole text. */
  readonly problems: readonly Problem[];
}

/**
 * Remembers what documents say, by their text, so that only changed ones are parsed again. Forgets
 * the least recently used beyond its bounds.
 */
export class DocumentCache {
  readonly #entries = new Map<string, ReadDocument>();
  readonly #entriesMax: number;
  #chars = 0;
  /** What was made of what was read, where nothing was found wrong. */
  readonly sound = new WeakMap<ReadDocument, ParsedDocument>();
  /** What references were found to be, when only some documents have changed. */
  readonly references = new ReferenceMemory();
  /** The text that was parsed last as a whole: it is checked, and then published. */
  last: { readonly text: string; readonly parsed: ParsedConfig } | null = null;

  constructor(entriesMax: number = CONFIG_DOCUMENTS_MAX) {
    this.#entriesMax = entriesMax;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Whether it was read before, of a text that could be a config. */
  holds(source: string): boolean {
    return this.#entries.has(source);
  }

  read(source: string): ReadDocument {
    const held = this.#entries.get(source);
    if (held !== undefined) {
      this.#entries.delete(source);
      this.#entries.set(source, held);
      return held;
    }
    const read = parseDocument(source);
    this.#entries.set(source, read);
    this.#chars += source.length;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#entriesMax && this.#chars <= CACHE_CHARS_MAX) break;
      this.#entries.delete(oldest);
      this.#chars -= oldest.length;
    }
    return read;
  }
}

/**
 * Reads a multi-document YAML text and checks it in three stages: shape, meaning, references. Never
 * throws: what is wrong is a `Problem`. A text that is too large or binary yields one error and no
 * documents; one bad document does not stop the others, but references are judged only when all
 * can be read.
 */
export function parseConfig(text: string, cache?: DocumentCache): ParsedConfig {
  const last = cache?.last ?? null;
  if (last !== null && last.text === text) return last.parsed;
  const parsed = parseAnew(text, cache);
  if (cache !== undefined) cache.last = { text, parsed };
  return parsed;
}

function parseAnew(text: string, cache: DocumentCache | undefined): ParsedConfig {
  const isSmall = text.length <= CONFIG_TEXT_BYTES_MAX / UTF8_BYTES_PER_UNIT_MAX;
  const split = isSmall && cache !== undefined ? splitDocuments(text) : null;
  const isKnownText = split !== null && cache !== undefined && isText(split, cache);
  const refusal = isKnownText ? null : checkText(text);
  if (refusal !== null) return { documents: [], problems: [refusal] };
  const sources = split ?? splitDocuments(text);
  if (sources.length > CONFIG_DOCUMENTS_MAX) {
    const message = `This text holds ${sources.length} documents; at most ${CONFIG_DOCUMENTS_MAX} are read. Split the config.`;
    return { documents: [], problems: [refused('too-many-documents', message)] };
  }
  const drafts: DocumentDraft[] = [];
  let patternCost = 0;
  for (const place of sources) {
    const read = cache?.read(place.source) ?? parseDocument(place.source);
    patternCost += read.patternCost ?? 0;
    if (patternCost > CONFIG_PATTERN_COST_MAX) {
      const message =
        'The regular expressions of this text are too large together to be compiled; use fewer repetitions, or split the config.';
      return { documents: [], problems: [refused('too-many-patterns', message)] };
    }
    drafts.push(draftDocument(place, drafts.length, read, cache?.sound.get(read)));
  }
  addDuplicates(drafts);
  // What cannot be read may be just what the others refer to: one slip would be told forty times.
  if (!drafts.some(isLost)) checkReferences(drafts, cache?.references);
  const documents = drafts.map((draft) => finish(draft, cache));
  const problems = documents.flatMap((document) => document.problems).sort(byPlace);
  return { documents, problems: bounded(problems) };
}

/**
 * Whether every document of a text that is not too large passes `checkText`: then all of it does, for
 * beside documents there is only what separates them. Those that were read before have passed.
 */
function isText(sources: readonly DocumentSource[], cache: DocumentCache): boolean {
  if (sources.length === 0) return false;
  return sources.every(({ source }) => cache.holds(source) || checkText(source) === null);
}

/**
 * Puts documents together again: a text that splits into exactly these sources, in this order. A
 * source that lacks its last line feed gets one, unless it is the last.
 */
export function joinDocuments(sources: readonly string[]): string {
  return joinSources(sources);
}

/** A document whose problems are still being collected, with lines within the document. */
interface DocumentDraft extends ReferenceSubject {
  readonly startLine: number;
}

/** @param sound what the same document was before; its key does not depend on its place */
function draftDocument(
  { source, startLine }: DocumentSource,
  index: number,
  read: ReadDocument,
  sound: ParsedDocument | undefined,
): DocumentDraft {
  const key = sound === undefined || read.identity === null ? keyOf(read, index) : sound.key;
  return { source: sound?.source ?? source, startLine, key, read, problems: [...read.problems] };
}

function keyOf(read: ReadDocument, index: number): ResourceKey {
  const { identity, known } = read;
  if (identity === null) return `unreadable!/${index + 1}` as ResourceKey;
  if (known !== null) return resourceKey(known, identity.namespace, identity.name);
  const { apiVersion, kind, namespace, name } = identity;
  return `${apiVersion}!${kind}/${namespace}/${name}` as ResourceKey;
}

/**
 * Neither a resource that can be used nor one of a kind that is kept as it is: of those some have no
 * name, as a List, and nothing blocks publishing in the place of what is not judged then.
 */
function isLost({ read }: DocumentDraft): boolean {
  const { body, identity, known, problems } = read;
  if (body !== null || (identity !== null && known === null)) return false;
  return problems.some(({ severity }) => severity === 'error');
}

function addDuplicates(drafts: readonly DocumentDraft[]): void {
  const first = new Map<ResourceKey, DocumentDraft>();
  for (const draft of drafts) {
    const earlier = first.get(draft.key);
    if (earlier === undefined) {
      first.set(draft.key, draft);
      continue;
    }
    const name = draft.read.identity?.name ?? '';
    const reading = readYaml(draft.source);
    reporter(reading, draft.problems)(
      'error',
      'duplicate-name',
      '/metadata/name',
      `${draft.read.identity?.kind ?? 'Resource'} "${name}" was already defined in the document at line ${firstContentLine(earlier)}; rename or remove one.`,
    );
  }
}

function finish(draft: DocumentDraft, cache: DocumentCache | undefined): ParsedDocument {
  const { source, startLine, key, read } = draft;
  const isSound = draft.problems.length === 0;
  const before = cache?.sound.get(read);
  if (isSound && before?.startLine === startLine && before.key === key) return before;
  const known = read.known !== null;
  const resource = read.identity === null ? null : key;
  const problems = draft.problems.map((problem) => ({
    ...problem,
    line: problem.line + startLine - 1,
    resource,
  }));
  const finished: ParsedDocument = {
    key,
    kind: read.identity?.kind ?? '',
    namespace: read.identity?.namespace ?? '',
    name: read.identity?.name ?? '',
    known,
    pushed: read.known !== null && isPushed(read.known),
    source,
    startLine,
    body: read.body,
    problems: problems.sort(byPlace),
  };
  if (isSound) cache?.sound.set(read, finished);
  return finished;
}

function firstContentLine(place: DocumentSource): number {
  const lines = place.source.split('\n');
  const offset = lines.findIndex((line) => /^[^\s#-]/.test(line.replace(/^\uFEFF/, '')));
  return place.startLine + Math.max(0, offset);
}

function byPlace(a: Problem, b: Problem): number {
  return a.line - b.line || a.column - b.column;
}

/** Errors first, so that a flood of warnings never hides what blocks publishing. */
function bounded(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= CONFIG_PROBLEMS_MAX) return problems;
  const errors = problems.filter((problem) => problem.severity === 'error');
  const others = problems.filter((problem) => problem.severity !== 'error');
  const kept = [...errors, ...others].slice(0, CONFIG_PROBLEMS_MAX - 1).sort(byPlace);
  const last = kept.at(-1);
  const message = `${problems.length - kept.length} more problems are not shown; mend some of these first.`;
  kept.push({
    ...refused('more-problems', message, last?.line ?? 1, last?.column ?? 1),
    severity: errors.length > 0 ? 'error' : 'warning',
  });
  return kept;
}

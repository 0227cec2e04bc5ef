import type { ResourceKey } from '../config/ids.ts';
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
  /** What references were found to be, when only some documents have changed. */
  readonly references = new ReferenceMemory();

  constructor(entriesMax: number = CONFIG_DOCUMENTS_MAX) {
    this.#entriesMax = entriesMax;
  }

  get size(): number {
    return this.#entries.size;
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
  const refusal = checkText(text);
  if (refusal !== null) return { documents: [], problems: [refusal] };
  const sources = splitDocuments(text);
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
    drafts.push(draftDocument(place, drafts.length, read));
  }
  addDuplicates(drafts);
  // What cannot be read may be just what the others refer to: one slip would be told forty times.
  if (!drafts.some(isLost)) checkReferences(drafts, cache?.references);
  const documents = drafts.map(finish);
  const problems = documents.flatMap((document) => document.problems).sort(byPlace);
  return { documents, problems: bounded(problems) };
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

function draftDocument(place: DocumentSource, index: number, read: ReadDocument): DocumentDraft {
  return { ...place, key: keyOf(read, index), read, problems: [...read.problems] };
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

function finish(draft: DocumentDraft): ParsedDocument {
  const { source, startLine, key, read } = draft;
  const known = read.known !== null;
  const resource = read.identity === null ? null : key;
  const problems = draft.problems.map((problem) => ({
    ...problem,
    line: problem.line + startLine - 1,
    resource,
  }));
  return {
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

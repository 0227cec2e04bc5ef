import { diffConfigs } from '../../core/config/diff-config.ts';
import type { ResourceKey } from '../../core/config/ids.ts';
import {
  type MergedConfig,
  mergeConfigs,
  restoreResources,
} from '../../core/config/merge-configs.ts';
import type { ParsedDocument } from '../../core/gateway/parse-config.ts';
import { DocumentCache, type ParsedConfig, parseConfig } from '../../core/gateway/parse-config.ts';
import type { Problem } from '../../core/gateway/problem.ts';
import type { GatewayRequest } from '../../core/gateway/route.ts';
import type { Result } from '../../core/lib/result.ts';
import type {
  ConfigAnalysis,
  ConfigPreview,
  DocumentSummary,
  ExplainedRequest,
  FoundSource,
  ImportPreview,
  ReferenceName,
  RequestComparison,
} from './config-worker-messages.ts';
import { describeDocument } from './describe-document.ts';
import { formReferencesOf } from './form-references.ts';
import { listenerRoutesOf } from './listener-routes.ts';
import {
  findConflicts,
  type MergeChoices,
  type MergeOutcome,
  mergeDraft,
  unclearKeys,
} from './merge-draft.ts';
import { type Renaming, renameResource } from './rename-resource.ts';
import { createRequestComparer } from './request-comparer.ts';

/** Documents whose parse is kept: the draft's, its base's and the head's largely coincide. */
const CACHED_DOCUMENTS_MAX = 20_000;
/** Kinds named in a preview; the rest is counted. */
const UNKNOWN_KINDS_NAMED_MAX = 8;

interface Reference {
  readonly text: string;
  readonly parsed: ParsedConfig;
}

export interface ConfigAnalyzer {
  setReference(name: ReferenceName, text: string | null): void;
  analyze(text: string): ConfigAnalysis;
  preview(text: string, into: string): ConfigPreview;
  rebase(text: string, choices: MergeChoices): MergeOutcome;
  findSource(name: ReferenceName, key: string): FoundSource | null;
  rename(text: string, key: string, name: string): Result<Renaming, string>;
  restore(text: string, from: string, keys: readonly ResourceKey[]): Result<string, string>;
  compareRequests(text: string, atMs: number): RequestComparison;
  explain(
    text: string,
    request: GatewayRequest,
    context: { readonly cell: string; readonly atMs: number },
  ): ExplainedRequest;
}

/** Parses and compares config; keeps parsed documents, so that only what changed is parsed again. */
export function createConfigAnalyzer(): ConfigAnalyzer {
  const cache = new DocumentCache(CACHED_DOCUMENTS_MAX);
  const references: Record<ReferenceName, Reference | null> = { head: null, base: null };
  const comparer = createRequestComparer();
  const describe = createDescriber();
  let newest: Reference | null = null;

  function parse(text: string): ParsedConfig {
    if (newest?.text === text) return newest.parsed;
    const parsed = parseConfig(text, cache);
    newest = { text, parsed };
    return parsed;
  }

  return {
    setReference(name, text) {
      references[name] = text === null ? null : { text, parsed: parseConfig(text, cache) };
    },
    analyze(text) {
      const { head, base } = references;
      const parsed = parse(text);
      return {
        documents: summarize(parsed, describe),
        problems: parsed.problems,
        changes: head === null ? [] : diffConfigs(head.parsed, parsed),
        textBytes: utf8Bytes(text),
        sameAsHead: head !== null && head.text === text,
        divergence:
          head === null || base === null || base.text === head.text
            ? null
            : divergenceOf(base.parsed, head.parsed, parsed),
        attachments: listenerRoutesOf(parsed),
        references: formReferencesOf(parsed),
      };
    },
    preview: (text, into) => ({
      ...previewOf(text, parseConfig(text, cache), references.head),
      ...importPreviews(text, into),
    }),
    rebase(text, choices) {
      const { head, base } = references;
      if (head === null || base === null) return { ok: false, reason: 'no-base', keys: [] };
      return mergeDraft(base.parsed, head.parsed, parse(text), choices);
    },
    findSource: (name, key) => sourceIn(references[name]?.parsed ?? null, key),
    rename: (text, key, name) => renameResource(parse(text), key, name),
    restore: (text, from, keys) => restoreResources(text, from, keys),
    compareRequests: (text, atMs) =>
      comparer.compare(references.head?.parsed ?? null, parse(text), atMs),
    explain: (text, request, context) =>
      comparer.explain(references.head?.parsed ?? null, parse(text), request, context),
  };
}

function divergenceOf(
  base: ParsedConfig,
  head: ParsedConfig,
  draft: ParsedConfig,
): ConfigAnalysis['divergence'] {
  const conflicts = findConflicts(base, head, draft);
  return {
    headChanges: diffConfigs(base, head),
    overlapping: conflicts.map((conflict) => conflict.key),
    conflicts,
    unclear: unclearKeys(draft),
  };
}

function sourceIn(parsed: ParsedConfig | null, key: string): FoundSource | null {
  const documents = parsed?.documents ?? [];
  const index = documents.findIndex((document) => document.key === key);
  const found = documents[index];
  if (found === undefined) return null;
  return { source: found.source, previousKey: documents[index - 1]?.key ?? null };
}

/** Describes each body once: of a thousand documents a keystroke changes one. */
function createDescriber(): (document: ParsedDocument) => DocumentSummary {
  const described = new WeakMap<object, DocumentSummary>();
  return (document) => {
    if (document.body === null) return describeDocument(document);
    const held = described.get(document.body);
    if (held !== undefined) return { ...held, startLine: document.startLine };
    const fresh = describeDocument(document);
    described.set(document.body, fresh);
    return fresh;
  };
}

function importPreviews(
  text: string,
  into: string,
): Pick<ConfigPreview, 'merged' | 'mergeProblem' | 'replaced'> {
  const merged = mergeConfigs(into, text, 'merge');
  const replaced = mergeConfigs(into, text, 'replace');
  return {
    merged: merged.ok ? importPreview(merged.value, merged.value.text) : null,
    mergeProblem: merged.ok ? null : merged.error,
    replaced: replaced.ok ? importPreview(replaced.value, null) : null,
  };
}

function importPreview(merged: MergedConfig, text: string | null): ImportPreview {
  const { added, changed, same, kept, removed } = merged;
  return {
    text,
    added: added.length,
    changed: changed.length,
    kept: kept.length + same.length,
    removed: removed.length,
  };
}

function previewOf(
  text: string,
  parsed: ParsedConfig,
  head: Reference | null,
): Omit<ConfigPreview, 'merged' | 'mergeProblem' | 'replaced'> {
  const unreadable = parsed.documents.filter((document) => document.kind === '').length;
  const unknown = parsed.documents.filter((document) => !document.known && document.kind !== '');
  const kinds = [...new Set(unknown.map((document) => document.kind))];
  const errors = parsed.problems.filter((problem) => problem.severity === 'error');
  return {
    resources: parsed.documents.length - unknown.length - unreadable,
    unknown: unknown.length,
    unreadable,
    unknownKinds: kinds.slice(0, UNKNOWN_KINDS_NAMED_MAX),
    errors: errors.length,
    warnings: parsed.problems.filter((problem) => problem.severity === 'warning').length,
    firstError: errors[0] ?? null,
    textBytes: utf8Bytes(text),
    changes: head === null ? null : diffConfigs(head.parsed, parsed),
  };
}

function summarize(
  parsed: ParsedConfig,
  describe: (document: ParsedDocument) => DocumentSummary,
): DocumentSummary[] {
  const counts = countByDocument(parsed);
  return parsed.documents.map((document, index) => {
    const count = counts[index] ?? { errors: 0, warnings: 0 };
    return { ...describe(document), ...count };
  });
}

/** A problem belongs to the last document that starts at or before its line. */
function countByDocument(parsed: ParsedConfig): { errors: number; warnings: number }[] {
  const counts = parsed.documents.map(() => ({ errors: 0, warnings: 0 }));
  for (const problem of parsed.problems) {
    const count = counts[documentAt(parsed, problem)];
    if (count === undefined) continue;
    if (problem.severity === 'error') count.errors += 1;
    if (problem.severity === 'warning') count.warnings += 1;
  }
  return counts;
}

function documentAt(parsed: ParsedConfig, problem: Problem): number {
  let low = 0;
  let high = parsed.documents.length - 1;
  let found = -1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const document = parsed.documents[middle];
    if (document !== undefined && document.startLine <= problem.line) {
      found = middle;
      low = middle + 1;
    } else high = middle - 1;
  }
  return found;
}

function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}

import { diffConfigs } from '../../core/config/diff-config.ts';
import { DocumentCache, type ParsedConfig, parseConfig } from '../../core/gateway/parse-config.ts';
import type { Problem } from '../../core/gateway/problem.ts';
import type {
  ConfigAnalysis,
  ConfigPreview,
  DocumentSummary,
  RebaseOutcome,
  ReferenceName,
} from './config-worker-messages.ts';
import { describeDocument } from './describe-document.ts';
import { overlappingKeys, rebaseDraft, unclearKeys } from './rebase-draft.ts';

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
  preview(text: string): ConfigPreview;
  rebase(text: string): RebaseOutcome;
}

/** Parses and compares config; keeps parsed documents, so that only what changed is parsed again. */
export function createConfigAnalyzer(): ConfigAnalyzer {
  const cache = new DocumentCache(CACHED_DOCUMENTS_MAX);
  const references: Record<ReferenceName, Reference | null> = { head: null, base: null };

  return {
    setReference(name, text) {
      references[name] = text === null ? null : { text, parsed: parseConfig(text, cache) };
    },
    analyze(text) {
      const { head, base } = references;
      const parsed = parseConfig(text, cache);
      return {
        documents: summarize(parsed),
        problems: parsed.problems,
        changes: head === null ? [] : diffConfigs(head.parsed, parsed),
        textBytes: utf8Bytes(text),
        sameAsHead: head !== null && head.text === text,
        divergence:
          head === null || base === null || base.text === head.text
            ? null
            : {
                headChanges: diffConfigs(base.parsed, head.parsed),
                overlapping: overlappingKeys(base.parsed, head.parsed, parsed),
                unclear: unclearKeys(parsed),
              },
      };
    },
    preview(text) {
      return previewOf(text, parseConfig(text, cache), references.head);
    },
    rebase(text) {
      const { head, base } = references;
      if (head === null || base === null) return { ok: false, reason: 'no-base', keys: [] };
      return rebaseDraft(base.parsed, head.parsed, parseConfig(text, cache));
    },
  };
}

function previewOf(text: string, parsed: ParsedConfig, head: Reference | null): ConfigPreview {
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

function summarize(parsed: ParsedConfig): DocumentSummary[] {
  const counts = countByDocument(parsed);
  return parsed.documents.map((document, index) => {
    const count = counts[index] ?? { errors: 0, warnings: 0 };
    return { ...describeDocument(document), ...count };
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

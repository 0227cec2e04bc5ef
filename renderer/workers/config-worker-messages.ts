import type { Problem } from '../../core/gateway/problem.ts';
import type { ResourceChange } from '../../core/protocol/console-model.ts';

/** Between the renderer's main thread and the worker that parses config off it. */

/** Texts that the draft is held against. */
export type ReferenceName = 'head' | 'base';

export type ConfigWorkerRequest =
  /** Kept until replaced; not answered. */
  | { readonly type: 'set-reference'; readonly name: ReferenceName; readonly text: string | null }
  | { readonly type: 'analyze'; readonly id: number; readonly text: string }
  /** What a file holds, before it becomes the draft. */
  | { readonly type: 'preview'; readonly id: number; readonly text: string }
  /** The draft's changes since `base`, put onto `head`. */
  | { readonly type: 'rebase'; readonly id: number; readonly text: string };

export type ConfigWorkerResponse =
  | { readonly type: 'analyzed'; readonly id: number; readonly analysis: ConfigAnalysis }
  | { readonly type: 'previewed'; readonly id: number; readonly preview: ConfigPreview }
  | { readonly type: 'rebased'; readonly id: number; readonly outcome: RebaseOutcome };

/** One document of a text, without its body: what a tree row and a search need. */
export interface DocumentSummary {
  readonly key: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** False: kept and exported, never pushed. */
  readonly known: boolean;
  /** Of the whole text, from 1. */
  readonly startLine: number;
  readonly errors: number;
  readonly warnings: number;
  /** A count in words, `3 rules`; empty when there is none worth showing. */
  readonly detail: string;
  /** Name, hosts, paths and backends in lower case, one a line. */
  readonly searchText: string;
}

export interface ConfigAnalysis {
  readonly documents: readonly DocumentSummary[];
  readonly problems: readonly Problem[];
  /** From head to this text; empty while there is no head. */
  readonly changes: readonly ResourceChange[];
  readonly textBytes: number;
  /** Byte for byte. */
  readonly sameAsHead: boolean;
  /** Null unless both a base and a head that differ are known. */
  readonly divergence: Divergence | null;
}

/** What happened on both sides since the draft's base. */
export interface Divergence {
  /** From base to head. */
  readonly headChanges: readonly ResourceChange[];
  /** Changed on both sides, and not to the same. */
  readonly overlapping: readonly string[];
  /** Documents of the draft that cannot be told apart from others, so that nothing can be merged. */
  readonly unclear: readonly string[];
}

export interface ConfigPreview {
  readonly resources: number;
  /** Documents of kinds that are kept but not pushed. */
  readonly unknown: number;
  readonly unknownKinds: readonly string[];
  /** Documents that are no readable resource at all. */
  readonly unreadable: number;
  readonly errors: number;
  readonly warnings: number;
  readonly firstError: Problem | null;
  readonly textBytes: number;
  /** Null when there is no head to compare with. */
  readonly changes: readonly ResourceChange[] | null;
}

export type RebaseOutcome =
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false;
      readonly reason: 'no-base' | 'unreadable' | 'overlap';
      readonly keys: readonly string[];
    };

import type { ResourceKey } from '../../core/config/ids.ts';
import type { Explanation } from '../../core/gateway/explain.ts';
import type { Problem } from '../../core/gateway/problem.ts';
import type { GatewayRequest, RouteOutcome } from '../../core/gateway/route.ts';
import type { SuiteComparison } from '../../core/gateway/suite/compare-suite.ts';
import type { Result } from '../../core/lib/result.ts';
import type { ResourceChange } from '../../core/protocol/console-model.ts';
import type { FormReferences } from '../config/form/form-model.ts';
import type { MergeChoices, MergeOutcome, ResourceConflict } from './merge-draft.ts';
import type { Renaming } from './rename-resource.ts';

/** Between the renderer's main thread and the worker that parses config off it. */

/** Texts that the draft is held against. */
export type ReferenceName = 'head' | 'base';

export type ConfigWorkerRequest =
  /** Kept until replaced; not answered. */
  | { readonly type: 'set-reference'; readonly name: ReferenceName; readonly text: string | null }
  | { readonly type: 'analyze'; readonly id: number; readonly text: string }
  /** What a file holds, before it becomes the draft. */
  | {
      readonly type: 'preview';
      readonly id: number;
      readonly text: string;
      /** What it would be taken into. */
      readonly into: string;
    }
  /** The draft's changes since `base`, put onto `head`. */
  | {
      readonly type: 'rebase';
      readonly id: number;
      readonly text: string;
      readonly choices: MergeChoices;
    }
  /** How a resource stands in a reference text. */
  | {
      readonly type: 'find-source';
      readonly id: number;
      readonly name: ReferenceName;
      readonly key: string;
    }
  | {
      readonly type: 'rename';
      readonly id: number;
      readonly text: string;
      readonly key: string;
      readonly name: string;
    }
  /** Resources of another text, by key, into the draft's. */
  | {
      readonly type: 'restore';
      readonly id: number;
      readonly text: string;
      readonly from: string;
      readonly keys: readonly ResourceKey[];
    }
  /** The second, slower pass: which requests the draft sends elsewhere. */
  | { readonly type: 'compare-requests'; readonly id: number; readonly text: string }
  | {
      readonly type: 'explain';
      readonly id: number;
      readonly text: string;
      readonly request: GatewayRequest;
      readonly cell: string;
      readonly atMs: number;
    };

export type ConfigWorkerResponse =
  | { readonly type: 'analyzed'; readonly id: number; readonly analysis: ConfigAnalysis }
  | { readonly type: 'previewed'; readonly id: number; readonly preview: ConfigPreview }
  | { readonly type: 'rebased'; readonly id: number; readonly outcome: MergeOutcome }
  | { readonly type: 'found-source'; readonly id: number; readonly found: FoundSource | null }
  | { readonly type: 'renamed'; readonly id: number; readonly renaming: Result<Renaming, string> }
  | { readonly type: 'restored'; readonly id: number; readonly restored: Result<string, string> }
  | { readonly type: 'compared'; readonly id: number; readonly comparison: RequestComparison }
  | { readonly type: 'explained'; readonly id: number; readonly explained: ExplainedRequest };

/** A document of a reference text, and what it stands behind there. */
export interface FoundSource {
  readonly source: string;
  readonly previousKey: string | null;
}

/** Requests whose outcome was looked at, at head and in the draft. */
export interface RequestComparison {
  /** Of the suites, or made from the routes where there is no suite. */
  readonly from: 'suite' | 'derived';
  readonly requests: number;
  readonly changed: number;
  /** Of those with an expectation: how many the draft does not meet. */
  readonly failing: number;
  readonly expected: number;
  /** Changed ones first; at most `COMPARISONS_LISTED_MAX`. */
  readonly listed: readonly SuiteComparison[];
}

export interface ExplainedRequest {
  /** Null while there is no head. */
  readonly head: ExplainedSide | null;
  readonly draft: ExplainedSide;
}

/** An explanation without what is compiled, which cannot be sent. */
export interface ExplainedSide
  extends Pick<Explanation, 'listener' | 'listenerReason' | 'winner' | 'runnersUp' | 'steps'> {
  readonly outcome: ShownOutcome;
  readonly shares: readonly {
    readonly label: string;
    readonly percent: number;
    readonly outcome: ShownOutcome;
  }[];
}

/** What a person is told of an outcome. */
export interface ShownOutcome {
  readonly kind: RouteOutcome['kind'];
  /** `cart-v2`, `404 no route`, `redirect 302 to https://…`. */
  readonly label: string;
  /** `namespace/name` and port; null when no backend is asked. */
  readonly backend: string | null;
  /** Null when a backend answers: what it will answer nobody knows beforehand. */
  readonly status: number | null;
  readonly location: string | null;
  /** What the backend is sent. */
  readonly sent: { readonly host: string; readonly path: string } | null;
}

/** Part of a resource that has a row of its own: a rule of a route, a listener of a Gateway. */
export interface OutlineEntry {
  readonly label: string;
  readonly detail: string;
  readonly pointer: string;
}

/** Routes on one listener, in the order of the text. */
export interface ListenerRoutes {
  /** Key of the Gateway. */
  readonly gateway: string;
  readonly listener: string;
  readonly routes: readonly string[];
}

/** One document of a text, without its body: what a tree row and a search need. */
export interface DocumentSummary {
  readonly key: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** False: a kind that nothing but its text is known of. */
  readonly known: boolean;
  /** False: kept, versioned and exported, never sent to nodes. */
  readonly pushed: boolean;
  /** Of the whole text, from 1. */
  readonly startLine: number;
  readonly errors: number;
  readonly warnings: number;
  /** A count in words, `3 rules`; empty when there is none worth showing. */
  readonly detail: string;
  /** Name, hosts, paths and backends in lower case, one a line. */
  readonly searchText: string;
  readonly outline: readonly OutlineEntry[];
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
  readonly attachments: readonly ListenerRoutes[];
  /** What forms offer to pick from. */
  readonly references: FormReferences;
}

/** What happened on both sides since the draft's base. */
export interface Divergence {
  /** From base to head. */
  readonly headChanges: readonly ResourceChange[];
  /** Changed on both sides, and not to the same. */
  readonly overlapping: readonly string[];
  /** The same, with what can be done about each. */
  readonly conflicts: readonly ResourceConflict[];
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
  /** Null when it cannot be merged: documents that cannot be told apart from others. */
  readonly merged: ImportPreview | null;
  /** Why it cannot be merged, as a sentence. */
  readonly mergeProblem: string | null;
  readonly replaced: ImportPreview | null;
}

/** What an import would do to the resources of the text that it is taken into. */
export interface ImportPreview {
  /** Null: the imported text as it is. */
  readonly text: string | null;
  readonly added: number;
  readonly changed: number;
  readonly kept: number;
  readonly removed: number;
}

/** One thing that could be written at the cursor. */
export interface Completion {
  /** What it is called in the list, and what typing is held against. */
  readonly label: string;
  readonly kind: 'field' | 'choice' | 'reference' | 'document';
  /** A word or two beside the label: `required`, a type, a port. May be empty. */
  readonly detail: string;
  /** A sentence about it; may be empty. */
  readonly doc: string;
  /** Replaces `[from, to)` of the source, in UTF-16 units. The same for all of one answer. */
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  /** Where in `insert` the cursor goes. */
  readonly cursor: number;
  /** Whether there is probably more to complete at the new cursor. */
  readonly continues: boolean;
}

/** What exists in the whole config, so that references complete. */
export interface CompletionNames {
  readonly gateways: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly listeners: readonly { readonly name: string; readonly port: number }[];
  }[];
  readonly backends: readonly {
    readonly kind: 'Service' | 'Backend';
    readonly namespace: string;
    readonly name: string;
    readonly ports: readonly number[];
  }[];
  readonly routes: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly rules: readonly string[];
  }[];
  readonly flags: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly summary: string;
  }[];
  readonly namespaces: readonly string[];
  readonly cells: readonly string[];
}

export const NO_NAMES: CompletionNames = {
  gateways: [],
  backends: [],
  routes: [],
  flags: [],
  namespaces: [],
  cells: [],
};

/** Completions of one answer; what is typed narrows them down. */
export const COMPLETIONS_MAX = 500;

import type {
  ContentHash,
  Generation,
  Lineage,
  NodeId,
  ResourceKey,
  Revision,
  RootHash,
  SourceHash,
} from '../config/ids.ts';
import type { Result } from '../lib/result.ts';
import type { Micros } from './clock.ts';

/** One document of a revision, in the person's order. */
export interface DocumentEntry {
  readonly key: ResourceKey;
  /** Null for kinds that Holdfast does not know: stored and exported, never hashed or pushed. */
  readonly contentHash: ContentHash | null;
  readonly sourceHash: SourceHash;
}

/** A document with its texts: what a publish hands to the store. */
export interface DocumentBody extends DocumentEntry {
  /** Canonical JSON, or null for an unknown kind. */
  readonly canonical: string | null;
  /** The person's YAML, byte for byte, without the `---` separators. */
  readonly source: string;
}

export type RevisionOrigin =
  | { readonly kind: 'publish' }
  | { readonly kind: 'rollback'; readonly of: Revision }
  | { readonly kind: 'adopt'; readonly servedRevision: Revision };

/** What history shows of a revision. Immutable. */
export interface RevisionRecord {
  readonly revision: Revision;
  readonly parent: Revision | null;
  readonly generation: Generation;
  readonly rootHash: RootHash;
  readonly author: string;
  readonly message: string;
  readonly createdAt: Micros;
  readonly origin: RevisionOrigin;
  /** Known resources in the revision. */
  readonly resources: number;
  /** Resources whose content differs from the parent's. */
  readonly changed: number;
  readonly sourceBytes: number;
}

/** A revision as the last to touch something. */
export interface RevisionTouch {
  readonly revision: Revision;
  readonly author: string;
  readonly at: Micros;
}

/** Who last touched a resource, as one revision has it. */
export interface ResourceTouches {
  readonly key: ResourceKey;
  /** What nodes are sent; of a kind that is not pushed: its text. */
  readonly content: RevisionTouch;
  /** A newer revision that changed the text alone; null when none did. */
  readonly text: RevisionTouch | null;
}

export interface InventoryNode {
  readonly nodeId: NodeId;
  readonly cell: string;
  readonly provisionedAt: Micros;
}

/** The last word that a node was heard to say; kept so that a restart forgets nobody. */
export interface NodeWord {
  readonly nodeId: NodeId;
  readonly lineage: Lineage;
  readonly generation: Generation;
  readonly revision: Revision;
  readonly hash: RootHash;
  readonly heardAt: Micros;
}

/** How a revision's convergence ended, kept beside it. Durations from publish, microseconds. */
export interface ConvergenceRecord {
  readonly revision: Revision;
  readonly nodes: number;
  readonly reached: number;
  readonly t50Us: number | null;
  readonly t95Us: number | null;
  readonly t99Us: number | null;
  readonly t100Us: number | null;
  readonly bytes: number;
}

export interface AuditEntry {
  readonly at: Micros;
  readonly actor: string;
  readonly action: string;
  readonly detail: string;
}

export type PublishError =
  /** `head` is 0 when the store is empty. */
  | { readonly reason: 'conflict'; readonly head: Revision }
  | { readonly reason: 'storage-failed'; readonly detail: string };

export interface PublishInput {
  /** The head that the new revision was made from; null when the store is empty. */
  readonly base: Revision | null;
  readonly documents: readonly DocumentBody[];
  readonly rootHash: RootHash;
  readonly author: string;
  readonly message: string;
  readonly at: Micros;
  readonly origin: RevisionOrigin;
  /** At least these: adoption must get past what the fleet serves already. */
  readonly revisionMin?: Revision;
  readonly generationMin?: Generation;
}

/** A write that the disk did not take; nothing of it is there. */
export interface StoreWriteError {
  readonly reason: 'storage-failed';
  readonly detail: string;
}
export type Written = Result<void, StoreWriteError>;

/**
 * The control plane's store. Synchronous: each call is one transaction, and what `publish` returned
 * survives `kill -9` and power loss in every durable implementation.
 */
export interface ConfigStore {
  readonly lineage: Lineage;
  head(): RevisionRecord | null;
  generation(): Generation;
  /** Compare-and-swap on the head, together with the new target's generation and an audit entry. */
  publish(input: PublishInput): Result<RevisionRecord, PublishError>;
  revision(revision: Revision): RevisionRecord | null;
  /** Newest first. */
  revisions(query: { before?: Revision; limit: number }): RevisionRecord[];
  /**
   * Newest first, those that have every word of `search`: in the message, the author or the key of
   * a resource that the revision changed or removed, or as its number. ASCII letters match in either
   * case; words beyond the first eight are not looked for.
   */
  searchRevisions(query: { search: string; before?: Revision; limit: number }): RevisionRecord[];
  /** Of every resource once, in the order of documents; null when there is no such revision. */
  touches(revision: Revision): ResourceTouches[] | null;
  /** Documents in order; null when there is no such revision. */
  documents(revision: Revision): DocumentEntry[] | null;
  /** Known resources only: key → content hash. */
  manifest(revision: Revision): ReadonlyMap<ResourceKey, ContentHash> | null;
  canonical(hash: ContentHash): string | null;
  source(hash: SourceHash): string | null;

  /** Sorted by node id. */
  inventory(): InventoryNode[];
  /**
   * Adds and retires nodes, audited, in one transaction. Adding who is there, or retiring who is not,
   * does nothing; whoever is retired loses their last word, and adding them again forgets that they
   * were retired.
   */
  changeInventory(change: {
    readonly add: readonly InventoryNode[];
    readonly retire: readonly NodeId[];
    readonly actor: string;
    readonly at: Micros;
  }): Written;
  /** Whether a node was once provisioned and then retired. */
  wasRetired(nodeId: NodeId): boolean;

  /** Sorted by node id. */
  nodeWords(): NodeWord[];
  /** The latest word replaces the one before; words of nodes outside the inventory are dropped. */
  saveNodeWords(words: readonly NodeWord[]): Written;
  convergence(revision: Revision): ConvergenceRecord | null;
  saveConvergence(record: ConvergenceRecord): Written;

  /** Lineages taken over by adoption, oldest first. */
  superseded(): Lineage[];
  supersede(lineage: Lineage, actor: string, at: Micros): Written;

  audit(entry: AuditEntry): void;
  /** Newest first. */
  auditTail(limit: number): AuditEntry[];
  /** Online copy to a file; the memory store refuses. */
  backup(
    path: string,
  ): Promise<Result<{ bytes: number }, { reason: 'backup-failed'; detail: string }>>;
  close(): void;
}

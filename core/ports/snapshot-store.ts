import type { Result } from '../lib/result.ts';
import type { ResourceBody } from '../protocol/node-link.ts';
import type { SnapshotDump, SnapshotHeader } from '../protocol/snapshot-file.ts';

/**
 * Holds one snapshot of what the control plane has as its head, for nodes that cannot reach the
 * control plane. It shares no fate with it: an object store, in life.
 */
export interface SnapshotWriter {
  /**
   * Puts a dump in the place of the one before, whole or not at all, and answers once, later. One
   * write at a time: a second is not asked for before the first is answered.
   */
  write(dump: SnapshotDump, done: (written: SnapshotWritten) => void): void;
}

/** The error is one clause that says why. */
export type SnapshotWritten = Result<void, { readonly detail: string }>;

export interface SnapshotReader {
  /** Answers once, later, with what lies there. */
  read(done: (read: SnapshotRead) => void): void;
}

/** What reading the store gave. Nothing in it is believed before it was hashed anew. */
export type SnapshotRead =
  | { readonly kind: 'empty' }
  | { readonly kind: 'unreachable'; readonly detail: string }
  | { readonly kind: 'damaged'; readonly detail: string }
  | {
      readonly kind: 'found';
      readonly header: SnapshotHeader;
      /** The same array for the same bytes: whoever is given it may share what they make of it. */
      readonly resources: readonly ResourceBody[];
    };

import { assert } from '../lib/assert.ts';
import { addMicros, MICROS_PER_MS, type Micros, toMs } from '../ports/clock.ts';
import type { SnapshotWritten } from '../ports/snapshot-store.ts';
import type { ConfigStore, RevisionRecord } from '../ports/store.ts';
import type { SnapshotStoreLoad } from '../protocol/control-plane-control.ts';
import { SUPERSEDES_MAX } from '../protocol/limits.ts';
import {
  encodeSnapshotBodies,
  encodeSnapshotHeader,
  SNAPSHOT_FILE_BYTES_MAX,
  SNAPSHOT_HEADER_BYTES_MAX,
  type SnapshotDump,
  type SnapshotHeader,
} from '../protocol/snapshot-file.ts';
import type { ControlPlaneEffect } from './events.ts';

interface EncodedHead {
  readonly head: RevisionRecord;
  readonly bodies: Uint8Array;
}

export interface SnapshotDumperParts {
  readonly store: ConfigStore;
  readonly intervalUs: number;
  readonly emit: (effect: ControlPlaneEffect) => void;
}

/**
 * Dumps the head to the snapshot store at a fixed period, whether or not it changed, so that the
 * work is the same on the best day and on the worst. Nothing else ever waits for it.
 */
export class SnapshotDumper {
  readonly #parts: SnapshotDumperParts;
  #dueAt: Micros;
  #encoded: EncodedHead | null = null;
  /** Handed to the store and not answered yet. */
  #writing: SnapshotDump | null = null;
  #last: SnapshotStoreLoad['last'] = null;
  #lastError: SnapshotStoreLoad['lastError'] = null;
  #dumps = 0;
  #failures = 0;

  /** The first dump is due at once: a restarted control plane does not wait to put its word there. */
  constructor(parts: SnapshotDumperParts, now: Micros) {
    this.#parts = parts;
    this.#dueAt = now;
  }

  get dueAt(): Micros {
    return this.#dueAt;
  }

  get load(): SnapshotStoreLoad {
    return {
      last: this.#last,
      lastError: this.#lastError,
      dumps: this.#dumps,
      failures: this.#failures,
      intervalMs: this.#parts.intervalUs / MICROS_PER_MS,
    };
  }

  tick(now: Micros): void {
    if (now < this.#dueAt) return;
    const { intervalUs, store, emit } = this.#parts;
    // Periods that were slept through are not made up for.
    const periods = Math.floor((now - this.#dueAt) / intervalUs) + 1;
    this.#dueAt = addMicros(this.#dueAt, periods * intervalUs);
    const head = store.head();
    if (head === null) return;
    if (this.#writing !== null) {
      this.#failed('the write before this one has not ended', now);
      return;
    }
    const dump = this.#dump(head, now);
    const bytes = dump.line.length + dump.bodies.length;
    if (bytes > SNAPSHOT_FILE_BYTES_MAX) {
      const bound = `a snapshot may have ${SNAPSHOT_FILE_BYTES_MAX}`;
      this.#failed(`r${head.revision} has ${bytes} bytes, and ${bound}`, now);
      return;
    }
    this.#writing = dump;
    emit({ type: 'dump', dump });
  }

  /** How the write ended that was asked for last. */
  written(written: SnapshotWritten, now: Micros): void {
    const dump = this.#writing;
    if (dump === null) return;
    this.#writing = null;
    if (!written.ok) {
      this.#failed(written.error.detail, now);
      return;
    }
    const { revision, generation, dumpedAtMs } = dump.header;
    const bytes = dump.line.length + dump.bodies.length;
    this.#last = { revision, generation, atMs: dumpedAtMs, bytes };
    this.#lastError = null;
    this.#dumps += 1;
  }

  #failed(detail: string, now: Micros): void {
    this.#failures += 1;
    this.#lastError = { atMs: toMs(now), detail };
  }

  #dump(head: RevisionRecord, now: Micros): SnapshotDump {
    const { store } = this.#parts;
    const bodies = this.#bodiesOf(head);
    const header: SnapshotHeader = {
      lineage: store.lineage,
      supersedes: store.superseded().slice(-SUPERSEDES_MAX),
      generation: head.generation,
      revision: head.revision,
      hash: head.rootHash,
      dumpedAtMs: toMs(now),
      resources: head.resources,
      bytes: bodies.length,
    };
    const line = encodeSnapshotHeader(header);
    assert(line.length <= SNAPSHOT_HEADER_BYTES_MAX, 'a header fits its line');
    return { header, line, bodies };
  }

  /** A dump of the same head encodes nothing but its header. */
  #bodiesOf(head: RevisionRecord): Uint8Array {
    const known = this.#encoded;
    if (known !== null && known.head.generation === head.generation) return known.bodies;
    const { store } = this.#parts;
    const manifest = store.manifest(head.revision);
    assert(manifest !== null, `revision ${head.revision} is in the store`);
    const canonicals: string[] = [];
    for (const hash of manifest.values()) {
      const canonical = store.canonical(hash);
      assert(canonical !== null, `body ${hash} is in the store`);
      canonicals.push(canonical);
    }
    const bodies = encodeSnapshotBodies(canonicals);
    this.#encoded = { head, bodies };
    return bodies;
  }
}

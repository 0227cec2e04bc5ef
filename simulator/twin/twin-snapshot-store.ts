import { err, ok } from '../../core/lib/result.ts';
import { addMicros, type Clock } from '../../core/ports/clock.ts';
import type { RandomStream } from '../../core/ports/random.ts';
import type { Scheduler } from '../../core/ports/scheduler.ts';
import type {
  SnapshotRead,
  SnapshotReader,
  SnapshotWriter,
  SnapshotWritten,
} from '../../core/ports/snapshot-store.ts';
import { SnapshotDecoder } from '../../core/protocol/snapshot-decoder.ts';
import type { SnapshotDump } from '../../core/protocol/snapshot-file.ts';
import { NO_NODE, type Trace, type TraceKind } from './trace.ts';
import type { TwinFault } from './twin-fault.ts';

/** From a write to its answer, microseconds: an object store in the same region. */
const WRITE_US = 30_000;
/** From a read to its answer, without the spread … */
const READ_US_MIN = 5_000;
/** … of so much more at most. */
const READ_SPREAD_US = 20_000;

const UNREACHABLE: SnapshotRead = { kind: 'unreachable', detail: 'it does not answer' };

export interface TwinSnapshotStoreInput {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Draws how long reads take, and what becomes of the bytes that a fault damages. */
  readonly random: RandomStream;
  readonly trace: Trace;
}

/**
 * The snapshot store in virtual time. It shares no fate with the control plane or with any link: it
 * has faults of its own. What lies in it is what was written, byte for byte; a dump is decoded once
 * for all who read it.
 */
export class TwinSnapshotStore {
  readonly #input: TwinSnapshotStoreInput;
  readonly #decoder = new SnapshotDecoder();
  #held: SnapshotDump | null = null;
  /** What reading `held` gives; null: nobody has yet. */
  #read: SnapshotRead | null = null;
  /** Standing faults of each kind. */
  #writesFailing = 0;
  #corrupted = 0;

  constructor(input: TwinSnapshotStoreInput) {
    this.#input = input;
  }

  /** What was written last and is held; null: nothing. */
  get held(): SnapshotDump | null {
    return this.#held;
  }

  /** @param isThere whether who writes still is: what a process was writing ends with it */
  writer(isThere: () => boolean): SnapshotWriter {
    return {
      write: (dump, done) => {
        this.#after(WRITE_US, () => {
          if (!isThere()) return;
          const written = this.#put(dump);
          const { generation } = dump.header;
          this.#note('snapshot-dumped', NO_NODE, written.ok ? 1 : 0, generation);
          done(written);
        });
      },
    };
  }

  /** @param row of the node that reads @param isCut whether it cannot reach the store */
  reader(row: number, isCut: () => boolean): SnapshotReader {
    return {
      read: (done) => {
        const { random } = this.#input;
        this.#after(READ_US_MIN + random.below(READ_SPREAD_US + 1), () => {
          const read = isCut() ? UNREACHABLE : this.#get();
          const generation = read.kind === 'found' ? read.header.generation : 0;
          this.#note('snapshot-read', row, this.#input.trace.word(read.kind), generation);
          done(read);
        });
      },
    };
  }

  lose(): void {
    this.#hold(null);
  }

  /** A fault of this store begins; any other is none of its business. */
  begin({ kind }: TwinFault): void {
    if (kind === 'store-writes-fail') this.#writesFailing += 1;
    if (kind !== 'store-corrupted') return;
    this.#corrupted += 1;
    this.#read = null;
  }

  end({ kind }: TwinFault): void {
    if (kind === 'store-writes-fail') this.#writesFailing -= 1;
    if (kind !== 'store-corrupted') return;
    this.#corrupted -= 1;
    this.#read = null;
  }

  #put(dump: SnapshotDump): SnapshotWritten {
    if (this.#writesFailing > 0) return err({ detail: 'the store takes no writes' });
    this.#hold(dump);
    return ok(undefined);
  }

  #get(): SnapshotRead {
    const held = this.#held;
    if (held === null) return { kind: 'empty' };
    this.#read ??=
      this.#corrupted > 0 ? this.#damaged(held) : this.#decoder.decode(held.line, held.bodies);
    return this.#read;
  }

  /** One bit of it is another; the same one for all who read it. */
  #damaged({ line, bodies }: SnapshotDump): SnapshotRead {
    const { random } = this.#input;
    const copy = new Uint8Array(line.length + bodies.length);
    copy.set(line);
    copy.set(bodies, line.length);
    // The header is small, and what is wrong with it is found elsewhere.
    const length = random.below(2) === 0 ? line.length : copy.length;
    const at = random.below(length);
    copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
    return new SnapshotDecoder().decodeFile(copy);
  }

  #hold(dump: SnapshotDump | null): void {
    this.#held = dump;
    this.#read = null;
  }

  #note(kind: TraceKind, row: number, a: number, b: number): void {
    this.#input.trace.note(kind, this.#input.clock.now(), row, a, b);
  }

  #after(us: number, run: () => void): void {
    const { clock, scheduler } = this.#input;
    scheduler.at(addMicros(clock.now(), us), run);
  }
}

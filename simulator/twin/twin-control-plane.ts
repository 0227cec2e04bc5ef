import type { Lineage, NodeId, Revision } from '../../core/config/ids.ts';
import {
  copyMemoryConfigStore,
  createMemoryConfigStore,
} from '../../core/config/memory-config-store.ts';
import { type ControlPlane, createControlPlane } from '../../core/control-plane/control-plane.ts';
import { ControlPlaneDriver } from '../../core/control-plane/control-plane-driver.ts';
import type { ControlPlaneResponse } from '../../core/control-plane/events.ts';
import { refuse } from '../../core/control-plane/refuse.ts';
import type { ControlPlaneSettings } from '../../core/control-plane/settings.ts';
import type { Disposable } from '../../core/lib/disposable.ts';
import { MICROS_PER_MS, type Micros } from '../../core/ports/clock.ts';
import type { RandomStream } from '../../core/ports/random.ts';
import type { Scheduler } from '../../core/ports/scheduler.ts';
import type { SnapshotWriter } from '../../core/ports/snapshot-store.ts';
import type { ConfigStore, ConvergenceRecord } from '../../core/ports/store.ts';
import type {
  Belief,
  ControlPlaneRequest,
  ConvergenceReport,
} from '../../core/protocol/control-plane-control.ts';
import { changedCharacters, documentsOf, headDocuments } from './changed-documents.ts';
import type { MessageName } from './message-names.ts';
import { megabytesUs, type ServiceTimes } from './service-times.ts';
import { NO_NODE, type Trace } from './trace.ts';
import type { ControlPlaneEnd, TwinConnection } from './twin-connection.ts';
import { TWIN_CONTROL_PLANE_SETTINGS } from './twin-options.ts';
import { type TwinSeams, watched } from './twin-seams.ts';
import type { TwinSnapshotStore } from './twin-snapshot-store.ts';
import { VirtualCpu } from './virtual-cpu.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface TwinControlPlaneInput {
  readonly time: VirtualTime;
  readonly trace: Trace;
  readonly snapshots: TwinSnapshotStore;
  readonly random: RandomStream;
  readonly times: ServiceTimes;
  readonly lineage: Lineage;
  readonly settings: Partial<ControlPlaneSettings>;
  /** What it begins with; null: an empty store. */
  readonly store: ConfigStore | null;
  readonly inventory: readonly { readonly nodeId: NodeId; readonly cell: string }[];
  readonly seams: TwinSeams;
}

/** What the control plane sent and closed, over all lives of its process. */
export interface SentCounts {
  readonly pushesDelta: number;
  readonly pushesFull: number;
  readonly acks: number;
  readonly nacks: number;
  readonly retryLaters: number;
}

const NOTHING_SENT: SentCounts = {
  pushesDelta: 0,
  pushesFull: 0,
  acks: 0,
  nacks: 0,
  retryLaters: 0,
};

interface Life {
  readonly control: ControlPlane;
  /** Of the text that it published last; null: it has published none and read nothing. */
  documents: readonly string[] | null;
  readonly driver: ControlPlaneDriver;
}

/**
 * The control plane's process and its store. The store takes each call whole or not at all, so a kill
 * leaves exactly what was written; everything else of the process is gone with it.
 */
export class TwinControlPlane implements ControlPlaneEnd {
  readonly #input: TwinControlPlaneInput;
  readonly #cpu: VirtualCpu;
  #store: ConfigStore;
  #backup: ConfigStore | null = null;
  #life: Life | null = null;
  #lives = 0;
  #requests = 0;
  #hellos = 0;
  #answered: ControlPlaneResponse | null = null;
  #sentBefore: SentCounts = NOTHING_SENT;

  constructor(input: TwinControlPlaneInput) {
    this.#input = input;
    this.#cpu = new VirtualCpu(input.time, input.time);
    if (input.store !== null) {
      this.#store = copyMemoryConfigStore(input.store);
      return;
    }
    this.#store = createMemoryConfigStore({ lineage: input.lineage });
    const at = input.time.now();
    const add = input.inventory.map((node) => ({ ...node, provisionedAt: at }));
    this.#store.changeInventory({ add, retire: [], actor: 'twin', at });
  }

  get isUp(): boolean {
    return this.#life !== null;
  }

  get isFree(): boolean {
    return this.#life !== null && this.#cpu.isFree;
  }

  get store(): ConfigStore {
    return this.#store;
  }

  get starts(): number {
    return this.#lives;
  }

  /** Microseconds that the process was busy in all. */
  get busyUs(): number {
    return this.#cpu.busyUs;
  }

  /** The most messages that ever waited for the process. */
  get waitingMost(): number {
    return this.#cpu.waitingMost;
  }

  /** That were handled, over all lives of the process. */
  get hellos(): number {
    return this.#hellos;
  }

  get sentCounts(): SentCounts {
    return addCounts(this.#sentBefore, this.#countsNow());
  }

  /** What it believes; null while it is down. */
  belief(): Belief | null {
    const measured = { bytesSent: 0, publishMsLast: null, rssBytes: 0 };
    return this.#life?.control.belief(this.#input.time.now(), measured) ?? null;
  }

  // ---- life -------------------------------------------------------------------------------------

  start(): void {
    if (this.#life !== null) return;
    const { time, trace, random, seams } = this.#input;
    this.#lives += 1;
    this.#cpu.clear();
    const settings = this.#settings();
    const parts = { store: this.#store, random: random.split(`life-${this.#lives}`), settings };
    const made = (seams.createControlPlane ?? createControlPlane)(parts, time.now());
    const control = seams.watch === undefined ? made : watched(made, seams.watch);
    const driver = new ControlPlaneDriver({
      control,
      clock: time,
      scheduler: this.#ownScheduler(),
      onRespond: (_requestId, response) => {
        this.#answered = response;
      },
      onBackup: () => undefined,
      snapshots: this.#ownSnapshots(),
    });
    // The process of a fleet that has been running has published what its store holds.
    const isRunning = this.#input.store !== null && this.#lives === 1;
    const documents = isRunning ? headDocuments(this.#store) : null;
    this.#life = { control, driver, documents };
    const generation = this.#store.head()?.generation ?? 0;
    trace.note('control-plane-up', time.now(), NO_NODE, generation);
    seams.watch?.controlStarted(control, this.#store);
  }

  get hasSnapshotStore(): boolean {
    return this.#settings().snapshotIntervalUs !== null;
  }

  #settings(): ControlPlaneSettings {
    return {
      ...TWIN_CONTROL_PLANE_SETTINGS,
      ...this.#input.settings,
      ...this.#input.seams.settings,
    };
  }

  /** Ends as by `SIGKILL`. The ends of its connections are the world's to tell. */
  kill(cause: string): void {
    if (this.#life === null) return;
    const { time, trace, seams } = this.#input;
    this.#sentBefore = this.sentCounts;
    this.#life.driver.dispose();
    this.#life = null;
    this.#cpu.clear();
    trace.note('control-plane-down', time.now(), NO_NODE, trace.word(cause));
    this.#store = seams.storeAfterKill?.(this.#store) ?? this.#store;
    seams.watch?.controlEnded(cause);
  }

  backUp(): void {
    this.#backup = copyMemoryConfigStore(this.#store);
    this.#input.seams.watch?.backedUp();
  }

  /** Puts the newest copy of the store in the store's place. False when there is none. */
  restoreBackup(): boolean {
    if (this.#backup === null || this.#life !== null) return false;
    this.#store = copyMemoryConfigStore(this.#backup);
    this.#input.seams.watch?.restored();
    return true;
  }

  // ---- work -------------------------------------------------------------------------------------

  /** What publishing a text costs; a process that has published none yet has all of it to read. */
  publishUs(text: string): number {
    const { times } = this.#input;
    const before = this.#life?.documents ?? null;
    const after = documentsOf(text);
    if (before === null) return times.publishUs + times.publishUsPerResourceNew * after.length;
    const changedUs = megabytesUs(
      times.publishUsPerMegabyteChanged,
      changedCharacters(before, after),
    );
    return times.publishUs + times.publishUsPerResource * after.length + changedUs;
  }

  /** Asks, and takes the time that it costs. */
  request(request: ControlPlaneRequest, costUs: number): ControlPlaneResponse {
    if (this.#life === null) return refuse('storage-failed', 'the control plane is down');
    this.#cpu.spend(costUs);
    this.#requests += 1;
    this.#answered = null;
    if (request.method === 'publish') this.#life.documents = documentsOf(request.text);
    this.#life.driver.handle({ type: 'request', requestId: this.#requests, request });
    return this.#answered ?? refuse('storage-failed', 'the control plane gave no answer');
  }

  /** How a revision spread, as far as is saved; a process that is up saves it first. */
  convergence(revision: Revision): ConvergenceRecord | null {
    const saved = this.#store.convergence(revision);
    if (saved !== null && saved.reached === saved.nodes) return saved;
    const value = this.convergenceReport(revision);
    if (value === null) return saved;
    const us = (ms: number | null) => (ms === null ? null : ms * MICROS_PER_MS);
    return {
      revision,
      nodes: value.nodes,
      reached: value.reached,
      t50Us: us(value.t50Ms),
      t95Us: us(value.t95Ms),
      t99Us: us(value.t99Ms),
      t100Us: us(value.t100Ms),
      bytes: value.bytes,
    };
  }

  /** The same with its curve, as the process tells it; null while it is down. */
  convergenceReport(revision: Revision): ConvergenceReport | null {
    if (this.#life === null) return null;
    const event = { type: 'request', requestId: 0 } as const;
    const request = { method: 'get-convergence', revision } as const;
    const now = this.#input.time.now();
    const [effect] = this.#life.control.handle({ ...event, request }, now);
    if (effect?.type !== 'respond' || !effect.response.ok) return null;
    const { value } = effect.response;
    return 'curve' in value ? value : null;
  }

  whenFree(job: () => void): void {
    if (this.#life !== null) this.#cpu.take(job);
  }

  arrived(message: MessageName): void {
    if (message === 'hello') this.#hellos += 1;
    const { times } = this.#input;
    this.#cpu.spend(arrivalUs(message, times));
  }

  sentPush(bytes: number): Micros {
    const { sendUs, pushUs, pushUsPerMegabyte } = this.#input.times;
    return this.#cpu.spend(sendUs + pushUs + megabytesUs(pushUsPerMegabyte, bytes));
  }

  sent(message: MessageName): Micros {
    const { times } = this.#input;
    if (message === 'opened') return this.#cpu.spend(times.acceptUs);
    return this.#cpu.spend(times.sendUs);
  }

  accept(connection: TwinConnection): void {
    this.#life?.driver.connect(connection);
  }

  /** A dump that the process was writing when it ended is not there. */
  #ownSnapshots(): SnapshotWriter {
    const life = this.#lives;
    const isThere = () => this.#life !== null && life === this.#lives;
    const writer = this.#input.snapshots.writer(isThere);
    return {
      write: (dump, done) => writer.write(dump, (written) => this.whenFree(() => done(written))),
    };
  }

  /** Timers wait for the process to be free, too, and end with it. */
  #ownScheduler(): Scheduler {
    const { time } = this.#input;
    const life = this.#lives;
    return {
      at: (at: Micros, run: () => void): Disposable =>
        time.at(at, () => {
          if (life === this.#lives) this.whenFree(run);
        }),
    };
  }

  #countsNow(): SentCounts {
    return this.belief()?.load ?? NOTHING_SENT;
  }
}

function arrivalUs(message: MessageName, times: ServiceTimes): number {
  switch (message) {
    case 'hello':
      return times.helloUs;
    case 'heartbeat':
      return times.heartbeatUs;
    case 'ack':
    case 'nack':
      return times.answerUs;
    default:
      return times.otherUs;
  }
}

function addCounts(a: SentCounts, b: SentCounts): SentCounts {
  return {
    pushesDelta: a.pushesDelta + b.pushesDelta,
    pushesFull: a.pushesFull + b.pushesFull,
    acks: a.acks + b.acks,
    nacks: a.nacks + b.nacks,
    retryLaters: a.retryLaters + b.retryLaters,
  };
}

import { MICROS_PER_MS, type Micros, micros } from '../../core/ports/clock.ts';
import { hashNumber } from './hash-number.ts';
import { instantText } from './instant-text.ts';
import type { Trace, TraceEntry, TraceKind } from './trace.ts';
import { describeTwinFault, type ScheduledFault, type TwinFault } from './twin-fault.ts';
import type { TwinNode } from './twin-node.ts';
import type { TwinPublish, TwinWorld } from './twin-world.ts';

/** What a node served. `revision` 0: its built-in default. */
export interface PastServing {
  readonly revision: number;
  readonly generation: number;
  /** The publish that it is of, undone or not; null: the default, or damaged since, as its hash says. */
  readonly publish: TwinPublish | null;
  readonly since: Micros;
}

export type PastState =
  | { readonly kind: 'down'; readonly since: Micros | null }
  | { readonly kind: 'serving'; readonly serving: PastServing }
  /** The trace does not reach back to it. */
  | { readonly kind: 'forgotten' };

type FaultKind = TwinFault['kind'];

/** What the trace still tells of one node, and of what all nodes share, up to an instant. */
export class NodePast {
  readonly at: Micros;
  readonly nodeId: string;
  readonly #world: TwinWorld;
  readonly #node: TwinNode;
  /** Newest first. */
  readonly #entries: readonly TraceEntry[];

  constructor(world: TwinWorld, node: TwinNode, at: Micros) {
    this.#world = world;
    this.#node = node;
    this.at = at;
    this.nodeId = node.machine.nodeId;
    this.#entries = entriesOf(world.trace, node.row, at);
  }

  /** Whether anything that was noted is no longer kept. */
  get hasForgotten(): boolean {
    return this.#world.trace.hasForgotten;
  }

  get hasSnapshotStore(): boolean {
    return this.#world.controlPlane.hasSnapshotStore;
  }

  // ---- what it served ---------------------------------------------------------------------------

  state(): PastState {
    const life = this.last('node-down', 'node-up');
    if (life?.kind === 'node-down') return { kind: 'down', since: life.at };
    if (life === null && !this.hasForgotten) return { kind: 'down', since: null };
    const serving = this.last('serving');
    if (serving === null && life === null) return { kind: 'forgotten' };
    // A node that ended serves nothing from then on, and its end may be forgotten.
    if (serving?.b === 0 && life === null) return { kind: 'forgotten' };
    // Its config may have been forgotten since it came up.
    if (serving === null && this.hasForgotten) return { kind: 'forgotten' };
    const { a: revision, b: generation } = serving ?? { a: 0, b: 0 };
    const publish = generation === 0 ? null : this.#publishOf(generation);
    const since = serving?.at ?? life?.at ?? this.at;
    return { kind: 'serving', serving: { revision, generation, publish, since } };
  }

  #publishOf(generation: number): TwinPublish | null {
    const hash = this.last('serving-hash');
    const isIt = (published: TwinPublish) =>
      published.generation === generation && hashNumber(published.rootHash) === hash?.a;
    return this.#published().findLast(isIt) ?? null;
  }

  // ---- what was published -----------------------------------------------------------------------

  /** What the store had at the instant, oldest first. */
  publishes(): readonly TwinPublish[] {
    return this.#published().filter(({ undoneAt }) => undoneAt === null || undoneAt > this.at);
  }

  /** When an older copy of the store was last put back that undid anything; null: never. */
  undoneAt(): Micros | null {
    const times = this.#published().flatMap(({ undoneAt }) =>
      undoneAt === null || undoneAt > this.at ? [] : [undoneAt],
    );
    return times.length === 0 ? null : micros(Math.max(...times));
  }

  /** `r3`; what was undone counts, for a dump or a push can be of it. */
  revisionOf(generation: number): string {
    const found = this.#published().findLast((published) => published.generation === generation);
    return found === undefined ? `generation ${generation}` : `r${found.revision}`;
  }

  #published(): readonly TwinPublish[] {
    return this.#world.publishes.filter(({ at }) => at <= this.at);
  }

  // ---- what was noted ---------------------------------------------------------------------------

  last(...kinds: readonly TraceKind[]): TraceEntry | null {
    return this.find(({ kind }) => kinds.includes(kind));
  }

  /** The newest that is so. */
  find(holds: (entry: TraceEntry) => boolean): TraceEntry | null {
    return this.#entries.find(holds) ?? null;
  }

  wordOf(number: number): string {
    return this.#world.trace.wordOf(number);
  }

  // ---- faults -----------------------------------------------------------------------------------

  /** Faults of these kinds that stood over the node, or over all, at an instant. */
  standing(kinds: ReadonlySet<FaultKind>, at: Micros = this.at): readonly ScheduledFault[] {
    return this.#faults(kinds).filter(({ atMs, fault }) => {
      if (!('durationMs' in fault)) return false;
      const from = atMs * MICROS_PER_MS;
      const to = fault.durationMs === null ? null : from + fault.durationMs * MICROS_PER_MS;
      return from <= at && (to === null || at < to);
    });
  }

  /** Faults of these kinds that happened to the node, or to all, within a time. */
  happened(kinds: ReadonlySet<FaultKind>, from: Micros, to: Micros): readonly ScheduledFault[] {
    return this.#faults(kinds).filter(({ atMs }) => {
      const at = atMs * MICROS_PER_MS;
      return at >= from && at <= to;
    });
  }

  #faults(kinds: ReadonlySet<FaultKind>): readonly ScheduledFault[] {
    return this.#world.options.faults.filter(
      ({ fault }) =>
        kinds.has(fault.kind) && (!('target' in fault) || this.#node.isCoveredBy(fault.target)),
    );
  }

  /** Of a fault that the trace names by its index. */
  heldSentence(index: number, what: string): string {
    const scheduled = this.#world.options.faults[index];
    if (scheduled === undefined) return `${what} was held by a fault.`;
    return `${what} was held by ${faultText(scheduled)}.`;
  }
}

/** `the fault “links cut, cell eu-west”, which began at 1:10.000` */
export function faultText({ atMs, fault }: ScheduledFault): string {
  const from = instantText(micros(atMs * MICROS_PER_MS));
  return `the fault “${describeTwinFault(fault)}”, which began at ${from}`;
}

function entriesOf(trace: Trace, row: number, at: Micros): readonly TraceEntry[] {
  const entries: TraceEntry[] = [];
  // One by one: a trace keeps a million, of which a node has few.
  for (const entry of trace.backwards()) {
    if (entry.at > at) continue;
    if (entry.node === row || SHARED_KINDS.has(entry.kind)) entries.push(entry);
  }
  return entries;
}

const SHARED_KINDS: ReadonlySet<TraceKind> = new Set([
  'control-plane-up',
  'control-plane-down',
  'snapshot-dumped',
] as const);

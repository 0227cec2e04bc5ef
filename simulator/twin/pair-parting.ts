import { MICROS_PER_MS, type Micros } from '../../core/ports/clock.ts';
import type { PairReport } from '../../core/protocol/twin-control.ts';
import type { TraceEntry } from './trace.ts';
import type { TwinWorld } from './twin-world.ts';

/** The trace of a world as it was after a step that left something in it. */
export interface TracePrefix {
  readonly digest: string;
  readonly noted: number;
  /** When the step was taken. */
  readonly at: Micros;
}

export type Parting = NonNullable<PairReport['parting']>;

type Side = { readonly world: TwinWorld; readonly prefixes: readonly TracePrefix[] };

export function prefixOf({ trace, time }: TwinWorld): TracePrefix {
  const [newest] = trace.backwards();
  return { digest: trace.digest(), noted: trace.noted, at: newest?.at ?? time.now() };
}

/**
 * The first instant at which two runs did not do the same, out of the prefixes of a stretch at whose
 * beginning they were the same and at whose end they are not. Equal hashes are equal pasts, so the last hash
 * that both had is where they parted. Two worlds may do the same in more steps or fewer.
 */
export function partingOf(first: Side, second: Side): Parting {
  const known = new Map(second.prefixes.map((prefix, index) => [prefix.digest, index]));
  const commonFirst = first.prefixes.findLastIndex(({ digest }) => known.has(digest));
  const common = first.prefixes[commonFirst];
  const commonSecond = common === undefined ? -1 : (known.get(common.digest) ?? -1);
  const from = common?.noted ?? 0;
  const nextAts = [first.prefixes[commonFirst + 1]?.at, second.prefixes[commonSecond + 1]?.at];
  const at = Math.min(...nextAts.filter((next) => next !== undefined));
  const [before, after] = [since(first.world, from), since(second.world, from)];
  const unlike = before.findIndex((entry, index) => !isSame(entry, after[index]));
  const index = unlike === -1 ? before.length : unlike;
  // What differs may be no more than what was folded beside the last of entries that are alike.
  const isTold = [before[index], after[index]].some((entry) => entry?.at === at);
  const which = isTold ? index : before.findLastIndex((entry) => entry.at === at);
  return {
    atMs: at / MICROS_PER_MS,
    first: stepOf(first.world, before[which]),
    second: stepOf(second.world, after[which]),
  };
}

/** The entries from a number on, oldest first; empty when the trace does not reach back so far. */
function since({ trace }: TwinWorld, from: number): readonly TraceEntry[] {
  const wanted = trace.noted - from;
  const entries: TraceEntry[] = [];
  for (const entry of trace.backwards()) {
    if (entries.length >= wanted) break;
    entries.push(entry);
  }
  return entries.length === wanted ? entries.reverse() : [];
}

function isSame(a: TraceEntry, b: TraceEntry | undefined): boolean {
  return a.at === b?.at && a.kind === b.kind && a.node === b.node && a.a === b.a && a.b === b.b;
}

function stepOf(world: TwinWorld, entry: TraceEntry | undefined): Parting['first'] {
  if (entry === undefined) return null;
  const nodeId = world.nodes[entry.node]?.machine.nodeId ?? null;
  return { atMs: entry.at / MICROS_PER_MS, what: entry.kind, nodeId };
}

import { describeFault } from '../../core/fault/describe-fault.ts';
import { unpackNodeFlags } from '../../core/fleet/frame.ts';
import type { FleetModel } from './fleet-model.ts';
import { nodeCount } from './inventory-words.ts';
import { CHANGES_NAMED_MAX } from './rehearsal-limits.ts';

/** What a forecast rests on, as it was at one instant. */
export interface FleetFacts {
  readonly head: { readonly revision: number; readonly rootHash: string } | null;
  readonly nodeIds: ReadonlySet<string>;
  readonly down: number;
  /** Faults in force by id, in words. */
  readonly faults: ReadonlyMap<string, string>;
}

export function fleetFactsOf(model: FleetModel): FleetFacts {
  const { head, frame, roster, faults } = model;
  const isDown = (flags: number) => unpackNodeFlags(flags).health === 'down';
  return {
    head: head === null ? null : { revision: head.record.revision, rootHash: head.record.rootHash },
    nodeIds: new Set(roster.nodeIds),
    down: frame.flags.reduce((count, flags) => (isDown(flags) ? count + 1 : count), 0),
    faults: new Map([...faults.values()].map(({ id, fault }) => [id, describeFault(fault)])),
  };
}

/** What became different in between, in sentences; empty: nothing that a forecast rests on. */
export function changesBetween(before: FleetFacts, after: FleetFacts): string[] {
  const retired = withoutCount(before.nodeIds, after.nodeIds);
  const provisioned = withoutCount(after.nodeIds, before.nodeIds);
  const begun = [...after.faults].filter(([id]) => !before.faults.has(id));
  const ended = [...before.faults].filter(([id]) => !after.faults.has(id));
  const sentences = [
    ...headChange(before.head, after.head),
    ...(retired > 0 ? [`${nodeCount(retired)} ${wasOrWere(retired)} retired since.`] : []),
    ...(provisioned > 0
      ? [`${nodeCount(provisioned)} ${wasOrWere(provisioned)} provisioned since.`]
      : []),
    ...(before.down === after.down
      ? []
      : [
          `${nodeCount(before.down)} ${wasOrWere(before.down)} down then, ${after.down} at the publish.`,
        ]),
    ...begun.map(([, words]) => `A fault began since: ${words}.`),
    ...ended.map(([, words]) => `A fault ended since: ${words}.`),
  ];
  const more = sentences.length - CHANGES_NAMED_MAX;
  if (more <= 0) return sentences;
  return [...sentences.slice(0, CHANGES_NAMED_MAX), `And ${more} more.`];
}

function headChange(before: FleetFacts['head'], after: FleetFacts['head']): string[] {
  const isSame = before?.rootHash === after?.rootHash && before?.revision === after?.revision;
  return isSame
    ? []
    : [`It was rehearsed on ${headWords(before)} and published on ${headWords(after)}.`];
}

function headWords(head: FleetFacts['head']): string {
  return head === null ? 'an empty history' : `r${head.revision}`;
}

function withoutCount(ids: ReadonlySet<string>, others: ReadonlySet<string>): number {
  let count = 0;
  for (const id of ids) if (!others.has(id)) count += 1;
  return count;
}

function wasOrWere(count: number): string {
  return count === 1 ? 'was' : 'were';
}

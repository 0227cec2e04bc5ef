import { type Micros, micros } from '../../core/ports/clock.ts';
import { instantText } from './instant-text.ts';
import { faultText, type NodePast } from './node-past.ts';
import type { TwinFault } from './twin-fault.ts';

type Kinds = ReadonlySet<TwinFault['kind']>;
const CUTS: Kinds = new Set(['store-cut']);
const DAMAGE: Kinds = new Set(['store-corrupted']);
const LOSSES: Kinds = new Set(['store-lost']);
const FAILING_WRITES: Kinds = new Set(['store-writes-fail']);

/** What the snapshot store had for a node that has no link. */
export function explainSnapshotStore(past: NodePast): readonly string[] {
  if (!past.hasSnapshotStore) return [];
  const read = past.last('snapshot-read');
  // What it read on another link, or before it restarted, it does not have from there now.
  const since = past.last('link-opened', 'node-up', 'node-down');
  if (read === null || (since !== null && read.at < since.at)) {
    return ['It had not read the snapshot store since.'];
  }
  const when = instantText(read.at);
  switch (past.wordOf(read.a)) {
    case 'found': {
      const what = `It read the snapshot store at ${when}, which had ${past.revisionOf(read.b)}.`;
      return [what, ...dumpSentences(past)];
    }
    case 'empty':
      return [
        `The snapshot store was empty when it read it at ${when}.`,
        ...lossSentences(past, read.at),
        ...dumpSentences(past),
      ];
    case 'damaged':
      return [
        `What it read from the snapshot store at ${when} was damaged.`,
        ...past
          .standing(DAMAGE, read.at)
          .map((fault) => `What damaged it was ${faultText(fault)}.`),
      ];
    default:
      return [
        `It could not reach the snapshot store at ${when}.`,
        ...past
          .standing(CUTS, read.at)
          .map((fault) => `Its reading was held by ${faultText(fault)}.`),
      ];
  }
}

/** What emptied it, if nothing was put there since. */
function lossSentences(past: NodePast, at: Micros): readonly string[] {
  const lost = past.happened(LOSSES, micros(0), at).at(-1);
  if (lost === undefined) return [];
  return [`What emptied it was ${faultText(lost)}.`];
}

/** A store whose dumps fail stays as it was. */
function dumpSentences(past: NodePast): readonly string[] {
  const dumped = past.last('snapshot-dumped');
  if (dumped === null) return past.hasForgotten ? [] : ['Nothing had been put there yet.'];
  if (dumped.a === 1) return [];
  const faults = past.standing(FAILING_WRITES, dumped.at);
  const by = faults.map((fault) => `What kept it from that was ${faultText(fault)}.`);
  return [`It had taken no dump at ${instantText(dumped.at)}.`, ...by];
}

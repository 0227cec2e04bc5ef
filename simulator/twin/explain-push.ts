import type { Micros } from '../../core/ports/clock.ts';
import { explainDisconnected, standingLinkFaults } from './explain-link.ts';
import { instantText } from './instant-text.ts';
import { messageName } from './message-names.ts';
import { faultText, type NodePast } from './node-past.ts';
import type { TraceEntry } from './trace.ts';
import type { TwinFault } from './twin-fault.ts';

const FULL_DISKS: ReadonlySet<TwinFault['kind']> = new Set(['disk-full']);
const DAMAGE: ReadonlySet<TwinFault['kind']> = new Set(['push-corrupted']);

/** What became of the last push of something newer that a node was sent; null: it was sent none. */
export function explainPush(
  past: NodePast,
  { since, servedGeneration }: { readonly since: Micros; readonly servedGeneration: number },
): readonly string[] | null {
  const push = past.find(
    (entry) =>
      entry.at >= since &&
      entry.kind === 'down-sent' &&
      isBody(entry) &&
      entry.b > servedGeneration,
  );
  if (push === null) return null;
  const revision = past.revisionOf(push.b);
  const sent = `A ${messageName(push.a)} push of ${revision} was sent to it at ${instantText(push.at)}`;
  const arrived = past.find(
    (entry) =>
      entry.at >= push.at && entry.kind === 'down-arrived' && entry.b === push.b && isBody(entry),
  );
  return arrived === null ? notArrived(past, sent, push) : arrivedSentences(past, sent, arrived);
}

function notArrived(past: NodePast, sent: string, push: TraceEntry): readonly string[] {
  const held = past.find(
    (entry) => entry.at >= push.at && entry.kind === 'down-held' && isBody(entry),
  );
  const ended = past.find(({ at, kind }) => at >= push.at && kind === 'link-closed');
  const since = ended === null ? [] : afterItsLink(past);
  if (held !== null) {
    return [`${sent} and did not arrive.`, past.heldSentence(held.b, 'It'), ...since];
  }
  if (ended === null) {
    return [`${sent} and was still on its way.`, ...standingLinkFaults(past, push.at)];
  }
  return [`${sent} and was lost with the link.`, ...since];
}

function arrivedSentences(past: NodePast, sent: string, arrived: TraceEntry): readonly string[] {
  const came = `${sent} and arrived at ${instantText(arrived.at)}`;
  const refused = past.find(({ at, kind }) => at >= arrived.at && kind === 'refused-push');
  if (refused !== null) {
    const why = past.wordOf(refused.b);
    const kinds = why === 'storage-failed' ? FULL_DISKS : DAMAGE;
    const at = why === 'storage-failed' ? refused.at : arrived.at;
    return [`${came}; the node refused it (${why}).`, ...stood(past, kinds, at)];
  }
  const since = (kind: 'written' | 'serving') =>
    past.find((entry) => entry.at >= arrived.at && entry.kind === kind && entry.b === arrived.b);
  const served = since('serving');
  if (served !== null) {
    return [`${came}; the node served it from ${instantText(served.at)} on, and then no longer.`];
  }
  const written = since('written');
  if (written?.a === 0) {
    const failed = `${came}; the node’s disk did not take it at ${instantText(written.at)}.`;
    return [failed, ...stood(past, FULL_DISKS, written.at)];
  }
  const closed = past.find(({ at, kind }) => at >= arrived.at && kind === 'link-closed');
  const after = closed === null ? [] : afterItsLink(past);
  return [`${came}; the node did not have it on its disk yet.`, ...after];
}

/** What became of the node after the link that a push was for. */
function afterItsLink(past: NodePast): readonly string[] {
  const link = past.last('link-opened', 'link-closed');
  return link?.kind === 'link-opened'
    ? [`It was connected again at ${instantText(link.at)}.`]
    : explainDisconnected(past);
}

function stood(
  past: NodePast,
  kinds: ReadonlySet<TwinFault['kind']>,
  at: Micros,
): readonly string[] {
  return past.standing(kinds, at).map((fault) => `Then stood ${faultText(fault)}.`);
}

function isBody(entry: TraceEntry): boolean {
  const name = messageName(entry.a);
  return name === 'delta' || name === 'full';
}

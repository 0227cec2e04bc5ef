import { MICROS_PER_SECOND, type Micros } from '../../core/ports/clock.ts';
import { explainSnapshotStore } from './explain-snapshot-store.ts';
import { instantText } from './instant-text.ts';
import { type MessageName, messageName } from './message-names.ts';
import { faultText, type NodePast } from './node-past.ts';
import type { TraceEntry } from './trace.ts';
import { describeTwinFault, type ScheduledFault, type TwinFault } from './twin-fault.ts';

/** Those that hold frames, or make them late. */
const LINK_FAULTS: ReadonlySet<TwinFault['kind']> = new Set([
  'link-latency',
  'link-partition',
  'link-one-way',
  'link-loss',
  'link-bandwidth',
]);
const LINK_ENDS: ReadonlySet<TwinFault['kind']> = new Set([
  'link-reset',
  'link-half-open',
  'node-restart',
]);
const CONTROL_PLANE_ENDS: ReadonlySet<TwinFault['kind']> = new Set([
  'control-plane-kill',
  'control-plane-restore',
]);

/** A heartbeat and its time-out: what was held longer before a link ended did not end it. */
const SILENCE_LOOKED_AT_US = 40 * MICROS_PER_SECOND;

/** Why a node was not sent anything: its link, and who is at the other end of it. */
export function explainLink(past: NodePast): readonly string[] {
  const link = past.last('link-opened', 'link-closed', 'connecting', 'connect-refused');
  if (link === null || link.kind !== 'link-opened') return explainDisconnected(past);
  const dropped = past.find(
    ({ kind, at, a }) => kind === 'link-dropped' && at >= link.at && a === link.a,
  );
  const open = 'It was not sent anything newer, though its link was open.';
  const control = controlPlaneSentences(past);
  if (dropped === null) return [open, ...silence(past, link.at, link.at), ...control];
  const why = past.wordOf(dropped.b);
  const gone = `The control plane had ended that link at ${instantText(dropped.at)} (${why}), which had not come to the node.`;
  return [open, gone, ...silence(past, link.at, link.at), ...control];
}

/** How a node's link ended, and why it was not back. */
export function explainDisconnected(past: NodePast): readonly string[] {
  const closed = past.last('link-closed');
  const sentences: string[] = [];
  if (closed === null) {
    const isKnown = !past.hasForgotten;
    sentences.push(isKnown ? 'It had not been connected yet.' : 'It was not connected.');
  } else {
    const when = instantText(closed.at);
    const why = past.wordOf(closed.b);
    sentences.push(`Its link ended at ${when} (${why}), and it was not back yet.`);
    for (const fault of past.happened(LINK_ENDS, closed.at, closed.at)) {
      sentences.push(`What ended it was ${faultText(fault)}.`);
    }
    sentences.push(...silence(past, closed.at, (closed.at - SILENCE_LOOKED_AT_US) as Micros));
  }
  const held = past.last('connect-held');
  if (held !== null && (closed === null || held.at >= closed.at)) {
    sentences.push(past.heldSentence(held.b, 'Its attempt to connect'));
  }
  return [...sentences, ...controlPlaneSentences(past), ...explainSnapshotStore(past)];
}

/** The faults that stood over the node's link since an instant. */
export function standingLinkFaults(past: NodePast, from: Micros): readonly string[] {
  const then = past.standing(LINK_FAULTS, from);
  const now = past.standing(LINK_FAULTS).filter((fault) => !then.includes(fault));
  return [...then, ...now].map(linkFaultSentence);
}

function linkFaultSentence({ atMs, fault }: ScheduledFault): string {
  const since = instantText((atMs * 1_000) as Micros);
  return `A fault stood on its link since ${since}: ${describeTwinFault(fault)}.`;
}

/** What of the conversation did not get through since `from`; what stands on the link, if nothing was held. */
function silence(past: NodePast, at: Micros, from: Micros): readonly string[] {
  // A held close came of what was held before it.
  const held = past.find(
    ({ kind, a }) => (kind === 'up-held' || kind === 'down-held') && messageName(a) !== 'close',
  );
  if (held === null || held.at < from) return standingLinkFaults(past, at);
  return [past.heldSentence(held.b, whoseHeld(held))];
}

function whoseHeld(held: TraceEntry): string {
  const name = WORDS.get(messageName(held.a)) ?? messageName(held.a);
  return held.kind === 'up-held' ? `Its ${name}` : `The control plane's ${name}`;
}

const WORDS: ReadonlyMap<MessageName, string> = new Map([
  ['connect', 'attempt to connect'],
  ['opened', 'answer to its attempt to connect'],
  ['refused', 'refusal of its attempt to connect'],
] as const);

function controlPlaneSentences(past: NodePast): readonly string[] {
  const state = past.last('control-plane-up', 'control-plane-down');
  if (state === null) return [];
  const when = instantText(state.at);
  if (state.kind === 'control-plane-up') return [`The control plane was up since ${when}.`];
  const [fault] = past.happened(CONTROL_PLANE_ENDS, state.at, state.at);
  const by = fault === undefined ? '' : `, by ${faultText(fault)}`;
  return [`The control plane was down since ${when}${by}.`];
}

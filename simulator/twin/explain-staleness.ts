import { type Micros, micros } from '../../core/ports/clock.ts';
import { explainLink } from './explain-link.ts';
import { explainPush } from './explain-push.ts';
import { instantText } from './instant-text.ts';
import { faultText, NodePast, type PastServing } from './node-past.ts';
import type { TraceEntry } from './trace.ts';
import type { TwinFault } from './twin-fault.ts';
import type { TwinPublish, TwinWorld } from './twin-world.ts';

/** Sentences of one answer, at most. */
const SENTENCES_MAX = 12;

const RESTARTS: ReadonlySet<TwinFault['kind']> = new Set(['node-restart']);
const MEMORY: ReadonlySet<TwinFault['kind']> = new Set(['memory-corrupted']);
const LIES: ReadonlySet<TwinFault['kind']> = new Set(['disk-lies']);

/**
 * Why a node was stale at an instant, in sentences: from what it served, to the message that did not
 * arrive, to the fault that held it. Asks the trace, so it can only tell what the trace still holds.
 */
export function explainStaleness(world: TwinWorld, nodeId: string, at: Micros): readonly string[] {
  const node = world.nodes.find(({ machine }) => machine.nodeId === nodeId);
  if (node === undefined) return [`There is no node ${nodeId} in this fleet.`];
  if (at > world.time.now()) return [`The run had not come to ${instantText(at)}.`];
  return explain(new NodePast(world, node, at)).slice(0, SENTENCES_MAX);
}

function explain(past: NodePast): readonly string[] {
  const { nodeId, at } = past;
  const when = instantText(at);
  const state = past.state();
  switch (state.kind) {
    case 'forgotten':
      return [`The trace does not reach back to what ${nodeId} served at ${when}.`];
    case 'down':
      return [`At ${when} ${nodeId} was down and served nothing.`, downSentence(past, state.since)];
    case 'serving':
      return explainServing(past, state.serving);
  }
}

function downSentence(past: NodePast, since: Micros | null): string {
  if (since === null) return 'The node itself had not been started yet.';
  return `The node itself was down since ${instantText(since)}${restartWords(past, since)}.`;
}

/** `, by the fault …` */
function restartWords(past: NodePast, at: Micros): string {
  const restart = past.happened(RESTARTS, at, at).at(-1);
  return restart === undefined ? '' : `, by ${faultText(restart)}`;
}

function explainServing(past: NodePast, serving: PastServing): readonly string[] {
  const head = past.publishes().at(-1) ?? null;
  const opening = `At ${instantText(past.at)} ${past.nodeId} served ${servedText(serving)}`;
  if (head === null) {
    if (serving.generation > 0) return [`${opening}${aheadWords(past, null)}`];
    return [`At ${instantText(past.at)} nothing was published.`];
  }
  if (serving.publish === head) {
    return [`${opening}, which was the newest.`, ...unfoundDamage(past, serving)];
  }
  if (isDamaged(serving) && serving.generation === head.generation) {
    const damaged = `${opening}${DAMAGED}, else the newest.`;
    return [damaged, ...causes(past, serving, serving.since)];
  }
  if (serving.generation >= head.generation) return [`${opening}${aheadWords(past, head)}`];
  const missing = missingOf(past, serving);
  const behind = missing.length === 1 ? 'one revision' : `${missing.length} revisions`;
  const since = missing[0]?.at ?? past.at;
  return [
    `${opening}${isDamaged(serving) ? DAMAGED : undoneWords(serving, past.at)}, ${behind} behind r${head.revision}; ` +
      `the first it lacked was published at ${instantText(since)}.`,
    ...causes(past, serving, since),
  ];
}

/** Its hash is that of no publish: it has found that its memory is not what it was. */
function isDamaged({ generation, publish }: PastServing): boolean {
  return generation > 0 && publish === null;
}

const DAMAGED = ' with damage in it that it had found';

function unfoundDamage(past: NodePast, { since }: PastServing): readonly string[] {
  return past
    .happened(MEMORY, since, since)
    .map((fault) => `One resource of it was damaged, unfound yet, by ${faultText(fault)}.`);
}

function servedText({ revision, generation }: PastServing): string {
  return generation === 0 ? 'its built-in default' : `r${revision}`;
}

function aheadWords(past: NodePast, head: TwinPublish | null): string {
  const undoneAt = past.undoneAt();
  const copy = head === null ? 'with no revision at all' : `with r${head.revision} as its newest`;
  const when = undoneAt === null ? '' : ` at ${instantText(undoneAt)}`;
  return `, which the control plane did not know: an older copy of its store, ${copy}, had been put back${when}.`;
}

function undoneWords({ publish }: PastServing, at: Micros): string {
  const undoneAt = publish?.undoneAt ?? null;
  if (undoneAt === null || undoneAt > at) return '';
  return ` of before an older copy of the store was put back at ${instantText(undoneAt)}`;
}

/** What the store had that the node did not, oldest first. */
function missingOf(past: NodePast, { generation, publish }: PastServing): readonly TwinPublish[] {
  const undoneAt = publish?.undoneAt ?? null;
  const isUndone = undoneAt !== null && undoneAt <= past.at;
  return past
    .publishes()
    .filter((one) => (isUndone ? one.at >= undoneAt : one.generation > generation));
}

/** From the node outwards: was it sent anything, is it connected, is anybody there. */
function causes(past: NodePast, serving: PastServing, since: Micros): readonly string[] {
  // What it was sent before it ended is forgotten; only what its disk had came back.
  const up = past.last('node-up');
  const down = past.last('node-down');
  const hasRestarted = up !== null && down !== null && up.at > since;
  const before = hasRestarted ? restartSentences(past, up, down) : [];
  const damage = isDamaged(serving) ? past.happened(MEMORY, micros(0), serving.since).at(-1) : null;
  if (damage != null) before.push(`What damaged its memory was ${faultText(damage)}.`);
  const push = explainPush(past, {
    since: hasRestarted ? up.at : since,
    // One that is damaged is sent the same anew.
    servedGeneration: isDamaged(serving) ? serving.generation - 1 : serving.generation,
  });
  return [...before, ...(push ?? explainLink(past))];
}

function restartSentences(past: NodePast, up: TraceEntry, down: TraceEntry): string[] {
  const words = restartWords(past, down.at);
  const came = `It restarted${words === '' ? '' : `${words},`} and came back`;
  const sentences = [`${came} with what its disk held at ${instantText(up.at)}.`];
  const written = past.find(({ kind, at }) => kind === 'written' && at <= down.at);
  const lied = written === null ? undefined : past.standing(LIES, written.at).at(-1);
  if (lied !== undefined) {
    sentences.push(`Its disk had not kept what it was last given: ${faultText(lied)}.`);
  }
  return sentences;
}

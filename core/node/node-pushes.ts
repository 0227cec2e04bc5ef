import { addMicros, type Micros } from '../ports/clock.ts';
import { appliedPush } from './applied-push.ts';
import { storageRetryUs } from './backoff.ts';
import { judgePush, type PushRefusal } from './judge-push.ts';
import { clearTimer, linkIdOf, type NodeCore, note, send, setTimer } from './node-core.ts';
import { badFrame, heartbeat } from './node-links.ts';
import { serve } from './node-serving.ts';
import { storeTrouble } from './node-snapshots.ts';
import type { OpenLink, ReceivedPush, RunningPhase, ToldTarget } from './node-state.ts';
import type { PreparedConfig } from './shared-work.ts';

/** Remembers what the control plane says is current, to know when it is behind the node. */
export function hear(
  node: NodeCore,
  phase: RunningPhase,
  link: OpenLink,
  generation: ToldTarget['generation'],
): void {
  const { lineage, supersedes } = link.conversation;
  const held = phase.serving?.statement.lineage;
  const superseded = held !== undefined && supersedes.includes(held);
  const { told } = node;
  // Heartbeats are answered with the same for as long as nothing is published.
  const isNew =
    told === null ||
    told.generation !== generation ||
    told.lineage !== lineage ||
    told.superseded !== superseded;
  if (isNew) node.told = { lineage, generation, superseded };
}

const NO_RESOURCES: readonly [] = [];

type Writing = Extract<RunningPhase['write'], { kind: 'writing' }>;

export function receive(
  node: NodeCore,
  phase: RunningPhase,
  push: ReceivedPush,
  now: Micros,
): void {
  if (phase.write.kind === 'writing') {
    // One that waited and whose link has ended meanwhile would be let go of anyway.
    const isFree = phase.write.next === null || phase.write.next.linkId !== push.linkId;
    if (isFree) phase.write.next = push;
    else badFrame(node, phase, 'a push while two are unanswered', now);
    return;
  }
  const { link, serving } = phase;
  // A push that waited for the disk may have outlived its link.
  if (link.kind !== 'open' || link.linkId !== push.linkId) return;
  const { agent } = node;
  const { conversation } = link;
  hear(node, phase, link, push.body.generation);
  const isMending = phase.mending !== null;
  const { work } = node;
  const verdict = judgePush({ serving, isMending, conversation, body: push.body, agent, work });
  if (verdict.kind === 'refuse') refuse(node, push, verdict.refusal, now);
  else if (verdict.kind === 'apply') write(node, phase, link, push, verdict.prepared);
  else if (serving !== null) {
    send(node, push.linkId, { type: 'ack', nonce: push.nonce, hash: serving.snapshot.hash });
  }
}

function refuse(node: NodeCore, push: ReceivedPush, refusal: PushRefusal, now: Micros): void {
  const { revision } = push.body;
  node.counters.pushesRejected += 1;
  const { reason, detail, resources } = refusal;
  node.lastPush = { at: now, revision, outcome: 'rejected', reason, detail, resources };
  const text = `rejected r${revision}: ${reason}: ${detail}`;
  // An operator hears of refusals from the control plane; these two are the node's own trouble.
  if (reason === 'hash-mismatch' || reason === 'storage-failed') note(node, text, now);
  else node.log.add(now, text);
  send(node, push.linkId, { type: 'nack', nonce: push.nonce, ...refusal });
}

function write(
  node: NodeCore,
  phase: RunningPhase,
  link: OpenLink,
  push: ReceivedPush,
  prepared: PreparedConfig,
): void {
  const { generation, revision } = push.body;
  const { snapshot } = prepared;
  const { lineage } = link.conversation;
  const record = { lineage, generation, revision, hash: snapshot.hash, verifiedAt: push.at };
  node.tokens += 1;
  const token = node.tokens;
  phase.write = { kind: 'writing', token, push, record, snapshot, next: null, isDoubtful: false };
  node.out.push({ type: 'persist', token, record, snapshot });
}

export function onPersisted(
  node: NodeCore,
  phase: RunningPhase,
  token: number,
  written: boolean,
  now: Micros,
): void {
  const { write } = phase;
  if (write.kind !== 'writing' || write.token !== token) return;
  phase.write = { kind: 'idle' };
  const { push } = write;
  if (push === null) endStoreWrite(node, phase, write, written, now);
  else if (written && isBuiltOnDamage(node, write)) refuse(node, push, BUILT_ON_DAMAGE, now);
  else if (written) swap(node, phase, write, push, now);
  else storageFailed(node, phase, push, now);
  if (write.next !== null) receive(node, phase, write.next, now);
}

const BUILT_ON_DAMAGE: PushRefusal = {
  reason: 'hash-mismatch',
  detail: 'the delta was built on damaged memory',
  resources: [],
  resourcesTotal: 0,
};

/** Its stated hash is right all the same: it was reckoned from the basis, whose hash was right, too. */
function isBuiltOnDamage(node: NodeCore, { isDoubtful, snapshot }: Writing): boolean {
  return isDoubtful && node.work.scrub(snapshot) !== null;
}

/** Served is what was served before. The disk may have room again later, so the node asks again. */
function storageFailed(node: NodeCore, phase: RunningPhase, push: ReceivedPush, now: Micros): void {
  const detail = 'the config could not be written to disk';
  refuse(node, push, { reason: 'storage-failed', detail, resources: [], resourcesTotal: 0 }, now);
  const delayUs = storageRetryUs(node.random, node.storageFailures);
  node.storageFailures += 1;
  // Without its link the node says hello anyway.
  if (phase.link.kind === 'open') setTimer(node, 'storage', addMicros(now, delayUs));
}

function swap(
  node: NodeCore,
  phase: RunningPhase,
  write: Writing,
  push: ReceivedPush,
  now: Micros,
): void {
  const { record, snapshot } = write;
  const { statement, detail, text } = appliedPush(push.body, record);
  serve(phase, { statement, snapshot, since: now }, now);
  node.counters.pushesApplied += 1;
  if (node.storageFailures > 0) clearTimer(node, 'storage');
  node.storageFailures = 0;
  const { revision } = record;
  const applied = { outcome: 'applied', reason: null, resources: NO_RESOURCES } as const;
  node.lastPush = { at: now, revision, detail, ...applied };
  node.log.add(now, text);
  const { link } = phase;
  if (linkIdOf(link) === push.linkId) {
    send(node, push.linkId, { type: 'ack', nonce: push.nonce, hash: snapshot.hash });
  } else restate(node, phase, now);
}

/** A write that has begun is served when it has ended, whatever the link did meanwhile. */
function endStoreWrite(
  node: NodeCore,
  phase: RunningPhase,
  { record, snapshot }: Writing,
  written: boolean,
  now: Micros,
): void {
  if (!written) {
    storeTrouble(node, 'the config from the snapshot store could not be written to disk', now);
    return;
  }
  const { lineage, generation, revision, hash } = record;
  const statement = { lineage, generation, revision, hash, source: 'snapshot-store' } as const;
  serve(phase, { statement, snapshot, since: now }, now);
  node.storeTrouble = null;
  node.log.add(now, `serving r${revision} from the snapshot store`);
  // The control plane's own word, if not its latest: who takes it is not ahead of it.
  if (phase.link.kind !== 'open') node.told = { lineage, generation, superseded: false };
  restate(node, phase, now);
}

/** What `hello` stated is no longer true. */
function restate(node: NodeCore, phase: RunningPhase, now: Micros): void {
  if (phase.link.kind === 'open') heartbeat(node, phase, phase.link, now);
  else node.restate = true;
}

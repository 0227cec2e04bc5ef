import { addMicros, type Micros } from '../ports/clock.ts';
import type { PushBody } from '../protocol/node-link.ts';
import { storageRetryUs } from './backoff.ts';
import { judgePush, type PushRefusal } from './judge-push.ts';
import { clearTimer, linkIdOf, type NodeCore, note, send, setTimer } from './node-core.ts';
import { badFrame, heartbeat } from './node-links.ts';
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
  node.told = { lineage, generation, superseded };
}

export function receive(
  node: NodeCore,
  phase: RunningPhase,
  push: ReceivedPush,
  now: Micros,
): void {
  if (phase.write.kind === 'writing') {
    if (phase.write.next === null) phase.write.next = push;
    else badFrame(node, phase, 'a push while two are unanswered', now);
    return;
  }
  const { link, serving } = phase;
  // A push that waited for the disk may have outlived its link.
  if (link.kind !== 'open' || link.linkId !== push.linkId) return;
  const { agent } = node;
  const { conversation } = link;
  hear(node, phase, link, push.body.generation);
  const verdict = judgePush({ serving, conversation, body: push.body, agent, work: node.work });
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
  node.lastPush = { at: now, revision, outcome: 'rejected', detail, resources };
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
  phase.write = { kind: 'writing', token, push, record, snapshot, next: null };
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
  if (written) swap(node, phase, write, now);
  else storageFailed(node, phase, write.push, now);
  if (write.next !== null) receive(node, phase, write.next, now);
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
  write: Extract<RunningPhase['write'], { kind: 'writing' }>,
  now: Micros,
): void {
  const { record, snapshot, push } = write;
  const { lineage, generation, revision, hash } = record;
  const statement = { lineage, generation, revision, hash, source: 'control-plane' } as const;
  phase.serving = { statement, snapshot, since: now };
  node.counters.pushesApplied += 1;
  if (node.storageFailures > 0) clearTimer(node, 'storage');
  node.storageFailures = 0;
  const detail = describeBody(push.body);
  node.lastPush = { at: now, revision, outcome: 'applied', detail, resources: [] };
  node.log.add(now, `serving r${revision} (${detail})`);
  const { link } = phase;
  if (linkIdOf(link) === push.linkId) {
    send(node, push.linkId, { type: 'ack', nonce: push.nonce, hash: snapshot.hash });
  } else if (link.kind === 'open') heartbeat(node, phase, link, now);
  else node.restate = true;
}

function describeBody(body: PushBody): string {
  if (body.type === 'full') return `full, ${body.resources.length} resources`;
  return `delta, ${body.changed.length} changed, ${body.removed.length} removed`;
}

import { assertNever } from '../lib/assert.ts';
import { addMicros, type Micros } from '../ports/clock.ts';
import { NODE_PROTOCOL_VERSION } from '../protocol/limits.ts';
import { backoffUs, heartbeatUs } from './backoff.ts';
import { clearTimer, closeLink, type NodeCore, send, setTimer, setTimerIn } from './node-core.ts';
import { LINK_TIMERS, type NodeLinkEnd, type NodeTimer } from './node-events.ts';
import {
  NODE_CONNECT_TIMEOUT_MS,
  NODE_CURRENT_TIMEOUT_MS,
  NODE_WELCOME_TIMEOUT_MS,
} from './node-limits.ts';
import { awaitWelcome, onStoreTimer } from './node-snapshots.ts';
import type { OpenLink, RunningPhase } from './node-state.ts';

export function onTimer(
  node: NodeCore,
  phase: RunningPhase,
  timer: Exclude<NodeTimer, 'scrub'>,
  now: Micros,
): void {
  switch (timer) {
    case 'retry':
      if (phase.link.kind === 'waiting') connect(node, phase, now);
      return;
    case 'connect':
      if (phase.link.kind === 'connecting') leave(node, phase, 'connect-timeout', now);
      return;
    case 'welcome':
      if (phase.link.kind === 'greeting') leave(node, phase, 'hello-timeout', now);
      return;
    case 'heartbeat':
      if (phase.link.kind === 'open') heartbeat(node, phase, phase.link, now);
      return;
    case 'current':
      if (phase.link.kind !== 'open' || !phase.link.awaitingCurrent) return;
      leave(node, phase, 'heartbeat-timeout', now);
      return;
    case 'storage':
      // A new hello is how a node asks for what it could not keep; it serves on meanwhile.
      if (phase.link.kind === 'open' && phase.write.kind === 'idle') {
        leave(node, phase, 'storage-retry', now);
      }
      return;
    case 'store':
      onStoreTimer(node, phase, now);
      return;
    case 'boot':
      return;
    default:
      assertNever(timer);
  }
}

function connect(node: NodeCore, phase: RunningPhase, now: Micros): void {
  node.linkIds += 1;
  phase.link = { kind: 'connecting', since: now, linkId: node.linkIds };
  setTimerIn(node, 'connect', NODE_CONNECT_TIMEOUT_MS, now);
  node.out.push({ type: 'connect', linkId: node.linkIds });
}

export function onOpened(node: NodeCore, phase: RunningPhase, now: Micros): void {
  if (phase.link.kind !== 'connecting') return;
  const { linkId } = phase.link;
  clearTimer(node, 'connect');
  phase.link = { kind: 'greeting', since: now, linkId };
  node.restate = false;
  setTimerIn(node, 'welcome', NODE_WELCOME_TIMEOUT_MS, now);
  send(node, linkId, {
    type: 'hello',
    protocol: NODE_PROTOCOL_VERSION,
    nodeId: node.nodeId,
    cell: node.cell,
    labels: {},
    capabilities: node.agent.capabilities,
    bootId: node.bootId,
    serving: phase.serving?.statement ?? null,
  });
}

/** The control plane closes links at an age, in order and one after the other: nothing is amiss. */
const RENEWAL: NodeLinkEnd = 'connection-age';

/** Whether a link ended because of its age. */
export function isRenewal(close: string | null): boolean {
  return close === RENEWAL;
}

export function onClosed(node: NodeCore, phase: RunningPhase, reason: string, now: Micros): void {
  wait(node, phase, reason, backoffUs(node.random, node.failures), now);
}

/** Closes the link from this side and tries again later. */
export function leave(
  node: NodeCore,
  phase: RunningPhase,
  reason: NodeLinkEnd,
  now: Micros,
  delayUs?: number,
): void {
  closeLink(node, phase.link, reason);
  wait(node, phase, reason, delayUs ?? backoffUs(node.random, node.failures), now);
}

function wait(
  node: NodeCore,
  phase: RunningPhase,
  reason: string,
  delayUs: number,
  now: Micros,
): void {
  const wasOpen = phase.link.kind === 'open';
  const isOfAge = isRenewal(reason);
  if (isOfAge) node.log.add(now, 'control link renewed at its age');
  else if (wasOpen) node.log.add(now, `control link lost: ${reason || 'closed'}`);
  else if (node.failures === 0) node.log.add(now, `could not connect: ${reason || 'closed'}`);
  node.lastClose = reason || 'closed';
  if (!isOfAge) node.failures += 1;
  for (const timer of LINK_TIMERS) clearTimer(node, timer);
  const retryAt = addMicros(now, delayUs);
  phase.link = { kind: 'waiting', since: now, retryAt };
  setTimer(node, 'retry', retryAt);
  // Tries that fail do not put it off: it counts from the last welcome.
  if (wasOpen) awaitWelcome(node, now);
}

export function heartbeat(node: NodeCore, phase: RunningPhase, link: OpenLink, now: Micros): void {
  const isSound = phase.serving !== null && phase.serving.statement.damaged !== true;
  const health = isSound ? 'healthy' : 'degraded';
  const serving = phase.serving?.statement ?? null;
  send(node, link.linkId, {
    type: 'heartbeat',
    serving,
    counters: { ...node.counters },
    health,
  });
  setTimer(
    node,
    'heartbeat',
    addMicros(now, heartbeatUs(node.heartbeatRandom, link.conversation.heartbeatMs)),
  );
  if (link.awaitingCurrent) return;
  link.awaitingCurrent = true;
  setTimerIn(node, 'current', NODE_CURRENT_TIMEOUT_MS, now);
}

export function badFrame(node: NodeCore, phase: RunningPhase, detail: string, now: Micros): void {
  node.counters.badFrames += 1;
  node.log.add(now, `bad frame: ${detail}`);
  leave(node, phase, 'bad-frame', now);
}

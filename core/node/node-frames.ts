import { assertNever } from '../lib/assert.ts';
import { addMicros, MICROS_PER_MS, type Micros } from '../ports/clock.ts';
import type { ControlPlaneToNode } from '../protocol/node-link.ts';
import { incompatibleBackoffUs, retryLaterUs } from './backoff.ts';
import { configChunks } from './config-chunks.ts';
import { clearTimer, type NodeCore, note, send, setTimer } from './node-core.ts';
import { NODE_HEARTBEAT_MS_MAX } from './node-limits.ts';
import { badFrame, heartbeat, isRenewal, leave } from './node-links.ts';
import { hear, receive } from './node-pushes.ts';
import type { OpenLink, RunningPhase } from './node-state.ts';

export function onFrame(
  node: NodeCore,
  phase: RunningPhase,
  message: ControlPlaneToNode,
  now: Micros,
): void {
  const { link } = phase;
  if (link.kind === 'open' && link.announced !== null) {
    if (message.type !== 'delta' && message.type !== 'full') {
      badFrame(node, phase, `${message.type} between a push and its body`, now);
      return;
    }
    const push = { linkId: link.linkId, nonce: link.announced, body: message, at: now };
    link.announced = null;
    receive(node, phase, push, now);
    return;
  }
  switch (message.type) {
    case 'retry-later':
      putOff(node, phase, message, now);
      return;
    case 'incompatible':
      note(node, `refused: ${message.reason}: ${message.detail}`, now);
      leave(node, phase, 'incompatible', now, incompatibleBackoffUs(node.random));
      return;
    case 'welcome':
      onWelcome(node, phase, message, now);
      return;
    case 'delta':
    case 'full':
      badFrame(node, phase, 'a push body without its header', now);
      return;
    case 'push':
    case 'current':
    case 'fetch-config':
      if (link.kind === 'open') onOpenFrame(node, phase, link, message, now);
      else badFrame(node, phase, `${message.type} before welcome`, now);
      return;
    default:
      assertNever(message);
  }
}

function putOff(
  node: NodeCore,
  phase: RunningPhase,
  message: Extract<ControlPlaneToNode, { type: 'retry-later' }>,
  now: Micros,
): void {
  node.log.add(now, `told to come later: ${message.reason}`);
  const delayUs = retryLaterUs(node.random, message.afterMs, node.deferrals);
  node.deferrals += 1;
  leave(node, phase, 'retry-later', now, delayUs);
}

function onOpenFrame(
  node: NodeCore,
  phase: RunningPhase,
  link: OpenLink,
  message: Extract<ControlPlaneToNode, { type: 'push' | 'current' | 'fetch-config' }>,
  now: Micros,
): void {
  if (message.type === 'push') {
    node.verifiedAt = now;
    node.deferrals = 0;
    link.announced = message.nonce;
  } else if (message.type === 'current') {
    node.verifiedAt = now;
    node.deferrals = 0;
    hear(node, phase, link, message.generation);
    link.awaitingCurrent = false;
    clearTimer(node, 'current');
  } else if (phase.serving !== null) {
    const { statement, snapshot } = phase.serving;
    for (const chunk of configChunks(message.requestId, statement, snapshot)) {
      send(node, link.linkId, chunk);
    }
  }
}

function onWelcome(
  node: NodeCore,
  phase: RunningPhase,
  message: Extract<ControlPlaneToNode, { type: 'welcome' }>,
  now: Micros,
): void {
  const { lineage, supersedes } = message;
  const heartbeatMs = Math.min(message.heartbeatMs, NODE_HEARTBEAT_MS_MAX);
  const conversation = { lineage, supersedes, heartbeatMs };
  node.verifiedAt = now;
  if (phase.link.kind === 'open') {
    // Said again when an operator adopts another lineage.
    phase.link.conversation = conversation;
    hear(node, phase, phase.link, message.generation);
    return;
  }
  if (phase.link.kind !== 'greeting') return;
  const link: OpenLink = {
    kind: 'open',
    since: now,
    linkId: phase.link.linkId,
    conversation,
    announced: null,
    awaitingCurrent: false,
  };
  phase.link = link;
  hear(node, phase, link, message.generation);
  clearTimer(node, 'welcome');
  if (node.snapshots !== null) clearTimer(node, 'store');
  if (node.welcomed && !isRenewal(node.lastClose)) node.counters.reconnects += 1;
  node.welcomed = true;
  node.failures = 0;
  node.log.add(now, 'connected to the control plane');
  // The first beat falls anywhere in the period, or a restart would make the fleet beat as one.
  const firstUs = 1 + node.heartbeatRandom.below(heartbeatMs * MICROS_PER_MS);
  setTimer(node, 'heartbeat', addMicros(now, firstUs));
  if (node.restate) heartbeat(node, phase, link, now);
  node.restate = false;
}

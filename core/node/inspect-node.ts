import { type LinkState, packNodeFlags, type ServingHealth } from '../fleet/frame.ts';
import { type Micros, toMs } from '../ports/clock.ts';
import type { NodeInspection } from '../protocol/simulator-control.ts';
import { isRenewal } from './node-links.ts';
import type { NodeMachine } from './node-machine.ts';
import type { RetiringConfig } from './node-state.ts';

/** Built-in default: degraded, because it answers nothing that anybody asked for. */
export function healthOf(node: NodeMachine): ServingHealth {
  if (node.phase.kind === 'down') return 'down';
  const { serving } = node.phase;
  return serving === null || serving.statement.damaged === true ? 'degraded' : 'healthy';
}

/** A link that is renewed at its age is not lost; `connected` only after `welcome`: an open socket alone says nothing. */
export function linkStateOf(node: NodeMachine): LinkState {
  if (node.phase.kind === 'down') return 'lost';
  const { kind } = node.phase.link;
  if (kind === 'open') return 'connected';
  return kind === 'waiting' && !isRenewal(node.lastClose) ? 'lost' : 'connecting';
}

/** Serves what the control plane does not know: newer than its generation, or another lineage. */
export function isAhead(node: NodeMachine): boolean {
  const { serving, told } = node;
  if (serving === null || told === null) return false;
  if (serving.statement.lineage !== told.lineage) return !told.superseded;
  return serving.statement.generation > told.generation;
}

/** The node's byte in a fleet frame. */
export function nodeFlagsOf(node: NodeMachine): number {
  return packNodeFlags({
    link: linkStateOf(node),
    health: healthOf(node),
    source: node.serving?.statement.source ?? 'default',
    ahead: isAhead(node),
    rejected: node.lastPush?.outcome === 'rejected',
  });
}

function describeRetiring({ serving, swappedAt, until }: RetiringConfig) {
  const revision = serving?.statement.revision ?? null;
  return { revision, swappedAtMs: toMs(swappedAt), untilMs: toMs(until) };
}

/** What a node says of itself; the traffic is the caller's knowledge. */
export function inspectNode(
  node: NodeMachine,
  traffic: { readonly requestsPerSecond: number; readonly failuresPerSecond: number },
  now: Micros,
): NodeInspection {
  const { phase, serving, retiring, lastPush } = node;
  const link = phase.kind === 'running' ? phase.link : null;
  const last = node.log.entries().at(-1);
  return {
    nodeId: node.nodeId,
    cell: node.cell,
    agentVersion: node.agent.capabilities.agentVersion,
    featuresMissing: node.agent.featuresMissing,
    health: healthOf(node),
    link: {
      state: linkStateOf(node),
      sinceMs: link !== null ? toMs(link.since) : last === undefined ? 0 : toMs(last.at),
      retryAtMs: link?.kind === 'waiting' ? toMs(link.retryAt) : null,
      lastClose: node.lastClose,
      reconnects: node.counters.reconnects,
    },
    serving: serving === null ? null : { ...serving.statement, sinceMs: toMs(serving.since) },
    retiring: retiring === null || now >= retiring.until ? null : describeRetiring(retiring),
    verifiedAtMs: node.verifiedAt === null ? null : toMs(node.verifiedAt),
    lastPush:
      lastPush === null
        ? null
        : {
            atMs: toMs(lastPush.at),
            revision: lastPush.revision,
            outcome: lastPush.outcome,
            detail: lastPush.detail,
            resources: lastPush.resources.map(({ key, detail }) => ({ key, detail })),
          },
    ...traffic,
    log: node.log.entries().map(({ at, text }) => ({ atMs: toMs(at), text })),
    manifest:
      serving === null
        ? []
        : [...serving.snapshot.resources.values()].map(({ key, contentHash }) => [
            key,
            contentHash,
          ]),
  };
}

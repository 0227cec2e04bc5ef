import { NACK_RESOURCES_MAX, TEXT_CHARS_MAX } from '../protocol/limits.ts';
import type { NodeNack, PushBody, RejectedResource } from '../protocol/node-link.ts';
import type { AgentProfile } from './agent-profiles.ts';
import type { Conversation, ServingConfig } from './node-state.ts';
import type { FeatureUse, PreparedConfig, SharedWork } from './shared-work.ts';

/** What a push comes to. Nothing is changed by judging it. */
export type PushVerdict =
  /** It is what the node serves: answered at once. */
  | { readonly kind: 'held' }
  | { readonly kind: 'apply'; readonly prepared: PreparedConfig }
  | { readonly kind: 'refuse'; readonly refusal: PushRefusal };
export type PushRefusal = Pick<NodeNack, 'reason' | 'detail' | 'resources' | 'resourcesTotal'>;

export interface JudgePushInput {
  readonly serving: ServingConfig | null;
  /** It was found damaged, and the disk is being read anew for it. */
  readonly isMending: boolean;
  readonly conversation: Conversation;
  readonly body: PushBody;
  readonly agent: AgentProfile;
  readonly work: SharedWork;
}

/**
 * Order of the checks: may it come from here, is it newer, is its basis held, can it be built, is it
 * what was sent, does this agent take it. What is not what was sent is not judged further.
 */
export function judgePush(input: JudgePushInput): PushVerdict {
  const { serving, body } = input;
  const misplaced = checkOrder(input);
  if (misplaced !== null) return misplaced;
  const lack = body.type === 'delta' ? lackOfBasis(input, body.from) : null;
  if (lack !== null) return refuse('hash-mismatch', lack);
  const built =
    body.type === 'delta'
      ? input.work.prepare(serving?.snapshot ?? null, body.changed, body.removed)
      : input.work.prepare(null, body.resources, []);
  if (!built.ok) {
    const { reason, detail } = built.error;
    return refuse(reason === 'not-held' ? 'hash-mismatch' : 'rejected', detail);
  }
  const prepared = built.value;
  if (prepared.snapshot.hash !== body.hash) {
    return refuse(
      'hash-mismatch',
      `built ${prepared.snapshot.hash.slice(0, 12)}, pushed ${body.hash.slice(0, 12)}`,
    );
  }
  return checkAgent(input.agent, prepared) ?? { kind: 'apply', prepared };
}

/** Lineage and generation: what a node serves never goes back. */
function checkOrder({ serving, conversation, body }: JudgePushInput): PushVerdict | null {
  if (serving === null) return null;
  const held = serving.statement;
  if (held.lineage !== conversation.lineage) {
    if (conversation.supersedes.includes(held.lineage)) return null;
    return refuse(
      'foreign-lineage',
      `serves lineage ${held.lineage.slice(0, 12)}, which this control plane does not supersede`,
    );
  }
  if (body.generation > held.generation) return null;
  // What is damaged is not what that generation was: the same one, whole, mends it.
  if (held.damaged === true && body.generation === held.generation) return null;
  const same = body.generation === held.generation && body.hash === held.hash;
  if (same && body.revision === held.revision) return { kind: 'held' };
  return refuse(
    'older-generation',
    `generation ${body.generation} is not after generation ${held.generation}, which is served`,
  );
}

/**
 * The lineage was checked before; a false basis is found by the root hash all the same. A damaged one is
 * not: what a delta comes to is reckoned from the hash that is stated.
 */
function lackOfBasis({ serving, isMending }: JudgePushInput, from: number): string | null {
  if (serving === null || serving.statement.revision !== from) {
    return `the basis r${from} is not held`;
  }
  const isDamaged = isMending || serving.statement.damaged === true;
  return isDamaged ? `the basis r${from} is damaged in memory` : null;
}

/** Why an agent does not take a config, in words; null when it does. */
export function whyNotTaken(agent: AgentProfile, prepared: PreparedConfig): string | null {
  const verdict = checkAgent(agent, prepared);
  return verdict?.kind === 'refuse' ? verdict.refusal.detail : null;
}

function checkAgent(agent: AgentProfile, prepared: PreparedConfig): PushVerdict | null {
  const { resourcesMax, configBytesMax } = agent.capabilities.limits;
  const resources = prepared.snapshot.resources.size;
  if (resources > resourcesMax) {
    return refuse('over-limit', `${resources} resources, this node takes ${resourcesMax}`);
  }
  if (prepared.configBytes > configBytesMax) {
    return refuse('over-limit', `${prepared.configBytes} bytes, this node takes ${configBytesMax}`);
  }
  if (prepared.features.every((feature) => agent.features.has(feature))) return null;
  const rejected = prepared.featureUses
    .filter(({ feature }) => !agent.features.has(feature))
    .map((use) => rejectedResource(agent, use));
  const total = new Set(rejected.map(({ key }) => key)).size;
  return refuse('rejected', rejected[0]?.detail ?? '', rejected, total);
}

/** `shop/checkout uses the CORS filter, which agent 1.3 lacks` */
function rejectedResource(agent: AgentProfile, { key, use }: FeatureUse): RejectedResource {
  const release = agent.capabilities.agentVersion.split('.').slice(0, 2).join('.');
  const name = key.slice(key.indexOf('/') + 1);
  const detail = `${name} uses ${use}, which agent ${release} lacks`.slice(0, TEXT_CHARS_MAX);
  return { key, reason: 'unsupported-feature', detail };
}

function refuse(
  reason: PushRefusal['reason'],
  detail: string,
  resources: RejectedResource[] = [],
  resourcesTotal = 0,
): PushVerdict {
  const refusal = {
    reason,
    detail: detail.slice(0, TEXT_CHARS_MAX),
    resources: resources.slice(0, NACK_RESOURCES_MAX),
    resourcesTotal,
  };
  return { kind: 'refuse', refusal };
}

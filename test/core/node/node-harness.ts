import { strict as assert } from 'node:assert';
import { canonicalJson, contentHashOf } from '../../../core/config/canonical.ts';
import type {
  Generation,
  Lineage,
  NodeId,
  Nonce,
  Revision,
  RootHash,
} from '../../../core/config/ids.ts';
import { type ConfigSnapshot, snapshotFromBodies } from '../../../core/config/snapshot.ts';
import type { JsonObject } from '../../../core/gateway/json.ts';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import { AGENT_CURRENT, type AgentProfile } from '../../../core/node/agent-profiles.ts';
import type { SnapshotTiming } from '../../../core/node/node-core.ts';
import type { DiskLoad, NodeEffect, NodeEvent, NodeTimer } from '../../../core/node/node-events.ts';
import { NodeMachine } from '../../../core/node/node-machine.ts';
import { createOwnWork } from '../../../core/node/shared-work.ts';
import { addMicros, type Micros, micros } from '../../../core/ports/clock.ts';
import type {
  ControlPlaneToNode,
  NodeToControlPlane,
  PushBody,
  ResourceBody,
} from '../../../core/protocol/node-link.ts';

export const LINEAGE_A = 'a'.repeat(32) as Lineage;
export const LINEAGE_B = 'b'.repeat(32) as Lineage;
export const HEARTBEAT_MS = 10_000;

export type NodeHeartbeat = Extract<NodeToControlPlane, { type: 'heartbeat' }>;

export function service(name: string, port = 80): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'shop' },
    spec: { ports: [{ port }] },
  };
}

export function corsRoute(name: string): JsonObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace: 'shop' },
    spec: {
      rules: [{ filters: [{ type: 'CORS', cors: { allowOrigins: ['https://a.example'] } }] }],
    },
  };
}

export function snapshotOf(bodies: readonly ResourceBody[]): ConfigSnapshot {
  const built = snapshotFromBodies(bodies);
  assert.ok(built.ok);
  return built.value;
}

export function hashOfBodies(bodies: readonly ResourceBody[]): RootHash {
  return snapshotOf(bodies).hash;
}

export function contentHashOfBody(body: JsonObject): string {
  return contentHashOf(canonicalJson(body));
}

export function full(revision: number, resources: readonly ResourceBody[], generation = revision) {
  return {
    type: 'full',
    generation: generation as Generation,
    revision: revision as Revision,
    hash: hashOfBodies(resources),
    resources: [...resources],
  } as const satisfies PushBody;
}

export function delta(
  from: number,
  revision: number,
  after: readonly ResourceBody[],
  changed: readonly ResourceBody[],
  removed: readonly string[] = [],
) {
  return {
    type: 'delta',
    generation: revision as Generation,
    revision: revision as Revision,
    hash: hashOfBodies(after),
    from: from as Revision,
    changed: [...changed],
    removed: [...removed] as never[],
  } as const satisfies PushBody;
}

/** One node, and the shell and control plane that it deals with, in the hand of the test. */
export class NodeHarness {
  readonly node: NodeMachine;
  now: Micros = micros(1_000_000_000);
  readonly timers = new Map<NodeTimer, Micros>();
  /** Everything since the last `take`. */
  #effects: NodeEffect[] = [];
  linkId = 0;
  #nonce = 0;

  constructor(
    agent: AgentProfile = AGENT_CURRENT,
    seed = 7,
    snapshots: SnapshotTiming | null = null,
  ) {
    this.node = new NodeMachine({
      nodeId: 'eu-west/edge-0001' as NodeId,
      cell: 'eu-west',
      agent,
      random: createSeededRandom(seed),
      work: createOwnWork(),
      snapshots,
    });
  }

  event(event: NodeEvent): NodeEffect[] {
    const effects = this.node.handle(event, this.now);
    for (const effect of effects) {
      if (effect.type === 'set-timer') this.timers.set(effect.timer, effect.at);
      else if (effect.type === 'clear-timer') this.timers.delete(effect.timer);
      else if (effect.type === 'connect') this.linkId = effect.linkId;
    }
    this.#effects.push(...effects);
    return effects;
  }

  take(): NodeEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** Lets a timer run at its time. */
  fire(timer: NodeTimer): NodeEffect[] {
    const at = this.timers.get(timer);
    assert.ok(at !== undefined, `timer ${timer} is set`);
    this.timers.delete(timer);
    this.now = at > this.now ? at : this.now;
    return this.event({ type: 'timer', timer });
  }

  advanceMs(ms: number): void {
    this.now = addMicros(this.now, ms * 1_000);
  }

  boot(load: DiskLoad = { kind: 'empty' }): void {
    this.event({ type: 'boot', delayUs: 0 });
    this.fire('boot');
    this.event({ type: 'disk-read', load, connectAfterUs: 0 });
  }

  /** Up to the point where `hello` is out. */
  open(): NodeEffect[] {
    this.fire('retry');
    return this.event({ type: 'link-opened', linkId: this.linkId });
  }

  frame(message: ControlPlaneToNode): NodeEffect[] {
    return this.event({ type: 'frame', linkId: this.linkId, message });
  }

  welcome(input: { lineage?: Lineage; supersedes?: Lineage[]; generation?: number } = {}) {
    return this.frame({
      type: 'welcome',
      lineage: input.lineage ?? LINEAGE_A,
      generation: (input.generation ?? 1) as Generation,
      revision: 1 as Revision,
      hash: hashOfBodies([]),
      heartbeatMs: HEARTBEAT_MS,
      supersedes: input.supersedes ?? [],
    });
  }

  current(generation = 1): NodeEffect[] {
    return this.frame({
      type: 'current',
      generation: generation as Generation,
      revision: 1 as Revision,
      hash: hashOfBodies([]),
    });
  }

  connect(input: Parameters<NodeHarness['welcome']>[0] = {}): void {
    this.open();
    this.welcome(input);
  }

  /** Header and body; gives what the body caused, and the push's nonce. */
  push(body: PushBody): { nonce: Nonce; effects: NodeEffect[] } {
    this.#nonce += 1;
    const nonce = this.#nonce as Nonce;
    this.frame({ type: 'push', nonce });
    return { nonce, effects: this.frame(body) };
  }

  /** Answers the persist that the node waits for. */
  persisted(effects: readonly NodeEffect[], ok = true): NodeEffect[] {
    const persist = effects.find((effect) => effect.type === 'persist');
    assert.ok(persist?.type === 'persist', 'the node asked to persist');
    return this.event({ type: 'persisted', token: persist.token, ok });
  }

  /** A push that must be taken. */
  apply(body: PushBody): void {
    const { effects } = this.push(body);
    const answer = sent(this.persisted(effects));
    assert.equal(answer[0]?.type, 'ack');
  }
}

export function sent(effects: readonly NodeEffect[]): NodeToControlPlane[] {
  return effects.flatMap((effect) => (effect.type === 'send' ? [effect.message] : []));
}

export function kindsOf(effects: readonly NodeEffect[]): string[] {
  return effects.map((effect) => effect.type);
}

export function onDisk(bodies: readonly ResourceBody[], revision: number): DiskLoad {
  return {
    kind: 'found',
    record: {
      lineage: LINEAGE_A,
      generation: revision as Generation,
      revision: revision as Revision,
      hash: hashOfBodies(bodies),
      verifiedAt: micros(500_000_000),
    },
    resources: bodies,
  };
}

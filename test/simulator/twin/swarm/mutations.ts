import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { RootHash } from '../../../../core/config/ids.ts';
import { copyMemoryConfigStore } from '../../../../core/config/memory-config-store.ts';
import {
  type ControlPlane,
  type ControlPlaneParts,
  createControlPlane,
} from '../../../../core/control-plane/control-plane.ts';
import type {
  ControlPlaneEffect,
  ControlPlaneEvent,
} from '../../../../core/control-plane/events.ts';
import { SYNC_STATUSES } from '../../../../core/fleet/frame.ts';
import type { Micros } from '../../../../core/ports/clock.ts';
import type { ConfigStore } from '../../../../core/ports/store.ts';
import type { Belief } from '../../../../core/protocol/control-plane-control.ts';
import { NODE_CLOSE_CODES } from '../../../../core/protocol/node-link.ts';
import { readPushHeader } from '../../../../simulator/twin/swarm/push-header.ts';
import type { SwarmMutation } from '../../../../simulator/twin/swarm/run-seed.ts';
import type { SwarmPhase } from '../../../../simulator/twin/swarm/swarm-failure.ts';
import {
  AcksBeforePersisting,
  ForgetsOnLinkLoss,
  NeverScrubs,
  SkipsHashCheck,
  TakesOlder,
  TakesOlderFromStore,
} from './mutated-nodes.ts';

/** A bug that is put into the world from outside; a new one for each run, for some have a memory. */
export interface Mutation {
  readonly name: string;
  readonly create: () => SwarmMutation;
  /** How it is found: it must not be found by accident. */
  readonly phase: SwarmPhase;
  readonly says: RegExp;
}

type Handle = (event: ControlPlaneEvent, now: Micros) => ControlPlaneEffect[];

/** A control plane some of whose doings are others. */
function mutated(
  change: (
    real: ControlPlane,
    parts: ControlPlaneParts,
  ) => { handle?: Handle; belief?: (belief: Belief) => Belief },
): SwarmMutation {
  return {
    createControlPlane(parts, startedAt) {
      const real = createControlPlane(parts, startedAt);
      const { handle, belief } = change(real, parts);
      return {
        handle: handle ?? ((event, now) => real.handle(event, now)),
        nextTickAt: () => real.nextTickAt(),
        belief: (now, measured) => {
          const told = real.belief(now, measured);
          return belief === undefined ? told : belief(told);
        },
      };
    },
  };
}

/** Whatever is answered is taken for the answer to the push that is out. */
function nonceCheckDropped(): SwarmMutation {
  return mutated((real) => {
    const out = new Map<number, Extract<ControlPlaneEffect, { type: 'send-push' }>>();
    return {
      handle(event, now) {
        const effects = real.handle(asAnswerToNewest(event, out), now);
        for (const effect of effects) {
          if (effect.type === 'send-push') out.set(effect.connectionId, effect);
        }
        return effects;
      },
    };
  });
}

function asAnswerToNewest(
  event: ControlPlaneEvent,
  out: ReadonlyMap<number, { readonly nonce: number; readonly body: Uint8Array }>,
): ControlPlaneEvent {
  if (event.type !== 'frame-received' || event.message.type !== 'ack') return event;
  const push = out.get(event.connectionId);
  if (push === undefined) return event;
  const hash = readPushHeader(push.body).hash as RootHash;
  return { ...event, message: { ...event.message, nonce: push.nonce as never, hash } };
}

/** Nodes that are not connected do not count as missing. */
function silentForgotten(): SwarmMutation {
  return mutated(() => ({
    belief: (belief) => ({
      ...belief,
      counts: { ...belief.counts, inventory: belief.counts.connected },
    }),
  }));
}

/** What was sent counts as acknowledged. */
function sentCountsAsAcknowledged(): SwarmMutation {
  const stale = SYNC_STATUSES.indexOf('STALE');
  return mutated(() => ({
    belief: (belief) => {
      const sent = belief.syncStatus.filter((status) => status === stale).length;
      const acknowledged = belief.counts.acknowledged + sent;
      return { ...belief, counts: { ...belief.counts, acknowledged } };
    },
  }));
}

/** Whoever would need a full push is sent what changed last, as if the log reached back for ever. */
function resumesFromTruncatedLog(): SwarmMutation {
  return mutated((real, { store }) => ({
    handle: (event, now) =>
      real.handle(event, now).map((effect) => {
        if (effect.type !== 'send-push' || !readPushHeader(effect.body).isFull) return effect;
        const body = deltaInstead(store);
        return body === null ? effect : { ...effect, body };
      }),
  }));
}

/** An empty delta from the revision before the head, to the head. */
function deltaInstead(store: ConfigStore): Uint8Array | null {
  const head = store.head();
  if (head === null || head.parent === null) return null;
  const { generation, revision, rootHash, parent } = head;
  return utf8ToBytes(
    `{"type":"delta","generation":${generation},"revision":${revision},"hash":"${rootHash}","from":${parent},"changed":[],"removed":[]}`,
  );
}

/** Neither end minds the order of generations: a node that is ahead is pushed what is older. */
function generationCheckDropped(): SwarmMutation {
  const control = mutated((real, { store }) => ({
    handle: (event, now) => real.handle(withoutAhead(event, store), now),
  }));
  return { ...control, createNode: (input) => new TakesOlder(input) };
}

/** A node that serves something newer than the head is heard as one that serves nothing. */
function withoutAhead(event: ControlPlaneEvent, store: ConfigStore): ControlPlaneEvent {
  if (event.type !== 'frame-received') return event;
  const { message } = event;
  if (message.type !== 'hello' && message.type !== 'heartbeat') return event;
  if ((message.serving?.generation ?? 0) <= store.generation()) return event;
  return { ...event, message: { ...message, serving: null } };
}

/** A publish is answered before it is durable. */
function losesPublishOnKill(): SwarmMutation {
  let before: ConfigStore | null = null;
  const control = mutated((real, { store }) => ({
    handle(event, now) {
      if (event.type === 'request' && event.request.method === 'publish') {
        before = copyMemoryConfigStore(store);
      }
      return real.handle(event, now);
    },
  }));
  return { ...control, storeAfterKill: (store) => before ?? store };
}

/** A node has reached a revision only if it was sent that one: those that coalesced never end. */
function coalescedNeverCompleted(): SwarmMutation {
  return mutated((real) => {
    const sentTo = new Map<number, Set<string>>();
    return {
      handle(event, now) {
        const effects = real.handle(event, now);
        for (const effect of effects) {
          if (effect.type !== 'send-push') continue;
          const { generation } = readPushHeader(effect.body);
          const nodes = sentTo.get(generation) ?? new Set();
          sentTo.set(generation, nodes.add(effect.nodeId));
        }
        return effects.map((effect) => withoutUnsent(effect, sentTo));
      },
    };
  });
}

/** Revisions and generations are the same numbers where nothing was adopted or restored. */
function withoutUnsent(
  effect: ControlPlaneEffect,
  sentTo: ReadonlyMap<number, ReadonlySet<string>>,
): ControlPlaneEffect {
  if (effect.type !== 'respond' || !effect.response.ok) return effect;
  const { value } = effect.response;
  if (!('curve' in value)) return effect;
  const reached = Math.min(value.reached, sentTo.get(value.revision)?.size ?? 0);
  return { ...effect, response: { ok: true, value: { ...value, reached } } };
}

/** The node has to leave a control plane that is silent, and comes back, and so on. */
function heartbeatsUnanswered(): SwarmMutation {
  return mutated((real) => ({
    handle: (event, now) =>
      real
        .handle(event, now)
        .filter((effect) => effect.type !== 'send' || effect.message.type !== 'current'),
  }));
}

/** Every process of a node is taken for the same one. */
function bootsForgotten(): SwarmMutation {
  return mutated((real) => ({
    handle(event, now) {
      if (event.type !== 'frame-received' || event.message.type !== 'hello') {
        return real.handle(event, now);
      }
      return real.handle({ ...event, message: { ...event.message, bootId: 1 } }, now);
    },
  }));
}

/** Whoever is closed for something else is told that its link came of age. */
function agesEverything(): SwarmMutation {
  return mutated((real) => ({
    handle: (event, now) =>
      real
        .handle(event, now)
        .map((effect) =>
          effect.type === 'close' && effect.reason === 'answer-timeout'
            ? { ...effect, code: NODE_CLOSE_CODES['connection-age'], reason: 'connection-age' }
            : effect,
        ),
  }));
}

/** As many full pushes at a time as are asked for. */
function admissionForgotten(): SwarmMutation {
  return {
    createControlPlane: (parts, now) => {
      const settings = { ...parts.settings, fullPushesInFlightMax: 10_000 };
      return createControlPlane({ ...parts, settings }, now);
    },
  };
}

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'the nonce of an answer is not checked',
    create: nonceCheckDropped,
    phase: 'safety',
    says: /was counted as 1 answers/,
  },
  {
    name: 'a node acknowledges before it persists',
    create: () => ({ createNode: (input) => new AcksBeforePersisting(input) }),
    phase: 'safety',
    says: /acknowledged generation \d+ with generation \d+ on its disk/,
  },
  {
    name: 'a node skips the hash check',
    create: () => ({ createNode: (input) => new SkipsHashCheck(input) }),
    phase: 'safety',
    says: /what was not published/,
  },
  {
    name: 'silent nodes are forgotten in the denominator',
    create: silentForgotten,
    phase: 'safety',
    says: /are counted of an inventory of/,
  },
  {
    name: 'what was sent counts as acknowledged',
    create: sentCountsAsAcknowledged,
    phase: 'safety',
    says: /count as acknowledged; \d+ said so/,
  },
  {
    name: 'a truncated log is resumed without a full push',
    create: resumesFromTruncatedLog,
    phase: 'liveness',
    says: /which it refused: the basis r\d+ is not held/,
  },
  {
    name: 'the generation check is dropped',
    create: generationCheckDropped,
    phase: 'safety',
    says: /went back from generation/,
  },
  {
    name: 'a node takes an older snapshot from the store',
    create: () => ({ createNode: (input) => new TakesOlderFromStore(input) }),
    phase: 'safety',
    says: /went back from generation/,
  },
  {
    name: 'a node forgets what it serves when its link is lost',
    create: () => ({ createNode: (input) => new ForgetsOnLinkLoss(input) }),
    phase: 'safety',
    says: /serves nothing, though its disk is whole/,
  },
  {
    name: 'a kill loses the last publish',
    create: losesPublishOnKill,
    phase: 'safety',
    says: /was published and is lost/,
  },
  {
    name: 'a coalesced revision is never completed',
    create: coalescedNeverCompleted,
    phase: 'liveness',
    says: /are told to have reached r\d+/,
  },
  {
    name: 'heartbeats are not answered, so that links come and go',
    create: heartbeatsUnanswered,
    phase: 'liveness',
    says: /The link of .* ended or came again|is not connected|nodes count as connected/,
  },
  {
    name: 'a node never scrubs what it serves',
    create: () => ({ createNode: (input) => new NeverScrubs(input) }),
    phase: 'liveness',
    says: /The damaged memory of .* was not mended/,
  },
  {
    name: 'a new boot does not end the error of damaged pushes',
    create: bootsForgotten,
    phase: 'liveness',
    says: /serves r\d+ and not r\d+/,
  },
  {
    name: 'a link comes of age in the middle of a push',
    create: agesEverything,
    phase: 'safety',
    says: /was closed for its age (in a push|too soon)/,
  },
  {
    name: 'full pushes are not held to their cap',
    create: admissionForgotten,
    phase: 'safety',
    says: /full pushes in flight, over the cap/,
  },
];

import { ConvergenceTracker } from '../fleet/convergence.ts';
import { DocumentCache } from '../gateway/parse-config.ts';
import { assertNever } from '../lib/assert.ts';
import { ok } from '../lib/result.ts';
import { earlier, type Micros } from '../ports/clock.ts';
import type { RandomStream } from '../ports/random.ts';
import type { ConfigStore } from '../ports/store.ts';
import type {
  Belief,
  ControlPlaneLoad,
  ControlPlaneRequest,
  PublishedRevision,
} from '../protocol/control-plane-control.ts';
import { Adoption } from './adoption.ts';
import { fleetBelief } from './belief.ts';
import { checkDraft, type DraftCheckParts } from './check-draft.ts';
import { CreationTimestamps } from './creation-timestamps.ts';
import { Debounce } from './debounce.ts';
import type { ControlPlaneEffect, ControlPlaneEvent, ControlPlaneResponse } from './events.ts';
import { HeadFollower } from './head-follower.ts';
import {
  getAudit,
  getBlame,
  getConvergence,
  getNodeSync,
  getRevision,
  listRevisions,
} from './history-queries.ts';
import { inventoryProblem } from './inventory-problem.ts';
import { NodeRegistry } from './node-registry.ts';
import { publishText, rollBack } from './publisher.ts';
import { PushBodies } from './push-bodies.ts';
import { type Answered, type Refused, refuse } from './refuse.ts';
import type { ControlPlaneSettings } from './settings.ts';
import { SnapshotDumper } from './snapshot-dumper.ts';
import { StateKeeper } from './state-keeper.ts';
import { countClose } from './sync-counters.ts';
import { SyncEngine } from './sync-engine.ts';

/** What only the world around the machine can measure. */
export type MeasuredLoad = Pick<ControlPlaneLoad, 'bytesSent' | 'publishMsLast' | 'rssBytes'>;

/**
 * The control plane as a state machine: an event at an instant in, effects out. It does no I/O but
 * for the synchronous store, and decides everything; the world around it only carries things out.
 */
export interface ControlPlane {
  handle(event: ControlPlaneEvent, now: Micros): ControlPlaneEffect[];
  /** When a `tick` is due next; null when nothing is waited for. */
  nextTickAt(): Micros | null;
  belief(now: Micros, measured: MeasuredLoad): Belief;
}

export interface ControlPlaneParts {
  readonly store: ConfigStore;
  readonly random: RandomStream;
  readonly settings: ControlPlaneSettings;
  /** What was read of texts before, by content; absent: nothing. */
  readonly memory?: ControlPlaneMemory;
}

/** Remembers by content alone, so that it can outlive a process, and be shared: it changes no outcome. */
export interface ControlPlaneMemory {
  readonly cache: DocumentCache;
  readonly timestamps: CreationTimestamps;
}

/** @param now the instant of the start, for what was under way when the process ended */
export function createControlPlane(parts: ControlPlaneParts, now: Micros): ControlPlane {
  return new ControlPlaneMachine(parts, now);
}

class ControlPlaneMachine implements ControlPlane {
  readonly #store: ConfigStore;
  readonly #registry: NodeRegistry;
  readonly #convergence: ConvergenceTracker;
  readonly #engine: SyncEngine;
  readonly #adoption: Adoption;
  readonly #debounce: Debounce;
  readonly #keeper: StateKeeper;
  readonly #follower: HeadFollower;
  /** Null: there is no snapshot store. */
  readonly #dumper: SnapshotDumper | null;
  readonly #cache: DocumentCache;
  readonly #timestamps: CreationTimestamps;
  #effects: ControlPlaneEffect[] = [];

  constructor({ store, random, settings, memory }: ControlPlaneParts, now: Micros) {
    this.#store = store;
    this.#cache = memory?.cache ?? new DocumentCache();
    this.#timestamps = memory?.timestamps ?? new CreationTimestamps();
    this.#registry = new NodeRegistry(store);
    this.#convergence = new ConvergenceTracker(settings.convergenceDeadlineUs);
    this.#debounce = new Debounce(settings.debounceQuietUs, settings.debounceMaxUs);
    this.#keeper = new StateKeeper({
      store,
      registry: this.#registry,
      convergence: this.#convergence,
      intervalUs: settings.saveIntervalUs,
    });
    const emit = (effect: ControlPlaneEffect) => {
      this.#effects.push(effect);
    };
    this.#adoption = new Adoption({
      store,
      registry: this.#registry,
      cache: this.#cache,
      timeoutUs: settings.adoptTimeoutUs,
      sendFetch: (connectionId, requestId) =>
        emit({ type: 'send', connectionId, message: { type: 'fetch-config', requestId } }),
      finished: ({ requestId, connectionId }, outcome, at) => {
        this.#adopted(requestId, outcome, at);
        this.#engine.collected(connectionId, at);
      },
    });
    this.#engine = new SyncEngine({
      store,
      registry: this.#registry,
      convergence: this.#convergence,
      bodies: new PushBodies(store, {
        logRevisionsMax: settings.logRevisionsMax,
        entriesMax: settings.bodiesCachedMax,
        bytesMax: settings.bodyBytesCachedMax,
      }),
      random: random.split('retry-later'),
      ageRandom: random.split('connection-age'),
      settings,
      emit,
      onSessionEnded: (connectionId, at) => this.#adoption.sessionEnded(connectionId, at),
      isCollectedFrom: (connectionId) => this.#adoption.connectionId === connectionId,
    });
    this.#follower = new HeadFollower({
      store,
      registry: this.#registry,
      convergence: this.#convergence,
      engine: this.#engine,
      keeper: this.#keeper,
      convergenceDeadlineUs: settings.convergenceDeadlineUs,
    });
    const { snapshotIntervalUs: intervalUs } = settings;
    this.#dumper =
      intervalUs === null ? null : new SnapshotDumper({ store, intervalUs, emit }, now);
    const head = store.head();
    if (head !== null) this.#follower.resume(head, now);
  }

  handle(event: ControlPlaneEvent, now: Micros): ControlPlaneEffect[] {
    this.#effects = [];
    this.#dispatch(event, now);
    if (this.#registry.hasUnsaved) this.#keeper.saveSoon(now);
    // A finished curve must not be told anew, with later instants, after a kill within the interval.
    if (this.#convergence.takeCompleted()) this.#keeper.saveNext(now);
    return this.#effects;
  }

  nextTickAt(): Micros | null {
    const held = earlier(this.#debounce.nextAt(), this.#adoption.nextAt());
    const kept = earlier(this.#keeper.nextAt(), this.#dumper?.dueAt ?? null);
    return earlier(this.#engine.nextDeadline(), earlier(held, kept));
  }

  belief(now: Micros, measured: MeasuredLoad): Belief {
    const { closedByReason, ...counters } = this.#engine.counters;
    return {
      ...fleetBelief(this.#registry, this.#engine.target, this.#store.lineage, now),
      load: {
        ...this.#engine.load,
        ...counters,
        closedByReason: Object.fromEntries(closedByReason),
        ...measured,
        snapshotStore: this.#dumper?.load ?? null,
      },
      convergence: this.#follower.newestConvergence(now),
      late: this.#convergence.late(now),
      unforced: this.#follower.unforced,
    };
  }

  #dispatch(event: ControlPlaneEvent, now: Micros): void {
    switch (event.type) {
      case 'connection-opened':
        this.#engine.opened(event.connectionId, now);
        return;
      case 'frame-received':
        this.#frame(event, now);
        return;
      case 'bad-frame':
        this.#engine.closeFor(event.connectionId, 'bad-frame', now);
        return;
      case 'foreign-hello':
        this.#engine.foreignHello(event.connectionId, event.protocol, now);
        return;
      case 'send-refused':
        this.#engine.closeFor(event.connectionId, 'slow-consumer', now);
        return;
      case 'connection-closed':
        this.#engine.closed(event.connectionId, event.close, now);
        return;
      case 'upgrade-refused':
        countClose(this.#engine.counters, event.reason);
        return;
      case 'tick':
        this.#tick(now);
        return;
      case 'request':
        this.#request(event.requestId, event.request, now);
        return;
      case 'dumped':
        this.#dumper?.written(event.written, now);
        return;
      case 'shut-down':
        this.#engine.shutDown(now);
        this.#keeper.save(now);
        return;
      default:
        assertNever(event);
    }
  }

  #frame(event: Extract<ControlPlaneEvent, { type: 'frame-received' }>, now: Micros): void {
    const { connectionId, message } = event;
    const session = this.#engine.session(connectionId);
    // Frames that were on their way when the connection was closed mean nothing any more.
    if (session === undefined) return;
    if (message.type !== 'config-chunk') {
      this.#engine.frame(session, message, now);
      return;
    }
    if (session.state === 'awaiting-hello') {
      this.#engine.closeFor(connectionId, 'bad-frame', now);
      return;
    }
    this.#engine.heardFrom(session, now);
    if (!this.#adoption.chunk(connectionId, message, now)) this.#engine.counters.staleNonces += 1;
  }

  #tick(now: Micros): void {
    this.#engine.tick(now);
    this.#adoption.tick(now);
    if (this.#debounce.tick(now)) this.#engine.release(now);
    this.#keeper.tick(now);
    this.#dumper?.tick(now);
  }

  // ---- requests -----------------------------------------------------------------------------

  #request(requestId: number, request: ControlPlaneRequest, now: Micros): void {
    const response = this.#answer(requestId, request, now);
    if (response !== null) this.#effects.push({ type: 'respond', requestId, response });
  }

  /** Null when the answer follows later. */
  #answer(
    requestId: number,
    request: ControlPlaneRequest,
    now: Micros,
  ): ControlPlaneResponse | null {
    switch (request.method) {
      case 'publish':
      case 'rollback':
        return this.#publish(request, now);
      case 'list-revisions':
        return ok(listRevisions(this.#follower.view(), request, now));
      case 'get-blame':
        return getBlame(this.#store, request.revision ?? null);
      case 'get-revision':
        return getRevision(this.#store, request.revision);
      case 'get-audit':
        return ok(getAudit(this.#store, request.limit));
      case 'change-inventory':
        return this.#changeInventory(request, now);
      case 'get-convergence':
        return getConvergence(this.#follower.view(), request.revision, now);
      case 'get-node-sync':
        return getNodeSync(this.#registry, this.#engine.target, request.nodeId);
      case 'adopt-fleet': {
        const { headText, actor } = request;
        return this.#adoption.begin({ requestId, headText, actor }, now);
      }
      case 'check-draft':
        return ok(checkDraft(this.#draftCheck(), request.text, now));
      case 'backup':
        this.#keeper.save(now);
        this.#effects.push({ type: 'backup', requestId, path: request.path });
        return null;
    }
  }

  #draftCheck(): DraftCheckParts {
    const [store, registry] = [this.#store, this.#registry];
    return { store, registry, cache: this.#cache, timestamps: this.#timestamps };
  }

  #publish(
    request: Extract<ControlPlaneRequest, { method: 'publish' | 'rollback' }>,
    now: Micros,
  ): Answered<PublishedRevision> {
    const ahead = this.#registry.ahead();
    if (ahead.length > 0) return refuseAhead(ahead.length);
    const published =
      request.method === 'rollback'
        ? rollBack(this.#store, request, now)
        : publishText(
            { store: this.#store, cache: this.#cache, timestamps: this.#timestamps },
            request,
            now,
          );
    if (!published.ok) return published;
    this.#follower.follow(published.value.record, now);
    if (this.#debounce.changed(now)) this.#engine.release(now);
    return published;
  }

  #adopted(requestId: number, outcome: Answered<PublishedRevision>, now: Micros): void {
    if (outcome.ok) {
      this.#engine.announceSuperseded();
      this.#follower.follow(outcome.value.record, now);
      if (this.#debounce.changed(now)) this.#engine.release(now);
    }
    this.#effects.push({ type: 'respond', requestId, response: outcome });
  }

  #changeInventory(
    request: Extract<ControlPlaneRequest, { method: 'change-inventory' }>,
    now: Micros,
  ): ControlPlaneResponse {
    const { add, retire, actor } = request;
    const problem = inventoryProblem(this.#registry, add, retire);
    if (problem !== null) return problem;
    const before = [...this.#registry.all()];
    const nodes = add.map((node) => ({ ...node, provisionedAt: now }));
    const written = this.#store.changeInventory({ add: nodes, retire, actor, at: now });
    if (!written.ok) {
      return refuse('storage-failed', `the inventory was not changed: ${written.error.detail}`);
    }
    this.#follower.followEnded(before);
    const changed = this.#registry.reload();
    for (const node of changed.retired) {
      this.#convergence.retired(node.nodeId);
      this.#engine.retire(node, now);
    }
    for (const node of changed.added) this.#convergence.provisioned(node);
    this.#keeper.saveSoon(now);
    return ok({ inventory: this.#registry.inventory });
  }
}

function refuseAhead(nodes: number): Refused {
  const who = nodes === 1 ? 'one node is' : `${nodes} nodes are`;
  const detail = `${who} ahead of this control plane; adopt what the fleet serves first`;
  return refuse('fleet-ahead', detail);
}

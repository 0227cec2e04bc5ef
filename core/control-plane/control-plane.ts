import { ConvergenceTracker } from '../fleet/convergence.ts';
import { DocumentCache } from '../gateway/parse-config.ts';
import { assertNever } from '../lib/assert.ts';
import { ok } from '../lib/result.ts';
import { addMicros, earlier, type Micros } from '../ports/clock.ts';
import type { RandomStream } from '../ports/random.ts';
import type { ConfigStore, RevisionRecord } from '../ports/store.ts';
import type {
  Belief,
  ControlPlaneLoad,
  ControlPlaneRequest,
  ConvergenceSummary,
  PublishedRevision,
  UnforcedKind,
} from '../protocol/control-plane-control.ts';
import { Adoption } from './adoption.ts';
import { fleetBelief } from './belief.ts';
import { checkDraft, type DraftCheckParts } from './check-draft.ts';
import { CreationTimestamps } from './creation-timestamps.ts';
import { Debounce } from './debounce.ts';
import type { ControlPlaneEffect, ControlPlaneEvent, ControlPlaneResponse } from './events.ts';
import {
  type ConvergenceView,
  convergenceOf,
  getAudit,
  getBlame,
  getConvergence,
  getNodeSync,
  getRevision,
  listRevisions,
} from './history-queries.ts';
import { inventoryProblem } from './inventory-problem.ts';
import type { NodeRecord, Target } from './node-record.ts';
import { NodeRegistry } from './node-registry.ts';
import { publishText, rollBack } from './publisher.ts';
import { PushBodies } from './push-bodies.ts';
import { type Answered, type Refused, refuse } from './refuse.ts';
import type { ControlPlaneSettings } from './settings.ts';
import { countClose } from './sync-counters.ts';
import { SyncEngine } from './sync-engine.ts';
import { unforcedDocuments } from './unforced-documents.ts';

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
}

/** @param now the instant of the start, for what was under way when the process ended */
export function createControlPlane(parts: ControlPlaneParts, now: Micros): ControlPlane {
  return new ControlPlaneMachine(parts, now);
}

class ControlPlaneMachine implements ControlPlane {
  readonly #store: ConfigStore;
  readonly #settings: ControlPlaneSettings;
  readonly #registry: NodeRegistry;
  readonly #convergence: ConvergenceTracker;
  readonly #engine: SyncEngine;
  readonly #adoption: Adoption;
  readonly #debounce: Debounce;
  readonly #cache = new DocumentCache();
  readonly #timestamps = new CreationTimestamps();
  #effects: ControlPlaneEffect[] = [];
  #saveAt: Micros | null = null;
  #unforced: readonly UnforcedKind[] = [];

  constructor({ store, random, settings }: ControlPlaneParts, now: Micros) {
    this.#store = store;
    this.#settings = settings;
    this.#registry = new NodeRegistry(store);
    this.#convergence = new ConvergenceTracker(settings.convergenceDeadlineUs);
    this.#debounce = new Debounce(settings.debounceQuietUs, settings.debounceMaxUs);
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
      finished: (requestId, outcome, at) => this.#adopted(requestId, outcome, at),
    });
    this.#engine = new SyncEngine({
      store,
      registry: this.#registry,
      convergence: this.#convergence,
      bodies: new PushBodies(store, {
        entriesMax: settings.bodiesCachedMax,
        bytesMax: settings.bodyBytesCachedMax,
      }),
      random: random.split('retry-later'),
      settings,
      emit,
      onSessionEnded: (connectionId, at) => this.#adoption.sessionEnded(connectionId, at),
    });
    const head = store.head();
    if (head !== null) this.#resume(head, now);
  }

  handle(event: ControlPlaneEvent, now: Micros): ControlPlaneEffect[] {
    this.#effects = [];
    this.#dispatch(event, now);
    if (this.#saveAt === null && this.#registry.hasUnsaved) {
      this.#saveAt = addMicros(now, this.#settings.saveIntervalUs);
    }
    // A finished curve must not be told anew, with later instants, after a kill within the interval.
    if (this.#convergence.takeCompleted()) this.#saveAt = now;
    return this.#effects;
  }

  nextTickAt(): Micros | null {
    const held = earlier(this.#debounce.nextAt(), this.#adoption.nextAt());
    return earlier(this.#engine.nextDeadline(), earlier(held, this.#saveAt));
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
      },
      convergence: this.#newestConvergence(now),
      late: this.#convergence.late(now),
      unforced: this.#unforced,
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
      case 'shut-down':
        this.#engine.shutDown(now);
        this.#save(now);
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
    if (this.#saveAt !== null && now >= this.#saveAt) this.#save(now);
  }

  /** Words and convergence go together, so that after a restart the two agree. */
  #save(now: Micros): void {
    this.#saveAt = null;
    const words = this.#registry.takeUnsaved();
    let isSaved = words.length === 0 || this.#store.saveNodeWords(words).ok;
    if (!isSaved) this.#registry.keepUnsaved(words);
    for (const record of this.#convergence.takeUnsaved()) {
      if (this.#store.saveConvergence(record).ok) continue;
      this.#convergence.keepUnsaved(record.revision);
      isSaved = false;
    }
    // A full disk takes nothing from the fleet: what is known is kept here and tried again.
    if (!isSaved) this.#saveAt = addMicros(now, this.#settings.saveIntervalUs);
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
        return ok(listRevisions(this.#view(), request, now));
      case 'get-blame':
        return getBlame(this.#store, request.revision ?? null);
      case 'get-revision':
        return getRevision(this.#store, request.revision);
      case 'get-audit':
        return ok(getAudit(this.#store, request.limit));
      case 'change-inventory':
        return this.#changeInventory(request, now);
      case 'get-convergence':
        return getConvergence(this.#view(), request.revision, now);
      case 'get-node-sync':
        return getNodeSync(this.#registry, this.#engine.target, request.nodeId);
      case 'adopt-fleet': {
        const { headText, actor } = request;
        return this.#adoption.begin({ requestId, headText, actor }, now);
      }
      case 'check-draft':
        return ok(checkDraft(this.#draftCheck(), request.text, now));
      case 'backup':
        this.#save(now);
        this.#effects.push({ type: 'backup', requestId, path: request.path });
        return null;
    }
  }

  #draftCheck(): DraftCheckParts {
    const [store, registry] = [this.#store, this.#registry];
    return { store, registry, cache: this.#cache, timestamps: this.#timestamps };
  }

  #view(): ConvergenceView {
    const deadlineUs = this.#settings.convergenceDeadlineUs;
    return { store: this.#store, tracker: this.#convergence, deadlineUs };
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
    this.#follow(published.value.record, now);
    if (this.#debounce.changed(now)) this.#engine.release(now);
    return published;
  }

  #adopted(requestId: number, outcome: Answered<PublishedRevision>, now: Micros): void {
    if (outcome.ok) {
      this.#engine.announceSuperseded();
      this.#follow(outcome.value.record, now);
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
    this.#followEnded(before);
    const changed = this.#registry.reload();
    for (const node of changed.retired) {
      this.#convergence.retired(node.nodeId);
      this.#engine.retire(node, now);
    }
    for (const node of changed.added) this.#convergence.provisioned(node);
    this.#saveAt ??= addMicros(now, this.#settings.saveIntervalUs);
    return ok({ inventory: this.#registry.inventory });
  }

  /** A head that every one of these nodes had reached before this process began. */
  #followEnded(nodes: readonly NodeRecord[]): void {
    const head = this.#store.head();
    const saved = head === null ? null : this.#store.convergence(head.revision);
    if (head === null || saved === null || saved.nodes !== nodes.length) return;
    const { generation, createdAt: at } = head;
    this.#convergence.followEnded(saved, { generation, at }, nodes);
  }

  /** Of the head; a curve that had ended before this process began is told from its record. */
  #newestConvergence(now: Micros): ConvergenceSummary | null {
    const followed = this.#convergence.newest(now);
    const head = this.#store.head();
    if (followed !== null || head === null) return followed;
    return convergenceOf(this.#view(), head, now);
  }

  // ---- the target ---------------------------------------------------------------------------

  #setTarget(record: RevisionRecord): void {
    const target = targetOf(record);
    this.#engine.setTarget(target);
    this.#registry.setHead(target);
    this.#unforced = unforcedDocuments(this.#store, record.revision);
  }

  #follow(record: RevisionRecord, now: Micros): void {
    this.#setTarget(record);
    const dropped = this.#convergence.follow(
      { revision: record.revision, generation: record.generation, at: record.createdAt },
      this.#registry.all(),
    );
    if (dropped !== null) this.#store.saveConvergence(dropped);
    this.#saveAt ??= addMicros(now, this.#settings.saveIntervalUs);
  }

  /** Follows the head again from what nodes had said: saved words keep the instant of the first. */
  #resume(head: RevisionRecord, now: Micros): void {
    this.#setTarget(head);
    const saved = this.#store.convergence(head.revision);
    // A curve that had ended stays as it was: last words alone would tell it with later instants.
    if (saved !== null && saved.t100Us !== null && saved.nodes === this.#registry.size) return;
    const bytes = saved?.bytes ?? 0;
    this.#convergence.follow(
      { revision: head.revision, generation: head.generation, at: head.createdAt, bytes },
      this.#registry.all(),
    );
    for (const node of this.#registry.all()) {
      if (node.said.state !== 'serving' || this.#registry.isAhead(node)) continue;
      const { lineage, generation } = node.said.served;
      if (lineage !== this.#store.lineage) continue;
      this.#convergence.reached(node.nodeId, generation, node.said.heardAt);
    }
    this.#saveAt = addMicros(now, this.#settings.saveIntervalUs);
  }
}

function targetOf({ revision, generation, rootHash }: RevisionRecord): Target {
  return { revision, generation, hash: rootHash };
}

function refuseAhead(nodes: number): Refused {
  const who = nodes === 1 ? 'one node is' : `${nodes} nodes are`;
  const detail = `${who} ahead of this control plane; adopt what the fleet serves first`;
  return refuse('fleet-ahead', detail);
}

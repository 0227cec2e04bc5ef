import type { Generation, Lineage, Revision, RootHash } from '../../core/config/ids.ts';
import { planInventory } from '../../core/fleet/roster.ts';
import { deriveRequestShapes } from '../../core/gateway/request-shapes.ts';
import { assert } from '../../core/lib/assert.ts';
import { createSeededRandom } from '../../core/lib/seeded-random.ts';
import { sha256Hex } from '../../core/lib/sha256.ts';
import { createSharedWork } from '../../core/node/shared-work.ts';
import {
  addMicros,
  MICROS_PER_MS,
  MICROS_PER_SECOND,
  type Micros,
  micros,
} from '../../core/ports/clock.ts';
import type { RandomStream } from '../../core/ports/random.ts';
import type { ControlPlaneRefusal } from '../../core/protocol/control-plane-control.ts';
import { decodeControlPlaneFrame, type PushBody } from '../../core/protocol/node-link.ts';
import { START_SPREAD_MS } from '../live/live-limits.ts';
import { TrafficRunner } from '../live/traffic-runner.ts';
import { TwinFaultBoard } from './fault-board.ts';
import { FrameBytes } from './frame-bytes.ts';
import { type NodeHost, OwnHost, SharedHost } from './node-host.ts';
import type { ServiceTimes } from './service-times.ts';
import { StalenessGauge } from './staleness-gauge.ts';
import { storedResources } from './stored-resources.ts';
import { NO_NODE, Trace } from './trace.ts';
import { TwinControlPlane } from './twin-control-plane.ts';
import { TwinDisk } from './twin-disk.ts';
import { standingMsOf, type TwinFault } from './twin-fault.ts';
import { TwinNode } from './twin-node.ts';
import type { TwinOptions } from './twin-options.ts';
import type { TwinSeams } from './twin-seams.ts';
import { TwinSnapshotStore } from './twin-snapshot-store.ts';
import { VirtualTime } from './virtual-time.ts';

/** A publish that was tried. */
export interface TwinPublish {
  /** When somebody published; `at`: when the process got round to it. */
  readonly askedAt: Micros;
  readonly at: Micros;
  readonly revision: Revision;
  readonly generation: Generation;
  readonly rootHash: RootHash;
  /** When an older copy of the store was put back that does not have it; null: it stands. */
  readonly undoneAt: Micros | null;
}

export interface RefusedPublish {
  readonly at: Micros;
  readonly refusal: ControlPlaneRefusal;
}

export interface TrafficTotals {
  requests: number;
  answered: number;
  unrouted: number;
  failed: number;
  refused: number;
  limited: number;
  shed: number;
  denied: number;
}

/** Publishes that are remembered by name; far more than a run of a day at one a minute. */
const PUBLISHES_MAX = 100_000;
const REFUSALS_MAX = 1_000;
const FOR_GOOD = micros(Number.MAX_SAFE_INTEGER);

/** A whole world in virtual time: a control plane, its nodes, their links, disks and traffic. */
export class TwinWorld {
  readonly options: TwinOptions;
  readonly time = new VirtualTime();
  readonly trace: Trace;
  readonly controlPlane: TwinControlPlane;
  readonly nodes: readonly TwinNode[];
  readonly disk = new TwinDisk();
  readonly snapshots: TwinSnapshotStore;
  readonly publishes: TwinPublish[] = [];
  readonly staleness = new StalenessGauge(this.publishes);
  readonly refusals: RefusedPublish[] = [];
  readonly linkTotals = { bytesUp: 0, bytesDown: 0, bytesPushed: 0 };
  readonly traffic: TrafficTotals = {
    requests: 0,
    answered: 0,
    unrouted: 0,
    failed: 0,
    refused: 0,
    limited: 0,
    shed: 0,
    denied: 0,
  };
  readonly #board: TwinFaultBoard;
  readonly #runner: TrafficRunner;
  /** Publishes that wait for the control plane: what is to be said when it ends before. */
  readonly #asked = new Set<() => void>();
  /** Until when the control plane's process is kept down by all faults together. */
  #downUntil = micros(0);

  constructor(options: TwinOptions, seams: TwinSeams = {}) {
    this.options = options;
    this.trace = new Trace(options.traceEntriesMax);
    this.#board = new TwinFaultBoard(options.link, options.faults);
    const random = createSeededRandom(options.seed);
    const { start, nodes, cells } = options;
    if (start !== null) this.time.runUntil(start.at);
    const inventory = start?.inventory ?? planInventory({ nodes, cells, current: [] }).add;
    for (const [nodeId, content] of start?.disks ?? []) {
      this.disk.write(nodeId, content.record, content.snapshot);
    }
    this.snapshots = new TwinSnapshotStore({
      clock: this.time,
      scheduler: this.time,
      random: random.split('snapshot-store'),
      trace: this.trace,
    });
    this.controlPlane = new TwinControlPlane({
      time: this.time,
      snapshots: this.snapshots,
      trace: this.trace,
      random: random.split('control-plane'),
      times: options.times,
      lineage: lineageOf(options.seed, 'first'),
      settings: { ...options.settings, heartbeatMs: options.heartbeatMs },
      inventory,
      store: start?.store ?? null,
      seams,
    });
    const services = {
      time: this.time,
      trace: this.trace,
      frameBytes: new FrameBytes(),
      decodeBody: createBodyDecoder(),
      totals: this.linkTotals,
      hostOf: nodeHosts(options.times, this.time, random),
      disk: this.disk,
      snapshots: this.controlPlane.hasSnapshotStore ? this.snapshots : null,
      seams,
      work: start?.work ?? createSharedWork(),
      controlPlane: this.controlPlane,
      staleness: this.staleness,
    };
    const nodeRandom = random.split('nodes');
    this.nodes = inventory.map(
      (place, row) =>
        new TwinNode(
          services,
          row,
          place,
          this.#board.clearConditions,
          nodeRandom.split(place.nodeId),
        ),
    );
    this.#runner = new TrafficRunner({
      clock: this.time,
      scheduler: this.time,
      nodes: () => this.nodes,
      shapes: [],
      requestsPerSecond: options.requestsPerSecond,
    });
    this.#begin();
  }

  /** Runs on to an instant, but no more than `entriesMax` steps. True when it has got there. */
  runUntil(until: Micros, entriesMax?: number): boolean {
    return this.time.runUntil(until, entriesMax);
  }

  // ---- the schedule -----------------------------------------------------------------------------

  #begin(): void {
    const { options, time } = this;
    this.controlPlane.start();
    if (options.start === null) this.publish(options.configText, 'the first config');
    for (const node of this.nodes) {
      if (!this.#staysDown(node)) node.start(START_SPREAD_MS * MICROS_PER_MS);
    }
    if (options.requestsPerSecond > 0) this.#runner.start();
    this.#everySecond();
    // Those of a fleet that has been running begin when its caller says.
    if (options.start === null) {
      options.faults.forEach(({ atMs }, index) => {
        time.at(micros(atMs * MICROS_PER_MS), () => this.beginFault(index));
      });
    }
    this.#publishLater(1);
  }

  #publishLater(step: number): void {
    const { publishes } = this.options;
    if (publishes === null) return;
    const at = micros(publishes.everyUs * step);
    // Nobody could get one that comes with the end.
    if (at >= this.options.durationUs) return;
    this.time.at(at, () => {
      this.publish(publishes.textOf(step), `change ${step}`);
      this.#publishLater(step + 1);
    });
  }

  #everySecond(): void {
    this.time.at(addMicros(this.time.now(), MICROS_PER_SECOND), () => {
      for (const step of this.#runner.takeFinished()) {
        const { traffic } = this;
        traffic.requests += step.requests;
        traffic.answered += step.answered;
        traffic.unrouted += step.unrouted;
        traffic.failed += step.failed;
        traffic.refused += step.refused;
        traffic.limited += step.limited ?? 0;
        traffic.shed += step.shed ?? 0;
        traffic.denied += step.denied ?? 0;
        const lost = step.failed + step.refused;
        this.trace.note('traffic', this.time.now(), NO_NODE, step.requests, lost);
        const { limited = 0, shed = 0, denied = 0, latencyP50Us, latencyP99Us } = step;
        this.trace.fold(step.answered, step.unrouted, step.failed, limited, shed, denied);
        this.trace.fold(latencyP50Us, latencyP99Us);
      }
      this.#everySecond();
    });
  }

  /** Publishes a text as an operator does, when the process gets round to it. */
  publish(text: string, message: string, allowEmpty = false): void {
    const { controlPlane } = this;
    const askedAt = this.time.now();
    const refused = (refusal: ControlPlaneRefusal) => {
      const at = this.time.now();
      this.trace.note('publish-refused', at, NO_NODE, this.trace.word(refusal.reason));
      if (this.refusals.length < REFUSALS_MAX) this.refusals.push({ at, refusal });
    };
    if (!controlPlane.isUp) {
      refused({ reason: 'storage-failed', detail: 'The control plane is down.' });
      return;
    }
    const detail = 'The control plane ended before it answered.';
    const unanswered = () => refused({ reason: 'storage-failed', detail });
    this.#asked.add(unanswered);
    controlPlane.whenFree(() => {
      this.#asked.delete(unanswered);
      const base = controlPlane.store.head()?.revision ?? null;
      const response = controlPlane.request(
        { method: 'publish', text, base, message, actor: 'twin', allowEmpty },
        controlPlane.publishUs(text),
      );
      if (!response.ok) {
        refused(response.error);
        return;
      }
      this.#published(askedAt);
    });
  }

  #published(askedAt: Micros): void {
    const head = this.controlPlane.store.head();
    if (head === null) return;
    const { revision, generation, rootHash } = head;
    this.trace.note('published', this.time.now(), NO_NODE, revision, generation);
    this.trace.foldText(rootHash);
    if (this.publishes.length < PUBLISHES_MAX) {
      const at = this.time.now();
      this.publishes.push({ askedAt, at, revision, generation, rootHash, undoneAt: null });
    }
    if (this.publishes.length > 1 || this.options.requestsPerSecond === 0) return;
    // The requests are those that the first config is made for, as in a console's demo.
    const resources = storedResources(this.controlPlane.store, revision);
    this.#runner.setShapes(deriveRequestShapes(resources));
  }

  // ---- faults -----------------------------------------------------------------------------------

  /** @param index in the options' list */
  beginFault(index: number): void {
    const fault = this.options.faults[index]?.fault;
    assert(fault !== undefined, 'a fault of the list begins');
    this.#break(fault, index);
    const standingMs = standingMsOf(fault);
    if (standingMs === null || standingMs === 0) return;
    const endsAt = addMicros(this.time.now(), standingMs * MICROS_PER_MS);
    this.time.at(endsAt, () => this.endFault(index));
  }

  endFault(index: number): void {
    this.#board.end(index, this.nodes);
    const fault = this.options.faults[index]?.fault;
    if (fault !== undefined) this.snapshots.end(fault);
    this.trace.note('fault-ended', this.time.now(), NO_NODE, index);
  }

  #break(fault: TwinFault, index: number): void {
    this.trace.note('fault-began', this.time.now(), NO_NODE, index);
    switch (fault.kind) {
      case 'link-reset':
        for (const node of this.#covered(fault)) node.resetLink();
        return;
      case 'link-half-open':
        for (const node of this.#covered(fault)) node.halfOpenLink();
        return;
      case 'node-restart':
        for (const node of this.#covered(fault)) node.restart(fault.disk);
        return;
      case 'memory-corrupted':
        for (const node of this.#covered(fault)) node.corruptMemory();
        return;
      case 'control-plane-kill':
        this.#killControlPlane(fault.downMs, false);
        return;
      case 'control-plane-backup':
        this.controlPlane.backUp();
        return;
      case 'control-plane-restore':
        this.#killControlPlane(fault.downMs, true);
        return;
      case 'store-lost':
        this.snapshots.lose();
        return;
      default:
        this.#board.begin(index, this.nodes);
        this.snapshots.begin(fault);
    }
  }

  #killControlPlane(downMs: number | null, restore: boolean): void {
    this.controlPlane.kill(restore ? 'restore' : 'kill');
    for (const unanswered of this.#asked) unanswered();
    this.#asked.clear();
    for (const node of this.nodes) node.controlPlaneVanished();
    if (restore) this.#restoreStore();
    // One that ends sooner does not start what another still keeps down.
    const now = this.time.now();
    const downUntil = downMs === null ? FOR_GOOD : addMicros(now, downMs * MICROS_PER_MS);
    if (downUntil > this.#downUntil) this.#downUntil = downUntil;
    if (downMs === null) return;
    this.time.at(downUntil, () => {
      if (this.time.now() >= this.#downUntil) this.controlPlane.start();
    });
  }

  #restoreStore(): void {
    const now = this.time.now();
    // Up to now they did lack what will not have been published.
    for (const { machine } of this.nodes) {
      if (machine.serving !== null) {
        this.staleness.servedUntil(machine.serving.statement.generation, now);
      }
    }
    if (!this.controlPlane.restoreBackup()) return;
    const newest = this.controlPlane.store.head()?.generation ?? 0;
    for (const [index, published] of this.publishes.entries()) {
      if (published.undoneAt !== null || published.generation <= newest) continue;
      this.publishes[index] = { ...published, undoneAt: now };
    }
  }

  #covered(fault: Extract<TwinFault, { target: unknown }>): readonly TwinNode[] {
    return this.nodes.filter((node) => node.isCoveredBy(fault.target) && !this.#staysDown(node));
  }

  #staysDown(node: TwinNode): boolean {
    return this.options.start?.down.has(node.machine.nodeId) === true;
  }
}

function nodeHosts(times: ServiceTimes, time: VirtualTime, random: RandomStream): () => NodeHost {
  const { shared } = times;
  if (shared === null) return () => new OwnHost(time, times);
  const host = new SharedHost(time, times, shared, random.split('disk'));
  return () => host;
}

/** 32 hex digits, the same for the same seed. */
function lineageOf(seed: number, name: string): Lineage {
  return sha256Hex(`twin:${seed}:${name}`).slice(0, 32) as Lineage;
}

/** Decodes each body once, by the same decoder as live: an optimisation of simulation. */
function createBodyDecoder(): (body: Uint8Array) => PushBody {
  const known = new WeakMap<Uint8Array, PushBody>();
  return (body) => {
    const before = known.get(body);
    if (before !== undefined) return before;
    const decoded = decodeControlPlaneFrame(body);
    assert(decoded.ok, 'the control plane sends what can be read');
    const message = decoded.value;
    assert(message.type === 'delta' || message.type === 'full', 'a push body is a delta or full');
    known.set(body, message);
    return message;
  };
}

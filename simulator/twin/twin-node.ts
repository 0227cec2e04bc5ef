import type { NodeId } from '../../core/config/ids.ts';
import type { ConfigSnapshot } from '../../core/config/snapshot.ts';
import { agentProfileOf } from '../../core/node/agent-profiles.ts';
import type { NodeEffect, NodeEvent, NodeLinkEnd } from '../../core/node/node-events.ts';
import { NODE_STORE_TIMING } from '../../core/node/node-limits.ts';
import { NodeMachine } from '../../core/node/node-machine.ts';
import type { ServingConfig } from '../../core/node/node-state.ts';
import type { Micros } from '../../core/ports/clock.ts';
import type { RandomStream } from '../../core/ports/random.ts';
import {
  type ControlPlaneToNode,
  encodeFrame,
  NODE_CLOSE_CODES,
  type NodeNack,
  type NodeToControlPlane,
} from '../../core/protocol/node-link.ts';
import type { NodeTarget } from '../../core/protocol/primitives.ts';
import { nodeShareUs } from '../../core/traffic/latency-model.ts';
import { PolicyState } from '../../core/traffic/policy-state.ts';
import { targetCovers } from '../live/fault-board.ts';
import { BOOT_MS_MAX, BOOT_MS_MIN } from '../live/live-limits.ts';
import { TRAFFIC_KEYS, type TrafficNode } from '../live/traffic-runner.ts';
import { corruptBody } from './corrupt-body.ts';
import { corruptSnapshot } from './corrupt-snapshot.ts';
import { hashNumber } from './hash-number.ts';
import type { NodeConditions } from './link-conditions.ts';
import type { NodeHost } from './node-host.ts';
import { NodeTimers, type TimerOwner } from './node-timers.ts';
import { touchMachine } from './touch-machine.ts';
import type { TraceKind } from './trace.ts';
import { type NodeEnd, TwinConnection } from './twin-connection.ts';
import type { TwinNodeServices } from './twin-node-services.ts';

/** What becomes of a disk while its node is down. */
export type DiskFate = 'keep' | 'lose' | 'stale' | 'corrupt';

const CLOSE_GOING_AWAY = 1001;

/** Runs one node's effects in virtual time: its link, its timers, its disk. Decides nothing. */
export class TwinNode implements NodeEnd, TimerOwner, TrafficNode {
  // What each traffic step touches comes first, so that it lies together in memory.
  answersWith: ConfigSnapshot | 'down' | null = 'down';
  swappedAt: Micros | null = null;
  inRotation = false;
  requests = 0;
  failures = 0;
  readonly latencyUs: number;
  readonly trafficKey: number;
  policies = new PolicyState();
  readonly cell: string;

  // Then what each heartbeat touches.
  readonly #services: TwinNodeServices;
  readonly machine: NodeMachine;
  readonly #timers: NodeTimers;
  readonly #host: NodeHost;
  #connection: TwinConnection | null = null;
  #conditions: NodeConditions;
  readonly heartbeatLinkRandom: RandomStream;
  readonly row: number;
  #linkId = 0;
  #isHandling = false;
  /** What came of the event being handled meanwhile; null: nothing. */
  #events: NodeEvent[] | null = null;
  #serving: ServingConfig | null = null;

  readonly linkRandom: RandomStream;
  readonly #random: RandomStream;
  readonly #diskRandom: RandomStream;
  /** Links that a fault keeps from ending at the other side. */
  #ending: Set<TwinConnection> | null = null;
  /** On this link. */
  #lastAck: NodeToControlPlane | null = null;
  #boots = 0;
  #connectSpreadUs = 0;

  constructor(
    services: TwinNodeServices,
    row: number,
    place: { readonly nodeId: NodeId; readonly cell: string },
    conditions: NodeConditions,
    random: RandomStream,
  ) {
    this.#services = services;
    this.row = row;
    this.cell = place.cell;
    this.#conditions = conditions;
    this.#random = random.split('shell');
    this.linkRandom = random.split('link');
    this.heartbeatLinkRandom = random.split('link-heartbeats');
    this.#diskRandom = random.split('disk');
    this.trafficKey = random.split('traffic').below(TRAFFIC_KEYS);
    this.latencyUs = nodeShareUs(place.nodeId);
    this.#host = services.hostOf();
    this.#timers = new NodeTimers(services.time, this);
    const { work, seams } = services;
    const agent = agentProfileOf(place.nodeId);
    const snapshots = services.snapshots === null ? null : NODE_STORE_TIMING;
    const input = { ...place, agent, random: random.split('node'), work, snapshots };
    this.machine = seams.createNode?.(input) ?? new NodeMachine(input);
  }

  get answeredWith(): ConfigSnapshot | null {
    return this.machine.retiring?.serving?.snapshot ?? null;
  }

  get conditions(): NodeConditions {
    return this.#conditions;
  }

  setConditions(conditions: NodeConditions): void {
    this.#conditions = conditions;
    this.#connection?.flush();
    for (const connection of [...(this.#ending ?? [])]) {
      connection.flush();
      if (connection.isOver) this.#ending?.delete(connection);
    }
  }

  isCoveredBy(target: NodeTarget): boolean {
    return targetCovers(target, this.machine.nodeId, this.cell);
  }

  // ---- life -------------------------------------------------------------------------------------

  timerDue(event: NodeEvent): void {
    this.#handle(event);
  }

  touch(step: number): number {
    if (step === 0) return this.row;
    const own = step === 1 ? this.#host.touch() : this.#timers.touch();
    return own + (this.#connection?.touch(step) ?? 0) + touchMachine(this.machine, step);
  }

  /** Starts at once; the first connect falls anywhere within the spread. */
  start(connectSpreadUs: number): void {
    this.#connectSpreadUs = connectSpreadUs;
    this.#boots += 1;
    this.#handle({ type: 'boot', delayUs: 0 });
  }

  /** Ends now, as a process does, and is back after a boot time. */
  restart(fate: DiskFate): void {
    const { disk, staleness, time } = this.#services;
    const { verifiedAt } = this.machine;
    if (verifiedAt !== null) staleness.unverifiedFor(time.now() - verifiedAt);
    const { nodeId } = this.machine;
    this.#connectSpreadUs = 0;
    // What a process has counted under policies ends with it.
    this.policies = new PolicyState();
    this.#boots += 1;
    this.#note('node-down');
    if (fate === 'stale') disk.revert(nodeId);
    if (fate === 'lose') disk.lose(nodeId);
    if (fate === 'corrupt') disk.corrupt(nodeId);
    this.#services.seams.watch?.nodeEnded(this, fate);
    const spreadUs = (BOOT_MS_MAX - BOOT_MS_MIN) * 1_000;
    const delayUs = BOOT_MS_MIN * 1_000 + this.#random.below(spreadUs + 1);
    this.#handle({ type: 'boot', delayUs });
  }

  // ---- faults and the control plane's end ---------------------------------------------------------

  resetLink(): void {
    this.#connection?.reset();
  }

  /**
   * What it serves is no longer what it was, and nothing tells it: a fault of memory goes past the
   * machine's events. The copy is its own; whoever shared the config still holds it whole.
   */
  corruptMemory(): void {
    const { phase } = this.machine;
    if (phase.kind === 'down' || phase.serving === null) return;
    const snapshot = corruptSnapshot(phase.serving.snapshot);
    phase.serving = { ...phase.serving, snapshot };
    this.#served(phase.serving);
    this.#services.seams.watch?.nodeHarmed(this);
  }

  halfOpenLink(): void {
    this.#connection?.halfOpen();
  }

  /** The process at the other end is gone. */
  controlPlaneVanished(): void {
    this.#connection?.vanish();
    this.#ending = null;
  }

  linkOpened(linkId: number): void {
    this.#handle({ type: 'link-opened', linkId });
    this.#services.seams.watch?.nodeLinkChanged(this);
  }

  linkHeard(linkId: number, message: ControlPlaneToNode, pushBytes: number): void {
    this.#host.heard(pushBytes);
    if (message.type === 'delta') this.#host.push(message, message.changed.length, pushBytes);
    if (message.type === 'full') this.#host.push(message, message.resources.length, pushBytes);
    const before = this.machine.verifiedAt;
    const heard = this.#conditions.corruptsBodies ? corruptBody(message) : message;
    this.#handle({ type: 'frame', linkId, message: heard });
    const after = this.machine.verifiedAt;
    if (after !== before && before !== null && after !== null) {
      this.#services.staleness.unverifiedFor(after - before);
    }
  }

  linkClosed(linkId: number, reason: string): void {
    if (linkId === this.#linkId) this.#connection = null;
    this.#handle({ type: 'link-closed', linkId, reason });
    this.#services.seams.watch?.nodeLinkChanged(this);
  }

  // ---- effects ------------------------------------------------------------------------------------

  /** What an effect brings about at once is handled after the effects before it are all run. */
  #handle(event: NodeEvent): void {
    if (this.#isHandling) {
      this.#events ??= [];
      this.#events.push(event);
      return;
    }
    this.#isHandling = true;
    this.#step(event);
    while (this.#events !== null) {
      const events = this.#events;
      this.#events = null;
      for (const next of events) this.#step(next);
    }
    this.#isHandling = false;
    const { serving, phase, retiring } = this.machine;
    if (serving !== this.#serving) this.#served(serving);
    if (serving === null) this.answersWith = phase.kind === 'down' ? 'down' : null;
    if (retiring === null && this.swappedAt !== null) this.swappedAt = null;
    this.#services.seams.watch?.nodeStepped(this);
  }

  #step(event: NodeEvent): void {
    const effects = this.machine.handle(event, this.#services.time.now());
    for (const effect of effects) this.#run(effect);
  }

  #served(serving: ServingConfig | null): void {
    const { staleness, time, trace } = this.#services;
    if (this.#serving !== null) {
      staleness.servedUntil(this.#serving.statement.generation, time.now());
    }
    this.#serving = serving;
    this.answersWith = serving === null ? null : serving.snapshot;
    this.swappedAt = this.machine.retiring?.swappedAt ?? null;
    const { revision, generation } = serving?.statement ?? { revision: 0, generation: 0 };
    this.#note('serving', revision, generation);
    if (serving === null) return;
    this.#host.served(serving.snapshot);
    const { hash, source } = serving.statement;
    this.#note('serving-hash', hashNumber(hash), trace.word(source));
  }

  #run(effect: NodeEffect): void {
    switch (effect.type) {
      case 'connect':
        this.#connect(effect.linkId);
        return;
      case 'close-link':
        this.#closeLink(effect.linkId, effect.reason);
        return;
      case 'send':
        if (effect.linkId !== this.#linkId) return;
        this.#send(effect.message);
        return;
      case 'set-timer':
        this.#timers.set(effect.timer, effect.at);
        return;
      case 'clear-timer':
        this.#timers.clear(effect.timer);
        return;
      case 'read-disk':
        this.#readDisk();
        return;
      case 'read-store':
        this.#readStore();
        return;
      case 'reread-disk':
        this.#rereadDisk(effect.token);
        return;
      case 'persist':
        this.#persist(effect);
        return;
      case 'note':
        return;
    }
  }

  #send(message: NodeToControlPlane): void {
    if (message.type === 'nack') this.#notePushRefused(message);
    this.#services.seams.watch?.nodeSends(this, message);
    if (message.type === 'ack') {
      // A faulty agent says what it answered last once more.
      const before = this.#lastAck;
      if (this.#conditions.repeatsAnswers && before !== null) {
        this.#connection?.sendUp(before, this.#host.doneAt());
      }
      this.#lastAck = message;
    }
    this.#connection?.sendUp(message, this.#host.sent());
  }

  #connect(linkId: number): void {
    this.#linkId = linkId;
    this.#lastAck = null;
    const { controlPlane } = this.#services;
    this.#connection = new TwinConnection(this.#services, this, linkId, controlPlane);
    this.#connection.connect(this.#host.connected());
  }

  #closeLink(linkId: number, reason: NodeLinkEnd): void {
    const connection = this.#connection;
    if (linkId !== this.#linkId || connection === null) return;
    this.#connection = null;
    const isOwn =
      reason === 'connect-timeout' || reason === 'storage-retry' || reason === 'stopped';
    const code = isOwn ? CLOSE_GOING_AWAY : NODE_CLOSE_CODES[reason];
    connection.closeUp({ code, reason }, this.#host.doneAt());
    if (!connection.isOver) this.#keepEnding(connection);
  }

  #keepEnding(connection: TwinConnection): void {
    this.#ending ??= new Set();
    for (const earlier of this.#ending) {
      if (earlier.isOver || this.#ending.size >= ENDING_LINKS_MAX) this.#ending.delete(earlier);
    }
    this.#ending.add(connection);
  }

  #persist({ token, record, snapshot }: Extract<NodeEffect, { type: 'persist' }>): void {
    const { disk } = this.#services;
    const boot = this.#boots;
    this.#host.write(this.#diskRandom, () => {
      // A process that ended before has nothing on disk of what it was writing.
      if (boot !== this.#boots) return;
      const { diskIsFull, diskLies } = this.#conditions;
      // A disk that lies says yes and keeps what it had.
      if (!diskIsFull && !diskLies) disk.write(this.machine.nodeId, record, snapshot);
      this.#note('written', diskIsFull ? 0 : 1, record.generation);
      this.#handle({ type: 'persisted', token, ok: !diskIsFull });
    });
  }

  #readDisk(): void {
    const { disk } = this.#services;
    const connectAfterUs =
      this.#connectSpreadUs === 0 ? 0 : this.#random.below(this.#connectSpreadUs);
    const load = disk.read(this.machine.nodeId);
    if (load.kind === 'found') this.#host.apply(load.resources, load.resources.length);
    this.#handle({ type: 'disk-read', load, connectAfterUs });
    this.#note('node-up');
  }

  /** At once, but not within the step that asks. */
  #rereadDisk(token: number): void {
    const load = this.#services.disk.read(this.machine.nodeId);
    if (load.kind === 'found') this.#host.apply(load.resources, load.resources.length);
    this.#handle({ type: 'disk-reread', token, load });
  }

  #readStore(): void {
    const boot = this.#boots;
    const isCut = () => this.#conditions.storeCutBy !== null;
    this.#services.snapshots?.reader(this.row, isCut).read((read) => {
      if (boot !== this.#boots) return;
      if (read.kind === 'found') this.#host.apply(read.resources, read.resources.length);
      this.#handle({ type: 'store-read', read });
    });
  }

  #notePushRefused(nack: NodeNack): void {
    const { trace } = this.#services;
    const revision = this.machine.lastPush?.revision ?? 0;
    this.#note('refused-push', revision, trace.word(nack.reason));
    trace.foldText(encodeFrame(nack));
  }

  #note(kind: TraceKind, a = 0, b = 0): void {
    this.#services.trace.note(kind, this.#services.time.now(), this.row, a, b);
  }
}

/** Links of one node whose end a fault holds back; the oldest is let go of beyond it. */
const ENDING_LINKS_MAX = 8;

import type { NodeId } from '../../core/config/ids.ts';
import type { ConfigSnapshot } from '../../core/config/snapshot.ts';
import type { Disposable } from '../../core/lib/disposable.ts';
import { agentProfileOf } from '../../core/node/agent-profiles.ts';
import {
  NODE_TIMERS,
  type NodeEffect,
  type NodeEvent,
  type NodeLinkEnd,
  type NodeTimer,
} from '../../core/node/node-events.ts';
import { NodeMachine } from '../../core/node/node-machine.ts';
import type { ServingConfig } from '../../core/node/node-state.ts';
import type { SharedWork } from '../../core/node/shared-work.ts';
import { addMicros, type Micros } from '../../core/ports/clock.ts';
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
import type { TrafficNode } from '../live/traffic-runner.ts';
import { corruptBody } from './corrupt-body.ts';
import type { NodeConditions } from './link-conditions.ts';
import type { ServiceTimes } from './service-times.ts';
import type { StalenessGauge } from './staleness-gauge.ts';
import type { TraceKind } from './trace.ts';
import {
  type ControlPlaneEnd,
  type LinkWorld,
  type NodeEnd,
  TwinConnection,
} from './twin-connection.ts';
import type { TwinDisk } from './twin-disk.ts';
import type { TwinSeams } from './twin-seams.ts';

/** What all nodes of a world have in common. */
export interface TwinNodeServices extends LinkWorld {
  readonly times: ServiceTimes;
  readonly disk: TwinDisk;
  readonly work: SharedWork;
  readonly controlPlane: ControlPlaneEnd;
  readonly staleness: StalenessGauge;
  readonly seams: TwinSeams;
}

/** What becomes of a disk while its node is down. */
export type DiskFate = 'keep' | 'lose' | 'stale' | 'corrupt';

const CLOSE_GOING_AWAY = 1001;
/** Of a root hash, for the trace: as many as a number holds exactly. */
const HASH_DIGITS_FOLDED = 12;

/** Runs one node's effects in virtual time: its link, its timers, its disk. Decides nothing. */
export class TwinNode implements NodeEnd, TrafficNode {
  // What each traffic step touches comes first, so that it lies together in memory.
  answersWith: ConfigSnapshot | 'down' | null = 'down';
  inRotation = false;
  requests = 0;
  failures = 0;
  readonly latencyUs: number;
  readonly trafficRandom: RandomStream;
  policies = new PolicyState();
  readonly cell: string;
  readonly machine: NodeMachine;
  readonly row: number;
  readonly linkRandom: RandomStream;

  readonly #services: TwinNodeServices;
  readonly #random: RandomStream;
  readonly #timers: (Disposable | null)[] = NODE_TIMERS.map(() => null);
  readonly #timerRuns: (() => void)[];
  readonly #events: NodeEvent[] = [];
  #conditions: NodeConditions;
  #connection: TwinConnection | null = null;
  /** Links that a fault keeps from ending at the other side. */
  readonly #ending = new Set<TwinConnection>();
  #linkId = 0;
  /** On this link. */
  #lastAck: NodeToControlPlane | null = null;
  #boots = 0;
  #connectSpreadUs = 0;
  #serving: ServingConfig | null = null;
  /** When the node is done with what it was told last. */
  #busyUntil: Micros;

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
    this.trafficRandom = random.split('traffic');
    this.latencyUs = nodeShareUs(place.nodeId);
    this.#busyUntil = services.time.now();
    this.#timerRuns = NODE_TIMERS.map((timer) => {
      const event: NodeEvent = { type: 'timer', timer };
      return () => this.#handle(event);
    });
    const { work, seams } = services;
    const agent = agentProfileOf(place.nodeId);
    const input = { ...place, agent, random: random.split('node'), work };
    this.machine = seams.createNode?.(input) ?? new NodeMachine(input);
  }

  get conditions(): NodeConditions {
    return this.#conditions;
  }

  setConditions(conditions: NodeConditions): void {
    this.#conditions = conditions;
    this.#connection?.flush();
    for (const connection of [...this.#ending]) {
      connection.flush();
      if (connection.isOver) this.#ending.delete(connection);
    }
  }

  isCoveredBy(target: NodeTarget): boolean {
    return targetCovers(target, this.machine.nodeId, this.cell);
  }

  // ---- life -------------------------------------------------------------------------------------

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

  halfOpenLink(): void {
    this.#connection?.halfOpen();
  }

  /** The process at the other end is gone. */
  controlPlaneVanished(): void {
    this.#connection?.vanish();
    this.#ending.clear();
  }

  linkOpened(linkId: number): void {
    this.#handle({ type: 'link-opened', linkId });
    this.#services.seams.watch?.nodeLinkChanged(this);
  }

  linkHeard(linkId: number, message: ControlPlaneToNode): void {
    this.#busyUntil = this.#doneAfter(this.#services.times.nodeFrameUs);
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
    this.#events.push(event);
    if (this.#events.length > 1) return;
    const { time } = this.#services;
    for (let next = this.#events[0]; next !== undefined; next = this.#events[0]) {
      for (const effect of this.machine.handle(next, time.now())) this.#run(effect);
      this.#events.shift();
    }
    const { serving, phase } = this.machine;
    if (serving !== this.#serving) this.#served(serving);
    if (serving === null) this.answersWith = phase.kind === 'down' ? 'down' : null;
    this.#services.seams.watch?.nodeStepped(this);
  }

  #served(serving: ServingConfig | null): void {
    const { staleness, time, trace } = this.#services;
    if (this.#serving !== null) {
      staleness.servedUntil(this.#serving.statement.generation, time.now());
    }
    this.#serving = serving;
    this.answersWith = serving === null ? null : serving.snapshot;
    const { revision, generation } = serving?.statement ?? { revision: 0, generation: 0 };
    this.#note('serving', revision, generation);
    if (serving === null) return;
    const { hash, source } = serving.statement;
    trace.fold(Number.parseInt(hash.slice(0, HASH_DIGITS_FOLDED), 16), trace.word(source));
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
        this.#setTimer(effect.timer, effect.at);
        return;
      case 'clear-timer':
        this.#clearTimer(effect.timer);
        return;
      case 'read-disk':
        this.#readDisk();
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
        this.#connection?.sendUp(before, this.#doneAfter(0));
      }
      this.#lastAck = message;
    }
    this.#connection?.sendUp(message, this.#doneAfter(0));
  }

  #connect(linkId: number): void {
    this.#linkId = linkId;
    this.#lastAck = null;
    const { controlPlane } = this.#services;
    this.#connection = new TwinConnection(this.#services, this, linkId, controlPlane);
    this.#connection.connect(this.#doneAfter(0));
  }

  #closeLink(linkId: number, reason: NodeLinkEnd): void {
    const connection = this.#connection;
    if (linkId !== this.#linkId || connection === null) return;
    this.#connection = null;
    const isOwn =
      reason === 'connect-timeout' || reason === 'storage-retry' || reason === 'stopped';
    const code = isOwn ? CLOSE_GOING_AWAY : NODE_CLOSE_CODES[reason];
    connection.closeUp({ code, reason }, this.#doneAfter(0));
    if (!connection.isOver) this.#keepEnding(connection);
  }

  #keepEnding(connection: TwinConnection): void {
    for (const earlier of this.#ending) {
      if (earlier.isOver || this.#ending.size >= ENDING_LINKS_MAX) this.#ending.delete(earlier);
    }
    this.#ending.add(connection);
  }

  #persist({ token, record, snapshot }: Extract<NodeEffect, { type: 'persist' }>): void {
    const { times, time, disk } = this.#services;
    const boot = this.#boots;
    const spreadUs = times.diskWriteUsMax - times.diskWriteUsMin;
    const writeUs = times.diskWriteUsMin + this.#random.below(spreadUs + 1);
    time.at(this.#doneAfter(times.nodeApplyUs + writeUs), () => {
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
    this.#handle({ type: 'disk-read', load: disk.read(this.machine.nodeId), connectAfterUs });
    this.#note('node-up');
  }

  #setTimer(timer: NodeTimer, at: Micros): void {
    const slot = NODE_TIMERS.indexOf(timer);
    this.#timers[slot]?.dispose();
    const run = this.#timerRuns[slot];
    if (run !== undefined) this.#timers[slot] = this.#services.time.at(at, run);
  }

  #clearTimer(timer: NodeTimer): void {
    const slot = NODE_TIMERS.indexOf(timer);
    this.#timers[slot]?.dispose();
    this.#timers[slot] = null;
  }

  #doneAfter(us: number): Micros {
    const now = this.#services.time.now();
    return addMicros(this.#busyUntil > now ? this.#busyUntil : now, us);
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

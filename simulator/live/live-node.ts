import type { NodeId } from '../../core/config/ids.ts';
import type { ConfigSnapshot } from '../../core/config/snapshot.ts';
import type { Disposable } from '../../core/lib/disposable.ts';
import { agentProfileOf } from '../../core/node/agent-profiles.ts';
import type { SnapshotTiming } from '../../core/node/node-core.ts';
import {
  NODE_TIMERS,
  type NodeEffect,
  type NodeEvent,
  type NodeLinkEnd,
  type NodeTimer,
} from '../../core/node/node-events.ts';
import { NodeMachine } from '../../core/node/node-machine.ts';
import type { SharedWork } from '../../core/node/shared-work.ts';
import type { Clock, Micros } from '../../core/ports/clock.ts';
import type { Link } from '../../core/ports/link.ts';
import type { RandomStream } from '../../core/ports/random.ts';
import type { Scheduler } from '../../core/ports/scheduler.ts';
import type { SnapshotReader } from '../../core/ports/snapshot-store.ts';
import { encodeFrame, NODE_CLOSE_CODES } from '../../core/protocol/node-link.ts';
import { nodeShareUs } from '../../core/traffic/latency-model.ts';
import { PolicyState } from '../../core/traffic/policy-state.ts';
import { closeInWords } from './close-in-words.ts';
import { startConnectAttempt } from './connect-attempt.ts';
import type { ConnectGate } from './connect-gate.ts';
import type { FleetDisk } from './disk/fleet-disk.ts';
import { createFaultedLink } from './faulted-link.ts';
import { LinkWeather } from './link-conditions.ts';
import { BOOT_MS_MAX, BOOT_MS_MIN } from './live-limits.ts';
import type { SharedFrames } from './shared-frames.ts';
import { TRAFFIC_KEYS, type TrafficNode } from './traffic-runner.ts';

/** What all nodes of the process have in common. */
export interface FleetServices {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly disk: FleetDisk;
  readonly gate: ConnectGate;
  readonly frames: SharedFrames;
  readonly work: SharedWork;
  /** Null: there is no snapshot store. */
  readonly snapshots: { readonly reader: SnapshotReader; readonly timing: SnapshotTiming } | null;
  readonly controlPlaneUrl: string;
  readonly fleetToken: string;
  readonly note: (nodeId: NodeId, text: string) => void;
}

/** Going away in order, for what the wire has no word of its own. */
const CLOSE_GOING_AWAY = 1001;

/** Runs one node's effects: its socket, its timers, its disk. Decides nothing. */
export class LiveNode implements TrafficNode {
  readonly machine: NodeMachine;
  readonly weather = new LinkWeather();
  readonly latencyUs: number;
  readonly trafficKey: number;
  /** What the running process has counted under policies; it outlives configs, and ends with it. */
  policies = new PolicyState();
  inRotation = false;
  requests = 0;
  failures = 0;

  readonly #services: FleetServices;
  readonly #random: RandomStream;
  readonly #timers: (Disposable | null)[] = NODE_TIMERS.map(() => null);
  /** The event being handled, and what came of it meanwhile. */
  readonly #events: NodeEvent[] = [];
  #linkId = 0;
  #link: Link | null = null;
  #attempt: Disposable | null = null;
  /** Counts boots: what was asked of the disk before the last one is of no use any more. */
  #boots = 0;
  #connectSpreadUs = 0;

  constructor(services: FleetServices, nodeId: NodeId, cell: string, random: RandomStream) {
    this.#services = services;
    this.#random = random.split('shell');
    this.trafficKey = random.split('traffic').below(TRAFFIC_KEYS);
    this.latencyUs = nodeShareUs(nodeId);
    const agent = agentProfileOf(nodeId);
    const { work } = services;
    const snapshots = services.snapshots?.timing ?? null;
    const nodeRandom = random.split('node');
    this.machine = new NodeMachine({ nodeId, cell, agent, random: nodeRandom, work, snapshots });
  }

  get cell(): string {
    return this.machine.cell;
  }

  get answersWith(): ConfigSnapshot | 'down' | null {
    const { phase, serving } = this.machine;
    if (phase.kind === 'down') return 'down';
    return serving === null ? null : serving.snapshot;
  }

  get swappedAt(): Micros | null {
    return this.machine.retiring?.swappedAt ?? null;
  }

  get answeredWith(): ConfigSnapshot | null {
    return this.machine.retiring?.serving?.snapshot ?? null;
  }

  /** Starts at once; the first connect falls anywhere within the spread. */
  start(connectSpreadUs: number): void {
    this.#connectSpreadUs = connectSpreadUs;
    this.#boots += 1;
    this.#handle({ type: 'boot', delayUs: 0 });
  }

  /** Ends now, as a process does, and is back after a boot time. */
  restart(): void {
    this.#connectSpreadUs = 0;
    this.policies = new PolicyState();
    this.#boots += 1;
    const spreadUs = (BOOT_MS_MAX - BOOT_MS_MIN) * 1_000;
    const delayUs = BOOT_MS_MIN * 1_000 + this.#random.below(spreadUs + 1);
    this.#handle({ type: 'boot', delayUs });
  }

  /** Ends for good. */
  stop(): void {
    this.#boots += 1;
    this.#handle({ type: 'stop' });
  }

  /** What an effect brings about at once is handled after the effects before it are all run. */
  #handle(event: NodeEvent): void {
    this.#events.push(event);
    if (this.#events.length > 1) return;
    for (let next = this.#events[0]; next !== undefined; next = this.#events[0]) {
      const effects = this.machine.handle(next, this.#services.clock.now());
      for (const effect of effects) this.#run(effect);
      this.#events.shift();
    }
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
        this.#send(effect.linkId, encodeFrame(effect.message));
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
      case 'read-store':
        this.#readStore();
        return;
      case 'reread-disk':
        this.#rereadDisk(effect.token);
        return;
      case 'persist': {
        const { token, record, snapshot } = effect;
        this.#services.disk.persist(this.machine.nodeId, record, snapshot, (ok) =>
          this.#handle({ type: 'persisted', token, ok }),
        );
        return;
      }
      case 'note':
        this.#services.note(this.machine.nodeId, effect.text);
        return;
    }
  }

  #readDisk(): void {
    const boot = this.#boots;
    const { disk } = this.#services;
    disk.afterPending(() => {
      if (boot !== this.#boots) return;
      const connectAfterUs =
        this.#connectSpreadUs === 0 ? 0 : this.#random.below(this.#connectSpreadUs);
      this.#handle({ type: 'disk-read', load: disk.read(this.machine.nodeId), connectAfterUs });
    });
  }

  #readStore(): void {
    const boot = this.#boots;
    this.#services.snapshots?.reader.read((read) => {
      if (boot === this.#boots) this.#handle({ type: 'store-read', read });
    });
  }

  #rereadDisk(token: number): void {
    const boot = this.#boots;
    const { disk } = this.#services;
    disk.afterPending(() => {
      if (boot !== this.#boots) return;
      this.#handle({ type: 'disk-reread', token, load: disk.read(this.machine.nodeId) });
    });
  }

  #connect(linkId: number): void {
    this.#linkId = linkId;
    const { clock, scheduler, controlPlaneUrl, fleetToken, gate } = this.#services;
    const air = { weather: this.weather, clock, scheduler, random: this.#random };
    this.#attempt = startConnectAttempt({
      url: controlPlaneUrl,
      fleetToken,
      gate,
      air,
      opened: (link) => {
        this.#attempt = null;
        this.#attach(linkId, createFaultedLink(link, air));
      },
      failed: (reason) => {
        this.#attempt = null;
        this.#handle({ type: 'link-closed', linkId, reason });
      },
    });
  }

  #attach(linkId: number, link: Link): void {
    this.#link = link;
    link.onFrame((frame) => {
      const decoded = this.#services.frames.decode(frame);
      if (decoded.ok) this.#handle({ type: 'frame', linkId, message: decoded.value });
      else this.#handle({ type: 'bad-frame', linkId, detail: decoded.error.detail });
    });
    link.onClose((close) => {
      if (this.#link === link) this.#link = null;
      this.#handle({ type: 'link-closed', linkId, reason: closeInWords(close) });
    });
    this.#handle({ type: 'link-opened', linkId });
  }

  #closeLink(linkId: number, reason: NodeLinkEnd): void {
    if (linkId !== this.#linkId) return;
    this.#attempt?.dispose();
    this.#attempt = null;
    const link = this.#link;
    this.#link = null;
    if (link === null) return;
    if (reason === 'connect-timeout' || reason === 'storage-retry' || reason === 'stopped') {
      link.close(CLOSE_GOING_AWAY, reason);
    } else link.close(NODE_CLOSE_CODES[reason], reason);
  }

  #send(linkId: number, frame: string): void {
    const link = this.#link;
    if (linkId !== this.#linkId || link === null || link.send(frame)) return;
    // Over its bound: nothing more would arrive in order, so the link is of no use.
    this.#link = null;
    link.close(NODE_CLOSE_CODES['slow-consumer'], 'slow-consumer');
    setImmediate(() => this.#handle({ type: 'link-closed', linkId, reason: 'slow-consumer' }));
  }

  #setTimer(timer: NodeTimer, at: Parameters<Scheduler['at']>[0]): void {
    this.#clearTimer(timer);
    this.#timers[NODE_TIMERS.indexOf(timer)] = this.#services.scheduler.at(at, () =>
      this.#handle({ type: 'timer', timer }),
    );
  }

  #clearTimer(timer: NodeTimer): void {
    const slot = NODE_TIMERS.indexOf(timer);
    this.#timers[slot]?.dispose();
    this.#timers[slot] = null;
  }
}

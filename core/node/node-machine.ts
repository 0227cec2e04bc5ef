import type { NodeId } from '../config/ids.ts';
import { assertNever } from '../lib/assert.ts';
import type { Micros } from '../ports/clock.ts';
import type { RandomStream } from '../ports/random.ts';
import type { AgentProfile } from './agent-profiles.ts';
import { linkIdOf, type NodeCore, type SnapshotTiming } from './node-core.ts';
import type { NodeEffect, NodeEvent } from './node-events.ts';
import { onFrame } from './node-frames.ts';
import { boot, letGo, start } from './node-life.ts';
import { NODE_SCRUB_PERIOD_MS } from './node-limits.ts';
import { badFrame, onClosed, onOpened, onTimer } from './node-links.ts';
import { NodeLog } from './node-log.ts';
import { onPersisted } from './node-pushes.ts';
import { onDiskReread, onScrubTimer } from './node-scrub.ts';
import { letDrained } from './node-serving.ts';
import { onStoreRead } from './node-snapshots.ts';
import type {
  NodePhase,
  PushOutcome,
  RetiringConfig,
  RunningPhase,
  ServingConfig,
  ToldTarget,
} from './node-state.ts';
import type { SharedWork } from './shared-work.ts';

export interface NodeMachineInput {
  readonly nodeId: NodeId;
  readonly cell: string;
  readonly agent: AgentProfile;
  readonly random: RandomStream;
  readonly work: SharedWork;
  /** How often what is served is hashed anew; `NODE_SCRUB_PERIOD_MS` unless stated. */
  readonly scrubPeriodMs?: number;
  /** Absent or null: there is no snapshot store. */
  readonly snapshots?: SnapshotTiming | null;
}

/** Between two events nothing may add to them. */
const NO_EFFECTS: NodeEffect[] = [];
Object.freeze(NO_EFFECTS);

/**
 * A data-plane node: keeps its last-known-good config, asks the control plane for newer ones, and
 * serves whatever it has when nobody answers. Does nothing by itself: each event gives the effects
 * that a shell must run, in order. docs/PROTOCOL.md numbers its rules.
 */
export class NodeMachine {
  readonly #node: NodeCore;

  constructor(input: NodeMachineInput) {
    this.#node = {
      nodeId: input.nodeId,
      cell: input.cell,
      agent: input.agent,
      random: input.random,
      heartbeatRandom: input.random.split('heartbeat'),
      upkeepRandom: input.random.split('upkeep'),
      scrubPeriodMs: input.scrubPeriodMs ?? NODE_SCRUB_PERIOD_MS,
      work: input.work,
      snapshots: input.snapshots ?? null,
      log: new NodeLog(),
      counters: { reconnects: 0, pushesApplied: 0, pushesRejected: 0, badFrames: 0 },
      phase: { kind: 'down' },
      bootId: 0,
      failures: 0,
      deferrals: 0,
      storageFailures: 0,
      storeTrouble: null,
      isReadingStore: false,
      welcomed: false,
      linkIds: 0,
      tokens: 0,
      restate: false,
      verifiedAt: null,
      told: null,
      lastPush: null,
      lastClose: null,
      out: NO_EFFECTS,
    };
  }

  get nodeId(): NodeId {
    return this.#node.nodeId;
  }

  get cell(): string {
    return this.#node.cell;
  }

  get agent(): AgentProfile {
    return this.#node.agent;
  }

  get log(): NodeLog {
    return this.#node.log;
  }

  get counters(): Readonly<NodeCore['counters']> {
    return this.#node.counters;
  }

  get phase(): NodePhase {
    return this.#node.phase;
  }

  get serving(): ServingConfig | null {
    return this.#node.phase.kind === 'running' ? this.#node.phase.serving : null;
  }

  /** What was served before the last swap, while requests that began on it may be under way. */
  get retiring(): RetiringConfig | null {
    return this.#node.phase.kind === 'running' ? this.#node.phase.retiring : null;
  }

  /** When the control plane last said what is current. */
  get verifiedAt(): Micros | null {
    return this.#node.verifiedAt;
  }

  get told(): ToldTarget | null {
    return this.#node.told;
  }

  get lastPush(): PushOutcome | null {
    return this.#node.lastPush;
  }

  get lastClose(): string | null {
    return this.#node.lastClose;
  }

  /** Takes one event. The effects are the caller's. */
  handle(event: NodeEvent, now: Micros): NodeEffect[] {
    const node = this.#node;
    node.out = [];
    if (event.type === 'boot') boot(node, event.delayUs, now);
    else if (event.type === 'stop') letGo(node);
    else if (event.type === 'disk-read') start(node, event.load, event.connectAfterUs, now);
    else if (event.type === 'timer' && event.timer === 'boot') {
      if (node.phase.kind === 'down') node.out.push({ type: 'read-disk' });
    } else if (node.phase.kind === 'running') handleRunning(node, node.phase, event, now);
    const effects = node.out;
    // Not held on to until the next event: a fleet of ten thousand nodes holds ten thousand of these.
    node.out = NO_EFFECTS;
    return effects;
  }
}

function handleRunning(
  node: NodeCore,
  phase: RunningPhase,
  event: Exclude<NodeEvent, { type: 'boot' | 'stop' | 'disk-read' }>,
  now: Micros,
): void {
  letDrained(phase, now);
  switch (event.type) {
    case 'timer':
      if (event.timer === 'scrub') onScrubTimer(node, phase, now);
      else onTimer(node, phase, event.timer, now);
      return;
    case 'disk-reread':
      onDiskReread(node, phase, event, now);
      return;
    case 'store-read':
      onStoreRead(node, phase, event.read, now);
      return;
    case 'persisted':
      onPersisted(node, phase, event.token, event.ok, now);
      return;
  }
  // What an older link still had to say is about a conversation that is over.
  if (linkIdOf(phase.link) !== event.linkId) return;
  switch (event.type) {
    case 'link-opened':
      onOpened(node, phase, now);
      return;
    case 'link-closed':
      onClosed(node, phase, event.reason, now);
      return;
    case 'frame':
      onFrame(node, phase, event.message, now);
      return;
    case 'bad-frame':
      badFrame(node, phase, event.detail, now);
      return;
    default:
      assertNever(event);
  }
}

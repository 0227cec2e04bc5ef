import { MICROS_PER_SECOND, type Micros } from '../../core/ports/clock.ts';
import { type MessageName, messageName } from './message-names.ts';
import type { Trace, TraceEntry, TraceKind } from './trace.ts';
import { describeTwinFault } from './twin-fault.ts';
import type { TwinNode } from './twin-node.ts';
import type { TwinPublish, TwinWorld } from './twin-world.ts';

/** Sentences of one answer, at most. */
const SENTENCES_MAX = 12;

/**
 * Why a node was stale at an instant, in sentences: from what it served, to the message that did not
 * arrive, to the fault that held it. Asks the trace, so it can only tell what the trace still holds.
 */
export function explainStaleness(world: TwinWorld, nodeId: string, at: Micros): readonly string[] {
  const node = world.nodes.find(({ machine }) => machine.nodeId === nodeId);
  if (node === undefined) return [`There is no node ${nodeId} in this fleet.`];
  if (at > world.time.now()) return [`The run had not come to ${instant(at)}.`];
  return new Explanation(world, node, at).sentences().slice(0, SENTENCES_MAX);
}

class Explanation {
  readonly #world: TwinWorld;
  readonly #node: TwinNode;
  readonly #at: Micros;
  /** What happened to the node and to everybody up to the instant, newest first. */
  readonly #past: readonly TraceEntry[];

  constructor(world: TwinWorld, node: TwinNode, at: Micros) {
    this.#world = world;
    this.#node = node;
    this.#at = at;
    this.#past = pastOf(world.trace, node.row, at);
  }

  sentences(): readonly string[] {
    const { nodeId } = this.#node.machine;
    const head = this.#publishes().at(-1);
    const when = instant(this.#at);
    if (head === undefined) return [`At ${when} nothing was published.`];
    const serving = this.#last('serving');
    if (serving === null && this.#world.trace.hasForgotten) {
      return [`The trace does not reach back to what ${nodeId} served at ${when}.`];
    }
    const generation = serving?.b ?? 0;
    if (generation === head.generation) {
      return [`At ${when} ${nodeId} served r${head.revision}, which was the newest.`];
    }
    if (generation > head.generation) {
      const what = `At ${when} ${nodeId} served r${serving?.a ?? 0}, which the control plane did not know`;
      return [`${what}: an older copy of its store had been put back.`];
    }
    const missing = this.#publishes().filter((published) => published.generation > generation);
    const [first] = missing;
    const since = first === undefined ? this.#at : first.at;
    return [this.#openingSentence(serving, head, missing.length, since), ...this.#causes(since)];
  }

  #openingSentence(
    serving: TraceEntry | null,
    head: TwinPublish,
    missing: number,
    since: Micros,
  ): string {
    const { nodeId } = this.#node.machine;
    const served = serving === null || serving.b === 0 ? 'its built-in default' : `r${serving.a}`;
    const behind = missing === 1 ? 'one revision' : `${missing} revisions`;
    return (
      `At ${instant(this.#at)} ${nodeId} served ${served}, ${behind} behind r${head.revision}; ` +
      `the first it lacked was published at ${instant(since)}.`
    );
  }

  /** From the node outwards: is it there, was it sent anything, is it connected, is anybody there. */
  #causes(since: Micros): string[] {
    const life = this.#last('node-down', 'node-up');
    if (life?.kind === 'node-down') return [`The node itself was down since ${instant(life.at)}.`];
    // What it was sent before it ended is forgotten; only what its disk had came back.
    const restarted = life !== null && life.at > since && this.#hasRestarted() ? life.at : null;
    const before =
      restarted === null
        ? []
        : [`It restarted and came back with what its disk held at ${instant(restarted)}.`];
    const push = this.#pushSince(restarted ?? since);
    return [...before, ...(push === null ? this.#withoutPush() : this.#fateOfPush(push))];
  }

  #hasRestarted(): boolean {
    return this.#last('node-down') !== null;
  }

  #withoutPush(): string[] {
    const link = this.#last('link-opened', 'link-closed', 'connecting', 'connect-refused');
    if (link === null || link.kind !== 'link-opened') return this.#disconnected();
    const silence = this.#silence(link.at);
    const open = 'It was not sent anything newer, though its link was open.';
    return [open, ...silence, ...this.#controlPlaneSentence()];
  }

  #pushSince(since: Micros): TraceEntry | null {
    return this.#find((entry) => entry.at >= since && entry.kind === 'down-sent' && isBody(entry));
  }

  #fateOfPush(push: TraceEntry): string[] {
    const revision = this.#revisionOf(push.b);
    const sent = `A ${messageName(push.a)} push of ${revision} was sent to it at ${instant(push.at)}`;
    const arrived = this.#find(
      (entry) =>
        entry.at >= push.at && entry.kind === 'down-arrived' && entry.b === push.b && isBody(entry),
    );
    if (arrived === null) return [...this.#notArrived(sent, push)];
    const refused = this.#find((entry) => entry.at >= arrived.at && entry.kind === 'refused-push');
    if (refused !== null) {
      const why = this.#world.trace.wordOf(refused.b);
      return [`${sent} and arrived at ${instant(arrived.at)}; the node refused it (${why}).`];
    }
    return [
      `${sent} and arrived at ${instant(arrived.at)}; the node was still writing it to disk.`,
    ];
  }

  #notArrived(sent: string, push: TraceEntry): string[] {
    const held = this.#find(
      (entry) => entry.at >= push.at && entry.kind === 'down-held' && isBody(entry),
    );
    const ended = this.#find(({ at, kind }) => at >= push.at && kind === 'link-closed');
    const since = ended === null ? [] : this.#disconnected();
    if (held !== null) {
      return [`${sent} and did not arrive.`, this.#faultSentence(held.b, 'It'), ...since];
    }
    if (ended === null) return [`${sent} and was still on its way.`, ...this.#slowLink()];
    return [`${sent} and was lost with the link.`, ...since];
  }

  #slowLink(): string[] {
    const standing = this.#standingFaults().filter((index) => !this.#isStoreCut(index));
    return standing.map((index) => {
      const { atMs, fault } = this.#world.options.faults[index] ?? {};
      if (fault === undefined || atMs === undefined) return 'A fault stood on its link.';
      const since = instant((atMs * 1_000) as Micros);
      return `A fault stood on its link since ${since}: ${describeTwinFault(fault)}.`;
    });
  }

  #disconnected(): string[] {
    const closed = this.#last('link-closed');
    const sentences: string[] = [];
    if (closed === null) sentences.push('It had not been connected yet.');
    else {
      const why = this.#world.trace.wordOf(closed.b);
      sentences.push(`Its link ended at ${instant(closed.at)} (${why}), and it was not back yet.`);
      sentences.push(...this.#silence(closed.at));
    }
    const held = this.#find((entry) => entry.kind === 'connect-held');
    if (held !== null && (closed === null || held.at >= closed.at)) {
      sentences.push(this.#faultSentence(held.b, 'Its attempt to connect'));
    }
    return [...sentences, ...this.#controlPlaneSentence(), ...this.#snapshotSentences()];
  }

  /** What the snapshot store had for a node that has no link. */
  #snapshotSentences(): string[] {
    if (!this.#world.controlPlane.hasSnapshotStore) return [];
    const read = this.#last('snapshot-read');
    const opened = this.#last('link-opened');
    if (read === null || (opened !== null && read.at < opened.at)) {
      return ['It had not read the snapshot store since.'];
    }
    const when = instant(read.at);
    switch (this.#world.trace.wordOf(read.a)) {
      case 'found': {
        const what = `It read the snapshot store at ${when}, which had ${this.#revisionOf(read.b)}.`;
        return [what, ...this.#dumpSentence()];
      }
      case 'empty':
        return [
          `The snapshot store was empty when it read it at ${when}.`,
          ...this.#dumpSentence(),
        ];
      case 'damaged':
        return [`What it read from the snapshot store at ${when} was damaged.`];
      default: {
        const cut = this.#standingFaults().find((index) => this.#isStoreCut(index));
        const said = `It could not reach the snapshot store at ${when}.`;
        return cut === undefined ? [said] : [said, this.#faultSentence(cut, 'Its reading')];
      }
    }
  }

  #isStoreCut(index: number): boolean {
    return this.#world.options.faults[index]?.fault.kind === 'store-cut';
  }

  /** A store whose dumps fail stays as it was. */
  #dumpSentence(): string[] {
    const dumped = this.#last('snapshot-dumped');
    if (dumped === null) return ['Nothing had been put there yet.'];
    if (dumped.a === 1) return [];
    return [`It had taken no dump at ${instant(dumped.at)}.`];
  }

  /** What of the conversation did not get through before `at`, if anything was held. */
  #silence(at: Micros): string[] {
    const held = this.#find(
      ({ kind, at: heldAt }) => (kind === 'up-held' || kind === 'down-held') && heldAt <= this.#at,
    );
    if (held === null || held.at < at - SILENCE_LOOKED_AT_US) return this.#slowLink();
    const name = WORDS.get(messageName(held.a)) ?? messageName(held.a);
    const whose = held.kind === 'up-held' ? `Its ${name}` : `The control plane's ${name}`;
    return [this.#faultSentence(held.b, whose)];
  }

  #controlPlaneSentence(): string[] {
    const state = this.#last('control-plane-up', 'control-plane-down');
    if (state?.kind === 'control-plane-down') {
      return [`The control plane was down since ${instant(state.at)}.`];
    }
    return state === null ? [] : [`The control plane was up since ${instant(state.at)}.`];
  }

  #faultSentence(index: number, what: string): string {
    const scheduled = this.#world.options.faults[index];
    if (scheduled === undefined) return `${what} was held by a fault.`;
    const from = instant((scheduled.atMs * 1_000) as Micros);
    const { fault } = scheduled;
    return `${what} was held by the fault “${describeTwinFault(fault)}”, which began at ${from}.`;
  }

  #standingFaults(): number[] {
    return this.#world.options.faults.flatMap(({ atMs, fault }, index) => {
      if (!('target' in fault) || !('durationMs' in fault)) return [];
      const from = atMs * 1_000;
      const to =
        fault.durationMs === null ? Number.MAX_SAFE_INTEGER : from + fault.durationMs * 1_000;
      return from <= this.#at && this.#at < to && this.#node.isCoveredBy(fault.target)
        ? [index]
        : [];
    });
  }

  #revisionOf(generation: number): string {
    const found = this.#publishes().findLast((published) => published.generation === generation);
    return found === undefined ? `generation ${generation}` : `r${found.revision}`;
  }

  #publishes(): readonly TwinPublish[] {
    return this.#world.publishes.filter(({ at }) => at <= this.#at);
  }

  #last(...kinds: readonly TraceKind[]): TraceEntry | null {
    return this.#find(({ kind }) => kinds.includes(kind));
  }

  #find(holds: (entry: TraceEntry) => boolean): TraceEntry | null {
    return this.#past.find(holds) ?? null;
  }
}

const WORDS: ReadonlyMap<MessageName, string> = new Map([
  ['connect', 'attempt to connect'],
  ['opened', 'answer to its attempt to connect'],
  ['refused', 'refusal of its attempt to connect'],
] as const);

/** A heartbeat and its time-out: what was held longer before a link ended did not end it. */
const SILENCE_LOOKED_AT_US = 40 * MICROS_PER_SECOND;

function pastOf(trace: Trace, row: number, at: Micros): readonly TraceEntry[] {
  const past: TraceEntry[] = [];
  for (const entry of trace.backwards()) {
    if (entry.at > at) continue;
    if (entry.node === row || CONTROL_PLANE_KINDS.has(entry.kind)) past.push(entry);
  }
  return past;
}

const CONTROL_PLANE_KINDS: ReadonlySet<TraceKind> = new Set([
  'control-plane-up',
  'control-plane-down',
  'snapshot-dumped',
] as const);

function isBody(entry: TraceEntry): boolean {
  const name = messageName(entry.a);
  return name === 'delta' || name === 'full';
}

/** `3:05.250` */
function instant(at: Micros): string {
  const ms = Math.floor(at / 1_000);
  const seconds = Math.floor(ms / 1_000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}.${String(ms % 1_000).padStart(3, '0')}`;
}

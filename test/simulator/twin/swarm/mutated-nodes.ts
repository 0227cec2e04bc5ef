import type { NodeEffect, NodeEvent } from '../../../../core/node/node-events.ts';
import { NodeMachine, type NodeMachineInput } from '../../../../core/node/node-machine.ts';
import type { ServingConfig } from '../../../../core/node/node-state.ts';
import type { PreparedConfig, SharedWork } from '../../../../core/node/shared-work.ts';
import type { Micros } from '../../../../core/ports/clock.ts';
import type { PushBody } from '../../../../core/protocol/node-link.ts';

/** Takes a write for done as soon as it has asked for it. */
export class AcksBeforePersisting extends NodeMachine {
  override handle(event: NodeEvent, now: Micros): NodeEffect[] {
    const effects = super.handle(event, now);
    const write = effects.find((effect) => effect.type === 'persist');
    if (write === undefined) return effects;
    const { token } = write;
    return [...effects, ...super.handle({ type: 'persisted', token, ok: true }, now)];
  }
}

/** Whatever it builds has the hash that it should have. */
export class SkipsHashCheck extends NodeMachine {
  readonly #work: SharedWork;

  constructor(input: NodeMachineInput) {
    super(input);
    this.#work = input.work;
  }

  override handle(event: NodeEvent, now: Micros): NodeEffect[] {
    if (event.type === 'disk-read' && event.load.kind === 'found') {
      const built = this.#work.prepare(null, event.load.resources, []);
      if (!built.ok) return super.handle(event, now);
      const record = { ...event.load.record, hash: built.value.snapshot.hash };
      return super.handle({ ...event, load: { ...event.load, record } }, now);
    }
    if (event.type === 'store-read' && event.read.kind === 'found') {
      const built = this.#work.prepare(null, event.read.resources, []);
      if (!built.ok) return super.handle(event, now);
      const header = { ...event.read.header, hash: built.value.snapshot.hash };
      return super.handle({ ...event, read: { ...event.read, header } }, now);
    }
    if (event.type !== 'frame') return super.handle(event, now);
    const { message } = event;
    if (message.type !== 'full' && message.type !== 'delta') return super.handle(event, now);
    const built = build(this.#work, this.serving, message);
    if (built === null) return super.handle(event, now);
    return super.handle({ ...event, message: { ...message, hash: built.snapshot.hash } }, now);
  }
}

/** Serves nothing from when its link is lost until it is told something new. */
export class ForgetsOnLinkLoss extends NodeMachine {
  #forgotten: ServingConfig | null = null;

  override get serving(): ServingConfig | null {
    const serving = super.serving;
    return serving === this.#forgotten ? null : serving;
  }

  override handle(event: NodeEvent, now: Micros): NodeEffect[] {
    if (event.type === 'link-closed') this.#forgotten = super.serving;
    return super.handle(event, now);
  }
}

/** Never looks at what it holds in memory. */
export class NeverScrubs extends NodeMachine {
  override handle(event: NodeEvent, now: Micros): NodeEffect[] {
    if (event.type === 'timer' && event.timer === 'scrub') return [];
    return super.handle(event, now);
  }
}

/** Serves another config in the place of one that it holds. */
class ServesInstead extends NodeMachine {
  #other: { readonly held: ServingConfig; readonly serving: ServingConfig } | null = null;

  override get serving(): ServingConfig | null {
    const serving = super.serving;
    return this.#other !== null && serving === this.#other.held ? this.#other.serving : serving;
  }

  protected instead(
    held: ServingConfig,
    { generation, revision, hash }: Pick<PushBody, 'generation' | 'revision' | 'hash'>,
    { snapshot }: PreparedConfig,
    now: Micros,
  ): void {
    const statement = { ...held.statement, generation, revision, hash };
    this.#other = { held, serving: { statement, snapshot, since: now } };
  }

  /** What it really holds. */
  protected get held(): ServingConfig | null {
    return super.serving;
  }
}

/** Takes a full push of whatever generation, and serves it. */
export class TakesOlder extends ServesInstead {
  readonly #work: SharedWork;

  constructor(input: NodeMachineInput) {
    super(input);
    this.#work = input.work;
  }

  override handle(event: NodeEvent, now: Micros): NodeEffect[] {
    if (event.type === 'frame' && event.message.type === 'full') {
      const { held } = this;
      const built = build(this.#work, held, event.message);
      if (held !== null && built !== null && event.message.generation < held.statement.generation) {
        this.instead(held, event.message, built, now);
      }
    }
    return super.handle(event, now);
  }
}

/** Takes whatever the snapshot store has, be it older than what it serves. */
export class TakesOlderFromStore extends ServesInstead {
  readonly #work: SharedWork;

  constructor(input: NodeMachineInput) {
    super(input);
    this.#work = input.work;
  }

  override handle(event: NodeEvent, now: Micros): NodeEffect[] {
    if (event.type === 'store-read' && event.read.kind === 'found') {
      const { header, resources } = event.read;
      const { held } = this;
      const built = this.#work.prepare(null, resources, []);
      if (held !== null && built.ok && header.generation < held.statement.generation) {
        this.instead(held, header, built.value, now);
      }
    }
    return super.handle(event, now);
  }
}

function build(
  work: SharedWork,
  serving: ServingConfig | null,
  body: PushBody,
): PreparedConfig | null {
  const built =
    body.type === 'full'
      ? work.prepare(null, body.resources, [])
      : work.prepare(serving?.snapshot ?? null, body.changed, body.removed);
  return built.ok ? built.value : null;
}

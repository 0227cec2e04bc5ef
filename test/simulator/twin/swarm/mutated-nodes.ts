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

/** Takes a full push of whatever generation, and serves it. */
export class TakesOlder extends NodeMachine {
  readonly #work: SharedWork;
  #older: { readonly instead: ServingConfig; readonly serving: ServingConfig } | null = null;

  constructor(input: NodeMachineInput) {
    super(input);
    this.#work = input.work;
  }

  override get serving(): ServingConfig | null {
    const serving = super.serving;
    return this.#older !== null && serving === this.#older.instead ? this.#older.serving : serving;
  }

  override handle(event: NodeEvent, now: Micros): NodeEffect[] {
    if (event.type === 'frame' && event.message.type === 'full') {
      const held = super.serving;
      const { generation, revision, hash } = event.message;
      const built = build(this.#work, held, event.message);
      if (held !== null && built !== null && generation < held.statement.generation) {
        const statement = { ...held.statement, generation, revision, hash };
        this.#older = {
          instead: held,
          serving: { statement, snapshot: built.snapshot, since: now },
        };
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

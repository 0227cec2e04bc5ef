import { withoutFullStop } from '../../core/lib/sentence.ts';
import { decodeValue } from '../../core/protocol/decode-json.ts';
import {
  type RehearsalRequest,
  type TwinCommand,
  type TwinEvent,
  twinEventSchema,
} from '../../core/protocol/twin-control.ts';
import type { SeedOutcome } from '../../core/rehearsal/seed-outcome.ts';
import {
  REHEARSAL_GRACE_MS,
  REHEARSAL_KILL_MS_MAX,
  REHEARSAL_STOP_MS_MAX,
} from './rehearsal-limits.ts';
import type { ChildHandle, Spawner } from './spawner.ts';

type LastWord = Extract<TwinEvent, { type: 'rehearsed' | 'refused' }>;

/** How the process of a rehearsal ended. */
export type RehearsalEnd =
  | LastWord
  /** It was told to stop, or had no time left, and was ended before its last word. */
  | { readonly type: 'cut-short' }
  /** It ended by itself, or was not understood; why, in words. */
  | { readonly type: 'failed'; readonly why: string };

export interface RehearsalProcessInput {
  readonly spawner: Spawner;
  readonly request: RehearsalRequest;
  readonly budgetMs: number;
}

/** One process of the twin, from its start until it is gone. It never outlives its time. */
export class RehearsalProcess {
  /** In the order of their seeds; never more than were asked for. */
  readonly outcomes: SeedOutcome[] = [];
  /** Settles when the process is gone. Never rejects. */
  readonly ended: Promise<RehearsalEnd>;
  readonly #input: RehearsalProcessInput;
  #child: ChildHandle | null = null;
  #end: RehearsalEnd | null = null;
  #timer: NodeJS.Timeout;
  #settle: (end: RehearsalEnd) => void = () => undefined;

  constructor(input: RehearsalProcessInput) {
    this.#input = input;
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#timer = setTimeout(() => this.stop(), input.budgetMs + REHEARSAL_GRACE_MS);
    try {
      this.#listenTo(input.spawner.spawn('twin'));
    } catch (error) {
      // Out of memory, processes or file handles.
      const why = error instanceof Error ? error.message : String(error);
      this.#end = { type: 'failed', why: `no process could be started (${withoutFullStop(why)})` };
      this.#gone();
    }
  }

  /** It ends by itself with what is done, or is ended without. */
  stop(): void {
    if (this.#child === null) return;
    this.#tell({ type: 'stop' });
    this.#after(REHEARSAL_STOP_MS_MAX, () => this.kill());
  }

  /** A real `SIGKILL`: nobody waits for what it has done. */
  kill(): void {
    if (this.#child === null) return;
    this.#end ??= { type: 'cut-short' };
    this.#child.sigkill();
    // Whoever waits is not kept waiting by an operating system that does not report it.
    this.#after(REHEARSAL_KILL_MS_MAX, () => this.#gone());
  }

  #listenTo(child: ChildHandle): void {
    this.#child = child;
    child.onMessage((message) => this.#received(message));
    child.onExit(({ code, signal, lastWords }) => {
      const how = signal === null ? `with code ${code ?? 'unknown'}` : `by ${signal}`;
      const words = lastWords === null ? '' : `: ${withoutFullStop(lastWords)}`;
      this.#end ??= { type: 'failed', why: `its process ended ${how}${words}` };
      this.#gone();
    });
  }

  #received(message: unknown): void {
    if (this.#end !== null) return;
    const event = decodeValue(twinEventSchema, message);
    if (!event.ok) {
      this.#fail(`what it said was not understood (${withoutFullStop(event.error.detail)})`);
      return;
    }
    const { request } = this.#input;
    switch (event.value.type) {
      case 'ready':
        this.#tell({ type: 'rehearse', request });
        return;
      case 'seed-done':
        if (this.outcomes.length < request.seedsMax) this.outcomes.push(event.value.outcome);
        return;
      case 'rehearsed':
      case 'refused':
        this.#end = event.value;
        // It ends by itself now; what hangs at its end is ended.
        this.#after(REHEARSAL_STOP_MS_MAX, () => this.kill());
        return;
      default:
        this.#fail('it answered something else than was asked');
    }
  }

  #fail(why: string): void {
    this.#end = { type: 'failed', why };
    this.kill();
  }

  #tell(command: TwinCommand): void {
    this.#child?.send(command);
  }

  /** One thing is waited for at a time. */
  #after(ms: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, ms);
  }

  #gone(): void {
    clearTimeout(this.#timer);
    this.#child = null;
    this.#settle(this.#end ?? { type: 'cut-short' });
  }
}

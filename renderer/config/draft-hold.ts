import type { ConsoleClient } from '../../client/console-client.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import type { Draft } from '../../core/protocol/console-model.ts';
import type { SaveFailure } from './draft-saver.ts';

/** Refusals that saving the same text again cannot mend. */
const HOPELESS: ReadonlySet<string> = new Set(['too-large', 'bad-request']);

interface HeldDraft {
  /** Null: begun before anything was published. */
  readonly base: number | null;
  readonly savedAtMs: number;
}

/**
 * Saves to the host, and knows which of its drafts the text of this page goes on from, so that none
 * that was saved elsewhere is replaced unseen.
 */
export class DraftHold {
  readonly #client: Pick<ConsoleClient, 'request'>;
  #held: HeldDraft | null = null;
  /** Last text that may have been saved though its answer never came. */
  #sent: string | null = null;
  #theirs: Draft | null = null;

  constructor(client: Pick<ConsoleClient, 'request'>) {
    this.#client = client;
  }

  /** The draft that was saved elsewhere in the place of the held one, until a person has chosen. */
  get theirs(): Draft | null {
    return this.#theirs;
  }

  /** The page goes on from this draft; null: from none. */
  goOnFrom(draft: HeldDraft | null): void {
    this.#held = draft;
    this.#theirs = null;
    this.#sent = null;
  }

  async save(
    text: string,
    base: number | null,
  ): Promise<Result<{ readonly savedAtMs: number }, SaveFailure>> {
    let saved = await this.#send(text, base);
    if (!saved.ok && saved.error.reason === 'draft-changed') {
      const draft = await this.#client.request('get-draft', { base });
      if (draft.ok && this.#isHarmless(draft.value)) saved = await this.#send(text, base);
    }
    if (saved.ok) return ok(saved.value);
    const { detail, reason } = saved.error;
    // What to do about it stands where the person chooses.
    if (this.#theirs !== null) return err({ detail: 'it was saved from elsewhere', final: true });
    return err({ detail, final: HOPELESS.has(reason) });
  }

  async #send(text: string, base: number | null) {
    const held = this.#held;
    const expected = held !== null && held.base === base ? held.savedAtMs : null;
    const saved = await this.#client.request('save-draft', { text, base, expected });
    if (saved.ok) this.goOnFrom({ base, savedAtMs: saved.value.savedAtMs });
    // What was refused for being unexpected was not saved; anything else may have been, unheard.
    else if (saved.error.reason !== 'draft-changed') this.#sent = text;
    return saved;
  }

  /** Whether saving over what was found loses nothing: it is gone, or this page's own. */
  #isHarmless(draft: Draft | null): boolean {
    if (draft === null || draft.text === this.#sent) {
      this.goOnFrom(draft);
      return true;
    }
    this.#theirs = draft;
    return false;
  }
}

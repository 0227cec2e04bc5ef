import type { Revision } from '../../core/config/ids.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';
import type { Draft, DraftSummary } from '../../core/protocol/console-model.ts';
import { DRAFTS_PER_OPERATOR_MAX } from '../../core/protocol/limits.ts';
import { sqliteErrorText } from '../control-plane/store/sqlite-error-text.ts';
import type { ConsoleStore } from './store/console-store.ts';

/**
 * The operator's drafts, one for each revision that they were made from. Kept in the host's own
 * file, so no fate of the control plane touches them.
 */
export class DraftKeeper {
  readonly #store: ConsoleStore;
  readonly #operator: string;
  /** Newest first. */
  #list: readonly DraftSummary[];

  constructor(store: ConsoleStore, operator: string) {
    this.#store = store;
    this.#operator = operator;
    this.#list = store.drafts(operator);
  }

  /** The newest without its text, as the status shows it. */
  get summary(): { readonly base: Draft['base']; readonly savedAtMs: number } | null {
    const [newest] = this.#list;
    return newest === undefined ? null : { base: newest.base, savedAtMs: newest.savedAtMs };
  }

  /** Newest first. */
  get list(): readonly DraftSummary[] {
    return this.#list;
  }

  /** @param base absent: the newest */
  read(base?: Revision | null): Draft | null {
    const wanted = base === undefined ? this.#list[0]?.base : base;
    return wanted === undefined ? null : this.#store.draft(this.#operator, wanted);
  }

  /** Later than every save there was, whatever the clock says: it also tells saves apart. */
  nextSavedAtMs(nowMs: number): number {
    return this.#list.reduce((next, { savedAtMs }) => Math.max(next, savedAtMs + 1), nowMs);
  }

  /**
   * On disk when it returns. Refused where it would be one too many, cannot be kept, or the draft is
   * not the expected one; then nothing is changed.
   *
   * @param expected `savedAtMs` of the draft of this base that the text was made from, null: none;
   *   absent: whatever is there gives way
   */
  save(draft: Draft, expected?: number | null): Result<void, ConsoleRefusal> {
    const held = this.#list.find(({ base }) => base === draft.base);
    // Who saves what is there already loses nothing of anybody's, whatever was expected.
    if (expected !== undefined && expected !== (held?.savedAtMs ?? null)) {
      if (this.read(draft.base)?.text !== draft.text) return err(draftChanged(held));
    }
    if (held === undefined && this.#list.length >= DRAFTS_PER_OPERATOR_MAX) {
      return err(TOO_MANY_DRAFTS);
    }
    const lost = this.#store.whyLost();
    if (lost !== null) return err(notSaved(`${lost}. ${WHEN_LOST}`));
    try {
      this.#store.saveDraft(this.#operator, draft);
    } catch (error) {
      const why = sqliteErrorText(error);
      if (why === null) throw error;
      return err(notSaved(`${why}. Make room for the console’s file, and save again.`));
    }
    this.#reload();
    return ok(undefined);
  }

  /** @param base absent: the newest */
  discard(base?: Revision | null): boolean {
    const wanted = base === undefined ? this.#list[0]?.base : base;
    if (wanted === undefined) return false;
    const discarded = this.#store.discardDraft(this.#operator, wanted);
    this.#reload();
    return discarded;
  }

  discardAll(): void {
    this.#store.discardDrafts(this.#operator);
    this.#reload();
  }

  /** A draft that was published as it stands is no draft any more. */
  discardIfPublished(text: string): void {
    try {
      for (const { base } of this.#list) {
        if (this.read(base)?.text === text) this.discard(base);
      }
    } catch (error) {
      // It was published all the same: on a full disk there is a draft too many, and nothing lost.
      if (sqliteErrorText(error) === null) throw error;
    }
  }

  #reload(): void {
    this.#list = this.#store.drafts(this.#operator);
  }
}

const TOO_MANY_DRAFTS: ConsoleRefusal = {
  reason: 'too-large',
  detail: `${DRAFTS_PER_OPERATOR_MAX} drafts are kept already, each from another revision; discard one of them, and this one can be saved.`,
};

const WHEN_LOST =
  'Put the file back and save again; or keep a copy of the text elsewhere, stop the console and start it again.';

function notSaved(why: string): ConsoleRefusal {
  return { reason: 'storage-failed', detail: `The draft was not saved: ${why}` };
}

function draftChanged(held: DraftSummary | undefined): ConsoleRefusal {
  const what =
    held === undefined
      ? 'The draft was discarded or published meanwhile'
      : 'The draft was saved from elsewhere meanwhile';
  return {
    reason: 'draft-changed',
    detail: `${what}, and this text was not saved over it. Read the draft again, put the change into it and save that.`,
  };
}

import type { Revision } from '../../core/config/ids.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';
import type { Draft, DraftSummary } from '../../core/protocol/console-model.ts';
import { DRAFTS_PER_OPERATOR_MAX } from '../../core/protocol/limits.ts';
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

  /** On disk when it returns. Refused where it would be one too many; then nothing is changed. */
  save(draft: Draft): Result<void, ConsoleRefusal> {
    const isNew = this.#list.every(({ base }) => base !== draft.base);
    if (isNew && this.#list.length >= DRAFTS_PER_OPERATOR_MAX) return err(TOO_MANY_DRAFTS);
    this.#store.saveDraft(this.#operator, draft);
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
    for (const { base } of this.#list) {
      if (this.read(base)?.text === text) this.discard(base);
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

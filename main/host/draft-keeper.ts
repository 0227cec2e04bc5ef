import type { Draft } from '../../core/protocol/console-model.ts';
import type { ConsoleStore } from './store/console-store.ts';

/** The operator's draft. Kept in the host's own file, so no fate of the control plane touches it. */
export class DraftKeeper {
  readonly #store: ConsoleStore;
  readonly #operator: string;
  #summary: { readonly base: Draft['base']; readonly savedAtMs: number } | null;

  constructor(store: ConsoleStore, operator: string) {
    this.#store = store;
    this.#operator = operator;
    const draft = store.draft(operator);
    this.#summary = draft === null ? null : { base: draft.base, savedAtMs: draft.savedAtMs };
  }

  /** Without the text, as the status shows it. */
  get summary() {
    return this.#summary;
  }

  read(): Draft | null {
    return this.#store.draft(this.#operator);
  }

  /** On disk when it returns. */
  save(draft: Draft): void {
    this.#store.saveDraft(this.#operator, draft);
    this.#summary = { base: draft.base, savedAtMs: draft.savedAtMs };
  }

  discard(): boolean {
    this.#summary = null;
    return this.#store.discardDraft(this.#operator);
  }

  /** A draft that was published as it stands is no draft any more. */
  discardIfPublished(text: string): void {
    if (this.#summary !== null && this.read()?.text === text) this.discard();
  }
}

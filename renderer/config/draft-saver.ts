import type { Result } from '../../core/lib/result.ts';

/** Quiet time after a keystroke before the draft is saved, milliseconds. */
export const SAVE_DELAY_MS = 400;
/** Longest time that typing without a pause puts a save off, milliseconds. */
export const SAVE_DELAY_MS_MAX = 2_000;
/** Wait before a failed save is tried again, milliseconds. */
export const SAVE_RETRY_MS = 2_000;

export type SaveState =
  /** Nothing typed since the head was shown. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unsaved' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'saved'; readonly atMs: number }
  | { readonly kind: 'failed'; readonly detail: string };

export interface SaveFailure {
  readonly detail: string;
  readonly final: boolean;
}

export interface DraftSaverPorts {
  /** `final`: trying the same text again cannot help. */
  save(text: string): Promise<Result<{ readonly savedAtMs: number }, SaveFailure>>;
  /** Returns how to cancel. */
  setTimer(run: () => void, delayMs: number): () => void;
  nowMs(): number;
  onState(state: SaveState): void;
}

/** Saves the newest text a moment after it was typed, one save at a time, and tries again. */
export class DraftSaver {
  readonly #ports: DraftSaverPorts;
  #text: (() => string) | null = null;
  #unsavedSinceMs: number | null = null;
  #saving: Promise<void> | null = null;
  #cancelTimer: (() => void) | null = null;
  /** Grows with `forget`, so that the answer to a save before it changes nothing. */
  #epoch = 0;

  constructor(ports: DraftSaverPorts) {
    this.#ports = ports;
  }

  /** Whether something is not saved yet. */
  get dirty(): boolean {
    return this.#text !== null || this.#saving !== null;
  }

  edited(text: () => string): void {
    this.#text = text;
    this.#unsavedSinceMs ??= this.#ports.nowMs();
    if (this.#saving !== null) return;
    this.#ports.onState({ kind: 'unsaved' });
    const waited = this.#ports.nowMs() - this.#unsavedSinceMs;
    this.#schedule(Math.max(0, Math.min(SAVE_DELAY_MS, SAVE_DELAY_MS_MAX - waited)));
  }

  /** Saves at once what is not saved; resolves when nothing is left or a save failed. */
  async flush(): Promise<void> {
    if (this.#saving !== null) await this.#saving;
    if (this.#text !== null) {
      this.#startSave();
      if (this.#saving !== null) await this.#saving;
    }
  }

  /** The draft is gone or replaced from elsewhere: nothing typed before is to be saved. */
  forget(state: SaveState): void {
    this.#epoch += 1;
    this.#text = null;
    this.#unsavedSinceMs = null;
    this.#saving = null;
    this.#clearTimer();
    this.#ports.onState(state);
  }

  #schedule(delayMs: number): void {
    this.#clearTimer();
    this.#cancelTimer = this.#ports.setTimer(() => {
      this.#cancelTimer = null;
      this.#startSave();
    }, delayMs);
  }

  #startSave(): void {
    const text = this.#text;
    if (text === null || this.#saving !== null) return;
    this.#clearTimer();
    this.#text = null;
    this.#unsavedSinceMs = null;
    this.#ports.onState({ kind: 'saving' });
    this.#saving = this.#save(text, this.#epoch);
  }

  async #save(text: () => string, epoch: number): Promise<void> {
    const saved = await this.#ports.save(text());
    if (epoch !== this.#epoch) return;
    this.#saving = null;
    if (!saved.ok) {
      // What was typed meanwhile is newer than what failed.
      this.#text ??= text;
      this.#unsavedSinceMs ??= this.#ports.nowMs();
      this.#ports.onState({ kind: 'failed', detail: saved.error.detail });
      if (!saved.error.final || this.#text !== text) this.#schedule(SAVE_RETRY_MS);
    } else if (this.#text !== null) {
      this.#ports.onState({ kind: 'unsaved' });
      this.#schedule(SAVE_DELAY_MS);
    } else {
      this.#ports.onState({ kind: 'saved', atMs: saved.value.savedAtMs });
    }
  }

  #clearTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }
}

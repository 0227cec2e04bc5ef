import type { Micros } from '../ports/clock.ts';
import { NODE_LOG_ENTRIES_MAX, NODE_LOG_TEXT_CHARS_MAX } from './node-limits.ts';

/** The last things that happened on a node, oldest first. */
export class NodeLog {
  readonly #entries: { readonly at: Micros; readonly text: string }[] = [];

  /** Adds an entry and, when the log is full, drops the oldest. */
  add(at: Micros, text: string): void {
    if (this.#entries.length >= NODE_LOG_ENTRIES_MAX) this.#entries.shift();
    this.#entries.push({ at, text: text.slice(0, NODE_LOG_TEXT_CHARS_MAX) });
  }

  entries(): readonly { readonly at: Micros; readonly text: string }[] {
    return this.#entries;
  }
}

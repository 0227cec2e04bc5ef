/** Something that is due at an instant; what is due at the same instant goes by its sequence. */
export interface TimeEntry {
  readonly at: number;
  readonly sequence: number;
}

/** A binary heap with the earliest entry on top. */
export class EntryHeap<E extends TimeEntry> {
  readonly #entries: E[] = [];

  get size(): number {
    return this.#entries.length;
  }

  peek(): E | undefined {
    return this.#entries[0];
  }

  push(entry: E): void {
    const entries = this.#entries;
    let index = entries.length;
    entries.push(entry);
    while (index > 0) {
      const above = (index - 1) >>> 1;
      const parent = entries[above];
      if (parent === undefined || !isBefore(entry, parent)) break;
      entries[index] = parent;
      index = above;
    }
    entries[index] = entry;
  }

  /** Puts another entry of the same instant and sequence in an entry's place. False: it is not here. */
  replace(entry: E, by: E): boolean {
    const index = this.#entries.indexOf(entry);
    if (index < 0) return false;
    this.#entries[index] = by;
    return true;
  }

  pop(): E | undefined {
    const entries = this.#entries;
    const top = entries[0];
    const last = entries.pop();
    if (last === undefined || entries.length === 0) return top;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= entries.length) break;
      const right = left + 1;
      let least = entries[left];
      let at = left;
      const other = entries[right];
      if (other !== undefined && least !== undefined && isBefore(other, least)) {
        least = other;
        at = right;
      }
      if (least === undefined || !isBefore(least, last)) break;
      entries[index] = least;
      index = at;
    }
    entries[index] = last;
    return top;
  }
}

function isBefore(a: TimeEntry, b: TimeEntry): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}

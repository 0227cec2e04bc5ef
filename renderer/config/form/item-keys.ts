/**
 * Identities for items that have none of their own, so that what is open stays open when they move,
 * be it by the form, by an undo or by typing in the text.
 */
export class ItemKeys {
  #keys: number[] = [];
  /** Each item as it was last seen. */
  #seen: string[] = [];
  #next = 0;

  /** The keys of these items: what reads as before keeps its own, the rest goes by place. */
  fit(items: readonly unknown[]): readonly number[] {
    const now = items.map((item) => JSON.stringify(item) ?? '');
    if (now.length === this.#seen.length && now.every((text, at) => text === this.#seen[at])) {
      return this.#keys;
    }
    const keys: (number | undefined)[] = now.map((text, at) =>
      text === this.#seen[at] ? this.#keys[at] : undefined,
    );
    const taken = new Set(keys);
    const free = new Map<string, number[]>();
    this.#seen.forEach((text, at) => {
      const key = this.#keys[at];
      if (key === undefined || taken.has(key)) return;
      const same = free.get(text);
      if (same === undefined) free.set(text, [key]);
      else same.push(key);
    });
    now.forEach((text, at) => {
      keys[at] ??= free.get(text)?.shift();
    });
    // What was edited keeps its place among those that are left.
    const left = [...free.values()]
      .flat()
      .sort((a, b) => this.#keys.indexOf(a) - this.#keys.indexOf(b));
    const isShorter = now.length < this.#seen.length;
    this.#keys = keys.map((key, at) => key ?? this.#keyAt(at, left, isShorter) ?? this.#take());
    this.#seen = now;
    return this.#keys;
  }

  /** The key that the next new item gets. */
  upcoming(): number {
    return this.#next;
  }

  move(from: number, to: number): void {
    for (const list of [this.#keys, this.#seen] as unknown[][]) {
      const [moved] = list.splice(from, 1);
      if (moved !== undefined) list.splice(to, 0, moved);
    }
  }

  remove(at: number): void {
    this.#keys.splice(at, 1);
    this.#seen.splice(at, 1);
  }

  /** The key that stood here, unless the list got shorter: then the next that is left. */
  #keyAt(at: number, left: number[], isShorter: boolean): number | undefined {
    const here = left.indexOf(this.#keys[at] ?? -1);
    if (here !== -1) return left.splice(here, 1)[0];
    return isShorter ? left.shift() : undefined;
  }

  #take(): number {
    const key = this.#next;
    this.#next += 1;
    return key;
  }
}

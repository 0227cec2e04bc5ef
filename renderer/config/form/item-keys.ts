/** Identities for items that have none of their own, so that what is open stays open when they move. */
export class ItemKeys {
  #keys: number[] = [];
  #next = 0;

  /** As many as there are items; what is new is taken to be at the end. */
  fit(length: number): readonly number[] {
    while (this.#keys.length < length) this.#keys.push(this.#take());
    if (this.#keys.length > length) this.#keys.length = length;
    return this.#keys;
  }

  /** The key that the next new item gets. */
  upcoming(): number {
    return this.#next;
  }

  move(from: number, to: number): void {
    const [key] = this.#keys.splice(from, 1);
    if (key !== undefined) this.#keys.splice(to, 0, key);
  }

  remove(at: number): void {
    this.#keys.splice(at, 1);
  }

  #take(): number {
    const key = this.#next;
    this.#next += 1;
    return key;
  }
}

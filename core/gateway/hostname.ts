/**
 * Hostnames are kept in lower case. The empty string stands for "any hostname"; `*.example.com`
 * means one or more labels before `.example.com`.
 */

/** The hostname of a Host header: no port, no trailing dot, lower case. */
export function hostnameOf(host: string): string {
  let end = host.length;
  let plain = true;
  let colon = -1;
  for (let i = 0; i < end; i += 1) {
    const code = host.charCodeAt(i);
    if (code === 0x3a) colon = i;
    else if (code >= 0x41 && code <= 0x5a) plain = false;
    else if (code === 0x5d) colon = -1;
  }
  // In `[::1]:80` only the colon after the bracket begins a port.
  if (colon >= 0 && !(host.charCodeAt(0) === 0x5b && colon < host.lastIndexOf(']'))) end = colon;
  if (end > 0 && host.charCodeAt(end - 1) === 0x2e) end -= 1;
  const name = end === host.length ? host : host.slice(0, end);
  return plain ? name : name.toLowerCase();
}

/** Whether a concrete hostname falls under a pattern. */
export function hostnameFits(pattern: string, name: string): boolean {
  if (pattern === '' || pattern === name) return true;
  if (!pattern.startsWith('*.')) return false;
  return name.length > pattern.length - 1 && name.endsWith(pattern.slice(1));
}

/** What two patterns have in common; null when nothing. */
export function intersectHostnames(a: string, b: string): string | null {
  if (a === '' || a === b) return b;
  if (b === '') return a;
  const wildA = a.startsWith('*.');
  const wildB = b.startsWith('*.');
  if (wildA && wildB) {
    // The narrower of two nested wildcards.
    if (a.endsWith(b.slice(1))) return a;
    return b.endsWith(a.slice(1)) ? b : null;
  }
  if (wildA) return hostnameFits(a, b) ? b : null;
  return wildB && hostnameFits(b, a) ? a : null;
}

/** Values by hostname pattern, found from the most to the least specific. */
export class HostnameTable<T> {
  readonly #exact = new Map<string, T>();
  /** By suffix with its leading dot. */
  readonly #wildcard = new Map<string, T>();
  #suffixCharsMax = 0;
  #any: T | undefined;

  /** The value under exactly this pattern, made when there is none. */
  at(pattern: string, make: () => T): T {
    if (pattern === '') {
      this.#any ??= make();
      return this.#any;
    }
    const wild = pattern.startsWith('*.');
    const table = wild ? this.#wildcard : this.#exact;
    const key = wild ? pattern.slice(1) : pattern;
    const held = table.get(key);
    if (held !== undefined) return held;
    const made = make();
    table.set(key, made);
    if (wild) this.#suffixCharsMax = Math.max(this.#suffixCharsMax, key.length);
    return made;
  }

  /** The most specific value that fits, or undefined. */
  best(name: string): T | undefined {
    return this.search(name, asIs);
  }

  /** The first result that is not undefined, from the most to the least specific value that fits. */
  search<R>(name: string, visit: (value: T) => R | undefined): R | undefined {
    const exact = this.#exact.get(name);
    if (exact !== undefined) {
      const found = visit(exact);
      if (found !== undefined) return found;
    }
    if (this.#wildcard.size > 0) {
      for (let dot = this.#firstDot(name); dot > 0; dot = name.indexOf('.', dot + 1)) {
        const value = this.#wildcard.get(name.slice(dot));
        if (value === undefined) continue;
        const found = visit(value);
        if (found !== undefined) return found;
      }
    }
    return this.#any === undefined ? undefined : visit(this.#any);
  }

  /** Where the longest suffix begins that could be known: a client may send a Host of any length. */
  #firstDot(name: string): number {
    return name.indexOf('.', Math.max(1, name.length - this.#suffixCharsMax));
  }

  /** Every pattern that fits with its value, from the most to the least specific. */
  fitting(name: string): (readonly [pattern: string, value: T])[] {
    const found: (readonly [string, T])[] = [];
    const exact = this.#exact.get(name);
    if (exact !== undefined) found.push([name, exact]);
    for (let dot = this.#firstDot(name); dot > 0; dot = name.indexOf('.', dot + 1)) {
      const value = this.#wildcard.get(name.slice(dot));
      if (value !== undefined) found.push([`*${name.slice(dot)}`, value]);
    }
    if (this.#any !== undefined) found.push(['', this.#any]);
    return found;
  }

  /** Every pattern with its value. */
  entries(): (readonly [pattern: string, value: T])[] {
    const all: (readonly [string, T])[] = [...this.#exact];
    for (const [suffix, value] of this.#wildcard) all.push([`*${suffix}`, value]);
    if (this.#any !== undefined) all.push(['', this.#any]);
    return all;
  }
}

function asIs<T>(value: T): T {
  return value;
}

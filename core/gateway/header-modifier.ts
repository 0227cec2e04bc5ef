import { type Json, listAt, stringAt } from './json.ts';

interface HeaderAction {
  readonly name: string;
  readonly lowerName: string;
  readonly value: string;
}

/** Headers by name as written; names ignore case. */
export type Headers = Readonly<Record<string, string>>;

/** What a RequestHeaderModifier or ResponseHeaderModifier does. */
export interface HeaderModifier {
  readonly set: readonly HeaderAction[];
  readonly add: readonly HeaderAction[];
  /** Lower-case names. */
  readonly remove: ReadonlySet<string>;
}

/** Compiles a modifier of any shape; what has no name or value is left out. */
export function compileModifier(modifier: Json | undefined): HeaderModifier {
  const remove = new Set<string>();
  for (const name of listAt(modifier, 'remove')) {
    if (typeof name === 'string') remove.add(name.toLowerCase());
  }
  return { set: actionsOf(modifier, 'set'), add: actionsOf(modifier, 'add'), remove };
}

function actionsOf(modifier: Json | undefined, field: 'set' | 'add'): HeaderAction[] {
  const actions: HeaderAction[] = [];
  const seen = new Set<string>();
  for (const entry of listAt(modifier, field)) {
    const name = stringAt(entry, 'name');
    const value = stringAt(entry, 'value');
    if (name === undefined || value === undefined) continue;
    const lowerName = name.toLowerCase();
    // One action per name: of a repeated one only the first entry counts.
    if (seen.has(lowerName)) continue;
    seen.add(lowerName);
    actions.push({ name, lowerName, value });
  }
  return actions;
}

/** The headers after `set`, `add` and `remove`; several lines of one name become one. */
export function modifyHeaders(modifier: HeaderModifier, headers: Headers): Headers {
  const out = new HeaderMap(headers);
  for (const { name, lowerName, value } of modifier.set) out.set(lowerName, name, value);
  for (const { name, lowerName, value } of modifier.add) out.append(lowerName, name, value);
  for (const lower of modifier.remove) out.delete(lower);
  return out.toHeaders();
}

/** Headers to be changed, by lower-case name. */
export class HeaderMap {
  readonly #entries = new Map<string, readonly [string, string]>();

  constructor(headers: Headers) {
    for (const name of Object.keys(headers)) {
      this.append(name.toLowerCase(), name, headers[name] ?? '');
    }
  }

  get(lowerName: string): string | undefined {
    return this.#entries.get(lowerName)?.[1];
  }

  names(): string[] {
    return [...this.#entries.keys()];
  }

  set(lowerName: string, name: string, value: string): void {
    this.#entries.set(lowerName, [name, value]);
  }

  append(lowerName: string, name: string, value: string): void {
    const earlier = this.#entries.get(lowerName);
    if (earlier === undefined) this.#entries.set(lowerName, [name, value]);
    else this.#entries.set(lowerName, [earlier[0], `${earlier[1]},${value}`]);
  }

  delete(lowerName: string): void {
    this.#entries.delete(lowerName);
  }

  toHeaders(): Headers {
    // From entries, because assigning a header called `__proto__` would not make a header.
    return Object.fromEntries(this.#entries.values());
  }
}

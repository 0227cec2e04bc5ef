import type { Attachment } from './attachment.ts';
import type { JsonObject } from './json.ts';
import { type CompiledMatch, PathTable } from './path-table.ts';
import { PolicyTable } from './policy/policy-table.ts';
import {
  type CanonicalResource,
  type IndexedRoute,
  indexResources,
  type ResourceIndex,
} from './resource-index.ts';

/** What a route comes to among resources that are not routes. */
export interface CompiledRoute {
  readonly matches: readonly CompiledMatch[];
  /** To listeners that are served; by several parentRefs there can be several to one listener. */
  readonly attachments: readonly Attachment[];
  /** To any listener, served or not. */
  readonly isAttached: boolean;
}

/** Gives the tables of hostnames, by a name for the place of each. */
export interface PathTables {
  /** A table of these matches, in this order. */
  table(place: string, parts: readonly (readonly CompiledMatch[])[]): PathTable;
  /** Lets go of what was not asked for since this was last called. */
  forgetOthers(): void;
}

interface HeldTable {
  readonly parts: readonly (readonly CompiledMatch[])[];
  readonly table: PathTable;
}

/**
 * What one config was compiled to, for the next one. Holds as long as all resources but the routes are
 * the same objects: any other change can mean something for any route, and all is done again.
 */
export class CompileMemory {
  #last: Surroundings | null = null;

  surroundings(others: readonly CanonicalResource[]): Surroundings {
    if (this.#last?.isOf(others) === true) return this.#last;
    this.#last = new Surroundings(others);
    return this.#last;
  }
}

/** Everything of a config but its routes, and what routes and hostnames among it came to. */
export class Surroundings implements PathTables {
  readonly index: ResourceIndex;
  readonly policies: PolicyTable;
  readonly #others: readonly CanonicalResource[];
  /** Holds nothing that nodes have let go. */
  readonly #routes = new WeakMap<JsonObject, CompiledRoute>();
  #tables: ReadonlyMap<string, HeldTable> = new Map();
  #asked = new Map<string, HeldTable>();

  constructor(others: readonly CanonicalResource[]) {
    this.#others = others;
    this.index = indexResources(others);
    this.policies = PolicyTable.of(others);
  }

  isOf(others: readonly CanonicalResource[]): boolean {
    return (
      others.length === this.#others.length &&
      others.every(({ key, body }, i) => {
        const held = this.#others[i];
        return held !== undefined && held.key === key && held.body === body;
      })
    );
  }

  route({ body }: IndexedRoute, compile: () => CompiledRoute): CompiledRoute {
    const known = this.#routes.get(body);
    if (known !== undefined) return known;
    const compiled = compile();
    this.#routes.set(body, compiled);
    return compiled;
  }

  table(place: string, parts: readonly (readonly CompiledMatch[])[]): PathTable {
    const known = this.#tables.get(place);
    const isSame =
      known !== undefined &&
      known.parts.length === parts.length &&
      known.parts.every((part, i) => part === parts[i]);
    const held = isSame ? known : { parts, table: new PathTable(parts.flat()) };
    this.#asked.set(place, held);
    return held.table;
  }

  forgetOthers(): void {
    this.#tables = this.#asked;
    this.#asked = new Map();
  }
}

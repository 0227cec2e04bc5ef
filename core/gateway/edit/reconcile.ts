import type { ParsedNode } from 'yaml';
import { isJsonList, isJsonObject, type Json, type JsonObject, memberOf } from '../json.ts';
import { addBlockItem, addBlockMember, insertBlockItem, removeBlockItem } from './edit-block.ts';
import { addFlowItem, insertFlowItem, removeFlowItem } from './edit-flow.ts';
import type { TextEdit } from './edit-op.ts';
import { fillEmpty, replaceRoot, replaceValue } from './edit-value.ts';
import { isSameJson } from './json-equal.ts';
import { isFilled } from './render-yaml.ts';
import {
  contentEnd,
  type Layout,
  type LayoutItem,
  layoutOf,
  type YamlLayout,
} from './yaml-layout.ts';

/** A value and where in the text it stands. */
interface Place {
  readonly node: ParsedNode | null;
  /** Null for the whole document. */
  readonly owner: Layout | null;
  readonly item: LayoutItem | null;
}

/**
 * Edits that bring a text nearer to a value: all scalars that only change, or else the first change
 * of structure. Asked again and again until there is none, it leaves everything alone that the value
 * does not touch. Null when the text cannot be changed so.
 */
export function editsTowards(layout: YamlLayout, before: Json, after: Json): TextEdit[] | null {
  const { root } = layout;
  if (isSameJson(before, after)) return [];
  if (root === null || isBare(layout, root)) return fillEmpty(layout, after);
  const reconciler = new Reconciler(layout);
  reconciler.visit({ node: root, owner: null, item: null }, before, after);
  return reconciler.result();
}

function isBare({ text }: YamlLayout, root: ParsedNode): boolean {
  return text.slice(root.range[0], root.range[1]).trim() === '';
}

class Reconciler {
  readonly #layout: YamlLayout;
  readonly #scalars: TextEdit[] = [];
  #structure: TextEdit[] | null = null;

  constructor(layout: YamlLayout) {
    this.#layout = layout;
  }

  result(): TextEdit[] | null {
    // Visited in the order of the new value's keys, which need not be that of the text.
    if (this.#scalars.length > 0) return this.#scalars.sort((a, b) => a.from - b.from);
    return this.#structure;
  }

  visit(place: Place, before: Json, after: Json): void {
    if (isSameJson(before, after)) return;
    const layout = layoutOf(this.#layout.text, place.node);
    if (layout === null || !isFilled(before) || !isFilled(after)) {
      this.#replace(place, layout, after);
    } else if (layout.kind === 'map' && isJsonObject(before) && isJsonObject(after)) {
      this.#visitMap(place, layout, before, after);
    } else if (layout.kind === 'list' && isJsonList(before) && isJsonList(after)) {
      this.#visitList(layout, before, after);
    } else this.#replace(place, layout, after);
  }

  #replace({ node, owner, item }: Place, old: Layout | null, value: Json): void {
    const { text } = this.#layout;
    if (owner !== null && item !== null) {
      const edits = replaceValue(this.#layout, owner, item, value);
      if (old === null && !isFilled(value)) this.#scalars.push(...edits);
      else this.#structure ??= edits;
    } else if (node !== null) {
      this.#structure ??= replaceRoot(this.#layout, node, contentEnd(text, node), value);
    }
  }

  #visitMap(place: Place, map: Layout, before: JsonObject, after: JsonObject): void {
    const written = new Map(map.items.map((item) => [item.key, item]));
    for (const key of Object.keys(after)) {
      const item = written.get(key);
      const value = after[key] ?? null;
      const old = memberOf(before, key);
      if (item !== undefined && old !== undefined) {
        this.visit({ node: item.value, owner: map, item }, old, value);
      } else if (!isSameJson(old, value)) {
        this.#structure ??= map.isFlow
          ? addFlowItem(this.#layout, map, key, value)
          : addBlockMember(this.#layout, map, key, value);
      }
    }
    for (const key of Object.keys(before)) {
      if (Object.hasOwn(after, key)) continue;
      const at = map.items.findIndex((item) => item.key === key);
      if (at >= 0) this.#remove(place, map, at);
    }
  }

  /** The ends that are the same stay; what is between them changes place by place. */
  #visitList(list: Layout, before: readonly Json[], after: readonly Json[]): void {
    const most = Math.min(before.length, after.length);
    let head = 0;
    while (head < most && isSameJson(before[head], after[head])) head += 1;
    let tail = 0;
    while (tail < most - head && isSameJson(before.at(-1 - tail), after.at(-1 - tail))) tail += 1;
    const both = most - tail;
    for (let at = head; at < both; at += 1) {
      const item = list.items[at];
      if (item === undefined) continue;
      this.visit({ node: item.value, owner: list, item }, before[at] ?? null, after[at] ?? null);
    }
    if (before.length > after.length) {
      this.#structure ??= list.isFlow
        ? removeFlowItem(this.#layout, list, both)
        : removeBlockItem(this.#layout, list, both);
    } else if (after.length > before.length) {
      this.#structure ??= insertItem(this.#layout, list, both, after[both] ?? null);
    }
  }

  #remove(place: Place, map: Layout, at: number): void {
    if (this.#structure !== null) return;
    // A merge key that is left alone is written, but no member of its own.
    if (map.items.length > 1) {
      this.#structure = map.isFlow
        ? removeFlowItem(this.#layout, map, at)
        : removeBlockItem(this.#layout, map, at);
    } else this.#replace(place, map, {});
  }
}

export function insertItem(layout: YamlLayout, list: Layout, at: number, value: Json): TextEdit[] {
  if (list.isFlow) return insertFlowItem(layout, list, at, value);
  return at < list.items.length
    ? insertBlockItem(layout, list, at, value)
    : addBlockItem(layout, list, value);
}

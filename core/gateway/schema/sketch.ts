/**
 * What can be made out of a document's text while it is being typed: maps, lists and scalars by
 * their indentation and brackets, whether or not the whole parses. Never more than a guess, and good
 * enough to know where a cursor stands.
 */
export interface SketchMap {
  readonly type: 'map';
  readonly isFlow: boolean;
  /** Column of its keys, from 0; -1 in flow style. */
  readonly indent: number;
  readonly slot: Slot;
  readonly slots: Slot[];
}

export interface SketchList {
  readonly type: 'list';
  readonly isFlow: boolean;
  /** Column of its dashes, from 0; -1 in flow style. */
  readonly indent: number;
  readonly slot: Slot;
  readonly slots: Slot[];
}

export interface SketchScalar {
  readonly type: 'scalar';
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export type SketchContainer = SketchMap | SketchList;

/** Somewhere that a value stands or may be put: the document, an entry of a map, an item of a list. */
export interface Slot {
  readonly parent: SketchContainer | null;
  /** Key or index in the parent; empty for the document. */
  readonly step: string | number;
  /** Where the key is written, quotes included; null for items and the document. */
  readonly key: { readonly from: number; readonly to: number } | null;
  value: SketchContainer | SketchScalar | null;
}

/** Where a cursor stands, as far as completing is concerned. */
export interface Place {
  /** `open`: a key, or a whole value on a line of its own. `value`: behind the colon of a key. */
  readonly at: 'open' | 'value';
  /** What is being filled in: for a key, the slot of the map that it belongs to. */
  readonly slot: Slot | null;
  /** The list that an item could be added to on this line. */
  readonly listSlot: Slot | null;
  /** The entry whose key the cursor is on. */
  readonly entry: Slot | null;
  /** What is written there already, `[from, to)`. */
  readonly from: number;
  readonly to: number;
  /** Column at which the line's content begins. */
  readonly indent: number;
  readonly isFlow: boolean;
  /** Whether a space is needed first: the cursor touches a colon or a dash. */
  readonly isGlued: boolean;
}

export interface Sketch {
  readonly root: Slot;
  /** Null in comments, block scalars and wherever nothing can be said. */
  readonly place: Place | null;
}

export function addContainer(slot: Slot, type: 'map' | 'list', indent: number): SketchContainer {
  const container: SketchContainer = { type, isFlow: indent < 0, indent, slot, slots: [] };
  slot.value = container;
  return container;
}

export function addSlot(parent: SketchContainer, step: string | number, key: Slot['key']): Slot {
  const slot: Slot = { parent, step, key, value: null };
  parent.slots.push(slot);
  return slot;
}

/** Keys and indexes that lead to a slot. */
export function stepsTo(slot: Slot): (string | number)[] {
  const steps: (string | number)[] = [];
  for (let at: Slot = slot; at.parent !== null; at = at.parent.slot) steps.push(at.step);
  return steps.reverse();
}

/** The entry of this name in the map that a slot holds. */
export function entryOf(slot: Slot | null | undefined, name: string): Slot | undefined {
  const value = slot?.value;
  return value?.type === 'map' ? value.slots.find((each) => each.step === name) : undefined;
}

/** The scalar that stands under a name in the map that a slot holds, unquoted. */
export function scalarOf(slot: Slot | null | undefined, name: string): string | undefined {
  const value = entryOf(slot, name)?.value;
  return value?.type === 'scalar' ? unquote(value.text) : undefined;
}

export function unquote(text: string): string {
  const first = text[0];
  if (first !== '"' && first !== "'") return text;
  return text.endsWith(first) && text.length > 1 ? text.slice(1, -1) : text.slice(1);
}

export function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

export function skipSpaces(source: string, from: number, to: number): number {
  let at = from;
  while (at < to && isSpace(source[at])) at += 1;
  return at;
}

/** Whether a comment begins here: `#` at the start of a line or behind a space. */
export function isCommentAt(source: string, at: number): boolean {
  if (source[at] !== '#') return false;
  const before = source[at - 1];
  return before === undefined || before === '\n' || isSpace(before);
}

/** Where what is written between two offsets ends, without a comment and the spaces before it. */
export function contentEnd(source: string, from: number, to: number): number {
  let end = to;
  for (let at = from; at < to; at += 1) {
    if (isCommentAt(source, at)) {
      end = at;
      break;
    }
  }
  while (end > from && isSpace(source[end - 1])) end -= 1;
  return end;
}

/** Behind the closing quote of what begins here; `to` when it is not closed. */
export function quotedEnd(source: string, from: number, to: number): number {
  const quote = source[from];
  for (let at = from + 1; at < to; at += 1) {
    if (source[at] === '\\' && quote === '"') at += 1;
    else if (source[at] === quote) {
      if (quote === "'" && source[at + 1] === "'") at += 1;
      else return at + 1;
    }
  }
  return to;
}

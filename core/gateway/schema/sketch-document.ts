import {
  addContainer,
  addSlot,
  contentEnd,
  isSpace,
  type Place,
  quotedEnd,
  type Sketch,
  type SketchContainer,
  type Slot,
  skipSpaces,
  unquote,
} from './sketch.ts';
import { sketchFlow } from './sketch-flow.ts';

/** Longest document that is looked at while typing, UTF-16 units. */
const SKETCHED_CHARS_MAX = 1_000_000;

/** Sketches one document's source, and where in it an offset stands. Linear in the source. */
export function sketchDocument(source: string, offset: number): Sketch {
  return new BlockSketcher(source.slice(0, SKETCHED_CHARS_MAX), offset).run();
}

class BlockSketcher {
  readonly #source: string;
  readonly #offset: number;
  readonly #root: Slot = { parent: null, step: '', key: null, value: null };
  readonly #stack: SketchContainer[] = [];
  #place: Place | null = null;
  /** Where the line that is looked at begins and ends, without its line break. */
  #from = 0;
  #to = 0;

  constructor(source: string, offset: number) {
    this.#source = source;
    this.#offset = offset;
  }

  run(): Sketch {
    const source = this.#source;
    let at = source.charCodeAt(0) === 0xfeff ? 1 : 0;
    while (at <= source.length) {
      this.#setLine(at);
      // What spans lines, such as flow style, says where it ends; the rest of that line is passed over.
      const feed = source.indexOf('\n', this.#line());
      at = feed < 0 ? source.length + 1 : feed + 1;
    }
    return { root: this.#root, place: this.#place };
  }

  #setLine(from: number): void {
    const feed = this.#source.indexOf('\n', from);
    const to = feed < 0 ? this.#source.length : feed;
    this.#from = from;
    this.#to = this.#source[to - 1] === '\r' && to > from ? to - 1 : to;
  }

  #hasCursor(from: number, to: number): boolean {
    return from <= this.#offset && this.#offset <= to;
  }

  /** Reads one line; returns an offset in the last line that it took up. */
  #line(): number {
    const source = this.#source;
    const start = source.startsWith('---', this.#from) ? this.#from + 3 : this.#from;
    let at = skipSpaces(source, start, this.#to);
    if (at >= this.#to || source[at] === '#') {
      if (start === this.#from && this.#hasCursor(start, at))
        this.#open(this.#offset, this.#offset);
      return this.#to;
    }
    if (source.startsWith('...', this.#from)) return this.#to;
    while (source[at] === '-' && (at + 1 >= this.#to || isSpace(source[at + 1]))) {
      const item = this.#addItem(at - this.#from);
      if (item === null) return this.#to;
      const next = skipSpaces(source, at + 1, this.#to);
      if (next >= this.#to || source[next] === '#') {
        if (this.#hasCursor(at + 1, next)) this.#inItem(item, at);
        return this.#to;
      }
      at = next;
    }
    return this.#content(at);
  }

  #content(at: number): number {
    const source = this.#source;
    const key = this.#keyAt(at);
    if (key === null) {
      if (source[at] !== '{' && source[at] !== '[') {
        this.#looseText(at);
        return this.#to;
      }
      const slot = this.#slotAt(at - this.#from);
      return slot === null ? this.#to : this.#value(slot, at, at);
    }
    const column = at - this.#from;
    const map = this.#mapAt(column);
    if (map === null) return this.#to;
    const name = unquote(source.slice(at, key.to));
    const entry = addSlot(map, name, { from: at, to: key.to });
    if (this.#hasCursor(at, key.to)) {
      const isHere = { slot: map.slot, listSlot: null, entry, from: at, to: key.to };
      this.#place = { at: 'open', ...isHere, indent: column, isFlow: false, isGlued: false };
    }
    return this.#value(entry, key.colon + 1, skipSpaces(source, key.colon + 1, this.#to));
  }

  /** The key that is written here, when a colon follows it. */
  #keyAt(from: number): { readonly to: number; readonly colon: number } | null {
    const source = this.#source;
    if (source[from] === '"' || source[from] === "'") {
      const to = quotedEnd(source, from, this.#to);
      const colon = skipSpaces(source, to, this.#to);
      return source[colon] === ':' && colon < this.#to ? { to, colon } : null;
    }
    if (source[from] === '{' || source[from] === '[') return null;
    for (let at = from; at < this.#to; at += 1) {
      if (source[at] === '#' && isSpace(source[at - 1])) return null;
      if (source[at] !== ':' || (at + 1 < this.#to && !isSpace(source[at + 1]))) continue;
      return { to: contentEnd(source, from, at), colon: at };
    }
    return null;
  }

  /** What stands behind a colon or a dash; returns where it ends. */
  #value(slot: Slot, gap: number, start: number): number {
    const source = this.#source;
    const from = this.#skipProperties(start);
    const first = source[from];
    if (from >= this.#to || first === '#') {
      if (this.#hasCursor(gap, from)) this.#inValue(slot, this.#offset, this.#offset, gap);
      return this.#to;
    }
    if (first === '{' || first === '[') {
      const cursor = { offset: this.#offset, indent: Math.max(0, slot.parent?.indent ?? -1) };
      const isTop = slot.parent === null;
      const flow = sketchFlow(source, slot, from, isTop ? { ...cursor, indent: -1 } : cursor);
      this.#place = flow.place ?? this.#place;
      return flow.end;
    }
    if (first === '|' || first === '>') {
      slot.value = { type: 'scalar', text: '', from, to: this.#to };
      return this.#blockScalar(slot.parent?.indent ?? -1);
    }
    const isQuoted = first === '"' || first === "'";
    const to = isQuoted ? quotedEnd(source, from, this.#to) : contentEnd(source, from, this.#to);
    slot.value = { type: 'scalar', text: source.slice(from, to), from, to };
    if (this.#hasCursor(from, to)) this.#inValue(slot, from, to, gap);
    return this.#to;
  }

  /** Passes over anchors and tags. */
  #skipProperties(start: number): number {
    const source = this.#source;
    let at = start;
    while (at < this.#to && (source[at] === '&' || source[at] === '!')) {
      while (at < this.#to && !isSpace(source[at])) at += 1;
      at = skipSpaces(source, at, this.#to);
    }
    return at;
  }

  /** Passes over the lines of a block scalar: those indented further than its parent. */
  #blockScalar(indent: number): number {
    const source = this.#source;
    for (let end = this.#to; ; end = this.#to) {
      const feed = source.indexOf('\n', end);
      if (feed < 0) return end;
      this.#setLine(feed + 1);
      const content = skipSpaces(source, this.#from, this.#to);
      const column = content - this.#from;
      if (content < this.#to && column <= indent) return feed;
      if (content >= this.#to && this.#hasCursor(this.#from, this.#to) && column <= indent) {
        this.#open(this.#offset, this.#offset);
      }
    }
  }

  #addItem(column: number): Slot | null {
    while ((this.#stack.at(-1)?.indent ?? -1) > column) this.#stack.pop();
    const top = this.#stack.at(-1);
    if (top?.type === 'list' && top.indent === column) return addSlot(top, top.slots.length, null);
    const slot = this.#pendingSlot(top);
    if (slot === null) return null;
    const list = addContainer(slot, 'list', column);
    this.#stack.push(list);
    return addSlot(list, 0, null);
  }

  /** The map that a key in this column belongs to; begun when it is the first. */
  #mapAt(column: number): SketchContainer | null {
    const slot = this.#slotAt(column);
    const top = this.#stack.at(-1);
    if (top?.type === 'map' && top.indent === column) return top;
    // Indented like nothing before it: most likely an entry of the map that it stands in.
    if (slot === null) return top?.type === 'map' ? top : null;
    const map = addContainer(slot, 'map', column);
    this.#stack.push(map);
    return map;
  }

  /** Closes what ends before this column; the slot that waits for a value there. */
  #slotAt(column: number): Slot | null {
    for (let top = this.#stack.at(-1); top !== undefined; top = this.#stack.at(-1)) {
      const closes = top.type === 'list' ? top.indent >= column : top.indent > column;
      if (!closes) break;
      this.#stack.pop();
    }
    const top = this.#stack.at(-1);
    return top?.indent === column ? null : this.#pendingSlot(top);
  }

  /** The last entry or item of a container, as long as nothing stands in it. */
  #pendingSlot(container: SketchContainer | undefined): Slot | null {
    const slot = container === undefined ? this.#root : container.slots.at(-1);
    return slot !== undefined && slot.value === null ? slot : null;
  }

  /** Text without a colon: a value on a line of its own, or a key that is still being typed. */
  #looseText(from: number): void {
    const source = this.#source;
    const to = contentEnd(source, from, this.#to);
    if (this.#hasCursor(from, to)) {
      if (!/\s/.test(source.slice(from, to))) this.#open(from, to);
      return;
    }
    const slot = this.#slotAt(from - this.#from);
    if (slot !== null) slot.value = { type: 'scalar', text: source.slice(from, to), from, to };
  }

  /** The cursor stands in a line of its own, or on a word without a colon. */
  #open(from: number, to: number): void {
    const column = from - this.#from;
    let depth = this.#stack.length - 1;
    while ((this.#stack[depth]?.indent ?? -1) > column) depth -= 1;
    let listSlot: Slot | null = null;
    const list = this.#stack[depth];
    if (list?.type === 'list' && list.indent === column) {
      listSlot = list.slot;
      depth -= 1;
    }
    const top = this.#stack[depth];
    const isSibling = top?.type === 'map' && top.indent === column;
    const waiting = this.#pendingSlot(top);
    if (isSibling) listSlot ??= waiting;
    const slot = isSibling ? top.slot : listSlot === null ? waiting : null;
    if (slot === null && listSlot === null) return;
    const shared = { listSlot, entry: null, indent: column, isFlow: false, isGlued: false };
    this.#place = { at: 'open', slot, from, to, ...shared };
  }

  #inItem(slot: Slot, dash: number): void {
    const from = this.#offset;
    const isGlued = from === dash + 1;
    const indent = from - this.#from + (isGlued ? 1 : 0);
    const shared = { listSlot: null, entry: null, isFlow: false };
    this.#place = { at: 'open', slot, from, to: from, indent, isGlued, ...shared };
  }

  #inValue(slot: Slot, from: number, to: number, gap: number): void {
    const isGlued = from === gap && slot.key !== null;
    const indent = Math.max(0, slot.parent?.indent ?? 0);
    const shared = { listSlot: null, entry: null, isFlow: false };
    this.#place = { at: 'value', slot, from, to, indent, isGlued, ...shared };
  }
}

import {
  addContainer,
  addSlot,
  contentEnd,
  isCommentAt,
  isSpace,
  type Place,
  quotedEnd,
  type SketchContainer,
  type Slot,
  unquote,
} from './sketch.ts';

/** Brackets within brackets that are followed; deeper ones are passed over. */
const FLOW_DEPTH_MAX = 64;

export interface FlowResult {
  /** Behind the closing bracket, or where the flow text must have ended. */
  readonly end: number;
  readonly place: Place | null;
}

/**
 * Sketches `{…}` or `[…]` that begins at `from`. One that is not closed ends before the first line
 * that is indented no further than `indent` and goes on with something else than a bracket.
 */
export function sketchFlow(
  source: string,
  slot: Slot,
  from: number,
  cursor: { readonly offset: number; readonly indent: number },
): FlowResult {
  return new FlowSketcher(source, cursor.offset, cursor.indent).run(slot, from);
}

interface Frame {
  readonly container: SketchContainer;
  /** The entry whose colon was seen, or the item that was begun. */
  pending: Slot | null;
}

class FlowSketcher {
  readonly #source: string;
  readonly #offset: number;
  readonly #indent: number;
  readonly #frames: Frame[] = [];
  #place: Place | null = null;
  /** From somewhere in a line to its end, as it was looked up last. */
  #known = { from: 0, to: -1 };

  constructor(source: string, offset: number, indent: number) {
    this.#source = source;
    this.#offset = offset;
    this.#indent = indent;
  }

  run(slot: Slot, from: number): FlowResult {
    const source = this.#source;
    this.#open(slot, source[from] === '{' ? 'map' : 'list');
    let at = from + 1;
    while (at < source.length && this.#frames.length > 0) {
      const next = this.#skipBlank(at);
      if (next === null) return { end: this.#lineEnd(at), place: this.#place };
      if (next > at || this.#offset === at) this.#cursorInGap(at, next);
      at = next < source.length ? this.#token(next) : next;
    }
    if (at >= source.length && this.#offset === source.length) this.#cursorInGap(at, at);
    return { end: at, place: this.#place };
  }

  /** The next character that means something; null where the flow text has evidently ended. */
  #skipBlank(from: number): number | null {
    const source = this.#source;
    let at = from;
    while (at < source.length) {
      const character = source[at];
      if (character === '\n') {
        if (this.#endsBefore(at + 1)) {
          this.#cursorInGap(from, at);
          return null;
        }
        at += 1;
      } else if (isCommentAt(source, at)) at = this.#lineEnd(at);
      else if (isSpace(character) || character === '\r') at += 1;
      else break;
    }
    return at;
  }

  #lineEnd(from: number): number {
    // Asked for each token: a long line must not be looked through for each of them.
    if (from < this.#known.from || from > this.#known.to) {
      const feed = this.#source.indexOf('\n', from);
      this.#known = { from, to: feed < 0 ? this.#source.length : feed };
    }
    return this.#known.to;
  }

  /** Whether the line that begins here is block style again. */
  #endsBefore(lineStart: number): boolean {
    if (this.#indent < 0) return false;
    const line = this.#source.slice(lineStart, this.#lineEnd(lineStart));
    const content = line.trimStart();
    return line.length - content.length <= this.#indent && /^[^\s#\]},]/.test(content);
  }

  /** Reads one token; returns what is behind it. */
  #token(at: number): number {
    const source = this.#source;
    const character = source[at];
    const frame = this.#frames.at(-1);
    if (frame === undefined) return source.length;
    if (character === '{' || character === '[') {
      const slot = this.#slotForValue(frame, at);
      this.#open(slot, character === '{' ? 'map' : 'list');
      return at + 1;
    }
    if (character === '}' || character === ']') {
      this.#frames.pop();
      return at + 1;
    }
    if (character === ',') {
      frame.pending = null;
      return at + 1;
    }
    if (character === ':') return at + 1;
    const end = this.#scalarEnd(at);
    this.#scalar(frame, at, end);
    return Math.max(end, at + 1);
  }

  #open(slot: Slot, type: 'map' | 'list'): void {
    if (this.#frames.length < FLOW_DEPTH_MAX) {
      this.#frames.push({ container: addContainer(slot, type, -1), pending: null });
    } else this.#frames.push({ container: { ...detached(slot), type }, pending: null });
  }

  #slotForValue(frame: Frame, at: number): Slot {
    if (frame.pending !== null) return frame.pending;
    const { container } = frame;
    const step = container.type === 'list' ? container.slots.length : '';
    frame.pending = addSlot(
      container,
      step,
      container.type === 'map' ? { from: at, to: at } : null,
    );
    return frame.pending;
  }

  #scalarEnd(from: number): number {
    const source = this.#source;
    const lineEnd = this.#lineEnd(from);
    if (source[from] === '"' || source[from] === "'") return quotedEnd(source, from, lineEnd);
    let at = from;
    for (; at < lineEnd; at += 1) {
      const character = source[at];
      if (character === ',' || character === '{' || character === '[') break;
      if (character === '}' || character === ']' || isCommentAt(source, at)) break;
      if (character === ':' && endsKey(source[at + 1])) break;
    }
    return contentEnd(source, from, source[at - 1] === '\r' ? at - 1 : at);
  }

  #scalar(frame: Frame, from: number, to: number): void {
    const source = this.#source;
    const text = source.slice(from, to);
    const isKey = frame.container.type === 'map' && frame.pending === null;
    const hasCursor = from <= this.#offset && this.#offset <= to;
    if (!isKey) {
      const slot = this.#slotForValue(frame, from);
      if (slot.value === null) slot.value = { type: 'scalar', text, from, to };
      if (hasCursor) this.#put('value', slot, null, from, to);
      return;
    }
    const colon = skipTo(source, to);
    const hasColon = source[colon] === ':';
    if (hasColon) frame.pending = addSlot(frame.container, unquote(text), { from, to });
    if (hasCursor) this.#put('open', frame.container.slot, frame.pending, from, to);
  }

  /** The cursor may stand between two tokens: what is missing there follows from the last one. */
  #cursorInGap(from: number, to: number): void {
    const offset = this.#offset;
    const frame = this.#frames.at(-1);
    if (this.#place !== null || frame === undefined || offset < from || offset > to) return;
    if (isInComment(this.#source, from, offset)) return;
    const { container, pending } = frame;
    if (container.type === 'list') {
      if (pending === null) this.#put('value', itemToBe(container), null, offset, offset);
    } else if (pending === null) this.#put('open', container.slot, null, offset, offset);
    else if (pending.value === null) this.#put('value', pending, null, offset, offset);
  }

  #put(at: Place['at'], slot: Slot, entry: Slot | null, from: number, to: number): void {
    // The later of two tokens that touch is what the cursor is at the start of: the earlier one wins.
    if (this.#place !== null && this.#place.from < this.#place.to) return;
    const isGlued = at === 'value' && from === to && this.#source[from - 1] === ':';
    const shared = { listSlot: null, indent: this.#indent + 2, isFlow: true, isGlued };
    this.#place = { at, slot, entry, from, to, ...shared };
  }
}

function endsKey(next: string | undefined): boolean {
  return next === undefined || /[\s,[\]{}]/.test(next);
}

function skipTo(source: string, from: number): number {
  let at = from;
  while (isSpace(source[at])) at += 1;
  return at;
}

function isInComment(source: string, from: number, offset: number): boolean {
  const start = Math.max(from, source.lastIndexOf('\n', offset - 1) + 1);
  for (let at = start; at < offset; at += 1) if (isCommentAt(source, at)) return true;
  return false;
}

/** An item that nobody has written yet: known by its list, and not part of it. */
function itemToBe(container: SketchContainer): Slot {
  return { parent: container, step: container.slots.length, key: null, value: null };
}

function detached(slot: Slot): Omit<SketchContainer, 'type'> {
  return { isFlow: true, indent: -1, slot, slots: [] };
}

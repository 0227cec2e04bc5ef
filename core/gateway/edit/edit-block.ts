import type { Json } from '../json.ts';
import { quotesOf } from './edit-flow.ts';
import type { TextEdit } from './edit-op.ts';
import { indented, inlineText, isFilled, itemLines, memberLines } from './render-yaml.ts';
import {
  columnOf,
  endsWithKeptFeeds,
  type Layout,
  type LayoutItem,
  layoutOf,
  lineEnd,
  lineStart,
  nextLine,
  type YamlLayout,
} from './yaml-layout.ts';

/** Longest line of an item in braces; a longer one is written in block style. */
const FLOW_ITEM_CHARS_MAX = 100;

/** Whole lines that belong to an item: the comments directly above it, itself, what is in it. */
export interface Chunk {
  readonly from: number;
  /** Where the next line begins, or the end of the text. */
  readonly to: number;
  /** False: the dash or key stands behind that of the owner, on the same line. */
  readonly isOwnLine: boolean;
}

/** A member behind the last of a map in block style. */
export function addBlockMember(
  layout: YamlLayout,
  map: Layout,
  key: string,
  value: Json,
): TextEdit[] {
  return addLines(layout, map, memberLines(key, value, layout.style));
}

export function addBlockItem(layout: YamlLayout, list: Layout, value: Json): TextEdit[] {
  return addLines(layout, list, linesLikeSibling(layout, list, list.items.length - 1, value));
}

function addLines(
  { text, style }: YamlLayout,
  owner: Layout,
  lines: readonly string[],
): TextEdit[] {
  const last = owner.items.at(-1);
  if (last === undefined) return [];
  const end = lastLineEnd(text, last, owner.column);
  const isApart = isSpaced(text, owner, owner.items.length) && !endsWithKeptFeeds(text, last);
  const gap = isApart ? style.lineBreak : '';
  const insert = lines.map((line) => style.lineBreak + indented(line, owner.column)).join('');
  return [{ from: end, to: end, insert: gap + insert }];
}

/** In braces where its neighbour is: most lists are written in one style. */
function linesLikeSibling(
  { text, style }: YamlLayout,
  list: Layout,
  at: number,
  value: Json,
): string[] {
  const sibling = layoutOf(text, list.items[at]?.value ?? null);
  if (sibling?.isFlow === true && sibling.items.length > 0 && isFilled(value)) {
    const line = `- ${inlineText(value, quotesOf(text, sibling), true)}`;
    if (line.length <= FLOW_ITEM_CHARS_MAX) return [line];
  }
  return itemLines(value, style);
}

/** Whether what is put in before an item, or behind the last, is to be set off by an empty line. */
function isSpaced(text: string, owner: Layout, at: number): boolean {
  const count = owner.items.length;
  if (owner.kind === 'list') {
    return hasGapAbove(text, owner, Math.min(Math.max(at, 1), count - 1));
  }
  // Members differ more than items do: one that stands apart says nothing of the others.
  for (let each = 1; each < count; each += 1) {
    if (!hasGapAbove(text, owner, each)) return false;
  }
  return count > 1;
}

/** Whether an empty line stands between an item, with its comments, and the one before. */
function hasGapAbove(text: string, owner: Layout, at: number): boolean {
  const before = owner.items[at - 1];
  const chunk = chunkOf(text, owner, at);
  if (before === undefined || chunk === null || !chunk.isOwnLine) return false;
  const bound = nextLine(text, lastLineEnd(text, before, owner.column));
  return chunk.from > bound && isBlankLine(text, lineStart(text, chunk.from - 1));
}

/** Before an item that stands there, above the comments that belong to it. */
export function insertBlockItem(
  layout: YamlLayout,
  list: Layout,
  at: number,
  value: Json,
): TextEdit[] {
  const { text, style } = layout;
  const chunk = chunkOf(text, list, at);
  if (chunk === null) return [];
  const lines = linesLikeSibling(layout, list, at, value);
  if (chunk.isOwnLine && isSpaced(text, list, at)) lines.push('');
  const insert = chunk.isOwnLine
    ? lines.map((line) => indented(line, list.column) + style.lineBreak).join('')
    : `${lines.join(`${style.lineBreak}${' '.repeat(list.column)}`)}${style.lineBreak}${' '.repeat(list.column)}`;
  return [{ from: chunk.from, to: chunk.from, insert }];
}

/** One of several members or items. The only one is not taken: its owner becomes `{}` or `[]`. */
export function removeBlockItem({ text }: YamlLayout, owner: Layout, at: number): TextEdit[] {
  const chunk = chunkOf(text, owner, at);
  if (chunk === null) return [];
  if (!chunk.isOwnLine) return [removeBehindHead(text, owner, chunk)];
  let { from, to } = chunk;
  if (!text.endsWith('\n') && to === text.length && from > 0) {
    // A text without a last line feed stays without one.
    from -= text[from - 2] === '\r' ? 2 : 1;
    return [{ from, to, insert: '' }];
  }
  // An empty line that set it off goes along: of two that would meet one, and all at the ends.
  const before = owner.items[at - 1];
  const bound = before === undefined ? from : nextLine(text, before.end);
  const above = from > 0 ? lineStart(text, from - 1) : from;
  const isLast = at === owner.items.length - 1;
  if (from > bound && isBlankLine(text, above)) {
    if (isLast || to >= text.length || isBlankLine(text, to)) from = above;
  } else if (before === undefined || endsWithKeptFeeds(text, before)) {
    while (to < text.length && isBlankLine(text, to)) to = nextLine(text, to);
  }
  return [{ from, to, insert: '' }];
}

/** `- a: 1` and `b: 2` below it: `b: 2` moves up behind the dash, unless comments stand above it. */
function removeBehindHead(text: string, owner: Layout, chunk: Chunk): TextEdit {
  const next = owner.items[1]?.start ?? chunk.to;
  if (text.slice(chunk.to, next).trim() === '') return { from: chunk.from, to: next, insert: '' };
  const end = lineEnd(text, Math.max(chunk.from, chunk.to - 1));
  let from = chunk.from;
  while (text[from - 1] === ' ') from -= 1;
  const breakAt = text[end - 1] === '\r' ? end - 1 : end;
  return {
    from,
    to: text[chunk.to - 1] === '\n' ? endBefore(text, chunk.to) : breakAt,
    insert: '',
  };
}

function endBefore(text: string, next: number): number {
  return text[next - 2] === '\r' ? next - 2 : next - 1;
}

/** Items change places, each with its comments; what stands between them stays where it is. */
export function moveBlockItem(
  { text, style }: YamlLayout,
  list: Layout,
  from: number,
  to: number,
): TextEdit[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at < list.items.length; at += 1) {
    const chunk = chunkOf(text, list, at);
    if (chunk === null) return [];
    chunks.push(chunk);
  }
  const short = carried(text, chunks, from, to);
  if (short !== null) return short;
  const texts = chunks.map((chunk) => {
    const body = text.slice(chunk.from, chunk.to);
    const whole = chunk.isOwnLine ? body : ' '.repeat(list.column) + body;
    return whole.endsWith('\n') ? whole : whole + style.lineBreak;
  });
  const [moved = ''] = texts.splice(from, 1);
  texts.splice(to, 0, moved);
  const edits: TextEdit[] = [];
  chunks.forEach((chunk, at) => {
    let insert = texts[at] ?? '';
    if (!chunk.isOwnLine) insert = insert.slice(list.column);
    if (chunk.to === text.length && !text.endsWith('\n')) insert = insert.replace(/\r?\n$/, '');
    edits.push({ from: chunk.from, to: chunk.to, insert });
  });
  return edits.slice(Math.min(from, to), Math.max(from, to) + 1);
}

/** The one item taken out and put in, where all between it and its place are set apart alike. */
function carried(
  text: string,
  chunks: readonly Chunk[],
  from: number,
  to: number,
): TextEdit[] | null {
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  let gap: string | null = null;
  for (let at = low; at <= high; at += 1) {
    const [chunk, next] = [chunks[at], chunks[at + 1]];
    if (chunk === undefined || !chunk.isOwnLine || text[chunk.to - 1] !== '\n') return null;
    if (at === high || next === undefined) break;
    const behind = text.slice(chunk.to, next.from);
    if (gap !== null && behind !== gap) return null;
    gap = behind;
  }
  const [moved, place] = [chunks[from], chunks[to]];
  if (moved === undefined || place === undefined || gap === null) return null;
  const body = text.slice(moved.from, moved.to);
  if (to < from) {
    const before = moved.from - gap.length;
    return [
      { from: place.from, to: place.from, insert: body + gap },
      { from: before, to: moved.to, insert: '' },
    ];
  }
  return [
    { from: moved.from, to: moved.to + gap.length, insert: '' },
    { from: place.to, to: place.to, insert: gap + body },
  ];
}

export function chunkOf(text: string, owner: Layout, at: number): Chunk | null {
  const item = owner.items[at];
  if (item === undefined) return null;
  const to = nextLine(text, lastLineEnd(text, item, owner.column));
  const line = lineStart(text, item.start);
  const isOwnLine = text.slice(line, item.start).trim() === '';
  if (!isOwnLine) return { from: item.start, to, isOwnLine };
  // What stands above the first line of a document says something about the document.
  if (at === 0 && owner.kind === 'map') return { from: line, to, isOwnLine };
  return { from: commentsAbove(text, line, owner, at), to, isOwnLine };
}

/** The first of the comment lines that stand directly above, as far in as the item. */
function commentsAbove(text: string, line: number, owner: Layout, at: number): number {
  const before = at > 0 ? owner.items[at - 1] : undefined;
  const bound = before === undefined ? 0 : nextLine(text, lastLineEnd(text, before, owner.column));
  let from = line;
  while (from > bound) {
    const above = lineStart(text, from - 1);
    if (above < bound || commentColumn(text, above) !== owner.column) break;
    from = above;
  }
  return from;
}

/** Where the last line of an item ends: comments that are deeper than its column belong to it. */
function lastLineEnd(text: string, item: LayoutItem, column: number): number {
  let end = lineEnd(text, item.end);
  for (;;) {
    const next = nextLine(text, end);
    if (next >= text.length) return end;
    const comment = commentColumn(text, next);
    if (comment === null || comment <= column) return end;
    end = lineEnd(text, next);
  }
}

/** The column of the comment that a line consists of; null when it is no such line. */
function commentColumn(text: string, line: number): number | null {
  let at = line;
  while (text[at] === ' ') at += 1;
  return text[at] === '#' ? columnOf(text, at) : null;
}

function isBlankLine(text: string, line: number): boolean {
  return text.slice(line, lineEnd(text, line)).trim() === '';
}

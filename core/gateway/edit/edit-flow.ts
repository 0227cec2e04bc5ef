import type { Json } from '../json.ts';
import type { TextEdit } from './edit-op.ts';
import { flowMember, inlineText, type ScalarStyle } from './render-yaml.ts';
import { type Layout, lineEnd, lineStart, nextLine, type YamlLayout } from './yaml-layout.ts';

/** Behind the last member or item in braces or brackets, on a line of its own where they have one. */
export function addFlowItem(
  layout: YamlLayout,
  owner: Layout,
  key: string | null,
  value: Json,
): TextEdit[] {
  const { text } = layout;
  const style = quotesOf(text, owner);
  const insert = key === null ? inlineText(value, style, true) : flowMember(key, value, style);
  const last = owner.items.at(-1);
  if (last === undefined) {
    const from = owner.node.range[0] + 1;
    return [{ from, to: from, insert }];
  }
  const separator = separatorOf(layout, owner, last.start);
  const row = rowOf(text, owner, owner.items.length - 1);
  if (row === null) return [{ from: last.end, to: last.end, insert: `,${separator}${insert}` }];
  // The comment behind the last one stays on its line.
  const added = { from: row.end, to: row.end, insert: separator + insert };
  if (row.comma !== null) return [{ ...added, insert: `${added.insert},` }];
  return [{ from: last.end, to: last.end, insert: ',' }, added];
}

export function insertFlowItem(
  layout: YamlLayout,
  owner: Layout,
  at: number,
  value: Json,
): TextEdit[] {
  const item = owner.items[at];
  if (item === undefined) return addFlowItem(layout, owner, null, value);
  const insert = inlineText(value, quotesOf(layout.text, owner), true);
  const row = rowOf(layout.text, owner, at);
  if (row !== null) {
    const margin = layout.text.slice(lineStart(layout.text, item.start), item.start);
    const line = `${margin}${insert},${layout.style.lineBreak}`;
    return [{ from: row.from, to: row.from, insert: line }];
  }
  const separator = separatorOf(layout, owner, item.start);
  return [{ from: item.start, to: item.start, insert: `${insert},${separator}` }];
}

/** One of several: with its comments where it has lines of its own, else all comments stay. */
export function removeFlowItem({ text }: YamlLayout, owner: Layout, at: number): TextEdit[] {
  const item = owner.items[at];
  if (item === undefined) return [];
  const row = rowOf(text, owner, at);
  if (row !== null) return removeRow(text, item.comma, row);
  const next = owner.items[at + 1];
  if (next !== undefined && next.comma !== null) {
    const to = text.slice(next.comma, next.start).includes('#') ? next.comma + 1 : next.start;
    const between = text.slice(item.end, next.comma).includes('#');
    if (between) {
      return [
        { from: item.start, to: item.end, insert: '' },
        { from: next.comma, to: next.comma + 1, insert: '' },
      ];
    }
    return [{ from: item.start, to, insert: '' }];
  }
  const before = owner.items[at - 1];
  if (before === undefined || item.comma === null) return [];
  if (!text.slice(before.end, item.start).includes('#')) {
    return [{ from: before.end, to: item.end, insert: '' }];
  }
  return [
    { from: item.comma, to: item.comma + 1, insert: '' },
    { from: item.start, to: item.end, insert: '' },
  ];
}

function removeRow(text: string, commaBefore: number | null, row: Row): TextEdit[] {
  const line = { from: row.from, to: nextLine(text, row.end), insert: '' };
  if (row.comma !== null || commaBefore === null) return [line];
  return [{ from: commaBefore, to: commaBefore + 1, insert: '' }, line];
}

/**
 * The texts of the items change places; commas stay. Comments go along where each item has lines of
 * its own, and stay where they are elsewhere.
 */
export function moveFlowItem(
  { text }: YamlLayout,
  owner: Layout,
  from: number,
  to: number,
): TextEdit[] {
  const rows = owner.items.map((_, at) => rowOf(text, owner, at));
  const [low, high] = [Math.min(from, to), Math.max(from, to) + 1];
  if (rows.some((row) => row === null)) {
    const texts = owner.items.map((item) => text.slice(item.start, item.end));
    const [moved = ''] = texts.splice(from, 1);
    texts.splice(to, 0, moved);
    return owner.items
      .map((item, at) => ({ from: item.start, to: item.end, insert: texts[at] ?? '' }))
      .slice(low, high);
  }
  const bodies = owner.items.map((item, at) => {
    const row = rows[at];
    if (row === null || row === undefined) return { head: '', tail: '' };
    const behind = row.comma === null ? item.end : row.comma + 1;
    return { head: text.slice(row.from, item.end), tail: text.slice(behind, row.end) };
  });
  const [moved = { head: '', tail: '' }] = bodies.splice(from, 1);
  bodies.splice(to, 0, moved);
  const edits: TextEdit[] = [];
  rows.forEach((row, at) => {
    const body = bodies[at];
    if (row === null || body === undefined) return;
    const insert = body.head + (row.comma === null ? '' : ',') + body.tail;
    edits.push({ from: row.from, to: row.end, insert });
  });
  return edits.slice(low, high);
}

/** Whole lines that belong to an item in braces or brackets: comments directly above, and itself. */
interface Row {
  readonly from: number;
  /** The end of its last line, before the line break. */
  readonly end: number;
  /** Where the comma behind it stands; null when there is none. */
  readonly comma: number | null;
}

/** Null for an item that shares a line with another or with a brace. */
function rowOf(text: string, owner: Layout, at: number): Row | null {
  const item = owner.items[at];
  if (item === undefined) return null;
  const line = lineStart(text, item.start);
  if (line <= owner.node.range[0] || text.slice(line, item.start).trim() !== '') return null;
  const end = lineEnd(text, item.end);
  const rest = text.slice(item.end, end);
  if (!/^[ \t]*(,?[ \t]*|,?[ \t]+#.*)$/.test(rest) || nextLine(text, end) === end) return null;
  const comma = /^[ \t]*,/.exec(rest)?.[0].length ?? null;
  const column = item.start - line;
  const before = owner.items[at - 1];
  const bound = nextLine(text, before?.end ?? owner.node.range[0]);
  let from = line;
  while (from > bound) {
    const above = lineStart(text, from - 1);
    if (above < bound || !text.startsWith('#', above + column)) break;
    if (text.slice(above, above + column).trim() !== '') break;
    from = above;
  }
  return { from, end, comma: comma === null ? null : item.end + comma - 1 };
}

/** JSON within YAML stays JSON: quotes, where the first item has them. */
export function quotesOf(text: string, owner: Layout): ScalarStyle {
  const first = owner.items[0];
  const quote = first === undefined ? '' : text[first.start];
  if (quote === '"') return 'double';
  return quote === "'" ? 'single' : 'auto';
}

function separatorOf({ text, style }: YamlLayout, owner: Layout, start: number): string {
  const line = lineStart(text, start);
  if (line <= owner.node.range[0]) return ' ';
  const before = text.slice(line, start);
  return before.trim() === '' ? style.lineBreak + before : ' ';
}

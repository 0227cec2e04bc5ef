import type { ParsedNode } from 'yaml';
import type { Json } from '../json.ts';
import type { TextEdit } from './edit-op.ts';
import {
  blockLines,
  indented,
  inlineText,
  isFilled,
  type ScalarStyle,
  scalarLines,
} from './render-yaml.ts';
import {
  columnOf,
  isAliasNode,
  type Layout,
  type LayoutItem,
  layoutOf,
  lineEnd,
  lineStart,
  scalarStyleOf,
  valueStart,
  type YamlLayout,
} from './yaml-layout.ts';

/** What stands at a key or dash of `owner` becomes another value, whatever it was. */
export function replaceValue(
  layout: YamlLayout,
  owner: Layout,
  item: LayoutItem,
  value: Json,
): TextEdit[] {
  const { text } = layout;
  if (owner.isFlow) return [flowValue(item, text, value)];
  const old = layoutOf(text, item.value);
  const from = valueStart(item, text);
  const isBelow = old !== null && !old.isFlow && lineStart(text, from) > item.headEnd;
  if (!isFilled(value)) {
    const style = scalarStyleOf(item.value);
    const columns = owner.column + layout.style.mapIndent;
    const [first = '', ...rest] = scalarLines(value, style, layout.style, columns);
    const following = rest.map((line) => layout.style.lineBreak + line).join('');
    if (isBelow) return belowToInline(text, item, ` ${first}`, following);
    const to = Math.max(from, item.end);
    const edit = { from, to, insert: (from === item.headEnd ? ' ' : '') + first };
    if (following === '') return [edit];
    // What stands behind the value stays there, behind the head of the block.
    const at = lineEnd(text, to);
    return [edit, { from: at, to: at, insert: following }];
  }
  return owner.kind === 'list'
    ? filledInList(layout, owner, item, value, isBelow)
    : filledInMap(layout, owner, item, value);
}

/** The value of a member in braces or an item in brackets. */
function flowValue(item: LayoutItem, text: string, value: Json): TextEdit {
  const style = scalarStyleOf(item.value);
  const insert = inlineText(value, style === 'block' ? 'auto' : style, true);
  if (item.value === null || item.end <= item.headEnd) {
    const colon = item.key !== null && text[item.headEnd - 1] !== ':' ? ':' : '';
    return { from: item.headEnd, to: item.headEnd, insert: `${colon} ${insert}` };
  }
  const from = item.key === null ? item.start : valueStart(item, text);
  return { from, to: item.end, insert };
}

/** A comment behind the key stays. */
function belowToInline(
  text: string,
  item: LayoutItem,
  first: string,
  following: string,
): TextEdit[] {
  const rest = lineEnd(text, item.headEnd);
  return [
    { from: item.headEnd, to: item.headEnd, insert: first },
    { from: rest, to: lineEnd(text, item.end), insert: following },
  ];
}

function filledInMap(
  layout: YamlLayout,
  owner: Layout,
  item: LayoutItem,
  value: readonly Json[] | { readonly [key: string]: Json },
): TextEdit[] {
  const { text, style } = layout;
  const columns = owner.column + (Array.isArray(value) ? style.listIndent : style.mapIndent);
  const lines = blockLines(value, style).map((line) => style.lineBreak + indented(line, columns));
  const old = layoutOf(text, item.value);
  const from = valueStart(item, text);
  const end = Math.max(item.end, item.headEnd);
  if (old !== null && !old.isFlow && lineStart(text, from) > item.headEnd) {
    const at = lineEnd(text, item.headEnd);
    return [{ from: at, to: lineEnd(text, end), insert: lines.join('') }];
  }
  const at = lineEnd(text, end);
  return [
    { from: item.headEnd, to: end, insert: '' },
    { from: at, to: at, insert: lines.join('') },
  ];
}

function filledInList(
  layout: YamlLayout,
  owner: Layout,
  item: LayoutItem,
  value: readonly Json[] | { readonly [key: string]: Json },
  isBelow: boolean,
): TextEdit[] {
  const { text, style } = layout;
  const from = valueStart(item, text);
  const isBare = from === item.headEnd;
  const column = isBare || isBelow ? owner.column + 2 : columnOf(text, from);
  // A value on a line of its own, or of several lines, gives its place to the first line.
  const [first = '', ...rest] = blockLines(value, style);
  const following = rest.map((line) => style.lineBreak + indented(line, column)).join('');
  const end = Math.max(item.end, item.headEnd);
  if (isBelow) {
    const head = lineEnd(text, item.headEnd);
    return [
      { from: item.headEnd, to: item.headEnd, insert: ` ${first}` },
      { from: head, to: lineEnd(text, end), insert: following },
    ];
  }
  const at = lineEnd(text, end);
  const insert = (isBare ? ' ' : '') + first;
  if (at === end) return [{ from, to: end, insert: insert + following }];
  return [
    { from, to: end, insert },
    { from: at, to: at, insert: following },
  ];
}

/** The whole document becomes another value: what it held goes, comments around it stay. */
export function replaceRoot(
  layout: YamlLayout,
  root: ParsedNode,
  end: number,
  value: Json,
): TextEdit[] {
  const { style } = layout;
  const scalar: ScalarStyle = scalarStyleOf(root);
  const lines = isFilled(value)
    ? blockLines(value, style)
    : [inlineText(value, isAliasNode(root) || scalar === 'block' ? 'auto' : scalar)];
  return [{ from: root.range[0], to: end, insert: lines.join(style.lineBreak) }];
}

/** A document of nothing, or of comments only, gets its value behind them. */
export function fillEmpty({ text, style }: YamlLayout, value: Json): TextEdit[] {
  const lines = isFilled(value) ? blockLines(value, style) : [inlineText(value)];
  const isOpen = text !== '' && !text.endsWith('\n') && text !== '\ufeff';
  const before = isOpen ? style.lineBreak : '';
  const after = text === '' || text.endsWith('\n') ? style.lineBreak : '';
  const insert = before + lines.join(style.lineBreak) + after;
  return [{ from: text.length, to: text.length, insert }];
}

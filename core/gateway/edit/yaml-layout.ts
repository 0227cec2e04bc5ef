import {
  type CST,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type ParsedNode,
  parseDocument,
} from 'yaml';
import type { ScalarStyle, YamlStyle } from './render-yaml.ts';

/** A member of a map or an item of a list, by its place in the text. */
export interface LayoutItem {
  /** Null in a list, and for a key that is no text. */
  readonly key: string | null;
  readonly value: ParsedNode | null;
  /** Where its key or dash stands, or in flow style its value. */
  readonly start: number;
  /** Behind the colon or dash: where a value would follow. */
  readonly headEnd: number;
  /** Behind the last character of the value, without a comment that follows. */
  readonly end: number;
  /** In flow style: where the comma before it stands; null for the first. */
  readonly comma: number | null;
}

/** A map or list in the text. */
export interface Layout {
  readonly node: ParsedNode;
  readonly kind: 'map' | 'list';
  readonly isFlow: boolean;
  /** Column of the keys or dashes. */
  readonly column: number;
  readonly items: readonly LayoutItem[];
}

/** A document as text and as nodes that know where in it they stand. */
export interface YamlLayout {
  readonly text: string;
  readonly document: Document.Parsed;
  readonly root: ParsedNode | null;
  readonly style: YamlStyle;
}

/** May throw on hostile input, as the parser does: the caller guards. */
export function readLayout(text: string): YamlLayout {
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    resolveKnownTags: false,
    uniqueKeys: false,
    stringKeys: true,
    prettyErrors: false,
    logLevel: 'silent',
    keepSourceTokens: true,
  });
  const root = document.contents;
  return { text, document, root, style: styleOf(text, root) };
}

/** The layout of a map or list; null for everything else. */
export function layoutOf(text: string, node: ParsedNode | null): Layout | null {
  if (node === null || !(isMap(node) || isSeq(node))) return null;
  const token = node.srcToken;
  if (token === undefined || !('items' in token)) return null;
  const isFlow = token.type === 'flow-collection';
  const items: LayoutItem[] = [];
  if (isMap(node)) {
    for (const pair of node.items) {
      const source = isPair(pair) ? pair.srcToken : undefined;
      if (source === undefined) return null;
      const key = isScalar(pair.key) && typeof pair.key.value === 'string' ? pair.key.value : null;
      items.push(itemOf(text, source, key, (pair.value ?? null) as ParsedNode | null));
    }
  } else {
    const sources = token.items.filter(isListItem);
    if (sources.length !== node.items.length) return null;
    sources.forEach((source, at) => {
      items.push(itemOf(text, source, null, (node.items[at] ?? null) as ParsedNode | null));
    });
  }
  const first = items[0];
  const column = isFlow || first === undefined ? 0 : columnOf(text, first.start);
  return { node, kind: isMap(node) ? 'map' : 'list', isFlow, column, items };
}

function isListItem(item: CST.CollectionItem): boolean {
  if (item.key || item.sep || item.value) return true;
  return item.start.some(
    ({ type }) => type === 'seq-item-ind' || type === 'anchor' || type === 'tag',
  );
}

function itemOf(
  text: string,
  source: CST.CollectionItem,
  key: string | null,
  value: ParsedNode | null,
): LayoutItem {
  const heads = source.start.filter(isSolid);
  const comma = heads.find(({ type }) => type === 'comma') ?? null;
  const own = heads.filter(({ type }) => type !== 'comma');
  const keyToken = source.key;
  const keyOffset = keyToken && 'offset' in keyToken ? keyToken.offset : undefined;
  const valueStart = value?.range[0];
  const start = own[0]?.offset ?? keyOffset ?? valueStart ?? 0;
  const dash = own.find(({ type }) => type === 'seq-item-ind');
  const colon = (source.sep ?? []).find(({ type }) => type === 'map-value-ind');
  const head = colon ?? dash;
  const keyEnd = keyToken && keyOffset !== undefined ? keyOffset + sourceLength(keyToken) : start;
  const headEnd = head === undefined ? keyEnd : head.offset + head.source.length;
  // An anchor or a tag without a value still is one, of null.
  const props = [...(source.sep ?? []), ...own].filter(
    ({ type }) => type === 'anchor' || type === 'tag',
  );
  const propsEnd = Math.max(0, ...props.map((token) => token.offset + token.source.length));
  // Where the parser puts a value that is not written says nothing: it may be behind a comment.
  const isWritten = value !== null && !isEmptyScalar(value);
  const end = Math.max(headEnd, propsEnd, isWritten ? contentEnd(text, value) : 0);
  return { key, value, start, headEnd, end, comma: comma?.offset ?? null };
}

function sourceLength(token: CST.Token): number {
  return 'source' in token ? token.source.length : 0;
}

function isSolid({ type }: CST.SourceToken): boolean {
  return type !== 'space' && type !== 'newline' && type !== 'comment';
}

/** Behind the last character that a node is written with. */
export function contentEnd(text: string, node: ParsedNode): number {
  if (isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED')) {
    return blockScalarEnd(text, node);
  }
  const layout = layoutOf(text, node);
  if (layout === null || layout.isFlow) return isEmptyScalar(node) ? node.range[0] : node.range[1];
  return layout.items.at(-1)?.end ?? node.range[1];
}

/** Without the line feed that ends it, and without the empty lines that do not count. */
function blockScalarEnd(text: string, node: ParsedNode): number {
  const keeps = keepsLineFeeds(text, node);
  let end = node.range[1];
  if (text[end - 1] === '\n') end -= 1;
  if (text[end - 1] === '\r') end -= 1;
  while (!keeps && text[end - 1] === '\n' && end > node.range[0]) {
    end -= 1;
    if (text[end - 1] === '\r') end -= 1;
  }
  return end;
}

function keepsLineFeeds(text: string, node: ParsedNode): boolean {
  const header = text.slice(node.range[0], text.indexOf('\n', node.range[0]) + 1);
  return node.srcToken?.type === 'block-scalar' && /^[^#]*\+/.test(header);
}

/** Whether a text ends the item that counts the empty lines behind it as its own: `|+`. */
export function endsWithKeptFeeds(text: string, item: LayoutItem): boolean {
  let node = item.value;
  for (let layout = layoutOf(text, node); layout !== null; layout = layoutOf(text, node)) {
    if (layout.isFlow) return false;
    node = layout.items.at(-1)?.value ?? null;
  }
  return node !== null && keepsLineFeeds(text, node);
}

/** A value of which nothing is written: `key:`. */
export function isEmptyScalar(node: ParsedNode): boolean {
  return isScalar(node) && node.range[0] === node.range[1];
}

/** Where what is written of a value begins: at its anchor or tag, if it has one. */
export function valueStart(item: LayoutItem, text: string): number {
  const at = skipBlanks(text, item.headEnd);
  return at < item.end ? at : item.headEnd;
}

/** Over spaces, line ends and comments. */
function skipBlanks(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const char = text[at];
    if (char === '#' && /\s/.test(text[at - 1] ?? '\n')) at = lineEnd(text, at) - 1;
    else if (char !== ' ' && char !== '\t' && char !== '\n' && char !== '\r') break;
  }
  return at;
}

export function scalarStyleOf(node: ParsedNode | null): ScalarStyle {
  if (node === null || !isScalar(node)) return 'auto';
  if (node.type === 'QUOTE_DOUBLE') return 'double';
  if (node.type === 'QUOTE_SINGLE') return 'single';
  return node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED' ? 'block' : 'auto';
}

export function isAliasNode(node: ParsedNode | null): boolean {
  return node !== null && isAlias(node);
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line of an offset ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  if (feed < 0) return text.length;
  return feed > offset && text[feed - 1] === '\r' ? feed - 1 : feed;
}

/** Where the next line begins; the end of the text when there is none. */
export function nextLine(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  return feed < 0 ? text.length : feed + 1;
}

export function columnOf(text: string, offset: number): number {
  const start = lineStart(text, offset);
  return offset - start - (text.charCodeAt(start) === 0xfeff ? 1 : 0);
}

/** How the document is indented: by the first map in a map, and the first list in one. */
function styleOf(text: string, root: ParsedNode | null): YamlStyle {
  const found = { map: null as number | null, list: null as number | null };
  let budget = 2_000;
  const look = (node: ParsedNode | null, owner: Layout | null) => {
    budget -= 1;
    if (budget < 0 || (found.map !== null && found.list !== null)) return;
    const layout = layoutOf(text, node);
    if (layout === null || layout.isFlow) return;
    if (owner?.kind === 'map') {
      const columns = layout.column - owner.column;
      if (layout.kind === 'map' && columns > 0) found.map ??= columns;
      if (layout.kind === 'list' && columns >= 0) found.list ??= columns;
    }
    for (const item of layout.items) look(item.value, layout);
  };
  look(root, null);
  const mapIndent = found.map ?? (found.list === null || found.list === 0 ? 2 : found.list);
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  return { mapIndent, listIndent: found.list ?? mapIndent, lineBreak };
}

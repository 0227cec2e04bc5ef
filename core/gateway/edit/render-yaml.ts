import { isJsonList, isJsonObject, type Json, type JsonObject } from '../json.ts';

/** How text is written where nothing shows how a value was written before. */
export interface YamlStyle {
  /** Columns by which a map stands within its key. */
  readonly mapIndent: number;
  /** Columns by which a list stands within its key: often as many, or none. */
  readonly listIndent: number;
  /** What ends a line: `\n` or `\r\n`. */
  readonly lineBreak: string;
}

/** How a text was written before, so that what replaces it looks the same. */
export type ScalarStyle = 'auto' | 'single' | 'double' | 'block';

type Collection = readonly Json[] | JsonObject;

/** A map or list that has something in it: what block style is for. */
export function isFilled(value: Json): value is Collection {
  if (isJsonList(value)) return value.length > 0;
  return isJsonObject(value) && Object.keys(value).length > 0;
}

/** Everything but a filled map or list, on one line. */
export function inlineText(value: Json, style: ScalarStyle = 'auto', isFlow = false): string {
  if (isJsonList(value))
    return `[${value.map((item) => inlineText(item, style, true)).join(', ')}]`;
  if (isJsonObject(value)) {
    const members = Object.keys(value).map((key) => flowMember(key, value[key] ?? null, style));
    return members.length === 0 ? '{}' : `{${members.join(', ')}}`;
  }
  if (typeof value === 'string') return textScalar(value, style, isFlow);
  return value === 0 ? '0' : String(value);
}

/** `key: value` within braces. */
export function flowMember(key: string, value: Json, style: ScalarStyle): string {
  return `${keyText(key, style, true)}: ${inlineText(value, style, true)}`;
}

export function keyText(key: string, style: ScalarStyle = 'auto', isFlow = false): string {
  return textScalar(key, style === 'double' || style === 'single' ? style : 'auto', isFlow);
}

/**
 * The lines of a filled map or list in block style, with the columns within it; the caller puts the
 * column that it stands at before each.
 */
export function blockLines(value: Collection, style: YamlStyle): string[] {
  if (isJsonList(value)) return value.flatMap((item) => itemLines(item, style));
  return Object.keys(value).flatMap((key) => memberLines(key, value[key] ?? null, style));
}

/** `- …` and the lines of it that follow. */
export function itemLines(item: Json, style: YamlStyle): string[] {
  if (isFilled(item)) {
    return blockLines(item, style).map((line, at) => (at === 0 ? `- ${line}` : indented(line, 2)));
  }
  const [first = '', ...rest] = scalarLines(item, 'auto', style, 2);
  return [`- ${first}`, ...rest];
}

/** `key: …` and the lines of it that follow. */
export function memberLines(key: string, value: Json, style: YamlStyle): string[] {
  const name = keyText(key);
  if (isFilled(value)) {
    const columns = isJsonList(value) ? style.listIndent : style.mapIndent;
    return [`${name}:`, ...blockLines(value, style).map((line) => indented(line, columns))];
  }
  const [first = '', ...rest] = scalarLines(value, 'auto', style, style.mapIndent);
  return [`${name}: ${first}`, ...rest];
}

export function indented(line: string, columns: number): string {
  return line === '' ? '' : `${' '.repeat(columns)}${line}`;
}

/** A scalar or empty collection; a text of several lines as a literal block where that reads back. */
export function scalarLines(
  value: Json,
  style: ScalarStyle,
  { lineBreak }: YamlStyle,
  columns: number,
): string[] {
  const literal =
    typeof value === 'string' &&
    (style === 'auto' || style === 'block') &&
    lineBreak === '\n' &&
    isLiteral(value);
  if (!literal) return [inlineText(value, style === 'block' ? 'auto' : style)];
  const body = value.replace(/\n+$/, '');
  const feeds = value.length - body.length;
  const lines = body.split('\n').map((line) => indented(line, columns));
  return [feeds === 0 ? '|-' : '|', ...lines];
}

/** Several lines of plain text that begin at the margin and hide nothing at their ends. */
function isLiteral(value: string): boolean {
  const body = value.replace(/\n+$/, '');
  if (!body.includes('\n') && body === value) return false;
  // Kept line feeds at the end would count the empty lines that follow in the document.
  if (value.length - body.length > 1) return false;
  if (body === '' || /^[ \t\n]/.test(body) || !isPrintable(value.replaceAll('\n', '')))
    return false;
  return !body.split('\n').some((line) => /[ \t]$/.test(line) || /^\t/.test(line));
}

/** Neither control characters nor those that end a line or mark an order of bytes. */
function isPrintable(value: string): boolean {
  for (const char of value) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return false;
    if (code === 0x2028 || code === 0x2029 || code === 0xfeff || code >= 0xfffe) {
      if (code < 0x10000) return false;
    }
  }
  return true;
}

function textScalar(value: string, style: ScalarStyle, isFlow: boolean): string {
  if (style === 'double' || !isPrintable(value)) return doubleQuoted(value);
  if (style === 'single') return `'${value.replaceAll("'", "''")}'`;
  return isPlainText(value, isFlow) ? value : doubleQuoted(value);
}

function doubleQuoted(value: string): string {
  let out = '';
  for (const char of JSON.stringify(value)) {
    const code = char.codePointAt(0) ?? 0;
    const hidden = !isPrintable(char);
    out += hidden ? `\\u${code.toString(16).padStart(4, '0')}` : char;
  }
  return out;
}

/** Longest text that is written without quotes: a long line is kept from being taken for prose. */
const PLAIN_CHARS_MAX = 1_000;
/** What other readers of YAML take for something else than text, besides what ours does. */
const OTHER_WORDS = new Set(['null', 'true', 'false', 'yes', 'no', 'on', 'off', 'y', 'n']);

/** Whether a text may go without quotes and reads back as itself, in YAML 1.1 as well as 1.2. */
function isPlainText(value: string, isFlow: boolean): boolean {
  if (value === '' || value.length > PLAIN_CHARS_MAX) return false;
  if (OTHER_WORDS.has(value.toLowerCase())) return false;
  if (!/^[A-Za-z0-9_/\\.(^$+;<\u00a1-\ud7ff\ue000-\ufefe-]/.test(value)) return false;
  if (/^-([ -]|$)|^\.\.\./.test(value)) return false;
  if (/: |:$| #|[ \t]$/.test(value) || value === '<<') return false;
  if (isFlow && /[,[\]{}]|:/.test(value)) return false;
  return !looksLikeNumber(value);
}

/** Numbers of YAML 1.2 and 1.1, and dates: all of what is made of their characters alone. */
function looksLikeNumber(value: string): boolean {
  if (/^[-+]?\.?[0-9][0-9_:.,eE+-]*$/.test(value)) return true;
  if (/^[-+]?0[xob][0-9a-fA-F_]*$/.test(value)) return true;
  if (/^[-+]?\.(inf|nan)$/i.test(value)) return true;
  return /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}/.test(value);
}

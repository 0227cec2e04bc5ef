/** Text for a terminal: whatever a value holds, it cannot move the cursor or change a colour. */
export function plain(value: string): string {
  let out = '';
  for (const character of value) out += isControl(character) ? '\ufffd' : character;
  return out;
}

/** The same for several lines: line feeds and tabs stay. */
export function plainLines(value: string): string {
  return value
    .split('\n')
    .map((line) => line.split('\t').map(plain).join('\t'))
    .join('\n');
}

/** JSON whose bytes are harmless in a terminal too. */
export function jsonText(value: unknown): string {
  let out = '';
  for (const character of JSON.stringify(value, null, 2)) {
    const code = character.charCodeAt(0);
    const isHarmless = character === '\n' || !isControl(character);
    out += isHarmless ? character : `\\u${code.toString(16).padStart(4, '0')}`;
  }
  return out;
}

/** Control characters of both sets, and the marks that turn the direction of writing around. */
function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return (
    code < 0x20 ||
    (code >= 0x7f && code < 0xa0) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069)
  );
}

export type Align = 'left' | 'right';

/** Aligned columns with a heading, two spaces between them. */
export function table(
  columns: readonly { readonly title: string; readonly align?: Align }[],
  rows: readonly (readonly string[])[],
): string {
  const cells = [columns.map((column) => column.title), ...rows.map((row) => row.map(plain))];
  const widths = columns.map((_column, index) =>
    Math.max(...cells.map((row) => width(row[index] ?? ''))),
  );
  return cells
    .map((row) =>
      columns
        .map((column, index) => pad(row[index] ?? '', widths[index] ?? 0, column.align ?? 'left'))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Names and values, one a line. */
export function facts(rows: readonly (readonly [string, string])[]): string {
  const nameWidth = Math.max(...rows.map(([name]) => width(name)));
  return rows.map(([name, value]) => `${pad(name, nameWidth, 'left')}  ${plain(value)}`).join('\n');
}

function pad(text: string, to: number, align: Align): string {
  const space = ' '.repeat(Math.max(0, to - width(text)));
  return align === 'left' ? text + space : space + text;
}

function width(text: string): number {
  return [...text].length;
}

/** `1,234,567` */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `0.34 s`, `42 s`, `3:05`, `2 h 10 min`. */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (ms < 10_000) return `${(ms / 1_000).toFixed(2)} s`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) {
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min`;
  }
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

/** `2026-11-21 06:36:56`, local time. */
export function instant(ms: number): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

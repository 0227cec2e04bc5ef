/** One document's exact text and where it begins. */
export interface DocumentSource {
  readonly source: string;
  /** Line of the whole text on which `source` begins, from 1. */
  readonly startLine: number;
}

const DASH = 0x2d;
const DOT = 0x2e;
const BYTE_ORDER_MARK = 0xfeff;

/**
 * Splits multi-document YAML without parsing it. In YAML a line that begins with `---` or `...` is a
 * document marker wherever it stands, even inside a block scalar, so looking at lines is enough.
 *
 * A bare `---` line between two documents belongs to neither. Everything else is kept: comments
 * before a document belong to it (with a `---` that follows them), comments after the last document
 * belong to the last one. A text of nothing but comments has no documents.
 */
export function splitDocuments(text: string): DocumentSource[] {
  const documents: DocumentSource[] = [];
  let start = 0;
  let lastStart = 0;
  let startLine = 1;
  let hasContent = false;
  let line = 0;
  const cut = (end: number) => {
    documents.push({ source: text.slice(start, end), startLine });
    lastStart = start;
    hasContent = false;
  };
  for (let from = 0; from < text.length; ) {
    line += 1;
    const feed = text.indexOf('\n', from);
    const next = feed < 0 ? text.length : feed + 1;
    const first = from === 0 && text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : from;
    const marker = markerAt(text, first, next);
    if (marker === 'start') {
      // After comments and directives only, `---` begins the document that they belong to.
      const bare = isBlank(text, first + 3, next);
      if (hasContent) {
        cut(from);
        start = bare ? next : from;
        startLine = bare ? line + 1 : line;
      }
      if (!bare && !isComment(text, first + 3, next)) hasContent = true;
    } else if (marker === 'end') {
      if (hasContent) {
        cut(next);
        start = next;
        startLine = line + 1;
      }
    } else if (!hasContent) {
      hasContent = isContent(text, first, next);
    }
    from = next;
  }
  if (hasContent) cut(text.length);
  else keepTail(documents, text, lastStart, start);
  return documents;
}

/**
 * A text that splits into exactly these sources, in this order. Each source but the last is ended
 * with a line feed if it has none.
 */
export function joinSources(sources: readonly string[]): string {
  // Pieces, joined once: looking at the end of a growing string would copy it for each document.
  const pieces: string[] = [];
  let last = '';
  for (const source of sources) {
    if (pieces.length > 0) {
      if (!last.endsWith('\n')) {
        last += '\n';
        pieces.push('\n');
      }
      if (!endsWithMarker(last) && !beginsWithMarker(source)) {
        pieces.push(last.endsWith('\r\n') ? '---\r\n' : '---\n');
      }
    }
    pieces.push(source);
    last = source;
  }
  return pieces.join('');
}

/** Comments behind the last `---` or `...` stay with the last document. */
function keepTail(
  documents: DocumentSource[],
  text: string,
  lastStart: number,
  tailStart: number,
): void {
  const last = documents.at(-1);
  if (last === undefined || isBlank(text, tailStart, text.length)) return;
  documents[documents.length - 1] = { ...last, source: text.slice(lastStart) };
}

/** Whether a document begins on the line of its own marker. */
function beginsWithMarker(source: string): boolean {
  return source.charCodeAt(0) === DASH && /^---[ \t]+[^ \t\r\n]/.test(source);
}

/** Whether the last line is a document end marker, whatever a slip has put behind it. */
function endsWithMarker(text: string): boolean {
  const from = text.lastIndexOf('\n', text.length - 2) + 1;
  const first = from === 0 && text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : from;
  return markerAt(text, first, text.length) === 'end';
}

function markerAt(text: string, from: number, next: number): 'start' | 'end' | null {
  const code = text.charCodeAt(from);
  if (code !== DASH && code !== DOT) return null;
  if (from + 3 > next) return null;
  if (text.charCodeAt(from + 1) !== code || text.charCodeAt(from + 2) !== code) return null;
  if (from + 3 < next && !isSpace(text.charCodeAt(from + 3))) return null;
  return code === DASH ? 'start' : 'end';
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

function isBlank(text: string, from: number, next: number): boolean {
  for (let i = from; i < next; i += 1) if (!isSpace(text.charCodeAt(i))) return false;
  return true;
}

function isComment(text: string, from: number, next: number): boolean {
  for (let i = from; i < next; i += 1) {
    const code = text.charCodeAt(i);
    if (!isSpace(code)) return code === 0x23;
  }
  return false;
}

/** Neither blank, nor a comment, nor a directive. */
function isContent(text: string, from: number, next: number): boolean {
  if (text.charCodeAt(from) === 0x25) return false;
  return !isBlank(text, from, next) && !isComment(text, from, next);
}

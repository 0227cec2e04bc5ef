import type { TextEdit } from './edit-op.ts';

/** The text with all edits made. They must be ascending and must not overlap, as `editDocument` gives them. */
export function applyTextEdits(text: string, edits: readonly TextEdit[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const edit of edits) {
    pieces.push(text.slice(at, edit.from), edit.insert);
    at = edit.to;
  }
  pieces.push(text.slice(at));
  return pieces.join('');
}

/** A stretch of the first text that is still there, or text that is new. */
type Piece = { readonly from: number; readonly to: number } | { readonly insert: string };

/**
 * A text that is edited again and again, and the edits that lead from the first text to the last.
 * What was typed and taken away again leaves no trace.
 */
export class EditedText {
  readonly #original: string;
  #pieces: Piece[];
  #text: string;

  constructor(original: string) {
    this.#original = original;
    this.#pieces = original === '' ? [] : [{ from: 0, to: original.length }];
    this.#text = original;
  }

  get text(): string {
    return this.#text;
  }

  /** Edits in units of the text as it is now: ascending and not overlapping. */
  apply(edits: readonly TextEdit[]): void {
    for (const edit of [...edits].reverse()) this.#replace(edit);
    this.#text = applyTextEdits(this.#text, edits);
  }

  /** From the first text to this one, as small as they come. */
  edits(): readonly TextEdit[] {
    const edits: TextEdit[] = [];
    let at = 0;
    let inserted = '';
    const flush = (next: number) => {
      const edit = trimmed(this.#original, { from: at, to: next, insert: inserted });
      if (edit !== null) edits.push(edit);
      inserted = '';
    };
    for (const piece of this.#pieces) {
      if ('insert' in piece) {
        inserted += piece.insert;
        continue;
      }
      flush(piece.from);
      at = piece.to;
    }
    flush(this.#original.length);
    return edits;
  }

  #replace(edit: TextEdit): void {
    const pieces: Piece[] = [];
    let at = 0;
    let placed = false;
    const place = () => {
      if (!placed && edit.insert !== '') pieces.push({ insert: edit.insert });
      placed = true;
    };
    for (const piece of this.#pieces) {
      const length = lengthOf(piece);
      const before = cut(piece, 0, Math.min(length, edit.from - at));
      const after = cut(piece, Math.max(0, edit.to - at), length);
      if (at >= edit.from) place();
      if (before !== null) pieces.push(before);
      if (at + length > edit.from) place();
      if (after !== null && edit.to < at + length) pieces.push(after);
      at += length;
    }
    place();
    this.#pieces = pieces;
  }
}

function lengthOf(piece: Piece): number {
  return 'insert' in piece ? piece.insert.length : piece.to - piece.from;
}

function cut(piece: Piece, from: number, to: number): Piece | null {
  if (from >= to) return null;
  if ('insert' in piece) return { insert: piece.insert.slice(from, to) };
  return { from: piece.from + from, to: piece.from + to };
}

/** The edit without what it replaces by the same; null when nothing is left of it. */
function trimmed(text: string, edit: TextEdit): TextEdit | null {
  const { from, to, insert } = edit;
  const most = Math.min(to - from, insert.length);
  let head = 0;
  while (head < most && text.charCodeAt(from + head) === insert.charCodeAt(head)) head += 1;
  let tail = 0;
  while (
    tail < most - head &&
    text.charCodeAt(to - 1 - tail) === insert.charCodeAt(insert.length - 1 - tail)
  ) {
    tail += 1;
  }
  const kept = insert.slice(head, insert.length - tail);
  if (from + head === to - tail && kept === '') return null;
  return { from: from + head, to: to - tail, insert: kept };
}

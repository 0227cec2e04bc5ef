import type { Text } from '@codemirror/state';

/** Lines of one document that are looked at while typing, in each direction. */
const WINDOW_LINES_MAX = 20_000;

/** The document around an offset of the whole text. */
export interface DocumentWindow {
  readonly source: string;
  /** Where it begins in the whole text, UTF-16 units. */
  readonly from: number;
}

/** The lines around an offset up to the markers between documents; null when they are too many. */
export function documentWindow(text: Text, offset: number): DocumentWindow | null {
  const here = text.lineAt(offset).number;
  let first = here;
  while (first > 1 && !isMarker(text, first)) {
    first -= 1;
    if (here - first > WINDOW_LINES_MAX) return null;
  }
  if (isBareMarker(text, first)) {
    // On the marker itself there is nothing to say.
    if (first === here) return null;
    first += 1;
  }
  let last = here;
  while (last < text.lines && !isMarker(text, last + 1)) {
    last += 1;
    if (last - here > WINDOW_LINES_MAX) return null;
  }
  const { from } = text.line(first);
  return { source: text.sliceString(from, text.line(last).to), from };
}

function isMarker(text: Text, line: number): boolean {
  return /^(---|\.\.\.)(\s|$)/.test(startOf(text, line));
}

function isBareMarker(text: Text, line: number): boolean {
  return /^(---|\.\.\.)\s*(#|$)/.test(startOf(text, line));
}

function startOf(text: Text, line: number): string {
  const { from, to } = text.line(line);
  return text.sliceString(from, Math.min(to, from + 80));
}

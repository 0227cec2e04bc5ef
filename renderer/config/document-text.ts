import type { TextEdit } from '../../core/gateway/edit/edit-op.ts';
import { splitDocuments } from '../../core/gateway/split-documents.ts';

/** One document of the draft's text, by its place. */
export interface DocumentPlace {
  readonly source: string;
  /** Line of the whole text on which it begins, from 1. */
  readonly startLine: number;
  /** `[from, to)` in UTF-16 units of the whole text. */
  readonly from: number;
  readonly to: number;
}

/** Every document of a text with its offsets. Does not parse: a megabyte costs milliseconds. */
export function documentPlaces(text: string): DocumentPlace[] {
  const places: DocumentPlace[] = [];
  let cursor = 0;
  for (const { source, startLine } of splitDocuments(text)) {
    // Between two documents there are only bare markers, which no document consists of.
    const from = Math.max(cursor, text.indexOf(source, cursor));
    const to = from + source.length;
    places.push({ source, startLine, from, to });
    cursor = to;
  }
  return places;
}

/** Index of the document that an offset lies in or directly behind; -1 in a text without any. */
export function placeAt(places: readonly DocumentPlace[], offset: number): number {
  let low = 0;
  let high = places.length - 1;
  let found = places.length > 0 ? 0 : -1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const place = places[middle];
    if (place !== undefined && place.from <= offset) {
      found = middle;
      low = middle + 1;
    } else high = middle - 1;
  }
  return found;
}

/** Takes a document out, with the marker that set it off from its neighbour. */
export function removeDocument(places: readonly DocumentPlace[], index: number): TextEdit[] {
  const place = places[index];
  if (place === undefined) return [];
  const next = places[index + 1];
  if (next !== undefined) return [{ from: place.from, to: next.from, insert: '' }];
  const previous = places[index - 1];
  return [{ from: previous?.to ?? place.from, to: place.to, insert: '' }];
}

/** Puts another text in a document's place. */
export function replaceDocument(
  places: readonly DocumentPlace[],
  index: number,
  source: string,
): TextEdit[] {
  const place = places[index];
  if (place === undefined || place.source === source) return [];
  const isLast = index === places.length - 1;
  return [{ from: place.from, to: place.to, insert: isLast ? source : withLineEnd(source) }];
}

/** Adds a document behind another, or at the end when `index` is -1. */
export function insertDocument(
  text: string,
  places: readonly DocumentPlace[],
  index: number,
  source: string,
): TextEdit[] {
  const place = index === -1 ? places.at(-1) : places[index];
  const body = withLineEnd(source);
  if (place === undefined) return [{ from: text.length, to: text.length, insert: body }];
  const gap = place.source.endsWith('\n') ? '' : '\n';
  // A source that begins with a marker of its own brings it along.
  const marker = /^---\s/.test(body) ? '' : '---\n';
  return [{ from: place.to, to: place.to, insert: `${gap}${marker}${body}` }];
}

function withLineEnd(source: string): string {
  return source.endsWith('\n') ? source : `${source}\n`;
}

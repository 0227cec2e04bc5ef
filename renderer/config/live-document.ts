import { resourceKey } from '../../core/gateway/kinds.ts';
import { parseDocument, type ReadDocument } from '../../core/gateway/parse-document.ts';
import type { Problem } from '../../core/gateway/problem.ts';
import { readYaml } from '../../core/gateway/read-yaml.ts';
import type { ConfigAnalysis } from '../workers/config-worker-messages.ts';
import { type DocumentPlace, documentPlaces, placeAt } from './document-text.ts';

/** The document that is open, as the text of this moment has it: ahead of the worker by a keystroke. */
export interface LiveDocument extends DocumentPlace {
  /** As `ParsedDocument.key`. */
  readonly key: string;
  /** Position among the documents of the text, from 0. */
  readonly index: number;
  readonly read: ReadDocument;
}

/** Reads the document at an offset, and that one alone; null in a text without any. */
export function liveDocumentAt(
  text: string,
  offset: number,
  before: LiveDocument | null = null,
): LiveDocument | null {
  const places = documentPlaces(text);
  const index = placeAt(places, offset);
  const place = places[index];
  if (place === undefined) return null;
  const read = before?.source === place.source ? before.read : parseDocument(place.source);
  return { ...place, index, read, key: keyOfRead(read, index) };
}

/** The key that parsing the whole text gives the document at this position. */
export function keyOfRead(read: ReadDocument, index: number): string {
  const { identity, known } = read;
  if (identity === null) return `unreadable!/${index + 1}`;
  if (known !== null) return resourceKey(known, identity.namespace, identity.name);
  return `${identity.apiVersion}!${identity.kind}/${identity.namespace}/${identity.name}`;
}

/** The worker's keys where they are of this text; parsing every document would be felt. */
export function keysOf(
  places: readonly DocumentPlace[],
  analysis: ConfigAnalysis | null,
): readonly string[] {
  const documents = analysis?.documents ?? [];
  if (documents.length === places.length) return documents.map((document) => document.key);
  return places.map((place, index) => keyOfRead(parseDocument(place.source), index));
}

/**
 * Problems of one document: those of its own text are as new as the text, those of references as
 * new as the worker's last word.
 */
export function problemsOf(
  live: LiveDocument,
  analysis: ConfigAnalysis | null,
): readonly Problem[] {
  // A text that is refused whole, binary or too large, has one reason and no documents.
  if (analysis?.documents.length === 0 && analysis.problems.length > 0) return analysis.problems;
  const summary = analysis?.documents.find((document) => document.key === live.key);
  // Problems of what cannot be read are of no resource; they are of the text of this moment.
  if (analysis === null || summary === undefined || live.read.identity === null) {
    return live.read.problems.map((problem) => ({
      ...problem,
      line: problem.line + live.startLine - 1,
      resource: live.key,
    }));
  }
  const moved = live.startLine - summary.startLine;
  return analysis.problems
    .filter((problem) => problem.resource === live.key)
    .map((problem) => (moved === 0 ? problem : { ...problem, line: problem.line + moved }));
}

/** Line of the whole text on which a pointer of the document stands. */
export function lineOfPointer(live: LiveDocument, pointer: string): number {
  return readYaml(live.source).locate(pointer).line + live.startLine - 1;
}

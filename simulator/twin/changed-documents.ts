import type { ConfigStore } from '../../core/ports/store.ts';

const SEPARATOR = '\n---\n';

/** As many as a text has, near enough to reckon with: bare separators at its ends stay in the first and last. */
export function documentsOf(text: string): string[] {
  return text.split(SEPARATOR);
}

/** Of the head, as a process that holds it has read them; null: nothing was published. */
export function headDocuments(store: ConfigStore): string[] | null {
  const head = store.head();
  const entries = head === null ? null : store.documents(head.revision);
  return entries?.map(({ sourceHash }) => store.source(sourceHash) ?? '') ?? null;
}

/** Characters of those of `after` that are not among `before`: changed or added. Mostly few, between long runs of equal ones. */
export function changedCharacters(before: readonly string[], after: readonly string[]): number {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const known = new Set(before.slice(head, before.length - tail).map(trimmed));
  let characters = 0;
  for (const document of after.slice(head, after.length - tail)) {
    if (!known.has(trimmed(document))) characters += document.length;
  }
  return characters;
}

/** What stands around a document depends on where in its text it is. */
function trimmed(document: string): string {
  return document.trim();
}

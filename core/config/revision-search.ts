import type { RevisionRecord } from '../ports/store.ts';
import type { ResourceKey } from './ids.ts';

/** Words of one search that are looked for; more are left out. */
export const SEARCH_WORDS_MAX = 8;

/** A word of a search: it occurs in a text of the revision, or is its number. */
export interface SearchWord {
  /** With ASCII letters in lower case. */
  readonly text: string;
  /** What `12` and `r12` name; null when the word is no number. */
  readonly revision: number | null;
}

export function searchWords(search: string): readonly SearchWord[] {
  return search
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, SEARCH_WORDS_MAX)
    .map((word) => {
      const text = foldCase(word);
      const digits = /^r?([0-9]{1,15})$/.exec(text)?.[1];
      return { text, revision: digits === undefined ? null : Number(digits) };
    });
}

/** Whether every word is found in a revision. `keys` are those that it changed or removed. */
export function isFound(
  { revision, author, message }: Pick<RevisionRecord, 'revision' | 'author' | 'message'>,
  keys: readonly ResourceKey[],
  words: readonly SearchWord[],
): boolean {
  const texts = [author, message, ...keys].map(foldCase);
  return words.every(
    (word) => word.revision === revision || texts.some((text) => text.includes(word.text)),
  );
}

/** ASCII only, as SQLite's `lower()`: every store must find the same. */
function foldCase(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

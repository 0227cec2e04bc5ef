import type { Database, Statement } from 'better-sqlite3';
import type { SearchWord } from '../../../core/config/revision-search.ts';
import { REVISION_COLUMNS, type RevisionRow } from './revision-statements.ts';

type Values = (string | number | null)[];

/** Keys of many documents are short, so reading all of them costs little beside an index on each. */
const WORD = `(revision IS ?
  OR instr(lower(author), ?) > 0
  OR instr(lower(message), ?) > 0
  OR revision IN (SELECT text_since FROM document WHERE instr(lower(key), ?) > 0)
  OR revision IN (SELECT revision FROM removed_resource WHERE instr(lower(key), ?) > 0))`;

/** Finds revisions that have every word, newest first. One statement for each number of words. */
export function prepareRevisionSearch(
  db: Database,
): (words: readonly SearchWord[], before: number, limit: number) => RevisionRow[] {
  const byWords = new Map<number, Statement<Values, RevisionRow>>();
  const statementFor = (words: number): Statement<Values, RevisionRow> => {
    const known = byWords.get(words);
    if (known !== undefined) return known;
    const conditions = ['revision < ?', ...Array.from({ length: words }, () => WORD)];
    const statement = db.prepare<Values, RevisionRow>(
      `SELECT ${REVISION_COLUMNS} FROM revision WHERE ${conditions.join(' AND ')}
       ORDER BY revision DESC LIMIT ?`,
    );
    byWords.set(words, statement);
    return statement;
  };
  return (words, before, limit) => {
    const values = words.flatMap(({ text, revision }) => [revision, text, text, text, text]);
    return statementFor(words.length).all(before, ...values, limit);
  };
}

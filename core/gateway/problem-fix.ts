import { wrongPath } from './formats.ts';
import { isJsonObject, type Json, type JsonObject, pointerTo } from './json.ts';
import { nearestName } from './near-name.ts';
import type { ProblemFix } from './problem.ts';

/** What a fix may ask of the text that it mends. */
export interface FixContext {
  /** A plain scalar as it is written, which its value no longer tells: `1.10` reads as 1.1. */
  writtenAt(pointer: string): string | undefined;
}

/** Made only when the problem is kept: most fixes are never looked at. */
export type FixMaker = (context: FixContext) => ProblemFix | undefined;

const SHOWN_CHARS_MAX = 60;

function shown(value: Json): string {
  const json = JSON.stringify(value);
  return json.length <= SHOWN_CHARS_MAX ? json : `${json.slice(0, SHOWN_CHARS_MAX - 1)}…`;
}

/** Another value in its place. */
export function changeTo(pointer: string, value: Json): ProblemFix {
  const title = `Change to ${shown(value)}`;
  return { title, ops: [{ op: 'set', pointer, value }], addDocument: null };
}

/** A value where there is none yet; `what` as in `Add port 80`. */
export function addAt(pointer: string, value: Json, what: string): ProblemFix {
  return { title: `Add ${what}`, ops: [{ op: 'set', pointer, value }], addDocument: null };
}

/** `what` as in `Remove this filter`. */
export function removeAt(pointer: string, what: string): ProblemFix {
  return { title: `Remove ${what}`, ops: [{ op: 'remove', pointer }], addDocument: null };
}

/** The same value under the field that was meant, unless that one is there already. */
export function renameField(
  owner: JsonObject,
  pointer: string,
  from: string,
  to: string,
): ProblemFix | undefined {
  const value = owner[from];
  if (value === undefined || Object.hasOwn(owner, to)) return undefined;
  return {
    title: `Rename to "${to}"`,
    ops: [
      { op: 'set', pointer: pointerTo(pointer, to), value },
      { op: 'remove', pointer: pointerTo(pointer, from) },
    ],
    addDocument: null,
  };
}

/** A document that the config lacks. */
export function addDocument(title: string, source: string): ProblemFix {
  return { title, ops: [], addDocument: source };
}

/**
 * The choice that was meant: the same in another case, the only one that holds the word (`Prefix`
 * for `PathPrefix`), or the nearest. Null when none is.
 */
export function nearestChoice(value: string, choices: readonly string[]): string | null {
  const wanted = value.toLowerCase();
  if (wanted === '' || wanted.length > 64) return null;
  const same = choices.find((choice) => choice.toLowerCase() === wanted);
  if (same !== undefined) return same;
  const holding = choices.filter((choice) => choice.toLowerCase().includes(wanted));
  if (wanted.length >= 3 && holding.length === 1) return holding[0] ?? null;
  return nearestName(value, choices);
}

/** What a wrong text was likely meant to be, when `isRight` takes it. */
export function mendedText(
  code: string,
  value: string,
  isRight: (text: string) => boolean,
): string | null {
  if (value.length > 300) return null;
  const guess = guessOf(code, value);
  return guess !== null && guess !== value && isRight(guess) ? guess : null;
}

function guessOf(code: string, value: string): string | null {
  switch (code) {
    case 'bad-name':
      return value.trim().toLowerCase().replaceAll('_', '-').replaceAll(' ', '-');
    case 'bad-hostname':
      return value
        .trim()
        .toLowerCase()
        .replace(/^https?:\/\//, '')
        .replace(/[/?#].*$/, '')
        .replace(/:[0-9]{1,5}$/, '')
        .replace(/\.$/, '');
    case 'bad-duration':
      return value.toLowerCase().replace(/\s/g, '');
    case 'bad-header-name':
      return value.trim().replaceAll(' ', '-');
    case 'bad-path':
      return `/${value.trim()}`.replace(/\/{2,}/g, '/');
    case 'bad-origin':
      return /^[a-z]+:\/\/[^/]*/.exec(value.trim())?.[0] ?? null;
    default:
      return null;
  }
}

/** The value as what it should be, where only the quotes are too few or too many. */
export function unquoted(wanted: 'flag' | 'integer', value: Json): Json | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (wanted === 'integer') return /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
  if (text === 'true' || text === 'yes' || text === 'on') return true;
  return text === 'false' || text === 'no' || text === 'off' ? false : undefined;
}

/** A list that should have been written as one: its only entry was given bare. */
export function asList(value: Json): Json | undefined {
  return isJsonObject(value) || typeof value === 'string' ? [value] : undefined;
}

/** A path with one slash in front and none doubled, where that is all that was wrong. */
export function pathFix(pointer: string, value: string): FixMaker {
  return () => {
    const mended = mendedText('bad-path', value, (text) => wrongPath(text) === null);
    return mended === null ? undefined : changeTo(pointer, mended);
  };
}

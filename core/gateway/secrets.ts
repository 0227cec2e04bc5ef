import { Lexer } from 'yaml';
import { findPrivateJwk, findSecrets, findShapes } from './find-secrets.ts';
import {
  isJsonList,
  isJsonObject,
  type Json,
  type JsonObject,
  pointerTo,
  stringAt,
} from './json.ts';
import { CHANCE_CHARS_MIN, looksRandom, secretNameOf } from './looks-random.ts';
import { PRIVATE_JWK_MEMBERS } from './policy/jwk.ts';
import type { Report } from './shape.ts';

/** Problems reported of one document's values, and as many of its comments. */
const SECRETS_REPORTED_MAX = 10;
/** The lexer marks what follows as a scalar: `#` in one begins no comment. */
const SCALAR_MARK = '\u001f';
/** Marks that the lexer puts between tokens; they are not in the text. */
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', SCALAR_MARK]);

/**
 * Refuses what looks like a secret, in values, keys and comments: history keeps every version, and
 * nodes write it to their disks. Says what it looks like and never what it is. Linear in the text.
 */
export function checkSecrets(
  source: string,
  value: JsonObject,
  report: Report,
  reportAt: (offset: number, code: string, message: string) => void,
): void {
  let reported = 0;
  const refuse = (pointer: string, what: string) => {
    reported += 1;
    if (reported > SECRETS_REPORTED_MAX) return;
    report('error', 'secret', pointer, refusalOf(what));
  };
  const isProbed = findShapes(source, 1).length > 0;
  // A sealed or external Secret holds ciphertext and names, under the names of what they hide.
  const judgesChance = !(stringAt(value, 'kind') ?? '').endsWith('Secret');
  walk(value, '', '', { isProbed, judgesChance, refuse });
  const inComments = secretsInComments(source);
  for (const { offset, what } of inComments) {
    reportAt(offset, 'secret', refusalOf(`${what} in a comment`));
  }
  if (!isProbed || reported + inComments.length > 0) return;
  // In neither: the name of an anchor, a tag, or what a merge has overwritten.
  for (const { offset, what } of findShapes(source, 1)) {
    reportAt(offset, 'secret', refusalOf(what));
  }
}

interface Walk {
  /** Whether the text holds a shape at all; keys are looked at only then. */
  readonly isProbed: boolean;
  readonly judgesChance: boolean;
  readonly refuse: (pointer: string, what: string) => void;
}

/** `name`: the secret that the value is or belongs to, by a key or the `name` beside it; or ''. */
function walk(value: Json, name: string, pointer: string, by: Walk): void {
  if (typeof value === 'string') {
    checkValue(value, name, pointer, by);
  } else if (isJsonList(value)) {
    value.forEach((item, index) => {
      walk(item, name, pointerTo(pointer, index), by);
    });
  } else if (isJsonObject(value)) {
    const isKey = checkJwk(value, pointer, by);
    // Of the document itself that is said with its kind; a List may hold others.
    const isSecret = stringAt(value, 'kind') === 'Secret' && stringAt(value, 'apiVersion') === 'v1';
    if (isSecret && pointer !== '') {
      by.refuse(pointer, 'a Secret');
      return;
    }
    const called = stringAt(value, 'name');
    for (const [key, member] of Object.entries(value)) {
      const at = pointerTo(pointer, key);
      const [inKey] = by.isProbed ? findShapes(key, 1) : [];
      if (inKey !== undefined) by.refuse(at, `${inKey.what} in a key`);
      const isNamed = key === 'value' && called !== undefined;
      walk(member, secretNameOf(isNamed ? called : key, isKey ? '' : name), at, by);
    }
  }
}

function checkValue(value: string, name: string, pointer: string, by: Walk): void {
  const [found] = by.judgesChance
    ? findSecrets(value, 1)
    : [...findShapes(value, 1), ...findPrivateJwk(value)];
  if (found !== undefined) {
    by.refuse(pointer, found.what);
    return;
  }
  if (!by.judgesChance || name === '' || value.length < CHANCE_CHARS_MIN) return;
  // Behind a scheme, as in an Authorization header.
  const judged = /auth(?:orization)?$/i.test(name) ? value.slice(value.indexOf(' ') + 1) : value;
  if (looksRandom(judged)) by.refuse(pointer, `a secret, going by the name ${name.slice(0, 60)}`);
}

/** Whether the value is a JWK: what its public members hold is no secret, whatever it stands under. */
function checkJwk(value: JsonObject, pointer: string, { refuse }: Walk): boolean {
  if (stringAt(value, 'kty') === undefined) return false;
  for (const member of PRIVATE_JWK_MEMBERS) {
    if (!Object.hasOwn(value, member)) continue;
    refuse(pointerTo(pointer, member), 'the private part of a key (JWK)');
    break;
  }
  return true;
}

/** What comments hold, at its place in the text. The text is lexed only when something may be there. */
function secretsInComments(source: string): { readonly offset: number; readonly what: string }[] {
  if (!source.includes('#') || findSecrets(source, 1).length === 0) return [];
  const found: { readonly offset: number; readonly what: string }[] = [];
  let offset = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(source)) {
    if (MARKS.has(token)) {
      isScalar = token === SCALAR_MARK;
      continue;
    }
    if (!isScalar && token.startsWith('#')) {
      for (const { offset: at, what } of findSecrets(token, SECRETS_REPORTED_MAX)) {
        found.push({ offset: offset + at, what });
        if (found.length >= SECRETS_REPORTED_MAX) return found;
      }
    }
    isScalar = false;
    offset += token.length;
  }
  return found;
}

function refusalOf(what: string): string {
  return `This looks like ${what}. A config keeps every version and goes to every node, so it holds no secrets: take it out, put a hash, a public key or the name of a Secret in its place, and replace the secret if it was real.`;
}

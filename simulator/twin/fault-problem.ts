import type { z } from 'zod';
import { countText } from '../../core/rehearsal/band-text.ts';

type Issue = z.core.$ZodIssue;

/** Characters of a value that is quoted. */
const QUOTED_CHARS_MAX = 40;

const TYPE_WORDS: ReadonlyMap<string, string> = new Map([
  ['int', 'a whole number'],
  ['number', 'a whole number'],
  ['string', 'a text in quotes'],
  ['object', 'an object in braces'],
]);

/**
 * What is wrong with a faults file, in a sentence without its full stop. Faults count from 1, as
 * wherever one is named.
 */
export function faultProblem(file: unknown, issue: Issue, faultsMax: number): string {
  const [index, ...path] = issue.path;
  if (typeof index !== 'number') {
    return issue.code === 'too_big'
      ? `there are more than ${countText(faultsMax)} faults in one file`
      : 'this is not a list of faults, which stand in brackets';
  }
  const fault = `Fault ${index + 1}`;
  const place = path.map(String).join('.');
  const value = valueAt(file, issue.path);
  if (value === undefined && place !== '') return `${fault} has no ${place}`;
  const at = place === '' ? fault : `${fault}, ${place}`;
  return `${at}: ${wanted(issue)}${hasUnknownKeys(issue) ? '' : `, not ${quoted(value)}`}`;
}

function wanted(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `it must be ${TYPE_WORDS.get(issue.expected) ?? issue.expected}`;
    case 'too_small':
      return `it must be at least ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'string'
        ? `it may have at most ${issue.maximum} characters`
        : `it must be at most ${issue.maximum}`;
    case 'invalid_union':
      return oneOf(optionsOf(issue));
    case 'invalid_value':
      return oneOf(issue.values);
    case 'invalid_format':
      return 'it must be a name that a node or cell can have';
    case 'unrecognized_keys':
      return `nothing is known of ${issue.keys.map(quoted).join(', ')}`;
    default:
      return issue.message;
  }
}

/** Of a `kind` or a `scope` that is none; the type of the issue does not say that it has them. */
function optionsOf(issue: Issue): readonly unknown[] {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
}

function oneOf(names: readonly unknown[]): string {
  return `it must be one of ${names.map(String).join(', ')}`;
}

function hasUnknownKeys({ code }: Issue): boolean {
  return code === 'unrecognized_keys';
}

function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return `“${text.length > QUOTED_CHARS_MAX ? `${text.slice(0, QUOTED_CHARS_MAX)}…` : text}”`;
}

function valueAt(file: unknown, path: readonly PropertyKey[]): unknown {
  let value = file;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  }
  return value;
}

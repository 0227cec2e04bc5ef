import type { z } from 'zod';

/** Issues told; the rest is counted. */
const ISSUES_TOLD_MAX = 3;

type Issue = z.core.$ZodIssue;

/** What is wrong with a file of vectors, as sentences that name the place: `cases[2].listenerPort …`. */
export function issuesInWords(issues: readonly Issue[]): string {
  const told = issues
    .slice(0, ISSUES_TOLD_MAX)
    .map((issue) => `${placeOf(issue.path)} ${wrongInWords(issue)}.`);
  const more = issues.length - told.length;
  return [...told, ...(more > 0 ? [`And ${more} more.`] : [])].join(' ');
}

function placeOf(path: readonly PropertyKey[]): string {
  let out = '';
  for (const step of path) {
    if (typeof step === 'number') out += `[${step}]`;
    else out += out === '' ? String(step) : `.${String(step)}`;
  }
  return out === '' ? 'the whole' : out;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function wrongInWords(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPE_WORDS[issue.expected] ?? issue.expected}`;
    case 'unrecognized_keys':
      return `holds ${issue.keys.map((key) => `"${key}"`).join(', ')}, which is not known; remove it or mend its name`;
    case 'too_small':
      return `must be at least ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'array'
        ? `holds more than ${issue.maximum} entries; split the file`
        : `must be at most ${issue.maximum}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => String(value)).join(' or ')}`;
    case 'custom':
      return issue.message;
    default:
      return 'is not as it should be';
  }
}

import { type Json, listAt, objectAt, stringAt } from '../../../core/gateway/json.ts';
import { joinWords, say, type Words } from './words.ts';

/** What a match of a rule asks for: `path starts with /checkout, header x-cart: v2`. */
export function matchSentence(match: Json): Words {
  const parts: Words[] = [];
  const path = objectAt(match, 'path');
  if (path !== undefined) parts.push(pathSentence(path));
  const method = stringAt(match, 'method');
  if (method !== undefined) parts.push(say`method is ${method}`);
  for (const header of listAt(match, 'headers')) parts.push(valueSentence('header', header));
  for (const query of listAt(match, 'queryParams')) parts.push(valueSentence('parameter', query));
  return parts.length === 0 ? ['any path'] : joinWords(parts);
}

function pathSentence(path: Json): Words {
  const type = stringAt(path, 'type') ?? 'PathPrefix';
  const value = stringAt(path, 'value') ?? '/';
  if (type === 'Exact') return say`path is ${value}`;
  if (type === 'RegularExpression') return say`path matches ${value}`;
  return value === '/' ? ['any path'] : say`path starts with ${value}`;
}

function valueSentence(what: string, entry: Json): Words {
  const name = stringAt(entry, 'name') ?? '?';
  const value = stringAt(entry, 'value') ?? '?';
  return stringAt(entry, 'type') === 'RegularExpression'
    ? [`${what} `, { code: name }, ' matches ', { code: value }]
    : [`${what} `, { code: `${name}: ${value}` }];
}

/** All matches of a rule; any one suffices. */
export function matchesSentence(rule: Json): Words {
  const matches = listAt(rule, 'matches');
  if (matches.length === 0) return ['any path'];
  return joinWords(matches.map(matchSentence), ' or ');
}

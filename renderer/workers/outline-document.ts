import {
  integerAt,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  stringAt,
} from '../../core/gateway/json.ts';
import type { OutlineEntry } from './config-worker-messages.ts';

/** Parts of one resource that get a row; the rest is in the form. */
const OUTLINE_MAX = 64;

/** Rules of a route, listeners of a Gateway, as rows below it. */
export function outlineOf(kind: string, body: JsonObject): OutlineEntry[] {
  const spec = objectAt(body, 'spec');
  if (kind === 'Gateway' || kind === 'ListenerSet') {
    return listAt(spec, 'listeners').slice(0, OUTLINE_MAX).map(listenerEntry);
  }
  if (kind === 'HTTPRoute') return listAt(spec, 'rules').slice(0, OUTLINE_MAX).map(ruleEntry);
  return [];
}

function listenerEntry(listener: Json, index: number): OutlineEntry {
  const port = integerAt(listener, 'port');
  const where = [stringAt(listener, 'hostname') ?? '', port === undefined ? '' : `:${port}`];
  return {
    label: stringAt(listener, 'name') ?? `listener ${index + 1}`,
    detail: where.join(''),
    pointer: `/spec/listeners/${index}`,
  };
}

function ruleEntry(rule: Json, index: number): OutlineEntry {
  const matches = listAt(rule, 'matches');
  const first = matches[0];
  const more = matches.length > 1 ? ` +${matches.length - 1}` : '';
  const name = stringAt(rule, 'name');
  return {
    label: name ?? `${first === undefined ? 'everything' : matchInWords(first)}${more}`,
    detail: name === undefined ? targetInWords(rule) : matchInWords(first ?? {}),
    pointer: `/spec/rules/${index}`,
  };
}

function matchInWords(match: Json): string {
  const path = objectAt(match, 'path');
  const type = stringAt(path, 'type') ?? 'PathPrefix';
  const value = stringAt(path, 'value') ?? '/';
  const parts = [type === 'Exact' ? `= ${value}` : type === 'PathPrefix' ? value : `~ ${value}`];
  const method = stringAt(match, 'method');
  if (method !== undefined) parts.unshift(method);
  for (const header of listAt(match, 'headers')) parts.push(stringAt(header, 'name') ?? '');
  for (const query of listAt(match, 'queryParams')) parts.push(`?${stringAt(query, 'name') ?? ''}`);
  return parts.join(' ');
}

function targetInWords(rule: Json): string {
  const backends = listAt(rule, 'backendRefs');
  if (backends.length > 1) return `${backends.length} backends`;
  const only = backends[0];
  if (only !== undefined) return stringAt(only, 'name') ?? '';
  const redirects = listAt(rule, 'filters').some(
    (filter) => stringAt(filter, 'type') === 'RequestRedirect',
  );
  return redirects ? 'redirect' : '';
}

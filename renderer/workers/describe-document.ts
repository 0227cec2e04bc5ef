import type { Json, JsonObject } from '../../core/gateway/json.ts';
import type { ParsedDocument } from '../../core/gateway/parse-config.ts';
import type { DocumentSummary } from './config-worker-messages.ts';
import { flagInWords } from './form-references.ts';
import { outlineOf } from './outline-document.ts';

/** Longest search text kept for one document. */
const SEARCH_CHARS_MAX = 4_000;
/** Deepest nesting walked for it. */
const DEPTH_MAX = 12;

/** What a tree row and a search need of a document. */
export function describeDocument(document: ParsedDocument): DocumentSummary {
  return {
    key: document.key,
    kind: document.kind,
    namespace: document.namespace,
    name: document.name,
    known: document.known,
    pushed: document.pushed,
    startLine: document.startLine,
    errors: 0,
    warnings: 0,
    detail: document.body === null ? '' : detailOf(document.kind, document.body),
    searchText: searchTextOf(document),
    outline: document.body === null ? [] : outlineOf(document.kind, document.body),
  };
}

function detailOf(kind: string, body: JsonObject): string {
  const spec = objectOf(body.spec);
  if (spec === null) return '';
  if (kind === 'Gateway') return counted(spec.listeners, 'listener');
  // Most routes have one rule, and then the count says nothing.
  if (kind.endsWith('Route') && Array.isArray(spec.rules) && spec.rules.length === 1) return '';
  if (kind.endsWith('Route')) return counted(spec.rules, 'rule');
  if (kind === 'Service') return counted(spec.ports, 'port');
  if (kind === 'RequestSuite') return counted(spec.requests, 'request');
  if (kind === 'FeatureFlag') return flagInWords(body);
  return '';
}

function counted(list: Json | undefined, noun: string): string {
  if (!Array.isArray(list)) return '';
  return `${list.length} ${noun}${list.length === 1 ? '' : 's'}`;
}

function searchTextOf(document: ParsedDocument): string {
  const words = [document.name, `${document.namespace}/${document.name}`, document.kind];
  if (document.body !== null) collect(document.body.spec, '', words, 0);
  return words.join('\n').toLowerCase().slice(0, SEARCH_CHARS_MAX);
}

/** Hosts, paths and backends lie under these names in every Gateway API kind. */
const SEARCHED = new Set(['hostname', 'hostnames', 'path', 'backendRefs', 'backendRef']);

function collect(value: Json | undefined, under: string, out: string[], depth: number): void {
  if (value === undefined || value === null || depth > DEPTH_MAX) return;
  if (typeof value === 'string') {
    if (under !== '') out.push(value);
    return;
  }
  if (typeof value === 'number' && under === 'port') {
    out.push(String(value));
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value) collect(item, under, out, depth + 1);
    return;
  }
  const object = objectOf(value);
  if (object === null) return;
  for (const [name, child] of Object.entries(object)) {
    const inside = SEARCHED.has(name) ? name : under;
    // Filters inside a backendRef, and match types, are not what a person looks for.
    if (inside !== '' && (name === 'type' || name === 'filters' || name === 'weight')) continue;
    collect(child, inside === '' ? '' : name === 'port' ? 'port' : inside, out, depth + 1);
  }
}

function objectOf(value: Json | undefined): JsonObject | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  // `Array.isArray` does not narrow readonly arrays away, hence the check above and this one.
  return isObject(value) ? value : null;
}

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

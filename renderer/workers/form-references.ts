import {
  integerAt,
  type JsonObject,
  listAt,
  memberOf,
  objectAt,
  stringAt,
} from '../../core/gateway/json.ts';
import type { ParsedConfig, ParsedDocument } from '../../core/gateway/parse-config.ts';
import type { FormReferences } from '../config/form/form-model.ts';

/** Entries of each list; a picker searches within them. */
const LISTED_MAX = 5_000;

/** What a config's forms can refer to. Cells are no part of a config and stay empty. */
export function formReferencesOf(parsed: ParsedConfig): FormReferences {
  const of = (kind: string) =>
    parsed.documents
      .filter((each) => each.kind === kind && each.body !== null)
      .slice(0, LISTED_MAX);
  const namespaces = new Set<string>();
  for (const { kind, name, namespace } of parsed.documents) {
    if (kind === 'Namespace') namespaces.add(name);
    else if (namespace !== '') namespaces.add(namespace);
  }
  return {
    gateways: of('Gateway').map((each) => ({ ...placeOf(each), listeners: listenersOf(each) })),
    backends: [...of('Service').map(serviceOf), ...of('Backend').map(backendOf)],
    routes: of('HTTPRoute').map((each) => ({ ...placeOf(each), rules: ruleNamesOf(each) })),
    flags: of('FeatureFlag').map((each) => ({ ...placeOf(each), summary: flagInWords(each.body) })),
    namespaces: [...namespaces].sort().slice(0, LISTED_MAX),
    cells: [],
  };
}

function placeOf({ namespace, name }: ParsedDocument): { namespace: string; name: string } {
  return { namespace, name };
}

function listenersOf({ body }: ParsedDocument): FormReferences['gateways'][number]['listeners'] {
  return listAt(specOf(body), 'listeners').map((listener) => ({
    name: stringAt(listener, 'name') ?? '',
    port: integerAt(listener, 'port') ?? 0,
    protocol: stringAt(listener, 'protocol') ?? '',
    hostname: stringAt(listener, 'hostname') ?? '',
  }));
}

function serviceOf(document: ParsedDocument): FormReferences['backends'][number] {
  return { kind: 'Service', ...placeOf(document), ports: portsOf(document, 'ports') };
}

function backendOf(document: ParsedDocument): FormReferences['backends'][number] {
  return { kind: 'Backend', ...placeOf(document), ports: portsOf(document, 'endpoints') };
}

function portsOf({ body }: ParsedDocument, list: string): number[] {
  const ports = new Set<number>();
  for (const entry of listAt(specOf(body), list)) {
    const port = integerAt(entry, 'port');
    if (port !== undefined) ports.add(port);
  }
  return [...ports];
}

function ruleNamesOf({ body }: ParsedDocument): string[] {
  return listAt(specOf(body), 'rules').flatMap((rule) => stringAt(rule, 'name') ?? []);
}

/** `On`, `Off`, or `25 %` and what else turns it on. */
export function flagInWords(body: JsonObject | null): string {
  const spec = specOf(body);
  const mode = stringAt(spec, 'mode') ?? '';
  if (mode !== 'Conditional') return mode.toLowerCase();
  const when = objectAt(spec, 'when');
  const percent = memberOf(when, 'percent');
  const parts = typeof percent === 'number' ? [`${percent} %`] : [];
  if (listAt(when, 'headers').length > 0) parts.push('by header');
  if (listAt(when, 'cells').length > 0) parts.push('by cell');
  return parts.join(', ');
}

function specOf(body: JsonObject | null): JsonObject | undefined {
  return body === null ? undefined : objectAt(body, 'spec');
}

import type { ResourceKey } from '../config/ids.ts';
import { integerAt, isJsonObject, type JsonObject, listAt, objectAt, stringAt } from './json.ts';
import { identityOf } from './kinds.ts';
import { type Listener, listenersOf, type NamespaceLabels } from './listener.ts';
import { collectGrants, type GrantTable } from './reference-grants.ts';

/** A resource as the store and the wire carry it. */
export interface CanonicalResource {
  readonly key: ResourceKey;
  readonly body: JsonObject;
}

export interface IndexedRoute {
  readonly key: ResourceKey;
  readonly namespace: string;
  readonly name: string;
  readonly body: JsonObject;
}

/** What requests can be sent to: a Service's ports, or a Backend's endpoints. */
export interface IndexedBackend {
  readonly kind: 'Service' | 'Backend';
  readonly ports: ReadonlySet<number>;
  readonly endpoints: number;
}

/** Resources sorted by what routing asks of them. Built by `compile` and by validation alike. */
export interface ResourceIndex {
  /** By `namespace/name`. */
  readonly gateways: ReadonlyMap<string, readonly Listener[]>;
  readonly routes: readonly IndexedRoute[];
  /** By `Service/namespace/name` or `Backend/namespace/name`. */
  readonly backends: ReadonlyMap<string, IndexedBackend>;
  readonly namespaces: NamespaceLabels;
  readonly grants: GrantTable;
}

/** Of several resources with one key the last counts. Bodies may be of any shape. */
export function indexResources(resources: Iterable<CanonicalResource>): ResourceIndex {
  const gateways = new Map<string, readonly Listener[]>();
  const routes = new Map<string, IndexedRoute>();
  const backends = new Map<string, IndexedBackend>();
  const namespaces = new Map<string, ReadonlyMap<string, string>>();
  const grants: { namespace: string; body: JsonObject }[] = [];
  for (const { key, body } of resources) {
    const identity = isJsonObject(body) ? identityOf(body) : null;
    if (identity === null) continue;
    const { kind, namespace, name } = identity;
    const path = `${namespace}/${name}`;
    if (kind === 'Gateway') gateways.set(path, listenersOf(key, namespace, body));
    else if (kind === 'HTTPRoute') routes.set(path, { key, namespace, name, body });
    else if (kind === 'Namespace') namespaces.set(name, labelsOf(body));
    else if (kind === 'ReferenceGrant') grants.push({ namespace, body });
    else backends.set(`${kind}/${path}`, backendOf(kind, body));
  }
  return {
    gateways,
    routes: [...routes.values()],
    backends,
    namespaces,
    grants: collectGrants(grants),
  };
}

function backendOf(kind: 'Service' | 'Backend', body: JsonObject): IndexedBackend {
  const spec = objectAt(body, 'spec');
  const ports = new Set<number>();
  for (const entry of listAt(spec, kind === 'Service' ? 'ports' : 'endpoints')) {
    const port = integerAt(entry, 'port');
    if (port !== undefined) ports.add(port);
  }
  return { kind, ports, endpoints: listAt(spec, 'endpoints').length };
}

function labelsOf(body: JsonObject): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  const written = objectAt(objectAt(body, 'metadata'), 'labels') ?? {};
  for (const key of Object.keys(written)) {
    const value = stringAt(written, key);
    if (value !== undefined) labels.set(key, value);
  }
  return labels;
}

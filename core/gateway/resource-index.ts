import type { ResourceKey } from '../config/ids.ts';
import {
  integerAt,
  isJsonObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  stringAt,
} from './json.ts';
import { identityOf } from './kinds.ts';
import {
  type Listener,
  type ListenerOwner,
  listenersOf,
  type NamespaceLabels,
} from './listener.ts';
import { type IndexedListenerSet, joinListenerSets } from './listener-set.ts';
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
  /** Ports whose `appProtocol` or protocol no HTTPRoute can speak. */
  readonly foreignPorts: ReadonlySet<number>;
}

/** Resources sorted by what routing asks of them. Built by `compile` and by validation alike. */
export interface ResourceIndex {
  /** By `namespace/name`. */
  readonly gateways: ReadonlyMap<string, readonly Listener[]>;
  /** By `namespace/name`. */
  readonly listenerSets: ReadonlyMap<string, IndexedListenerSet>;
  readonly routes: readonly IndexedRoute[];
  /** By `Service/namespace/name` or `Backend/namespace/name`. */
  readonly backends: ReadonlyMap<string, IndexedBackend>;
  readonly namespaces: NamespaceLabels;
  readonly grants: GrantTable;
}

/** By body, which parser, store and nodes share between configs. */
const routesByBody = new WeakMap<JsonObject, IndexedRoute | null>();

/** The resource as a route; null: it is none, or nothing that can be told. */
export function indexedRouteOf({ key, body }: CanonicalResource): IndexedRoute | null {
  if (!isJsonObject(body)) return null;
  const known = routesByBody.get(body);
  if (known !== undefined && (known === null || known.key === key)) return known;
  const identity = identityOf(body);
  const route =
    identity?.kind === 'HTTPRoute'
      ? { key, namespace: identity.namespace, name: identity.name, body }
      : null;
  routesByBody.set(body, route);
  return route;
}

/** Of several resources with one key the last counts. Bodies may be of any shape. */
export function indexResources(resources: Iterable<CanonicalResource>): ResourceIndex {
  const owners = new Map<string, ListenerOwner>();
  const sets = new Map<string, ListenerOwner>();
  const routes = new Map<string, IndexedRoute>();
  const backends = new Map<string, IndexedBackend>();
  const namespaces = new Map<string, ReadonlyMap<string, string>>();
  const grants: { namespace: string; body: JsonObject }[] = [];
  for (const { key, body } of resources) {
    const identity = isJsonObject(body) ? identityOf(body) : null;
    if (identity === null) continue;
    const { namespace, name } = identity;
    const kind: string = identity.kind;
    const path = `${namespace}/${name}`;
    if (kind === 'Gateway') owners.set(path, { key, namespace, body });
    else if (kind === 'ListenerSet') sets.set(path, { key, namespace, body });
    else if (kind === 'HTTPRoute') routes.set(path, { key, namespace, name, body });
    else if (kind === 'Namespace') namespaces.set(name, labelsOf(body));
    else if (kind === 'ReferenceGrant') grants.push({ namespace, body });
    else if (kind === 'Service' || kind === 'Backend') {
      backends.set(`${kind}/${path}`, backendOf(kind, body));
    }
  }
  const gateways = new Map<string, readonly Listener[]>();
  for (const [path, owner] of owners) {
    gateways.set(path, listenersOf(owner, { key: owner.key, path }));
  }
  return {
    gateways,
    listenerSets: joinListenerSets(sets, owners, gateways, namespaces),
    routes: [...routes.values()],
    backends,
    namespaces,
    grants: collectGrants(grants),
  };
}

/** What a Service may say of a port that HTTP can be spoken to (GEP-1911); nothing said is HTTP. */
const HTTP_PROTOCOLS: ReadonlySet<string> = new Set([
  'http',
  'https',
  'http2',
  'h2c',
  'grpc',
  'ws',
  'wss',
  'kubernetes.io/h2c',
  'kubernetes.io/ws',
  'kubernetes.io/wss',
]);

function backendOf(kind: 'Service' | 'Backend', body: JsonObject): IndexedBackend {
  const spec = objectAt(body, 'spec');
  const ports = new Set<number>();
  const foreignPorts = new Set<number>();
  const httpPorts = new Set<number>();
  for (const entry of listAt(spec, kind === 'Service' ? 'ports' : 'endpoints')) {
    const port = integerAt(entry, 'port');
    if (port === undefined) continue;
    ports.add(port);
    if (kind === 'Backend' || speaksHttp(entry)) httpPorts.add(port);
    else foreignPorts.add(port);
  }
  // One number may be there for TCP and for UDP.
  for (const port of httpPorts) foreignPorts.delete(port);
  return { kind, ports, endpoints: listAt(spec, 'endpoints').length, foreignPorts };
}

function speaksHttp(port: Json): boolean {
  const protocol = stringAt(port, 'appProtocol') ?? '';
  if (protocol !== '' && !HTTP_PROTOCOLS.has(protocol.toLowerCase())) return false;
  return (stringAt(port, 'protocol') ?? 'TCP') === 'TCP';
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

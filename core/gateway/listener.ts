import type { ResourceKey } from '../config/ids.ts';
import {
  integerAt,
  type Json,
  type JsonObject,
  listAt,
  memberOf,
  objectAt,
  stringAt,
} from './json.ts';
import { GATEWAY_GROUP } from './kinds.ts';

/** Labels of a namespace, by its name. */
export type NamespaceLabels = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** One listener of a Gateway as routing needs it. Only HTTP and HTTPS are served. */
export interface Listener {
  /** The Gateway that serves it, also where a ListenerSet states it. */
  readonly gateway: ResourceKey;
  /** `namespace/name` of that Gateway. */
  readonly gatewayPath: string;
  /** Where it is stated: the Gateway, or a ListenerSet. */
  readonly parent: ResourceKey;
  readonly name: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  /** Lower case; empty for any. */
  readonly hostname: string;
  /** Whether HTTPRoutes of this namespace may attach. */
  admits(routeNamespace: string, labels: NamespaceLabels): boolean;
}

/** Whose listeners are read. */
export interface ListenerOwner {
  readonly key: ResourceKey;
  /** `Same` means this namespace: the ListenerSet's own where one states the listener. */
  readonly namespace: string;
  readonly body: JsonObject;
}

/** The listeners of a Gateway or ListenerSet that serve HTTP; what is malformed is left out. */
export function listenersOf(
  owner: ListenerOwner,
  gateway: { readonly key: ResourceKey; readonly path: string },
): Listener[] {
  const listeners: Listener[] = [];
  for (const entry of listAt(objectAt(owner.body, 'spec'), 'listeners')) {
    const name = stringAt(entry, 'name');
    const port = integerAt(entry, 'port');
    const protocol = stringAt(entry, 'protocol');
    if (name === undefined || port === undefined) continue;
    if (protocol !== 'HTTP' && protocol !== 'HTTPS') continue;
    const allowed = objectAt(entry, 'allowedRoutes');
    const takesRoutes = admitsHttpRoute(allowed);
    const namespaces = objectAt(allowed, 'namespaces');
    listeners.push({
      gateway: gateway.key,
      gatewayPath: gateway.path,
      parent: owner.key,
      name,
      port,
      scheme: protocol === 'HTTP' ? 'http' : 'https',
      hostname: (stringAt(entry, 'hostname') ?? '').toLowerCase(),
      admits: (routeNamespace, labels) =>
        takesRoutes && admitsNamespace(namespaces, 'Same', owner.namespace, routeNamespace, labels),
    });
  }
  return listeners;
}

/** Whether a Gateway takes the listeners of ListenerSets of a namespace. By default it takes none. */
export function admitsListenerSets(
  gateway: ListenerOwner,
  namespace: string,
  labels: NamespaceLabels,
): boolean {
  const allowed = objectAt(objectAt(gateway.body, 'spec'), 'allowedListeners');
  const namespaces = objectAt(allowed, 'namespaces');
  return admitsNamespace(namespaces, 'None', gateway.namespace, namespace, labels);
}

function admitsHttpRoute(allowed: JsonObject | undefined): boolean {
  const kinds = listAt(allowed, 'kinds');
  if (kinds.length === 0) return true;
  return kinds.some(
    (entry) =>
      stringAt(entry, 'kind') === 'HTTPRoute' &&
      (stringAt(entry, 'group') ?? GATEWAY_GROUP) === GATEWAY_GROUP,
  );
}

function admitsNamespace(
  namespaces: JsonObject | undefined,
  fallback: 'Same' | 'None',
  ownNamespace: string,
  otherNamespace: string,
  labels: NamespaceLabels,
): boolean {
  switch (stringAt(namespaces, 'from') ?? fallback) {
    case 'All':
      return true;
    case 'Same':
      return otherNamespace === ownNamespace;
    case 'Selector': {
      const selector = objectAt(namespaces, 'selector');
      return selector !== undefined && selects(selector, labelsOf(otherNamespace, labels));
    }
    default:
      return false;
  }
}

/** Clusters give every namespace its name as a label, which nobody can write over. */
function labelsOf(namespace: string, labels: NamespaceLabels): ReadonlyMap<string, string> {
  const own = labels.get(namespace);
  return new Map([...(own ?? []), ['kubernetes.io/metadata.name', namespace]]);
}

function selects(selector: JsonObject, labels: ReadonlyMap<string, string>): boolean {
  const wanted = objectAt(selector, 'matchLabels') ?? {};
  for (const key of Object.keys(wanted)) {
    if (labels.get(key) !== wanted[key]) return false;
  }
  return listAt(selector, 'matchExpressions').every((entry) => fitsExpression(entry, labels));
}

function fitsExpression(entry: Json, labels: ReadonlyMap<string, string>): boolean {
  const key = stringAt(entry, 'key');
  if (key === undefined) return false;
  const value = labels.get(key);
  const listed = value !== undefined && listAt(entry, 'values').includes(value);
  switch (memberOf(entry, 'operator')) {
    case 'In':
      return listed;
    case 'NotIn':
      return !listed;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

import { intersectHostnames } from './hostname.ts';
import { integerAt, type Json, type JsonObject, listAt, objectAt, stringAt } from './json.ts';
import { GATEWAY_GROUP } from './kinds.ts';
import type { Listener } from './listener.ts';
import type { IndexedRoute, ResourceIndex } from './resource-index.ts';

/** A route on one listener, with the hostnames that both have in common (empty string: any). */
export interface Attachment {
  readonly listener: Listener;
  readonly hostnames: readonly string[];
}

/** Why a parentRef attaches nowhere. */
export type AttachmentFailure =
  | 'foreign-parent'
  | 'missing-gateway'
  | 'missing-listener-set'
  /** Its Gateway is not there, or takes no listeners from its namespace. */
  | 'listener-set-not-admitted'
  | 'missing-listener'
  | 'missing-port'
  | 'not-admitted'
  | 'no-common-hostname';

export type AttachmentResult =
  | { readonly ok: true; readonly value: readonly Attachment[] }
  | { readonly ok: false; readonly error: AttachmentFailure };

/** Where a parentRef points: `namespace/name` of a Gateway; null for anything that is not one. */
export function parentGatewayOf(parent: Json, route: IndexedRoute): string | null {
  const group = stringAt(parent, 'group') ?? GATEWAY_GROUP;
  const kind = stringAt(parent, 'kind') ?? 'Gateway';
  const name = stringAt(parent, 'name');
  if (group !== GATEWAY_GROUP || kind !== 'Gateway' || name === undefined) return null;
  return `${stringAt(parent, 'namespace') ?? route.namespace}/${name}`;
}

/** The same for a ListenerSet. */
export function parentListenerSetOf(parent: Json, route: IndexedRoute): string | null {
  const group = stringAt(parent, 'group') ?? GATEWAY_GROUP;
  const name = stringAt(parent, 'name');
  if (group !== GATEWAY_GROUP || name === undefined) return null;
  if (stringAt(parent, 'kind') !== 'ListenerSet') return null;
  return `${stringAt(parent, 'namespace') ?? route.namespace}/${name}`;
}

type ListenersResult =
  | { readonly ok: true; readonly value: readonly Listener[] }
  | { readonly ok: false; readonly error: AttachmentFailure };

/** A Gateway's own listeners, or a ListenerSet's: one parentRef never reaches both. */
function parentListeners(index: ResourceIndex, route: IndexedRoute, parent: Json): ListenersResult {
  const path = parentGatewayOf(parent, route);
  if (path !== null) {
    const gateway = index.gateways.get(path);
    if (gateway === undefined) return { ok: false, error: 'missing-gateway' };
    return { ok: true, value: gateway };
  }
  const setPath = parentListenerSetOf(parent, route);
  if (setPath === null) return { ok: false, error: 'foreign-parent' };
  const set = index.listenerSets.get(setPath);
  if (set === undefined) return { ok: false, error: 'missing-listener-set' };
  if (!set.isAdmitted) return { ok: false, error: 'listener-set-not-admitted' };
  return { ok: true, value: set.listeners };
}

/** The listeners that one parentRef attaches a route to, and why none. */
export function attach(index: ResourceIndex, route: IndexedRoute, parent: Json): AttachmentResult {
  const listeners = parentListeners(index, route, parent);
  if (!listeners.ok) return listeners;
  const gateway = listeners.value;
  const section = stringAt(parent, 'sectionName');
  const named = section === undefined ? gateway : gateway.filter((one) => one.name === section);
  if (named.length === 0) return { ok: false, error: 'missing-listener' };
  const port = integerAt(parent, 'port');
  const onPort = port === undefined ? named : named.filter((one) => one.port === port);
  if (onPort.length === 0) return { ok: false, error: 'missing-port' };
  const admitting = onPort.filter((one) => one.admits(route.namespace, index.namespaces));
  if (admitting.length === 0) return { ok: false, error: 'not-admitted' };
  const wanted = routeHostnames(route.body);
  const attachments: Attachment[] = [];
  for (const listener of admitting) {
    const hostnames = commonHostnames(listener.hostname, wanted);
    if (hostnames.length > 0) attachments.push({ listener, hostnames });
  }
  if (attachments.length === 0) return { ok: false, error: 'no-common-hostname' };
  return { ok: true, value: attachments };
}

/** A route's own hostnames in lower case; empty when it takes any. */
export function routeHostnames(body: JsonObject): readonly string[] {
  const hostnames: string[] = [];
  for (const entry of listAt(objectAt(body, 'spec'), 'hostnames')) {
    if (typeof entry === 'string' && entry !== '') hostnames.push(entry.toLowerCase());
  }
  return hostnames;
}

function commonHostnames(listener: string, route: readonly string[]): readonly string[] {
  if (route.length === 0) return [listener];
  const common = new Set<string>();
  for (const hostname of route) {
    const both = intersectHostnames(listener, hostname);
    if (both !== null) common.add(both);
  }
  return [...common];
}

import {
  type Attachment,
  attach,
  parentGatewayOf,
  parentListenerSetOf,
  routeHostnames,
} from './attachment.ts';
import { intersectHostnames } from './hostname.ts';
import {
  hasMember,
  isJsonObject,
  type Json,
  listAt,
  memberOf,
  objectAt,
  pointerTo,
  stringAt,
} from './json.ts';
import type { Listener } from './listener.ts';
import type { ListenerReach } from './listener-reach.ts';
import { nearestName } from './near-name.ts';
import type { ProblemFix } from './problem.ts';
import { changeTo, removeAt } from './problem-fix.ts';
import type { Find } from './reference-finding.ts';
import type { IndexedRoute } from './resource-index.ts';
import { checkRuleReferences, listed, type ReferenceTargets } from './validate-backends.ts';

/** What one HTTPRoute is judged against. */
export interface RouteSurroundings extends ReferenceTargets {
  readonly reach: ListenerReach;
}

type Failure = Exclude<ReturnType<typeof attach>, { ok: true }>['error'];

/**
 * Stage three for one HTTPRoute: what it refers to is there, and lets itself be referred to. Yields
 * the listeners that it is attached to.
 */
export function checkRouteReferences(
  around: RouteSurroundings,
  route: IndexedRoute,
  find: Find,
): readonly Attachment[] {
  const attachments = checkParents(around, route, find);
  checkRuleReferences(around, route, find);
  return attachments;
}

function checkParents(around: RouteSurroundings, route: IndexedRoute, find: Find): Attachment[] {
  const attached: Attachment[] = [];
  let readable = true;
  const parents = listAt(objectAt(route.body, 'spec'), 'parentRefs');
  parents.forEach((parent, position) => {
    const pointer = pointerTo('/spec/parentRefs', position);
    const result = attach(around.index, route, parent);
    if (result.ok) {
      attached.push(...result.value);
      return;
    }
    readable = false;
    reportParent(around, route, parent, result.error, pointer, find);
  });
  if (parents.length === 0) offerParent(around, route, find);
  // A parentRef that leads nowhere has been reported; its hostnames would only repeat it.
  if (readable && attached.length > 0) checkHostnames(around, route, attached, find);
  return attached;
}

function checkHostnames(
  { reach }: RouteSurroundings,
  route: IndexedRoute,
  attached: readonly Attachment[],
  find: Find,
): void {
  const hostnames = listAt(objectAt(route.body, 'spec'), 'hostnames');
  hostnames.forEach((hostname, position) => {
    if (typeof hostname !== 'string') return;
    const name = hostname.toLowerCase();
    let taken: string | null = null;
    for (const { listener } of attached) {
      const both = intersectHostnames(listener.hostname, name);
      if (both === null) continue;
      const taker = reach.takerOf(listener, both);
      if (taker === null) return;
      taken = taker;
    }
    const pointer = pointerTo('/spec/hostnames', position);
    find({
      severity: 'warning',
      code: 'unreachable-hostname',
      pointer,
      message:
        taken === null
          ? `No listener of this route's Gateways takes ${hostname}, so the name has no effect.`
          : `Requests for ${hostname} go to the listener for ${taken}, which fits them better and to which this route is not attached; attach it there, or remove the name.`,
      fix: hostnames.length > 1 ? removeAt(pointer, hostname.slice(0, 60)) : undefined,
    });
  });
}

/** A route without parents, in a config with only one Gateway that could be meant. */
function offerParent({ index }: RouteSurroundings, route: IndexedRoute, find: Find): void {
  if (index.gateways.size !== 1) return;
  for (const path of index.gateways.keys()) {
    const slash = path.indexOf('/');
    const namespace = path.slice(0, slash);
    const name = path.slice(slash + 1);
    const parent = namespace === route.namespace ? { name } : { name, namespace };
    if (!attach(index, route, parent).ok) return;
    const ops = [{ op: 'set', pointer: '/spec/parentRefs', value: [parent] }] as const;
    const fix = { title: `Attach to Gateway ${name}`, ops, addDocument: null };
    const code = 'unattached-route';
    find({ severity: 'warning', code, pointer: '/spec', message: '', fix, amends: true });
  }
}

function reportParent(
  around: RouteSurroundings,
  route: IndexedRoute,
  parent: Json,
  failure: Failure,
  pointer: string,
  find: Find,
): void {
  const setPath = parentListenerSetOf(parent, route);
  const path = parentGatewayOf(parent, route) ?? setPath ?? '';
  const owner = `${setPath === null ? 'Gateway' : 'ListenerSet'} ${path}`;
  const { gateways, listenerSets } = around.index;
  const listeners =
    (setPath === null ? gateways.get(path) : listenerSets.get(path)?.listeners) ?? [];
  switch (failure) {
    case 'foreign-parent': {
      if (stringAt(parent, 'name') === undefined) return;
      const kind = stringAt(parent, 'kind') ?? 'Gateway';
      const message = `Holdfast attaches routes to Gateways and ListenerSets only; this parentRef to a ${kind} has no effect.`;
      find({ severity: 'warning', code: failure, pointer, message });
      return;
    }
    case 'missing-gateway':
      reportGateway(around, route, path, parent, pointer, find);
      return;
    case 'missing-listener-set':
      find({
        severity: 'error',
        code: failure,
        pointer: `${pointer}/name`,
        message: `There is no ListenerSet ${path} in this config.`,
        near: {
          memoKey: owner,
          find: () => nearestName(path, listenerSets.keys()),
          fixTo: (near) => nearParentFix(around, route, near, parent, pointer),
        },
      });
      return;
    case 'listener-set-not-admitted': {
      const message = `The Gateway of ListenerSet ${path} is not in this config or does not take its listeners, so the route is attached to none; change allowedListeners of the Gateway.`;
      find({ severity: 'error', code: failure, pointer, message });
      return;
    }
    case 'missing-listener':
      reportListener(owner, listeners, parent, pointer, find);
      return;
    case 'missing-port': {
      const ports = [...new Set(listeners.map((listener) => listener.port))];
      const at = `${pointer}/port`;
      const only = ports.length === 1 && !hasMember(parent, 'sectionName') ? ports[0] : undefined;
      find({
        severity: 'error',
        code: failure,
        pointer: at,
        message: `${owner} has no such listener on port ${String(memberOf(parent, 'port'))}; its ports are ${listed(ports.map(String))}.`,
        fix: fixWhenAttached(around, route, parent, { port: only }, changeTo(at, only ?? 0)),
      });
      return;
    }
    case 'not-admitted': {
      const message = `${owner} does not admit HTTPRoutes from namespace ${route.namespace}; change allowedRoutes of its listener, or the namespace's labels.`;
      find({ severity: 'error', code: failure, pointer, message });
      return;
    }
    case 'no-common-hostname': {
      const own = listed(routeHostnames(route.body));
      const message = `No listener of ${owner} takes the hostnames of this route (${own}); change one or the other.`;
      find({ severity: 'error', code: failure, pointer, message });
      return;
    }
  }
}

function nameOf(path: string): string {
  return path.slice(path.indexOf('/') + 1);
}

/** Only a fix that leads somewhere: the changed parentRef must attach the route. */
function fixWhenAttached(
  { index }: RouteSurroundings,
  route: IndexedRoute,
  parent: Json,
  change: Readonly<Record<string, string | number | undefined>>,
  fix: ProblemFix,
): ProblemFix | undefined {
  const changed: Record<string, Json> = isJsonObject(parent) ? { ...parent } : {};
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined) return undefined;
    changed[key] = value;
  }
  return attach(index, route, changed).ok ? fix : undefined;
}

function reportGateway(
  around: RouteSurroundings,
  route: IndexedRoute,
  path: string,
  parent: Json,
  pointer: string,
  find: Find,
): void {
  find({
    severity: 'error',
    code: 'missing-gateway',
    pointer: `${pointer}/name`,
    message: `There is no Gateway ${path} in this config.`,
    near: {
      memoKey: `Gateway/${path}`,
      find: () => nearestName(path, around.index.gateways.keys()) ?? sameName(around, path),
      fixTo: (near) => nearParentFix(around, route, near, parent, pointer),
    },
  });
}

function nearParentFix(
  around: RouteSurroundings,
  route: IndexedRoute,
  near: string,
  parent: Json,
  pointer: string,
): ProblemFix | undefined {
  const slash = near.indexOf('/');
  const [namespace, name] = [near.slice(0, slash), near.slice(slash + 1)];
  const own = stringAt(parent, 'namespace') ?? route.namespace;
  const change = namespace === own ? { name } : { name, namespace };
  const ops = Object.entries(change)
    .filter(([key, value]) => stringAt(parent, key) !== value)
    .map(([key, value]) => ({ op: 'set', pointer: `${pointer}/${key}`, value }) as const);
  const kind = stringAt(parent, 'kind') ?? 'Gateway';
  const fix = { title: `Change to ${kind} ${near}`, ops, addDocument: null };
  return fixWhenAttached(around, route, parent, change, fix);
}

/** The Gateway of that name in another namespace, when there is one and no second. */
function sameName({ index }: RouteSurroundings, path: string): string | null {
  const name = nameOf(path);
  let found: string | null = null;
  for (const candidate of index.gateways.keys()) {
    if (nameOf(candidate) !== name) continue;
    if (found !== null) return null;
    found = candidate;
  }
  return found;
}

function reportListener(
  owner: string,
  listeners: readonly Listener[],
  parent: Json,
  pointer: string,
  find: Find,
): void {
  const section = stringAt(parent, 'sectionName') ?? '';
  const at = `${pointer}/sectionName`;
  const names = listeners.map((listener) => listener.name);
  find({
    severity: 'error',
    code: 'missing-listener',
    pointer: at,
    message: `${owner} has no listener "${section}" for HTTP; it has ${listed(names)}.`,
    near: {
      memoKey: `${owner}/${section}`,
      find: () => nearestName(section, names) ?? (names.length === 1 ? (names[0] ?? null) : null),
      fixTo: (near) => changeTo(at, near),
    },
  });
}

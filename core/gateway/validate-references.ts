import { attach, parentGatewayOf, routeHostnames } from './attachment.ts';
import { type BackendTarget, backendFailureOf, backendTargetOf } from './backend-reference.ts';
import { intersectHostnames } from './hostname.ts';
import { type Json, listAt, memberOf, objectAt, pointerTo, stringAt } from './json.ts';
import { GATEWAY_GROUP, HOLDFAST_GROUP } from './kinds.ts';
import { suggest } from './near-name.ts';
import type { IndexedRoute, ResourceIndex } from './resource-index.ts';
import type { Report } from './shape.ts';

/** Stage three for one HTTPRoute: what it refers to is there, and lets itself be referred to. */
export function checkRouteReferences(
  index: ResourceIndex,
  route: IndexedRoute,
  report: Report,
): void {
  const spec = objectAt(route.body, 'spec');
  checkParents(index, route, report);
  listAt(spec, 'rules').forEach((rule, ruleIndex) => {
    const pointer = pointerTo('/spec/rules', ruleIndex);
    checkMirrors(index, route, rule, pointer, report);
    listAt(rule, 'backendRefs').forEach((reference, position) => {
      const at = pointerTo(`${pointer}/backendRefs`, position);
      checkBackend(index, route, reference, at, report);
      checkMirrors(index, route, reference, at, report);
    });
  });
}

function checkMirrors(
  index: ResourceIndex,
  route: IndexedRoute,
  owner: Json,
  pointer: string,
  report: Report,
): void {
  listAt(owner, 'filters').forEach((filter, position) => {
    const reference = objectAt(objectAt(filter, 'requestMirror'), 'backendRef');
    if (reference === undefined) return;
    const at = `${pointerTo(`${pointer}/filters`, position)}/requestMirror/backendRef`;
    checkBackend(index, route, reference, at, report);
  });
}

function checkParents(index: ResourceIndex, route: IndexedRoute, report: Report): void {
  const reached = new Set<string>();
  let readable = true;
  listAt(objectAt(route.body, 'spec'), 'parentRefs').forEach((parent, position) => {
    const pointer = pointerTo('/spec/parentRefs', position);
    const result = attach(index, route, parent);
    if (result.ok) {
      for (const attachment of result.value) reached.add(attachment.listener.hostname);
      return;
    }
    readable = false;
    reportParent(index, route, parent, result.error, pointer, report);
  });
  // A parentRef that leads nowhere has been reported; its hostnames would only repeat it.
  if (!readable || reached.size === 0) return;
  listAt(objectAt(route.body, 'spec'), 'hostnames').forEach((hostname, position) => {
    if (typeof hostname !== 'string') return;
    const name = hostname.toLowerCase();
    if ([...reached].some((listener) => intersectHostnames(listener, name) !== null)) return;
    report(
      'warning',
      'unreachable-hostname',
      pointerTo('/spec/hostnames', position),
      `No listener of this route's Gateways takes ${hostname}, so the name has no effect.`,
    );
  });
}

function reportParent(
  index: ResourceIndex,
  route: IndexedRoute,
  parent: Json,
  failure: Exclude<ReturnType<typeof attach>, { ok: true }>['error'],
  pointer: string,
  report: Report,
): void {
  const path = parentGatewayOf(parent, route) ?? '';
  const name = path.slice(path.indexOf('/') + 1);
  const section = stringAt(parent, 'sectionName') ?? '';
  switch (failure) {
    case 'foreign-parent': {
      if (stringAt(parent, 'name') === undefined) return;
      const kind = stringAt(parent, 'kind') ?? 'Gateway';
      const message = `Holdfast attaches routes to Gateways only; this parentRef to a ${kind} has no effect.`;
      report('warning', failure, pointer, message);
      return;
    }
    case 'missing-gateway': {
      const near = suggest(path, index.gateways.keys());
      const message = `There is no Gateway ${path} in this config.${near}`;
      report('error', failure, `${pointer}/name`, message);
      return;
    }
    case 'missing-listener': {
      const names = (index.gateways.get(path) ?? []).map((listener) => listener.name);
      const message = `Gateway ${name} has no listener "${section}" for HTTP; it has ${listed(names)}.${suggest(section, names)}`;
      report('error', failure, `${pointer}/sectionName`, message);
      return;
    }
    case 'missing-port': {
      const ports = (index.gateways.get(path) ?? []).map((listener) => String(listener.port));
      const message = `Gateway ${name} has no such listener on port ${String(memberOf(parent, 'port'))}; its ports are ${listed(ports)}.`;
      report('error', failure, `${pointer}/port`, message);
      return;
    }
    case 'not-admitted': {
      const message = `Gateway ${path} does not admit HTTPRoutes from namespace ${route.namespace}; change allowedRoutes of its listener, or the namespace's labels.`;
      report('error', failure, pointer, message);
      return;
    }
    case 'no-common-hostname': {
      const own = listed(routeHostnames(route.body));
      const message = `No listener of Gateway ${path} takes the hostnames of this route (${own}); change one or the other.`;
      report('error', failure, pointer, message);
      return;
    }
  }
}

function checkBackend(
  index: ResourceIndex,
  route: IndexedRoute,
  reference: Json,
  pointer: string,
  report: Report,
): void {
  const target = backendTargetOf(reference, route.namespace);
  if (target === null) return;
  const failure = backendFailureOf(index, route.namespace, target);
  const what = `${target.kind} ${target.namespace}/${target.name}`;
  switch (failure) {
    case 'unknown-kind':
      report(
        'error',
        'unknown-backend-kind',
        `${pointer}/kind`,
        `Requests cannot be sent to a ${target.kind}${target.group === '' ? '' : ` of ${target.group}`}; refer to a Service, or to a Backend of ${HOLDFAST_GROUP}.`,
      );
      return;
    case 'not-permitted':
      report('error', 'reference-not-permitted', pointer, grantMessage(route, target, what));
      return;
    case 'missing': {
      const message = `There is no ${what} in this config; add it or change the name.${suggestBackend(index, target)}`;
      report('error', 'missing-backend', `${pointer}/name`, message);
      return;
    }
    case 'missing-port': {
      // A Service reference without any port is reported with its shape.
      if (target.port === null) return;
      const held = index.backends.get(`${target.kind}/${target.namespace}/${target.name}`);
      const ports = listed([...(held?.ports ?? [])].map(String));
      const message = `${what} has no port ${target.port}; it has ${ports}.`;
      report('error', 'missing-port', `${pointer}/port`, message);
      return;
    }
    case 'no-endpoints':
    case 'malformed':
    case null:
      return;
  }
}

/** Names alone when only the name differs, so that the answer can be typed as it stands. */
function suggestBackend(index: ResourceIndex, target: BackendTarget): string {
  const place = `${target.kind}/${target.namespace}/`;
  const names: string[] = [];
  for (const key of index.backends.keys()) {
    if (key.startsWith(place)) names.push(key.slice(place.length));
  }
  const near = suggest(target.name, names);
  return near === '' ? suggest(`${place}${target.name}`, index.backends.keys()) : near;
}

function grantMessage(route: IndexedRoute, target: BackendTarget, what: string): string {
  return `${what} lies in another namespace and no ReferenceGrant there permits it; add one to ${target.namespace} from ${GATEWAY_GROUP} HTTPRoute in ${route.namespace}.`;
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  return names.length <= 6 ? names.join(', ') : `${names.slice(0, 6).join(', ')}, …`;
}

import type { ResourceKey } from '../config/ids.ts';
import { type Attachment, attach } from './attachment.ts';
import { type CompiledRoute, CompileMemory, type PathTables } from './compile-memory.ts';
import { compileRule, type RuleSurroundings } from './compile-rule.ts';
import { HostnameTable } from './hostname.ts';
import { listAt, objectAt, stringAt } from './json.ts';
import type { Listener } from './listener.ts';
import type { CompiledMatch, CompiledRule, PathTable } from './path-table.ts';
import type { AttachedPolicies } from './policy/policy-plan.ts';
import type { PolicyTable } from './policy/policy-table.ts';
import { creationInstantMs } from './precedence.ts';
import { type CanonicalResource, type IndexedRoute, indexedRouteOf } from './resource-index.ts';
import { ruleSourcesOf } from './rule-source.ts';

export type { CanonicalResource };

/** Listeners that share port, scheme and hostname, and the routes on them by effective hostname. */
export interface CompiledListener {
  readonly hosts: HostnameTable<PathTable>;
  /** Those that share the place; the first is the first of the config. */
  readonly origins: readonly Listener[];
  /** Through which of them a route is attached. */
  readonly attachedBy: ReadonlyMap<ResourceKey, Listener>;
}

/** A config made ready for routing. Immutable, and shared by all nodes that serve it. */
export interface CompiledGateway {
  /** By `listenerKeyOf`. */
  readonly listeners: ReadonlyMap<number, HostnameTable<CompiledListener>>;
  /** Routes that are attached to at least one listener. */
  readonly routes: number;
}

export function listenerKeyOf(port: number, scheme: 'http' | 'https'): number {
  return port * 2 + (scheme === 'https' ? 1 : 0);
}

/**
 * Compiles resources of any shape: what cannot be understood is left out, and a reference that leads
 * nowhere answers its share of requests with an error, as the API asks.
 *
 * @param memory what the config before this one was compiled to: where only routes have changed, what
 * has not is taken from there. It changes no result.
 */
export function compileGateway(
  resources: Iterable<CanonicalResource>,
  memory: CompileMemory = new CompileMemory(),
): CompiledGateway {
  const { routes, others } = sortOut(resources);
  const around = memory.surroundings(others);
  const { index, policies } = around;
  const draft = new GatewayDraft(policies, around);
  const sets = [...index.listenerSets.values()].map((set) => set.listeners);
  for (const listeners of [...index.gateways.values(), ...sets]) {
    for (const listener of listeners) if (isServed(listener)) draft.listener(listener);
  }
  let attached = 0;
  for (const route of routes) {
    const compiled = around.route(route, () => compileRoute({ index, policies }, route));
    if (compiled.isAttached) attached += 1;
    for (const { listener, hostnames } of compiled.attachments) {
      draft.add(listener, hostnames, route, compiled.matches);
    }
  }
  return { listeners: draft.compile(), routes: attached };
}

/** Of several routes with one key the last counts. */
function sortOut(resources: Iterable<CanonicalResource>): {
  readonly routes: Iterable<IndexedRoute>;
  readonly others: readonly CanonicalResource[];
} {
  const routes = new Map<string, IndexedRoute>();
  const others: CanonicalResource[] = [];
  for (const resource of resources) {
    const route = indexedRouteOf(resource);
    if (route === null) others.push(resource);
    else routes.set(`${route.namespace}/${route.name}`, route);
  }
  return { routes: routes.values(), others };
}

function compileRoute(around: RuleSurroundings, route: IndexedRoute): CompiledRoute {
  const attachments: Attachment[] = [];
  let isAttached = false;
  for (const parent of listAt(objectAt(route.body, 'spec'), 'parentRefs')) {
    const result = attach(around.index, route, parent);
    if (!result.ok) continue;
    isAttached = true;
    attachments.push(...result.value.filter(({ listener }) => isServed(listener)));
  }
  return { matches: compileMatches(around, route), attachments, isAttached };
}

/** No request arrives at a port that does not exist. */
function isServed({ port }: Listener): boolean {
  return port >= 1 && port <= 65_535;
}

interface ListenerDraft {
  readonly origins: Listener[];
  readonly attachedBy: Map<ResourceKey, Listener>;
  /** By effective hostname, then by route, so that two parentRefs to the same listener count once. */
  readonly hosts: Map<string, Map<ResourceKey, readonly CompiledMatch[]>>;
}

class GatewayDraft {
  /** By `listenerKeyOf`, then by listener hostname. */
  readonly #ports = new Map<number, Map<string, ListenerDraft>>();
  readonly #policies: PolicyTable;
  readonly #tables: PathTables;
  readonly #policiesByListener = new Map<Listener, AttachedPolicies>();

  constructor(policies: PolicyTable, tables: PathTables) {
    this.#policies = policies;
    this.#tables = tables;
  }

  listener(listener: Listener): ListenerDraft {
    const key = listenerKeyOf(listener.port, listener.scheme);
    const port: Map<string, ListenerDraft> = this.#ports.get(key) ?? new Map();
    this.#ports.set(key, port);
    const draft: ListenerDraft = port.get(listener.hostname) ?? {
      origins: [],
      attachedBy: new Map(),
      hosts: new Map(),
    };
    port.set(listener.hostname, draft);
    if (!draft.origins.includes(listener)) draft.origins.push(listener);
    return draft;
  }

  add(
    listener: Listener,
    hostnames: readonly string[],
    route: IndexedRoute,
    matches: readonly CompiledMatch[],
  ): void {
    const draft = this.listener(listener);
    const policies = this.#policiesOf(listener);
    const own = withListenerPolicies(matches, policies);
    if (!draft.attachedBy.has(route.key)) draft.attachedBy.set(route.key, listener);
    for (const hostname of hostnames) {
      const host: Map<ResourceKey, readonly CompiledMatch[]> =
        draft.hosts.get(hostname) ?? new Map();
      draft.hosts.set(hostname, host);
      // By another listener of the same place the route was added before: what that one asks for
      // holds, and what only this one asks for too. No order of parentRefs may leave a policy out.
      const held = host.get(route.key);
      host.set(route.key, held === undefined ? own : withListenerPolicies(held, policies));
    }
  }

  /** A ListenerSet's listener has no name that a policy of the Gateway could mean. */
  #policiesOf(listener: Listener): AttachedPolicies {
    const known = this.#policiesByListener.get(listener);
    if (known !== undefined) return known;
    const { gateway, gatewayPath, parent, name } = listener;
    const slash = gatewayPath.indexOf('/');
    const namespace = gatewayPath.slice(0, slash);
    const section = parent === gateway ? name : '';
    const policies = this.#policies.ofListener(namespace, gatewayPath.slice(slash + 1), section);
    this.#policiesByListener.set(listener, policies);
    return policies;
  }

  compile(): Map<number, HostnameTable<CompiledListener>> {
    const listeners = new Map<number, HostnameTable<CompiledListener>>();
    for (const [key, port] of this.#ports) {
      const table = new HostnameTable<CompiledListener>();
      for (const [listenerHostname, { origins, attachedBy, hosts }] of port) {
        const compiled = table.at(listenerHostname, () => ({
          hosts: new HostnameTable<PathTable>(),
          origins,
          attachedBy,
        }));
        for (const [hostname, matches] of hosts) {
          const place = `${key} ${listenerHostname} ${hostname}`;
          const parts = [...matches.values()];
          compiled.hosts.at(hostname, () => this.#tables.table(place, parts));
        }
      }
      listeners.set(key, table);
    }
    this.#tables.forgetOthers();
    return listeners;
  }
}

/** The listener's policies where neither rule nor route has one of the kind. */
function withListenerPolicies(
  matches: readonly CompiledMatch[],
  listener: AttachedPolicies,
): readonly CompiledMatch[] {
  if (listener.traffic === null && listener.auth === null) return matches;
  const targets = new Map<CompiledRule, CompiledRule>();
  return matches.map((match) => {
    const { policies } = match.target;
    const known = targets.get(match.target);
    const target = known ?? {
      ...match.target,
      policies: {
        traffic: policies.traffic ?? listener.traffic,
        auth: policies.auth ?? listener.auth,
      },
    };
    targets.set(match.target, target);
    return { ...match, target };
  });
}

function compileMatches(around: RuleSurroundings, route: IndexedRoute): CompiledMatch[] {
  const written = stringAt(objectAt(route.body, 'metadata'), 'creationTimestamp');
  const createdAt = creationInstantMs(written);
  const routeName = `${route.namespace}/${route.name}`;
  const compiled: CompiledMatch[] = [];
  ruleSourcesOf(route.body).forEach((source, ruleIndex) => {
    const target = compileRule(around, route, source, ruleIndex);
    for (const { path, method, headers, query, position } of source.matches) {
      compiled.push({ path, method, headers, query, createdAt, routeName, position, target });
    }
  });
  return compiled;
}

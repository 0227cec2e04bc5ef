import type { ResourceKey } from '../config/ids.ts';
import { attach } from './attachment.ts';
import { compileRule, type RuleSurroundings } from './compile-rule.ts';
import { HostnameTable } from './hostname.ts';
import { listAt, objectAt, stringAt } from './json.ts';
import type { Listener } from './listener.ts';
import { type CompiledMatch, type CompiledRule, PathTable } from './path-table.ts';
import type { AttachedPolicies } from './policy/policy-plan.ts';
import { PolicyTable } from './policy/policy-table.ts';
import { creationInstantMs } from './precedence.ts';
import { type CanonicalResource, type IndexedRoute, indexResources } from './resource-index.ts';
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
 */
export function compileGateway(resources: Iterable<CanonicalResource>): CompiledGateway {
  const all = [...resources];
  const index = indexResources(all);
  const policies = PolicyTable.of(all);
  const draft = new GatewayDraft(policies);
  const sets = [...index.listenerSets.values()].map((set) => set.listeners);
  for (const listeners of [...index.gateways.values(), ...sets]) {
    for (const listener of listeners) if (isServed(listener)) draft.listener(listener);
  }
  let routes = 0;
  for (const route of index.routes) {
    const matches = compileMatches({ index, policies }, route);
    let isAttached = false;
    for (const parent of listAt(objectAt(route.body, 'spec'), 'parentRefs')) {
      const result = attach(index, route, parent);
      if (!result.ok) continue;
      isAttached = true;
      for (const { listener, hostnames } of result.value) {
        if (isServed(listener)) draft.add(listener, hostnames, route, matches);
      }
    }
    if (isAttached) routes += 1;
  }
  return { listeners: draft.compile(), routes };
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

  constructor(policies: PolicyTable) {
    this.#policies = policies;
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
  #policiesOf({ gateway, gatewayPath, parent, name }: Listener): AttachedPolicies {
    const slash = gatewayPath.indexOf('/');
    const namespace = gatewayPath.slice(0, slash);
    const section = parent === gateway ? name : '';
    return this.#policies.ofListener(namespace, gatewayPath.slice(slash + 1), section);
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
          compiled.hosts.at(hostname, () => new PathTable([...matches.values()].flat()));
        }
      }
      listeners.set(key, table);
    }
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

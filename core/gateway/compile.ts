import { attach } from './attachment.ts';
import { backendFailureOf, backendTargetOf } from './backend-reference.ts';
import { compileFilters } from './filters.ts';
import { HostnameTable } from './hostname.ts';
import { integerAt, type Json, listAt, objectAt, stringAt } from './json.ts';
import type { Listener } from './listener.ts';
import {
  type CompiledBackend,
  type CompiledMatch,
  type CompiledRule,
  type PathMatch,
  PathTable,
  type ValueMatch,
} from './path-table.ts';
import { compilePattern } from './patterns.ts';
import { creationInstantMs } from './precedence.ts';
import {
  type CanonicalResource,
  type IndexedRoute,
  indexResources,
  type ResourceIndex,
} from './resource-index.ts';

export type { CanonicalResource };

/** Listeners that share port, scheme and hostname, and the routes on them by effective hostname. */
export interface CompiledListener {
  readonly hosts: HostnameTable<PathTable>;
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
  const index = indexResources(resources);
  const draft = new GatewayDraft();
  for (const listeners of index.gateways.values()) {
    for (const listener of listeners) if (isServed(listener)) draft.listener(listener);
  }
  let routes = 0;
  for (const route of index.routes) {
    const matches = compileMatches(index, route);
    let isAttached = false;
    for (const parent of listAt(objectAt(route.body, 'spec'), 'parentRefs')) {
      const result = attach(index, route, parent);
      if (!result.ok) continue;
      isAttached = true;
      for (const { listener, hostnames } of result.value) {
        if (!isServed(listener)) continue;
        for (const hostname of hostnames) draft.add(listener, hostname, route, matches);
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

interface HostDraft {
  readonly hostname: string;
  /** By route, so that two parentRefs to the same listener count once. */
  readonly matches: Map<string, readonly CompiledMatch[]>;
}

/** By listener hostname, then by effective hostname. */
type PortDraft = Map<string, Map<string, HostDraft>>;

class GatewayDraft {
  readonly #ports = new Map<number, PortDraft>();

  listener(listener: Listener): Map<string, HostDraft> {
    const key = listenerKeyOf(listener.port, listener.scheme);
    const port: PortDraft = this.#ports.get(key) ?? new Map();
    this.#ports.set(key, port);
    const hosts: Map<string, HostDraft> = port.get(listener.hostname) ?? new Map();
    port.set(listener.hostname, hosts);
    return hosts;
  }

  add(
    listener: Listener,
    hostname: string,
    route: IndexedRoute,
    matches: readonly CompiledMatch[],
  ): void {
    const hosts = this.listener(listener);
    const host = hosts.get(hostname) ?? { hostname, matches: new Map() };
    hosts.set(hostname, host);
    host.matches.set(route.key, matches);
  }

  compile(): Map<number, HostnameTable<CompiledListener>> {
    const listeners = new Map<number, HostnameTable<CompiledListener>>();
    for (const [key, port] of this.#ports) {
      const table = new HostnameTable<CompiledListener>();
      for (const [listenerHostname, hosts] of port) {
        const compiled = table.at(listenerHostname, () => ({ hosts: new HostnameTable() }));
        for (const { hostname, matches } of hosts.values()) {
          compiled.hosts.at(hostname, () => new PathTable([...matches.values()].flat()));
        }
      }
      listeners.set(key, table);
    }
    return listeners;
  }
}

function compileMatches(index: ResourceIndex, route: IndexedRoute): CompiledMatch[] {
  const createdAt = creationInstantMs(
    stringAt(objectAt(route.body, 'metadata'), 'creationTimestamp'),
  );
  const common = { createdAt, routeName: `${route.namespace}/${route.name}` };
  const compiled: CompiledMatch[] = [];
  listAt(objectAt(route.body, 'spec'), 'rules').forEach((rule, ruleIndex) => {
    const target = compileRule(index, route, rule, ruleIndex);
    const matches = listAt(rule, 'matches');
    (matches.length === 0 ? [{}] : matches).forEach((match, position) => {
      const path = compilePath(objectAt(match, 'path'));
      const headers = compileValues(listAt(match, 'headers'), true);
      const query = compileValues(listAt(match, 'queryParams'), false);
      // A condition that cannot be understood is never met; leaving it out would match too much.
      if (path === null || headers === null || query === null) return;
      const method = stringAt(match, 'method') ?? null;
      compiled.push({ path, method, headers, query, ...common, position, target });
    });
  });
  return compiled;
}

function compilePath(path: Json | undefined): PathMatch | null {
  const value = stringAt(path, 'value') ?? '/';
  switch (stringAt(path, 'type') ?? 'PathPrefix') {
    case 'Exact':
      return { type: 'exact', value };
    case 'PathPrefix': {
      let end = value.length;
      while (end > 0 && value.charCodeAt(end - 1) === 0x2f) end -= 1;
      return { type: 'prefix', value: value.slice(0, end) };
    }
    case 'RegularExpression': {
      const compiled = compilePattern(value);
      return compiled.ok ? { type: 'pattern', value, pattern: compiled.value } : null;
    }
    default:
      return null;
  }
}

function compileValues(entries: readonly Json[], ignoreCase: boolean): ValueMatch[] | null {
  const values = new Map<string, ValueMatch>();
  for (const entry of entries) {
    const written = stringAt(entry, 'name');
    const value = stringAt(entry, 'value');
    if (written === undefined || value === undefined) return null;
    const name = ignoreCase ? written.toLowerCase() : written;
    // Of a repeated name only the first entry counts.
    if (values.has(name)) continue;
    const type = stringAt(entry, 'type') ?? 'Exact';
    if (type === 'Exact') values.set(name, { name, exact: value, pattern: null });
    else {
      const compiled = type === 'RegularExpression' ? compilePattern(value) : null;
      if (compiled === null || !compiled.ok) return null;
      values.set(name, { name, exact: null, pattern: compiled.value });
    }
  }
  return [...values.values()];
}

function compileRule(
  index: ResourceIndex,
  route: IndexedRoute,
  rule: Json,
  ruleIndex: number,
): CompiledRule {
  const backends: CompiledBackend[] = [];
  let weightTotal = 0;
  for (const reference of listAt(rule, 'backendRefs')) {
    const weight = Math.max(0, Math.min(1_000_000, integerAt(reference, 'weight') ?? 1));
    if (weight === 0) continue;
    weightTotal += weight;
    const target = backendTargetOf(reference, route.namespace);
    const failure =
      target === null ? 'malformed' : backendFailureOf(index, route.namespace, target);
    backends.push({
      name: target === null ? '' : `${target.namespace}/${target.name}`,
      port: target?.port ?? null,
      weightUpTo: weightTotal,
      failure: failure === null || failure === 'no-endpoints' ? failure : 'invalid-backend',
      chain: compileFilters(listAt(reference, 'filters')),
    });
  }
  const chain = compileFilters(listAt(rule, 'filters'));
  return { route: route.key, rule: ruleIndex, chain, backends, weightTotal };
}

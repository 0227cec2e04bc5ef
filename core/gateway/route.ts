import type { ResourceKey } from '../config/ids.ts';
import { type CompiledGateway, type CompiledListener, listenerKeyOf } from './compile.ts';
import { applyFilters, type ForwardedRequest, locationOf, type Redirect } from './filters.ts';
import { type HostnameTable, hostnameOf } from './hostname.ts';
import type { CompiledBackend, CompiledMatch, PathTable } from './path-table.ts';
import { RequestView } from './request-view.ts';

/** A request as it arrives at a node. */
export interface GatewayRequest {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** The Host header, with or without port. */
  readonly host: string;
  /** Of the listener. */
  readonly port: number;
  /** Path with query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** TLS server name; the Host's name when absent. */
  readonly sni?: string;
}

export type RouteErrorReason =
  | 'no-listener'
  | 'misdirected'
  | 'no-route'
  | 'no-backend'
  | 'invalid-backend'
  | 'no-endpoints'
  | 'invalid-filter';

/** What becomes of a request. */
export type RouteOutcome =
  | {
      readonly kind: 'backend';
      /** `namespace/name` of the Service or Backend. */
      readonly backend: string;
      readonly port: number | null;
      readonly route: ResourceKey;
      /** Position of the rule in its route, from 0. */
      readonly rule: number;
      /** What the backend gets to see, after all filters. */
      readonly request: ForwardedRequest;
    }
  | {
      readonly kind: 'redirect';
      readonly status: number;
      readonly location: string;
      readonly route: ResourceKey;
      readonly rule: number;
    }
  | {
      readonly kind: 'error';
      readonly status: 404 | 421 | 500 | 503;
      readonly reason: RouteErrorReason;
      readonly route?: ResourceKey;
      readonly rule?: number;
    };

const DRAW_RANGE = 0x8000_0000;
const NO_LISTENER: RouteOutcome = { kind: 'error', status: 404, reason: 'no-listener' };
const NO_ROUTE: RouteOutcome = { kind: 'error', status: 404, reason: 'no-route' };
const MISDIRECTED: RouteOutcome = { kind: 'error', status: 421, reason: 'misdirected' };

/**
 * Decides what becomes of a request. `draw` picks among weights: a whole number, uniform in
 * [0, 2^31). Never throws.
 */
export function route(
  gateway: CompiledGateway,
  request: GatewayRequest,
  draw: number,
): RouteOutcome {
  const listeners = gateway.listeners.get(listenerKeyOf(request.port, request.scheme));
  if (listeners === undefined) return NO_LISTENER;
  const hostname = hostnameOf(request.host);
  let listener = listeners.best(hostname);
  if (request.sni !== undefined && request.scheme === 'https') {
    const byName = hostnameOf(request.sni);
    if (byName !== hostname) {
      const refusal = checkServerName(listeners, listener, byName);
      if (refusal !== null) return refusal;
      listener = listeners.best(byName);
    }
  }
  if (listener === undefined) return NO_LISTENER;
  const view = new RequestView(request.method, request.path, request.headers);
  const match = findMatch(listener.hosts, hostname, view);
  return match === undefined ? NO_ROUTE : answer(match, request, hostname, draw);
}

/** The connection was made for one name and asks for another. */
function checkServerName(
  listeners: HostnameTable<CompiledListener>,
  byHost: CompiledListener | undefined,
  serverName: string,
): RouteOutcome | null {
  const bySni = listeners.best(serverName);
  if (bySni === byHost) return null;
  return byHost === undefined || bySni === undefined ? NO_LISTENER : MISDIRECTED;
}

/**
 * The API leaves open whether a route of a broader hostname may serve what the routes of a narrower
 * one do not match. Here it may: precedence is over all matching rules.
 */
function findMatch(
  hosts: HostnameTable<PathTable>,
  hostname: string,
  view: RequestView,
): CompiledMatch | undefined {
  return hosts.search(hostname, (table) => table.find(view));
}

function answer(
  match: CompiledMatch,
  request: GatewayRequest,
  hostname: string,
  draw: number,
): RouteOutcome {
  const { chain, backends } = match.target;
  if (chain.isBroken) return failed(match, 500, 'invalid-filter');
  if (chain.redirect !== null) return redirected(match, chain.redirect, request, hostname);
  if (backends.length === 0) return failed(match, 500, 'no-backend');
  const backend = pick(backends, match.target.weightTotal, draw);
  if (backend.failure !== null) {
    return failed(match, backend.failure === 'no-endpoints' ? 503 : 500, backend.failure);
  }
  const own = backend.chain;
  if (own.isBroken) return failed(match, 500, 'invalid-filter');
  if (own.redirect !== null) return redirected(match, own.redirect, request, hostname);
  let forwarded: ForwardedRequest = request;
  const prefix = match.path.type === 'prefix' ? match.path.value : '';
  if (chain.filters.length > 0) forwarded = applyFilters(chain.filters, forwarded, prefix);
  if (own.filters.length > 0) forwarded = applyFilters(own.filters, forwarded, prefix);
  return {
    kind: 'backend',
    backend: backend.name,
    port: backend.port,
    route: match.target.route,
    rule: match.target.rule,
    request: forwarded,
  };
}

function pick(
  backends: readonly CompiledBackend[],
  weightTotal: number,
  draw: number,
): CompiledBackend {
  const last = backends[backends.length - 1] as CompiledBackend;
  if (backends.length === 1) return last;
  // Anything that is not a whole number below 2^31 is made one, so that no draw can fail.
  const at = ((draw & (DRAW_RANGE - 1)) / DRAW_RANGE) * weightTotal;
  for (let i = 0; i < backends.length; i += 1) {
    const backend = backends[i];
    if (backend !== undefined && at < backend.weightUpTo) return backend;
  }
  return last;
}

function redirected(
  match: CompiledMatch,
  redirect: Redirect,
  request: GatewayRequest,
  hostname: string,
): RouteOutcome {
  const prefix = match.path.type === 'prefix' ? match.path.value : '';
  return {
    kind: 'redirect',
    status: redirect.status,
    location: locationOf(redirect, request, hostname, prefix),
    route: match.target.route,
    rule: match.target.rule,
  };
}

function failed(match: CompiledMatch, status: 500 | 503, reason: RouteErrorReason): RouteOutcome {
  const { route: key, rule } = match.target;
  return { kind: 'error', status, reason, route: key, rule };
}

import type { ResourceKey } from '../config/ids.ts';
import { type CompiledGateway, type CompiledListener, listenerKeyOf } from './compile.ts';
import { type CorsPlan, isPreflight, preflightHeaders } from './cors.ts';
import type { ExchangePlan } from './exchange-plan.ts';
import { applyFilters, type ForwardedRequest, locationOf, type Redirect } from './filters.ts';
import { type HostnameTable, hostnameOf } from './hostname.ts';
import type { CompiledBackend, CompiledMatch, CompiledRule } from './path-table.ts';
import { checkCredentials } from './policy/check-credentials.ts';
import type { TrafficPlan } from './policy/policy-plan.ts';
import { NO_CONTEXT, RequestView, type RouteContext } from './request-view.ts';

export type { RouteContext };

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
  | 'invalid-filter'
  | 'unauthenticated'
  | 'forbidden';

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
      /** What happens around the call. Shared by all requests of the rule. */
      readonly plan: ExchangePlan;
      /** Limits in force. Routing does not count: who sends the request does. */
      readonly traffic: TrafficPlan | null;
    }
  | {
      readonly kind: 'redirect';
      readonly status: number;
      readonly location: string;
      readonly route: ResourceKey;
      readonly rule: number;
      /** The rule's: pages of other origins read this answer too. */
      readonly cors?: CorsPlan;
    }
  | {
      /** A browser's question, answered by the gateway. */
      readonly kind: 'preflight';
      readonly status: 200 | 204;
      readonly headers: Readonly<Record<string, string>>;
      readonly route: ResourceKey;
      readonly rule: number;
    }
  | {
      readonly kind: 'error';
      readonly status: 401 | 403 | 404 | 421 | 500 | 503;
      readonly reason: RouteErrorReason;
      /** What was wrong with the credentials, as a sentence. */
      readonly detail?: string;
      /** Limits in force where a backend could not be asked: their breaker counts it. */
      readonly traffic?: TrafficPlan;
      readonly route?: ResourceKey;
      readonly rule?: number;
      /** The rule's: pages of other origins read this answer too. */
      readonly cors?: CorsPlan;
    };

type ErrorOutcome = Extract<RouteOutcome, { kind: 'error' }>;

const DRAW_RANGE = 0x8000_0000;
const NO_LISTENER: ErrorOutcome = { kind: 'error', status: 404, reason: 'no-listener' };
const NO_ROUTE: ErrorOutcome = { kind: 'error', status: 404, reason: 'no-route' };
const MISDIRECTED: ErrorOutcome = { kind: 'error', status: 421, reason: 'misdirected' };

/**
 * Decides what becomes of a request. `draw` picks among weights and decides flags of a share: a
 * whole number, uniform in [0, 2^31). Never throws.
 */
export function route(
  gateway: CompiledGateway,
  request: GatewayRequest,
  draw: number,
  context: RouteContext = NO_CONTEXT,
): RouteOutcome {
  const hostname = hostnameOf(request.host);
  const listener = findListener(gateway, request, hostname);
  if ('kind' in listener) return listener;
  const view = new RequestView(request.method, request.path, request.headers, context, draw);
  const match = findMatch(listener, hostname, view);
  if (match === undefined) return NO_ROUTE;
  return (
    answerAtGateway(match, request, hostname, view) ??
    sendToBackend(match, pickBackend(match.target, draw), request, hostname)
  );
}

/** The listener that takes a request, or what is answered when none does. */
export function findListener(
  gateway: CompiledGateway,
  request: GatewayRequest,
  hostname: string,
): CompiledListener | ErrorOutcome {
  const listeners = gateway.listeners.get(listenerKeyOf(request.port, request.scheme));
  if (listeners === undefined) return NO_LISTENER;
  let listener = listeners.best(hostname);
  if (request.sni !== undefined && request.scheme === 'https') {
    const byName = hostnameOf(request.sni);
    if (byName !== hostname) {
      const refusal = checkServerName(listeners, listener, byName);
      if (refusal !== null) return refusal;
      listener = listeners.best(byName);
    }
  }
  return listener ?? NO_LISTENER;
}

/** The connection was made for one name and asks for another. */
function checkServerName(
  listeners: HostnameTable<CompiledListener>,
  byHost: CompiledListener | undefined,
  serverName: string,
): ErrorOutcome | null {
  const bySni = listeners.best(serverName);
  if (bySni === byHost) return null;
  return byHost === undefined || bySni === undefined ? NO_LISTENER : MISDIRECTED;
}

/**
 * The API leaves open whether a route of a broader hostname may serve what the routes of a narrower
 * one do not match. Here it may: precedence is over all matching rules.
 */
export function findMatch(
  listener: CompiledListener,
  hostname: string,
  view: RequestView,
): CompiledMatch | undefined {
  return listener.hosts.search(hostname, (table) => table.find(view));
}

/**
 * What the gateway answers by itself; null when a backend is to be asked. A preflight carries no
 * credentials and is answered before they are asked for.
 */
export function answerAtGateway(
  match: CompiledMatch,
  request: GatewayRequest,
  hostname: string,
  view: RequestView,
): RouteOutcome | null {
  const { chain, isBroken, policies, plan, backends } = match.target;
  if (isBroken) return failed(match, 500, 'invalid-filter');
  if (plan.cors !== null) {
    const header = (name: string) => view.header(name);
    if (isPreflight(request.method, header)) {
      const headers = preflightHeaders(plan.cors, header);
      return { kind: 'preflight', status: 204, headers, ...placeOf(match) };
    }
  }
  if (policies.auth !== null) {
    const verdict = checkCredentials(policies.auth, (name) => view.header(name), view.context.atMs);
    if (verdict.status !== 0) {
      const { status, reason, detail } = verdict;
      return { kind: 'error', status, reason, detail, ...answeredAt(match) };
    }
  }
  if (chain.redirect !== null) return redirected(match, chain.redirect, request, hostname);
  // Weights that are all 0 leave nobody to ask either. The API leaves that open.
  return backends.length === 0 ? failed(match, 500, 'no-backend') : null;
}

/** What becomes of a request that falls to this backend. */
export function sendToBackend(
  match: CompiledMatch,
  backend: CompiledBackend,
  request: GatewayRequest,
  hostname: string,
): RouteOutcome {
  const { chain, policies } = match.target;
  if (backend.failure !== null) {
    const status = backend.failure === 'no-endpoints' ? 503 : 500;
    const failure = failed(match, status, backend.failure);
    return policies.traffic === null ? failure : { ...failure, traffic: policies.traffic };
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
    plan: backend.plan,
    traffic: policies.traffic,
  };
}

/** Which of a rule's backends a draw falls to; there must be one. */
export function pickBackend(
  { backends, weightTotal }: Pick<CompiledRule, 'backends' | 'weightTotal'>,
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
  const location = locationOf(redirect, request, hostname, prefix);
  return { kind: 'redirect', status: redirect.status, location, ...answeredAt(match) };
}

function failed(match: CompiledMatch, status: 500 | 503, reason: RouteErrorReason): ErrorOutcome {
  return { kind: 'error', status, reason, ...answeredAt(match) };
}

function placeOf(match: CompiledMatch): { readonly route: ResourceKey; readonly rule: number } {
  return { route: match.target.route, rule: match.target.rule };
}

/** The place of an answer that is the gateway's own, with what it says to pages of other origins. */
function answeredAt(
  match: CompiledMatch,
): ReturnType<typeof placeOf> & { readonly cors?: CorsPlan } {
  const { cors } = match.target.plan;
  return cors === null ? placeOf(match) : { ...placeOf(match), cors };
}

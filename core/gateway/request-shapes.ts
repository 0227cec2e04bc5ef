import type { RequestShape } from '../protocol/simulator-control.ts';
import { attach } from './attachment.ts';
import { type CanonicalResource, compileGateway } from './compile.ts';
import { hasMember, type Json, listAt, objectAt, stringAt } from './json.ts';
import { type IndexedRoute, indexResources, type ResourceIndex } from './resource-index.ts';
import { type RouteOutcome, route } from './route.ts';

/** What stands for any hostname. */
const ANY_HOST = 'www.example.com';
/** Candidates looked at per route, so that the cost does not grow with its matches. */
const CANDIDATES_PER_ROUTE_MAX = 24;
const WEIGHT_FIRST = 40;
const WEIGHT_LAST = 4;
/** Redirects are followed once by a client and then remembered: they are a small share. */
const WEIGHT_REDIRECT = 2;
/** Strangers without credentials are asked for too, as a small share: about 1 % of a fleet's requests. */
const WEIGHT_DENIED = 1;
const DENIED_SHAPES_MAX = 2;

type Candidate = Omit<RequestShape, 'weight'>;

/**
 * Requests that a config is made for: spread over its routes, hosts and listeners, each answered by
 * a backend or a redirect of the route that it was made from. At most `limit`; the same resources
 * give the same requests. Empty when no route answers anything.
 *
 * A config knows of keys and tokens only how to check them, so what an AuthPolicy guards can be asked
 * without any, and is denied: at most two such requests, last in the list.
 */
export function deriveRequestShapes(
  resources: Iterable<CanonicalResource>,
  limit = 20,
): RequestShape[] {
  const all = [...resources];
  const index = indexResources(all);
  const gateway = compileGateway(all);
  const routes = [...index.routes].sort((a, b) => (a.key < b.key ? -1 : 1));
  const perRoute: RequestShape[][] = [];
  const guarded: RequestShape[][] = [];
  for (const one of routes) {
    const shapes: RequestShape[] = [];
    const denied: RequestShape[] = [];
    for (const candidate of candidatesOf(index, one)) {
      const outcome = route(gateway, candidate, 0);
      if (outcome.route !== one.key) continue;
      if (isDenied(outcome)) denied.push({ ...candidate, weight: WEIGHT_DENIED });
      if (outcome.kind === 'error') continue;
      shapes.push({ ...candidate, weight: outcome.kind === 'redirect' ? WEIGHT_REDIRECT : 1 });
    }
    if (shapes.length > 0) perRoute.push(shapes);
    if (denied.length > 0) guarded.push(denied);
  }
  const strangers = spread(guarded, Math.min(DENIED_SHAPES_MAX, limit));
  return [...weighted(spread(perRoute, limit - strangers.length)), ...strangers];
}

function isDenied(outcome: RouteOutcome): boolean {
  return outcome.kind === 'error' && (outcome.status === 401 || outcome.status === 403);
}

/** Evenly spaced routes first; further shapes of the same routes when there is room. */
function spread(perRoute: readonly (readonly RequestShape[])[], limit: number): RequestShape[] {
  const chosen: RequestShape[] = [];
  const seen = new Set<string>();
  const take = (shape: RequestShape | undefined) => {
    if (shape === undefined || chosen.length >= limit) return;
    const identity = JSON.stringify({ ...shape, weight: 0 });
    if (seen.has(identity)) return;
    seen.add(identity);
    chosen.push(shape);
  };
  const count = Math.min(limit, perRoute.length);
  for (let i = 0; i < count; i += 1) {
    const shapes = perRoute[Math.floor((i * perRoute.length) / count)] ?? [];
    // Not always the first, so that hosts, listeners and matches take turns.
    take(shapes[i % shapes.length]);
  }
  for (let round = 0; round < CANDIDATES_PER_ROUTE_MAX && chosen.length < limit; round += 1) {
    for (const shapes of perRoute) take(shapes[round]);
  }
  return chosen;
}

/** A few shapes carry much of the traffic, as in life. */
function weighted(shapes: readonly RequestShape[]): RequestShape[] {
  let position = 0;
  return shapes.map((shape) => {
    if (shape.weight === WEIGHT_REDIRECT) return shape;
    position += 1;
    return { ...shape, weight: Math.max(WEIGHT_LAST, Math.floor(WEIGHT_FIRST / position)) };
  });
}

function candidatesOf(index: ResourceIndex, one: IndexedRoute): Candidate[] {
  const spec = objectAt(one.body, 'spec');
  const places = placesOf(index, one);
  const matches = listAt(spec, 'rules').flatMap((rule) => {
    const written = listAt(rule, 'matches');
    return written.length === 0 ? [{}] : [...written];
  });
  const candidates: Candidate[] = [];
  // Matches turn within places, so that the first few candidates differ in both.
  for (let i = 0; i < matches.length * places.length; i += 1) {
    if (candidates.length >= CANDIDATES_PER_ROUTE_MAX) break;
    const place = places[i % places.length];
    const turn = Math.floor(i / places.length) + (i % places.length);
    const match = matches[turn % matches.length];
    const asked = match === undefined ? null : askedBy(match);
    if (place !== undefined && asked !== null) candidates.push({ ...place, ...asked });
  }
  return candidates;
}

/** Listener and host of every place where a route answers. */
function placesOf(
  index: ResourceIndex,
  one: IndexedRoute,
): Pick<Candidate, 'scheme' | 'host' | 'port'>[] {
  const places: Pick<Candidate, 'scheme' | 'host' | 'port'>[] = [];
  const seen = new Set<string>();
  for (const parent of listAt(objectAt(one.body, 'spec'), 'parentRefs')) {
    const result = attach(index, one, parent);
    if (!result.ok) continue;
    for (const { listener, hostnames } of result.value) {
      for (const hostname of hostnames) {
        const host = hostOf(hostname);
        const identity = `${listener.scheme} ${listener.port} ${host}`;
        if (seen.has(identity)) continue;
        seen.add(identity);
        places.push({ scheme: listener.scheme, host, port: listener.port });
      }
    }
  }
  return places;
}

function hostOf(hostname: string): string {
  if (hostname === '') return ANY_HOST;
  return hostname.startsWith('*.') ? `www${hostname.slice(1)}` : hostname;
}

/** A request that one match asks for; null when a pattern would have to be solved. */
function askedBy(match: Json): Pick<Candidate, 'method' | 'path' | 'headers'> | null {
  const path = objectAt(match, 'path');
  const headers: Record<string, string> = {};
  for (const entry of listAt(match, 'headers')) {
    const name = stringAt(entry, 'name');
    const value = stringAt(entry, 'value');
    if (name === undefined || value === undefined || isPattern(entry)) return null;
    headers[name] ??= value;
  }
  const query: string[] = [];
  for (const entry of listAt(match, 'queryParams')) {
    const name = stringAt(entry, 'name');
    const value = stringAt(entry, 'value');
    if (name === undefined || value === undefined || isPattern(entry)) return null;
    query.push(`${encode(name)}=${encode(value)}`);
  }
  const value = stringAt(path, 'value') ?? '/';
  if (isPattern(path) || value.includes('?')) return null;
  const exact = hasMember(path, 'type') && stringAt(path, 'type') === 'Exact';
  // Something below the prefix, so that the match is used as a prefix; `/` is a page of its own.
  const element = exact || value === '/' ? '' : value.endsWith('/') ? '1' : '/1';
  return {
    method: stringAt(match, 'method') ?? 'GET',
    path: `${value}${element}${query.length === 0 ? '' : `?${query.join('&')}`}`,
    headers,
  };
}

function isPattern(entry: Json | undefined): boolean {
  return stringAt(entry, 'type') === 'RegularExpression';
}

/** `encodeURIComponent` throws on half a surrogate pair, which no checked config holds. */
function encode(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return '';
  }
}

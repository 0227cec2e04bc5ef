import { HeaderMap, type Headers } from './header-modifier.ts';
import { integerAt, type Json, listAt, memberOf } from './json.ts';

/** How long a browser may remember a preflight, in seconds, where the filter does not say. */
const MAX_AGE_S_DEFAULT = 5;
const RESPONSE_HEADERS = [
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-expose-headers',
  'access-control-max-age',
];

/** A listed origin, cut at its wildcard. */
interface OriginPattern {
  readonly before: string;
  /** Null: no wildcard, `before` is the whole origin. */
  readonly after: string | null;
}

/** A CORS filter made ready. */
export interface CorsPlan {
  readonly anyOrigin: boolean;
  readonly origins: readonly OriginPattern[];
  readonly allowCredentials: boolean;
  /** A list may hold `*`. */
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeS: number;
}

/** Compiles a CORS filter of any shape. */
export function compileCors(cors: Json | undefined): CorsPlan {
  const origins: OriginPattern[] = [];
  let anyOrigin = false;
  for (const written of textsAt(cors, 'allowOrigins')) {
    if (written === '*') anyOrigin = true;
    else origins.push(originPattern(plainOrigin(written)));
  }
  return {
    anyOrigin,
    origins,
    allowCredentials: memberOf(cors, 'allowCredentials') === true,
    allowMethods: textsAt(cors, 'allowMethods'),
    allowHeaders: textsAt(cors, 'allowHeaders'),
    exposeHeaders: textsAt(cors, 'exposeHeaders'),
    maxAgeS: integerAt(cors, 'maxAge') ?? MAX_AGE_S_DEFAULT,
  };
}

function textsAt(value: Json | undefined, key: string): string[] {
  return listAt(value, key).filter((entry): entry is string => typeof entry === 'string');
}

/** Origins are compared in lower case and without the scheme's own port, as browsers write them. */
function plainOrigin(origin: string): string {
  const lower = origin.toLowerCase();
  if (lower.startsWith('http://') && lower.endsWith(':80')) return lower.slice(0, -3);
  return lower.startsWith('https://') && lower.endsWith(':443') ? lower.slice(0, -4) : lower;
}

function originPattern(origin: string): OriginPattern {
  const star = origin.indexOf('*');
  if (star < 0) return { before: origin, after: null };
  return { before: origin.slice(0, star), after: origin.slice(star + 1) };
}

/** Whether a page of this origin may read answers. */
export function isOriginAllowed(plan: CorsPlan, origin: string): boolean {
  return plan.anyOrigin || isOriginListed(plan, origin);
}

function isOriginListed(plan: CorsPlan, origin: string): boolean {
  const plain = plainOrigin(origin);
  return plan.origins.some(({ before, after }) => {
    if (after === null) return plain === before;
    if (plain.length <= before.length + after.length) return false;
    if (!plain.startsWith(before) || !plain.endsWith(after)) return false;
    // The wildcard stands for labels of the host: never for a port, a scheme or a path.
    const middle = plain.slice(before.length, plain.length - after.length);
    return !middle.includes(':') && !middle.includes('/');
  });
}

/** A question of a browser before the request itself (Fetch standard, CORS-preflight request). */
export function isPreflight(
  method: string,
  header: (lowerName: string) => string | undefined,
): boolean {
  if (method !== 'OPTIONS' || header('origin') === undefined) return false;
  return header('access-control-request-method') !== undefined;
}

/** The headers that answer a preflight; none about CORS when the origin is not allowed. */
export function preflightHeaders(
  plan: CorsPlan,
  header: (lowerName: string) => string | undefined,
): Headers {
  const out = new HeaderMap({});
  const origin = header('origin') ?? '';
  if (!isOriginAllowed(plan, origin)) {
    out.set('vary', 'vary', 'Origin');
    return out.toHeaders();
  }
  setOrigin(plan, origin, out);
  const { allowCredentials } = plan;
  const method = header('access-control-request-method') ?? '';
  setList(out, 'access-control-allow-methods', plan.allowMethods, allowCredentials, method);
  const headers = header('access-control-request-headers') ?? '';
  setList(out, 'access-control-allow-headers', plan.allowHeaders, allowCredentials, headers);
  setList(out, 'access-control-expose-headers', plan.exposeHeaders, allowCredentials, '');
  out.set('access-control-max-age', 'access-control-max-age', String(plan.maxAgeS));
  return out.toHeaders();
}

/**
 * A response with the filter's headers. The filter alone speaks about CORS: what a backend says of
 * it is dropped, whether the origin is allowed or not. A request without origin passes unchanged.
 */
export function withCorsHeaders(
  plan: CorsPlan,
  origin: string | undefined,
  headers: Headers,
): Headers {
  if (origin === undefined) return headers;
  const out = new HeaderMap(headers);
  for (const name of RESPONSE_HEADERS) out.delete(name);
  if (!isOriginAllowed(plan, origin)) {
    addVary(out);
    return out.toHeaders();
  }
  const exposed = out.names().join(', ');
  setOrigin(plan, origin, out);
  setList(out, 'access-control-expose-headers', plan.exposeHeaders, plan.allowCredentials, exposed);
  return out.toHeaders();
}

function setOrigin(plan: CorsPlan, origin: string, out: HeaderMap): void {
  const name = 'access-control-allow-origin';
  if (plan.anyOrigin && !plan.allowCredentials) out.set(name, name, '*');
  else {
    out.set(name, name, origin);
    addVary(out);
  }
  const credentials = 'access-control-allow-credentials';
  if (plan.allowCredentials) out.set(credentials, credentials, 'true');
}

/** Caches must keep answers to different origins apart. */
function addVary(out: HeaderMap): void {
  const held = (out.get('vary') ?? '').toLowerCase().split(',');
  if (held.some((name) => name.trim() === 'origin' || name.trim() === '*')) return;
  out.append('vary', 'vary', 'Origin');
}

/** A list that holds `*` stands for all; with credentials `*` would be a name, so the asked is echoed. */
function setList(
  out: HeaderMap,
  name: string,
  list: readonly string[],
  allowCredentials: boolean,
  asked: string,
): void {
  let value = list.join(', ');
  if (list.includes('*')) value = allowCredentials ? asked : '*';
  if (value !== '') out.set(name, name, value);
}

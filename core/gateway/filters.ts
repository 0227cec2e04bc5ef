import { integerAt, type Json, listAt, objectAt, stringAt } from './json.ts';

/** What a backend gets to see of a request. */
export interface ForwardedRequest {
  readonly host: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface PathChange {
  readonly type: 'full' | 'prefix';
  readonly value: string;
}

interface HeaderAction {
  readonly name: string;
  readonly lowerName: string;
  readonly value: string;
}

export type RequestFilter =
  | {
      readonly type: 'headers';
      readonly set: readonly HeaderAction[];
      readonly add: readonly HeaderAction[];
      /** Lower-case names. */
      readonly remove: ReadonlySet<string>;
    }
  | {
      readonly type: 'rewrite';
      readonly hostname: string | null;
      readonly path: PathChange | null;
    };

export interface Redirect {
  readonly scheme: 'http' | 'https' | null;
  readonly hostname: string | null;
  readonly port: number | null;
  readonly path: PathChange | null;
  readonly status: number;
}

export interface FilterChain {
  readonly filters: readonly RequestFilter[];
  readonly redirect: Redirect | null;
  /** Holds a filter that cannot be carried out: requests must fail rather than pass unfiltered. */
  readonly isBroken: boolean;
}

export const NO_FILTERS: FilterChain = { filters: [], redirect: null, isBroken: false };

/** Filters that act on responses or copies, which routing has no part in. */
const PASSED_BY: ReadonlySet<string> = new Set(['ResponseHeaderModifier', 'CORS', 'RequestMirror']);

/** Compiles a filter list of any shape. */
export function compileFilters(list: readonly Json[]): FilterChain {
  if (list.length === 0) return NO_FILTERS;
  const filters: RequestFilter[] = [];
  let redirect: Redirect | null = null;
  let isBroken = false;
  for (const filter of list) {
    const type = stringAt(filter, 'type') ?? '';
    if (type === 'RequestHeaderModifier') {
      filters.push(compileModifier(objectAt(filter, 'requestHeaderModifier')));
    } else if (type === 'URLRewrite') {
      const rewrite = objectAt(filter, 'urlRewrite');
      const path = compilePathChange(objectAt(rewrite, 'path'));
      filters.push({ type: 'rewrite', hostname: stringAt(rewrite, 'hostname') ?? null, path });
    } else if (type === 'RequestRedirect') {
      redirect ??= compileRedirect(objectAt(filter, 'requestRedirect'));
    } else if (!PASSED_BY.has(type)) isBroken = true;
  }
  return { filters, redirect, isBroken };
}

function compileModifier(modifier: Json | undefined): RequestFilter {
  const actions = (field: string): HeaderAction[] => {
    const out: HeaderAction[] = [];
    for (const entry of listAt(modifier, field)) {
      const name = stringAt(entry, 'name');
      const value = stringAt(entry, 'value');
      if (name === undefined || value === undefined) continue;
      out.push({ name, lowerName: name.toLowerCase(), value });
    }
    return out;
  };
  const remove = new Set<string>();
  for (const name of listAt(modifier, 'remove')) {
    if (typeof name === 'string') remove.add(name.toLowerCase());
  }
  return { type: 'headers', set: actions('set'), add: actions('add'), remove };
}

function compilePathChange(path: Json | undefined): PathChange | null {
  const type = stringAt(path, 'type');
  const full = stringAt(path, 'replaceFullPath');
  const prefix = stringAt(path, 'replacePrefixMatch');
  if (type === 'ReplaceFullPath' && full !== undefined) return { type: 'full', value: full };
  if (type === 'ReplacePrefixMatch' && prefix !== undefined)
    return { type: 'prefix', value: prefix };
  return null;
}

function compileRedirect(redirect: Json | undefined): Redirect {
  const scheme = stringAt(redirect, 'scheme');
  return {
    scheme: scheme === 'http' || scheme === 'https' ? scheme : null,
    hostname: stringAt(redirect, 'hostname') ?? null,
    port: integerAt(redirect, 'port') ?? null,
    path: compilePathChange(objectAt(redirect, 'path')),
    status: integerAt(redirect, 'statusCode') ?? 302,
  };
}

/** Applies request filters in order. `prefix` is what the match matched, without trailing slash. */
export function applyFilters(
  filters: readonly RequestFilter[],
  request: ForwardedRequest,
  prefix: string,
): ForwardedRequest {
  let { host, path, headers } = request;
  for (const filter of filters) {
    if (filter.type === 'headers') headers = modifyHeaders(filter, headers);
    else {
      if (filter.hostname !== null) host = filter.hostname;
      if (filter.path !== null) path = changePath(filter.path, path, prefix);
    }
  }
  return { host, path, headers };
}

/** Replaces the path, keeps the query. */
export function changePath(change: PathChange, pathWithQuery: string, prefix: string): string {
  const question = pathWithQuery.indexOf('?');
  const path = question < 0 ? pathWithQuery : pathWithQuery.slice(0, question);
  const query = question < 0 ? '' : pathWithQuery.slice(question);
  if (change.type === 'full') return change.value + query;
  if (!path.startsWith(prefix)) return pathWithQuery;
  const kept = path.slice(prefix.length);
  const value = change.value.endsWith('/') ? change.value.slice(0, -1) : change.value;
  return (value + kept || '/') + query;
}

/** Where a redirect goes. `port` is the listener's. */
export function locationOf(
  redirect: Redirect,
  request: { readonly scheme: 'http' | 'https'; readonly port: number; readonly path: string },
  hostname: string,
  prefix: string,
): string {
  const scheme = redirect.scheme ?? request.scheme;
  const defaultPort = scheme === 'http' ? 80 : 443;
  const ofScheme = redirect.scheme === null ? request.port : defaultPort;
  const port = redirect.port ?? ofScheme;
  const authority = port === defaultPort ? '' : `:${port}`;
  const path =
    redirect.path === null ? request.path : changePath(redirect.path, request.path, prefix);
  return `${scheme}://${redirect.hostname ?? hostname}${authority}${path}`;
}

function modifyHeaders(
  filter: Extract<RequestFilter, { type: 'headers' }>,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const out = new Map<string, readonly [string, string]>();
  for (const name of Object.keys(headers)) {
    const lower = name.toLowerCase();
    const earlier = out.get(lower);
    const value = headers[name] ?? '';
    out.set(lower, earlier === undefined ? [name, value] : [earlier[0], `${earlier[1]},${value}`]);
  }
  for (const { name, lowerName, value } of filter.set) out.set(lowerName, [name, value]);
  for (const { name, lowerName, value } of filter.add) {
    const earlier = out.get(lowerName);
    out.set(
      lowerName,
      earlier === undefined ? [name, value] : [earlier[0], `${earlier[1]},${value}`],
    );
  }
  for (const lower of filter.remove) out.delete(lower);
  // From entries, because assigning a header called `__proto__` would not make a header.
  return Object.fromEntries(out.values());
}

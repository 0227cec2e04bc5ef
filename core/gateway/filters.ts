import { type CorsPlan, compileCors } from './cors.ts';
import { compileModifier, type HeaderModifier, modifyHeaders } from './header-modifier.ts';
import { integerAt, type Json, type JsonObject, objectAt, stringAt } from './json.ts';

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

export type RequestFilter =
  | { readonly type: 'headers'; readonly modifier: HeaderModifier }
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

/** A filter list by what each filter acts on. References are left for the config to resolve. */
export interface FilterChain {
  /** On requests, in listed order. */
  readonly filters: readonly RequestFilter[];
  readonly redirect: Redirect | null;
  /** On responses, in listed order. */
  readonly responseFilters: readonly HeaderModifier[];
  readonly cors: CorsPlan | null;
  /** Bodies of RequestMirror filters. */
  readonly mirrors: readonly Json[];
  /** `extensionRef`s; null for one that refers to nothing. */
  readonly extensions: readonly (JsonObject | null)[];
  /** Holds a filter that cannot be carried out: requests must fail rather than pass unfiltered. */
  readonly isBroken: boolean;
}

export const NO_FILTERS: FilterChain = {
  filters: [],
  redirect: null,
  responseFilters: [],
  cors: null,
  mirrors: [],
  extensions: [],
  isBroken: false,
};

/** Compiles a filter list of any shape. */
export function compileFilters(list: readonly Json[]): FilterChain {
  if (list.length === 0) return NO_FILTERS;
  const filters: RequestFilter[] = [];
  const responseFilters: HeaderModifier[] = [];
  const mirrors: Json[] = [];
  const extensions: (JsonObject | null)[] = [];
  let redirect: Redirect | null = null;
  let cors: CorsPlan | null = null;
  let isBroken = false;
  for (const filter of list) {
    switch (stringAt(filter, 'type')) {
      case 'RequestHeaderModifier': {
        const modifier = compileModifier(objectAt(filter, 'requestHeaderModifier'));
        filters.push({ type: 'headers', modifier });
        break;
      }
      case 'ResponseHeaderModifier':
        responseFilters.push(compileModifier(objectAt(filter, 'responseHeaderModifier')));
        break;
      case 'URLRewrite':
        filters.push(compileRewrite(objectAt(filter, 'urlRewrite')));
        break;
      case 'RequestRedirect':
        redirect ??= compileRedirect(objectAt(filter, 'requestRedirect'));
        break;
      case 'CORS':
        cors ??= compileCors(objectAt(filter, 'cors'));
        break;
      case 'RequestMirror':
        mirrors.push(objectAt(filter, 'requestMirror') ?? null);
        break;
      case 'ExtensionRef':
        extensions.push(objectAt(filter, 'extensionRef') ?? null);
        break;
      default:
        isBroken = true;
    }
  }
  return { filters, redirect, responseFilters, cors, mirrors, extensions, isBroken };
}

function compileRewrite(rewrite: Json | undefined): RequestFilter {
  const path = compilePathChange(objectAt(rewrite, 'path'));
  return { type: 'rewrite', hostname: stringAt(rewrite, 'hostname') ?? null, path };
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
    if (filter.type === 'headers') headers = modifyHeaders(filter.modifier, headers);
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

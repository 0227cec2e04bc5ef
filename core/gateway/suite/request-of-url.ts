import { err, ok, type Result } from '../../lib/result.ts';
import type { GatewayRequest } from '../route.ts';

/** Longest URL that is read, in characters. */
export const URL_CHARS_MAX = 8_192;
const METHOD_CHARS_MAX = 64;
const DEFAULT_PORTS = { http: 80, https: 443 } as const;

/** A request as a person writes it down. */
export interface WrittenRequest {
  readonly method: string;
  /** `https://shop.example.com/checkout?x=1` */
  readonly url: string;
  /** A `Host` among them stands in the place of the URL's, as with other HTTP clients. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The request that a client would send for a URL. The port is the scheme's unless it is given; with
 * https the URL's host is the TLS server name (RFC 6066: not when it is an IP address). The path is
 * sent as it is written, without the fragment. Errors are sentences.
 */
export function requestOfUrl(written: WrittenRequest): Result<GatewayRequest, string> {
  const { method, headers } = written;
  if (!isToken(method) || method.length > METHOD_CHARS_MAX) {
    return err(`${quoted(method)} is no HTTP method; write GET, for instance.`);
  }
  const url = splitUrl(written.url);
  if (!url.ok) return url;
  const { scheme, host, port, path } = url.value;
  let hostHeader = port === DEFAULT_PORTS[scheme] ? host : `${host}:${port}`;
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const wrong = headerProblem(name, value);
    if (wrong !== null) return err(wrong);
    if (name.toLowerCase() === 'host') hostHeader = value;
    else Object.defineProperty(kept, name, { value, enumerable: true, writable: true });
  }
  const request = { method, scheme, host: hostHeader, port, path, headers: kept };
  return ok(scheme === 'https' && !isAddress(host) ? { ...request, sni: host } : request);
}

/** `x-cart: v2` as name and value; an error is a sentence. */
export function readHeader(text: string): Result<readonly [string, string], string> {
  const colon = text.indexOf(':');
  if (colon < 0) return err(`The header ${quoted(text)} has no colon; write "name: value".`);
  const name = text.slice(0, colon).trim();
  const value = text.slice(colon + 1).trim();
  const wrong = headerProblem(name, value);
  return wrong === null ? ok([name, value]) : err(wrong);
}

interface UrlParts {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** With query. */
  readonly path: string;
}

function splitUrl(url: string): Result<UrlParts, string> {
  if (url.length > URL_CHARS_MAX) {
    return err(`The URL has ${url.length} characters; at most ${URL_CHARS_MAX} are read.`);
  }
  if (!isPrintable(url)) {
    return err(`The URL ${quoted(url)} holds a space or a control character; percent-encode it.`);
  }
  const scheme = schemeOf(url);
  if (scheme === null) {
    return err(`The URL ${quoted(url)} does not begin with http:// or https://; write it whole.`);
  }
  const rest = url.slice(scheme.length + 3);
  const fragment = rest.indexOf('#');
  const sent = fragment < 0 ? rest : rest.slice(0, fragment);
  const pathAt = firstOf(sent, '/?');
  const target = sent.slice(pathAt);
  const authority = splitAuthority(sent.slice(0, pathAt), DEFAULT_PORTS[scheme], url);
  if (!authority.ok) return authority;
  return ok({ scheme, ...authority.value, path: target.startsWith('/') ? target : `/${target}` });
}

function schemeOf(url: string): 'http' | 'https' | null {
  const lower = url.slice(0, 8).toLowerCase();
  if (lower.startsWith('https://')) return 'https';
  return lower.startsWith('http://') ? 'http' : null;
}

function splitAuthority(
  authority: string,
  defaultPort: number,
  url: string,
): Result<{ readonly host: string; readonly port: number }, string> {
  if (authority.includes('@')) {
    return err(`The URL ${quoted(url)} names a user; leave that out and send a header instead.`);
  }
  const colon = authority.endsWith(']') ? -1 : authority.lastIndexOf(':');
  const host = (colon < 0 ? authority : authority.slice(0, colon)).toLowerCase();
  if (!isHost(host)) return err(`The URL ${quoted(url)} names no host that requests can go to.`);
  const written = colon < 0 ? '' : authority.slice(colon + 1);
  if (written === '') return ok({ host, port: defaultPort });
  const port = /^[0-9]{1,5}$/.test(written) ? Number(written) : 0;
  if (port >= 1 && port <= 65_535) return ok({ host, port });
  return err(`The URL ${quoted(url)} has no port between 1 and 65535 after its host.`);
}

/** A DNS name, an IPv4 address, or an IPv6 address in brackets. */
function isHost(host: string): boolean {
  if (/^\[[0-9a-f:.]{2,45}\]$/.test(host)) return true;
  return /^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?\.?$/.test(host) && !host.includes('..');
}

function isAddress(host: string): boolean {
  return host.startsWith('[') || /^[0-9]{1,3}(\.[0-9]{1,3}){3}$/.test(host);
}

function headerProblem(name: string, value: string): string | null {
  if (!isToken(name)) return `${quoted(name)} is no header name; use letters, digits and dashes.`;
  for (let i = 0; i < value.length; i += 1) {
    const code = value.charCodeAt(i);
    if (code === 0x7f || (code < 0x20 && code !== 0x09)) {
      return `The value of the header ${name} holds a control character; leave it out.`;
    }
  }
  return null;
}

/** RFC 9110 §5.6.2: what methods and header names are made of. */
function isToken(text: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text);
}

function isPrintable(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code <= 0x20 || code === 0x7f) return false;
  }
  return true;
}

function firstOf(text: string, characters: string): number {
  for (let i = 0; i < text.length; i += 1) if (characters.includes(text.charAt(i))) return i;
  return text.length;
}

/** For messages: bounded, whatever was written. */
function quoted(text: string): string {
  return JSON.stringify(text.length <= 120 ? text : `${text.slice(0, 120)}…`);
}

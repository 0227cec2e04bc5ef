import { type CompiledGateway, type CompiledListener, listenerKeyOf } from './compile.ts';
import { type HostnameTable, hostnameOf } from './hostname.ts';
import type { Listener } from './listener.ts';
import { clipped, hostnameInWords } from './match-words.ts';
import type { GatewayRequest } from './route.ts';

/** Listeners that one sentence lists. */
const LISTED_MAX = 6;

export interface ListenerSummary {
  /** `namespace/name`. */
  readonly gateway: string;
  readonly name: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  /** `any hostname` when it names none. */
  readonly hostname: string;
}

/** Which listener takes a request and why, or why none does. `via`: the one that the winner came by. */
export function explainListener(
  gateway: CompiledGateway,
  request: GatewayRequest,
  hostname: string,
  found: CompiledListener | null,
  via: Listener | undefined,
): { readonly summary: ListenerSummary | null; readonly reason: string } {
  const { port, scheme, sni } = request;
  const onPort = gateway.listeners.get(listenerKeyOf(port, scheme));
  const place = `${scheme} on port ${port}`;
  if (onPort === undefined) {
    return { summary: null, reason: `No listener takes ${place}; there is ${placesOf(gateway)}.` };
  }
  const serverName = scheme === 'https' && sni !== undefined ? hostnameOf(sni) : hostname;
  if (found === null) {
    return { summary: null, reason: whyNone(onPort, place, hostname, serverName) };
  }
  const listener = via ?? found.origins[0];
  if (listener === undefined) return { summary: null, reason: `No listener takes ${place}.` };
  const summary = {
    gateway: listener.gatewayPath,
    name: listener.name,
    port: listener.port,
    scheme: listener.scheme,
    hostname: hostnameInWords(listener.hostname),
  };
  return { summary, reason: whyThis(listener.hostname, place, serverName) };
}

function whyThis(pattern: string, place: string, name: string): string {
  if (pattern === '')
    return `Of the listeners for ${place}, none that names a hostname fits; this one takes any.`;
  if (pattern === name)
    return `Of the listeners for ${place}, this one names ${clipped(name)} itself.`;
  return `Of the listeners for ${place}, ${pattern} is the most specific that ${clipped(name)} falls under.`;
}

function whyNone(
  onPort: HostnameTable<CompiledListener>,
  place: string,
  hostname: string,
  serverName: string,
): string {
  if (serverName !== hostname && onPort.best(hostname) !== undefined) {
    const known = onPort.best(serverName) === undefined ? 'no listener' : 'another listener';
    return `The connection was made for ${clipped(serverName)}, which ${known} takes; the request asks for ${clipped(hostname)}.`;
  }
  const names = onPort.entries().map(([pattern]) => hostnameInWords(pattern));
  const asked = hostname === '' ? 'a request without host' : clipped(hostname);
  return `No listener for ${place} takes ${asked}; there is ${listed(names)}.`;
}

function placesOf(gateway: CompiledGateway): string {
  const keys = [...gateway.listeners.keys()].sort((a, b) => a - b);
  return listed(keys.map((key) => `${key % 2 === 1 ? 'https' : 'http'} on ${Math.floor(key / 2)}`));
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none at all';
  const shown = names.slice(0, LISTED_MAX).join(', ');
  return names.length <= LISTED_MAX ? shown : `${shown} and ${names.length - LISTED_MAX} more`;
}

import type { CompiledMatch, FlagGate, ValueMatch } from './path-table.ts';
import { fitsPath, fitsValue } from './path-table.ts';
import { NEVER_CREATED } from './precedence.ts';
import type { RequestView } from './request-view.ts';

/** Longest value that is quoted from a config or a request, in characters. */
const QUOTED_CHARS_MAX = 80;

/** Cut to a length that a sentence can hold. */
export function clipped(text: string): string {
  return text.length <= QUOTED_CHARS_MAX ? text : `${text.slice(0, QUOTED_CHARS_MAX - 1)}…`;
}

/** What a match asks for: `path starts with /checkout, header x-cart: v2`. */
export function conditionInWords(match: CompiledMatch): string {
  const parts: string[] = [];
  const { type, value } = match.path;
  if (type === 'exact') parts.push(`path is ${clipped(value)}`);
  else if (type === 'pattern') parts.push(`path matches ${clipped(value)}`);
  else if (value !== '') parts.push(`path starts with ${clipped(value)}`);
  if (match.method !== null) parts.push(`method is ${match.method}`);
  for (const header of match.headers) parts.push(valueInWords('header', header));
  for (const parameter of match.query) parts.push(valueInWords('parameter', parameter));
  for (const gate of match.target.gates) parts.push(`flag ${flagName(gate)} is on`);
  return parts.length === 0 ? 'any path' : parts.join(', ');
}

function valueInWords(what: 'header' | 'parameter', wanted: ValueMatch): string {
  const name = clipped(wanted.name);
  const value = clipped(wanted.source);
  return wanted.pattern === null ? `${what} ${name}: ${value}` : `${what} ${name} matches ${value}`;
}

/** `new-cart` of `FeatureFlag/shop/new-cart`. */
export function flagName({ flag }: FlagGate): string {
  return flag.key.slice(flag.key.lastIndexOf('/') + 1);
}

/** What a request lacks for a match, as sentences; empty when it matches. */
export function missesOf(match: CompiledMatch, request: RequestView): string[] {
  const misses: string[] = [];
  if (!fitsPath(match.path, request.path)) misses.push(pathMiss(match, request.path));
  if (match.method !== null && match.method !== request.method) {
    misses.push(`The method is ${clipped(request.method)}, not ${match.method}.`);
  }
  for (const wanted of match.headers) {
    const value = request.header(wanted.name);
    if (!fitsValue(wanted, value)) misses.push(valueMiss('Header', wanted, value));
  }
  for (const wanted of match.query) {
    const value = request.parameter(wanted.name);
    if (!fitsValue(wanted, value)) misses.push(valueMiss('Query parameter', wanted, value));
  }
  for (const gate of match.target.gates) {
    if (!request.isOn(gate)) misses.push(`Flag ${flagName(gate)} is off for this request.`);
  }
  return misses;
}

function pathMiss(match: CompiledMatch, path: string): string {
  const value = clipped(match.path.value);
  const verb = { exact: 'is not', pattern: 'does not match', prefix: 'does not start with' };
  return `The path ${clipped(path)} ${verb[match.path.type]} ${value}.`;
}

function valueMiss(what: string, wanted: ValueMatch, value: string | undefined): string {
  const name = clipped(wanted.name);
  if (value === undefined) return `${what} ${name} is absent.`;
  const verb =
    wanted.pattern === null ? `is ${clipped(value)}, not` : `${clipped(value)} does not match`;
  return `${what} ${name} ${verb} ${clipped(wanted.source)}.`;
}

/** How specific a hostname pattern is said to be. */
export function hostnameInWords(hostname: string): string {
  return hostname === '' ? 'any hostname' : hostname;
}

/** Why one of two matches that both fit comes after the other. The steps are those of `compareMatches`. */
export function whyAfter(
  winner: { readonly match: CompiledMatch; readonly hostname: string },
  loser: { readonly match: CompiledMatch; readonly hostname: string },
): string {
  const [a, b] = [winner.match, loser.match];
  if (winner.hostname !== loser.hostname) {
    return `It matches too, but ${hostnameInWords(loser.hostname)} is less specific than ${winner.hostname}.`;
  }
  if (a.path.type !== b.path.type) {
    return a.path.type === 'exact'
      ? 'It matches too, but an exact path comes first.'
      : 'It matches too, but a pattern comes before a prefix.';
  }
  if (a.path.value.length !== b.path.value.length) {
    return 'It matches too, but its path is shorter.';
  }
  if ((a.method === null) !== (b.method === null)) {
    return 'It matches too, but it asks for no method.';
  }
  if (a.headers.length !== b.headers.length) {
    return `It matches too, but it asks for fewer headers (${b.headers.length} against ${a.headers.length}).`;
  }
  if (a.query.length !== b.query.length) {
    return `It matches too, but it asks for fewer query parameters (${b.query.length} against ${a.query.length}).`;
  }
  if (a.createdAt !== b.createdAt) {
    return b.createdAt === NEVER_CREATED
      ? 'It matches equally well, but its route states no creation time.'
      : 'It matches equally well, but its route is younger.';
  }
  if (a.routeName !== b.routeName) {
    return `It matches equally well, but ${a.routeName} comes before ${b.routeName} by name.`;
  }
  return a.target.rule === b.target.rule
    ? 'It matches equally well, but comes later in the same rule.'
    : 'It matches equally well, but comes later in the same route.';
}

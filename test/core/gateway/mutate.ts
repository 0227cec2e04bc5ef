import type { Json, JsonObject } from '../../../core/gateway/json.ts';
import type { CanonicalResource } from '../../../core/gateway/resource-index.ts';
import type { GatewayRequest } from '../../../core/gateway/route.ts';
import type { RandomStream } from '../../../core/ports/random.ts';

const JUNK: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  9_007_199_254_740_991,
  '',
  '*',
  '*.',
  '/',
  '//',
  '(a+)+$',
  '(',
  '__proto__',
  'constructor',
  'x'.repeat(3_000),
  '\ud800',
  '0s',
  '99999h',
  [],
  [null],
  [[]],
  {},
];
const REQUEST_TEXTS: readonly string[] = [
  '',
  '/',
  '*',
  '//',
  '?',
  '/%',
  '/%2f..',
  '[',
  ':',
  '.',
  '/a?b=c&b&=&%',
  `/${'a'.repeat(5_000)}`,
  `/${'a/'.repeat(2_000)}`,
  '\ud800',
  '\0',
];

function pick<T>(list: readonly T[], random: RandomStream): T | undefined {
  return list.length === 0 ? undefined : list[random.below(list.length)];
}

/** The same resources, of which some bodies are changed in one to three places. */
export function mutateResources(
  resources: readonly CanonicalResource[],
  random: RandomStream,
): CanonicalResource[] {
  const out = [...resources];
  for (let left = 1 + random.below(3); left > 0; left -= 1) {
    const at = random.below(out.length);
    const one = out[at];
    const other = pick(resources, random);
    if (one === undefined || other === undefined) continue;
    const body = mutate(one.body, other.body, random);
    out[at] = { key: one.key, body: body as JsonObject };
  }
  return out;
}

/** Goes down to a random place and changes what is there. */
function mutate(value: Json, other: Json, random: RandomStream): Json {
  const isLeaf = typeof value !== 'object' || value === null;
  if (isLeaf || random.below(24) === 0) return changed(value, other, random);
  if (Array.isArray(value)) {
    const items = [...(value as readonly Json[])];
    const at = random.below(Math.max(1, items.length));
    const item = items[at];
    if (item === undefined) return changed(value, other, random);
    switch (random.below(20)) {
      case 0:
        items.splice(at, 1);
        break;
      case 1:
        items.splice(at, 0, item);
        break;
      default:
        items[at] = mutate(item, other, random);
    }
    return items;
  }
  const entries = Object.entries(value as JsonObject);
  const at = random.below(Math.max(1, entries.length));
  const entry = entries[at];
  if (entry === undefined) return changed(value, other, random);
  if (random.below(20) === 0) entries.splice(at, 1);
  else entries[at] = [entry[0], mutate(entry[1], other, random)];
  return Object.fromEntries(entries);
}

function changed(value: Json, other: Json, random: RandomStream): Json {
  switch (random.below(4)) {
    case 0:
      return leafOf(other, random);
    case 1:
      if (typeof value === 'string') return bent(value, random);
      return typeof value === 'number' ? value + 1 - random.below(3) : leafOf(other, random);
    default:
      return pick(JUNK, random) ?? null;
  }
}

/** A value that stands somewhere else in the config. */
function leafOf(value: Json, random: RandomStream): Json {
  if (typeof value !== 'object' || value === null) return value;
  const member = pick(Object.values(value) as readonly Json[], random);
  return member === undefined || random.below(6) === 0 ? value : leafOf(member, random);
}

function bent(text: string, random: RandomStream): string {
  const at = random.below(text.length + 1);
  const put = pick(['', '*', '/', '.', ':', 'A', '%', '\\', '{', '0'], random) ?? '';
  return text.slice(0, at) + put + text.slice(at + random.below(3));
}

/** The same request, of which up to two parts are something else. */
export function mutateRequest(request: GatewayRequest, random: RandomStream): GatewayRequest {
  let out: GatewayRequest = request;
  for (let left = random.below(3); left > 0; left -= 1) out = changedRequest(out, random);
  return out;
}

function changedRequest(request: GatewayRequest, random: RandomStream): GatewayRequest {
  const text = (now: string) =>
    random.below(2) === 0 ? bent(now, random) : (pick(REQUEST_TEXTS, random) ?? '');
  switch (random.below(24)) {
    case 0:
    case 8:
      return { ...request, method: pick(['GET', 'POST', 'OPTIONS', '', 'get'], random) ?? '' };
    case 1:
      return { ...request, host: text(request.host) };
    case 2:
      return { ...request, port: pick([80, 443, 8080, 0, -1, 65_536, Number.NaN], random) ?? 80 };
    case 3:
      return { ...request, scheme: request.scheme === 'http' ? 'https' : 'http' };
    case 4:
    case 9:
      return { ...request, sni: text(request.sni ?? request.host) };
    case 5:
    case 6:
    case 10:
    case 11:
    case 12:
    case 13:
      return { ...request, path: text(request.path) };
    default: {
      const name = pick(
        ['origin', 'Access-Control-Request-Method', 'X-Key', 'Authorization', '__proto__', ''],
        random,
      );
      const value = pick(['https://a.example', 'null', 'Bearer a.b.c', '*', '\0'], random);
      return {
        ...request,
        headers: Object.fromEntries([
          ...Object.entries(request.headers),
          [name ?? '', value ?? ''],
        ]),
      };
    }
  }
}

import {
  integerAt,
  type Json,
  type JsonObject,
  listAt,
  memberOf,
  objectAt,
  stringAt,
} from '../../../core/gateway/json.ts';
import { counted, joinWords, say, type Word, type Words } from './words.ts';

/** A listener: `https, port 443, hosts of *.example.com`. */
export function listenerSentence(listener: Json): Words {
  const words: Word[] = [{ code: stringAt(listener, 'name') ?? '?' }];
  words.push(`: ${stringAt(listener, 'protocol') ?? '?'} on port `);
  words.push({ code: String(memberOf(listener, 'port') ?? '?') });
  const hostname = stringAt(listener, 'hostname');
  if (hostname !== undefined) words.push(' for ', { code: hostname });
  return words;
}

/** Who may attach routes: `routes of every namespace`. */
export function attachSentence(allowed: JsonObject | undefined): Words {
  const namespaces = objectAt(allowed, 'namespaces');
  const from = stringAt(namespaces, 'from') ?? 'Same';
  if (from === 'All') return ['every namespace'];
  if (from === 'None') return ['nobody'];
  if (from !== 'Selector') return ['this namespace'];
  const labels = objectAt(objectAt(namespaces, 'selector'), 'matchLabels') ?? {};
  const pairs = Object.entries(labels).map(([key, value]): Words => [{ code: `${key}: ${value}` }]);
  return pairs.length === 0
    ? ['namespaces that fit a selector']
    : ['namespaces labelled ', ...joinWords(pairs)];
}

/** `2 s request, 800 ms backend` of a rule's time-outs, in the durations as written. */
export function timeoutsSentence(timeouts: JsonObject): Words {
  const parts: Words[] = [];
  const request = stringAt(timeouts, 'request');
  const backend = stringAt(timeouts, 'backendRequest');
  if (request !== undefined) parts.push(say`${request} request`);
  if (backend !== undefined) parts.push(say`${backend} backend`);
  return parts.length === 0 ? ['none stated'] : joinWords(parts);
}

export function retrySentence(retry: JsonObject): Words {
  const attempts = integerAt(retry, 'attempts');
  const codes = listAt(retry, 'codes').map(String);
  const backoff = stringAt(retry, 'backoff');
  const words: Word[] = [
    attempts === undefined ? 'once more' : `up to ${counted(attempts, 'time')}`,
  ];
  if (codes.length > 0) words.push(' on ', { code: codes.join(', ') });
  if (backoff !== undefined) words.push(', ', { code: backoff }, ' apart');
  return words;
}

/** When a flag is on. */
export function flagSentence(spec: Json): Words {
  const mode = stringAt(spec, 'mode');
  if (mode === 'On') return ['on for every request'];
  if (mode === 'Off') return ['off for every request'];
  const when = objectAt(spec, 'when');
  const parts: Words[] = [];
  const percent = integerAt(when, 'percent');
  if (percent !== undefined) parts.push([`${percent} % of requests`]);
  for (const header of listAt(when, 'headers')) {
    parts.push([
      'header ',
      { code: `${stringAt(header, 'name') ?? '?'}: ${stringAt(header, 'value') ?? '?'}` },
    ]);
  }
  const cells = listAt(when, 'cells').map(String);
  if (cells.length > 0) parts.push(['in ', { code: cells.join(', ') }]);
  return parts.length === 0 ? ['on for no request'] : ['on for ', ...joinWords(parts, ', or ')];
}

/** One request of a suite: `GET https://shop.example.com/ goes to cart-v2`. */
export function requestSentence(request: Json): Words {
  const words: Word[] = [
    { code: `${stringAt(request, 'method') ?? 'GET'} ${stringAt(request, 'url') ?? '?'}` },
  ];
  const expect = objectAt(request, 'expect');
  const backend = stringAt(expect, 'backend');
  const redirect = stringAt(expect, 'redirect');
  const status = integerAt(expect, 'status');
  if (backend !== undefined) words.push(' goes to ', { code: backend });
  if (redirect !== undefined) words.push(' is redirected to ', { code: redirect });
  if (status !== undefined)
    words.push(redirect === undefined ? ' is answered ' : ' with ', { code: String(status) });
  return words;
}

/** Public key of a token issuer: `ES256 key 2024-a`. */
export function jwkSentence(key: Json): Words {
  const kind = stringAt(key, 'alg') ?? stringAt(key, 'crv') ?? stringAt(key, 'kty') ?? '?';
  const kid = stringAt(key, 'kid');
  return kid === undefined ? [`${kind} key without a name`] : [`${kind} key `, { code: kid }];
}

/** From or to of a grant: `HTTPRoute of checkout`, `every Service`, `Service cart`. */
export function grantSentence(entry: Json): Words {
  const kind = stringAt(entry, 'kind') ?? '?';
  const namespace = stringAt(entry, 'namespace');
  const name = stringAt(entry, 'name');
  if (namespace !== undefined) return [`each ${kind} of `, { code: namespace }];
  return name === undefined ? [`every ${kind} here`] : [`${kind} `, { code: name }];
}

import {
  integerAt,
  type Json,
  type JsonObject,
  listAt,
  memberOf,
  objectAt,
  stringAt,
} from '../../../core/gateway/json.ts';
import { referenceSentence } from './reference-sentence.ts';
import { joinWords, say, type Word, type Words } from './words.ts';

/** What a filter does: `rewrite prefix to /v2/checkout`, `redirect 302 to /status`. */
export function filterSentence(filter: Json): Words {
  const type = stringAt(filter, 'type') ?? '';
  if (type === 'RequestHeaderModifier') {
    return headersSentence('request', objectAt(filter, 'requestHeaderModifier') ?? {});
  }
  if (type === 'ResponseHeaderModifier') {
    return headersSentence('response', objectAt(filter, 'responseHeaderModifier') ?? {});
  }
  if (type === 'RequestRedirect')
    return redirectSentence(objectAt(filter, 'requestRedirect') ?? {});
  if (type === 'URLRewrite') return rewriteSentence(objectAt(filter, 'urlRewrite') ?? {});
  if (type === 'RequestMirror') return mirrorSentence(objectAt(filter, 'requestMirror') ?? {});
  if (type === 'CORS') return corsSentence(objectAt(filter, 'cors') ?? {});
  if (type === 'ExtensionRef') return extensionSentence(objectAt(filter, 'extensionRef') ?? {});
  return type === '' ? ['a filter that states no type'] : say`filter of type ${type}`;
}

/** Whether a rule answers by itself, so that its filters read as an answer. */
export function isAnswer(filter: Json): boolean {
  return stringAt(filter, 'type') === 'RequestRedirect';
}

function headersSentence(what: 'request' | 'response', modifier: JsonObject): Words {
  const parts: Words[] = [];
  for (const verb of ['set', 'add'] as const) {
    for (const entry of listAt(modifier, verb)) {
      parts.push([
        `${verb} ${what} header `,
        { code: `${stringAt(entry, 'name') ?? '?'}: ${stringAt(entry, 'value') ?? '?'}` },
      ]);
    }
  }
  for (const name of listAt(modifier, 'remove')) {
    parts.push([`remove ${what} header `, { code: String(name) }]);
  }
  return parts.length === 0 ? [`change no ${what} header`] : joinWords(parts);
}

function pathWords(path: JsonObject): Words {
  return stringAt(path, 'type') === 'ReplaceFullPath'
    ? say`path to ${stringAt(path, 'replaceFullPath') ?? '/'}`
    : say`prefix to ${stringAt(path, 'replacePrefixMatch') ?? '/'}`;
}

function rewriteSentence(rewrite: JsonObject): Words {
  const parts: Words[] = [];
  const path = objectAt(rewrite, 'path');
  const hostname = stringAt(rewrite, 'hostname');
  if (path !== undefined) parts.push(pathWords(path));
  if (hostname !== undefined) parts.push(say`host to ${hostname}`);
  return parts.length === 0 ? ['rewrite nothing'] : ['rewrite ', ...joinWords(parts)];
}

function redirectSentence(redirect: JsonObject): Words {
  const status = integerAt(redirect, 'statusCode') ?? 302;
  const scheme = stringAt(redirect, 'scheme');
  const hostname = stringAt(redirect, 'hostname');
  const port = integerAt(redirect, 'port');
  const path = objectAt(redirect, 'path');
  const words: Word[] = [`redirect ${status}`];
  const full =
    path !== undefined && stringAt(path, 'type') === 'ReplaceFullPath'
      ? (stringAt(path, 'replaceFullPath') ?? '/')
      : null;
  let target = '';
  if (hostname !== undefined) target = `${scheme === undefined ? '' : `${scheme}://`}${hostname}`;
  else if (scheme !== undefined) target = scheme;
  if (port !== undefined) target += `:${port}`;
  if (full !== null && (hostname !== undefined || target === '')) target += full;
  if (target !== '') words.push(' to ', { code: target });
  if (full !== null && hostname === undefined && target !== full) {
    words.push(', path ', { code: full });
  }
  if (path !== undefined && full === null) words.push(', ', ...pathWords(path));
  return target === '' && path === undefined ? [...words, ' to the same address'] : words;
}

function mirrorSentence(mirror: JsonObject): Words {
  const to = referenceSentence(objectAt(mirror, 'backendRef') ?? {});
  const fraction = objectAt(mirror, 'fraction');
  const percent = integerAt(mirror, 'percent');
  let share = 'all requests';
  if (fraction !== undefined) {
    share = `${integerAt(fraction, 'numerator') ?? '?'} of ${integerAt(fraction, 'denominator') ?? 100} requests`;
  } else if (percent !== undefined) share = `${percent} % of requests`;
  return [`mirror ${share} to `, ...to];
}

function corsSentence(cors: JsonObject): Words {
  const origins = listAt(cors, 'allowOrigins').map(String);
  const words: Word[] =
    origins.length === 0
      ? ['allow no other origin']
      : ['allow pages of ', ...joinWords(origins.map((origin): Words => [{ code: origin }]))];
  if (memberOf(cors, 'allowCredentials') === true) words.push(', with credentials');
  return words;
}

function extensionSentence(reference: JsonObject): Words {
  const name = stringAt(reference, 'name') ?? '?';
  const kind = stringAt(reference, 'kind') ?? '?';
  return kind === 'FeatureFlag' ? say`only while flag ${name} is on` : [`${kind} `, { code: name }];
}

import { wrongPath } from './formats.ts';
import {
  hasMember,
  integerAt,
  type Json,
  listAt,
  objectAt,
  pointerInWords,
  pointerTo,
  stringAt,
} from './json.ts';
import { type Report, show } from './shape.ts';
import { checkBackendPort } from './validate-entries.ts';

/** Field that carries a filter's settings, by type. */
const FILTER_FIELDS: ReadonlyMap<string, string> = new Map([
  ['RequestHeaderModifier', 'requestHeaderModifier'],
  ['ResponseHeaderModifier', 'responseHeaderModifier'],
  ['RequestMirror', 'requestMirror'],
  ['RequestRedirect', 'requestRedirect'],
  ['URLRewrite', 'urlRewrite'],
  ['ExtensionRef', 'extensionRef'],
  ['CORS', 'cors'],
  ['ExternalAuth', 'externalAuth'],
]);

const REPEATABLE: ReadonlySet<string> = new Set(['RequestMirror', 'ExtensionRef']);

/**
 * Stage two for a list of filters. `prefixOnly`: the rule has exactly one match, by path prefix, so
 * that a replaced prefix has one meaning.
 */
export function checkFilters(
  filters: readonly Json[],
  pointer: string,
  prefixOnly: boolean,
  report: Report,
): void {
  const seen = new Set<string>();
  filters.forEach((filter, index) => {
    const at = pointerTo(pointer, index);
    const type = stringAt(filter, 'type');
    if (type === undefined) return;
    if (seen.has(type) && !REPEATABLE.has(type)) {
      report('error', 'repeated-filter', at, `${type} may stand in a rule once; merge the two.`);
    }
    seen.add(type);
    checkFilterFields(filter, type, at, report);
    checkSettings(filter, at, prefixOnly, report);
  });
  if (seen.has('RequestRedirect') && seen.has('URLRewrite')) {
    report(
      'error',
      'redirect-and-rewrite',
      pointer,
      'A request is either redirected or rewritten; remove RequestRedirect or URLRewrite.',
    );
  }
}

function checkFilterFields(filter: Json, type: string, pointer: string, report: Report): void {
  const own = FILTER_FIELDS.get(type);
  if (own === undefined) return;
  if (!hasMember(filter, own)) {
    report('error', 'missing-field', pointer, `A ${type} filter needs "${own}"; add it.`);
  }
  for (const field of FILTER_FIELDS.values()) {
    if (field === own || !hasMember(filter, field)) continue;
    report(
      'error',
      'foreign-field',
      `${pointer}/${field}`,
      `A ${type} filter does not take "${field}"; remove it or put it in a filter of its own.`,
    );
  }
}

function checkSettings(filter: Json, pointer: string, prefixOnly: boolean, report: Report): void {
  for (const field of ['requestHeaderModifier', 'responseHeaderModifier']) {
    checkModifier(objectAt(filter, field), `${pointer}/${field}`, report);
  }
  for (const field of ['requestRedirect', 'urlRewrite']) {
    const at = `${pointer}/${field}/path`;
    checkPathModifier(objectAt(objectAt(filter, field), 'path'), at, prefixOnly, report);
  }
  checkMirror(objectAt(filter, 'requestMirror'), `${pointer}/requestMirror`, report);
  checkCors(objectAt(filter, 'cors'), `${pointer}/cors`, report);
}

/** One action for one header, whatever its case. */
function checkModifier(modifier: Json | undefined, pointer: string, report: Report): void {
  const seen = new Map<string, string>();
  for (const action of ['set', 'add', 'remove']) {
    listAt(modifier, action).forEach((entry, index) => {
      const name = typeof entry === 'string' ? entry : stringAt(entry, 'name');
      if (name === undefined) return;
      const earlier = seen.get(name.toLowerCase());
      if (earlier !== undefined) {
        report(
          'error',
          'header-actions',
          pointerTo(`${pointer}/${action}`, index),
          `The header ${show(name)} is already under "${earlier}"; keep one action for a header.`,
        );
      }
      seen.set(name.toLowerCase(), action);
    });
  }
}

function checkPathModifier(
  path: Json | undefined,
  pointer: string,
  prefixOnly: boolean,
  report: Report,
): void {
  const type = stringAt(path, 'type');
  if (type === undefined) return;
  const full = type === 'ReplaceFullPath';
  const own = full ? 'replaceFullPath' : 'replacePrefixMatch';
  const other = full ? 'replacePrefixMatch' : 'replaceFullPath';
  if (!hasMember(path, own)) {
    report('error', 'missing-field', pointer, `${type} needs "${own}"; add it.`);
  }
  if (hasMember(path, other)) {
    report('error', 'foreign-field', `${pointer}/${other}`, `${type} does not take "${other}".`);
  }
  const value = stringAt(path, own);
  if (value !== undefined && !(value === '' && !full)) {
    const wrong = wrongPath(value);
    if (wrong !== null) {
      const at = `${pointer}/${own}`;
      report('error', 'bad-path', at, `${pointerInWords(at)} ${wrong}; it is ${show(value)}.`);
    }
  }
  if (!full && !prefixOnly) {
    report(
      'error',
      'prefix-replacement',
      `${pointer}/replacePrefixMatch`,
      'ReplacePrefixMatch needs a rule with exactly one match, of type PathPrefix; split the rule.',
    );
  }
}

function checkMirror(mirror: Json | undefined, pointer: string, report: Report): void {
  if (mirror === undefined) return;
  const reference = objectAt(mirror, 'backendRef');
  if (reference !== undefined) checkBackendPort(reference, `${pointer}/backendRef`, report);
  const fraction = objectAt(mirror, 'fraction');
  if (fraction === undefined) return;
  if (hasMember(mirror, 'percent')) {
    report('error', 'foreign-field', `${pointer}/percent`, 'Give either percent or fraction.');
  }
  const numerator = integerAt(fraction, 'numerator') ?? 0;
  if (numerator > (integerAt(fraction, 'denominator') ?? 100)) {
    report(
      'error',
      'out-of-range',
      `${pointer}/fraction`,
      'The numerator must not be larger than the denominator, which is 100 when left out.',
    );
  }
}

function checkCors(cors: Json | undefined, pointer: string, report: Report): void {
  for (const field of ['allowOrigins', 'allowMethods', 'allowHeaders', 'exposeHeaders']) {
    const entries = listAt(cors, field);
    if (entries.length > 1 && entries.includes('*')) {
      report(
        'error',
        'wildcard-not-alone',
        `${pointer}/${field}`,
        `"*" in ${field} already allows everything; remove the other entries or the "*".`,
      );
    }
  }
  listAt(cors, 'allowOrigins').forEach((origin, index) => {
    if (typeof origin !== 'string' || origin === '*') return;
    if (/^[a-z][a-z0-9+.-]*:\/\/[a-zA-Z0-9*._-]+(?::(?:[0-9]{1,5}|\*))?$/.test(origin)) return;
    const at = pointerTo(`${pointer}/allowOrigins`, index);
    report(
      'error',
      'bad-origin',
      at,
      `${pointerInWords(at)} must be an origin such as https://shop.example.com, without a path; it is ${show(origin)}.`,
    );
  });
}

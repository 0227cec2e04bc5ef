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
import { changeTo, type FixMaker, mendedText, pathFix, removeAt } from './problem-fix.ts';
import { type Report, show } from './shape.ts';
import { checkBackendPort } from './validate-entries.ts';

/** Whether a replaced prefix has one meaning in a rule: it has one match, and that by path prefix. */
export interface PrefixRule {
  readonly isSingle: boolean;
  /** Makes it so. */
  readonly fix: FixMaker;
}

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

/** Stage two for a list of filters. */
export function checkFilters(
  filters: readonly Json[],
  pointer: string,
  prefix: PrefixRule,
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
    if (type === 'ExternalAuth') {
      const message =
        "Holdfast's nodes do not know ExternalAuth, so the rule's requests are answered with 500; attach an AuthPolicy instead.";
      report('warning', 'filter-not-served', at, message);
    }
    checkFilterFields(filter, type, at, report);
    checkSettings(filter, at, prefix, report);
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
      () => removeAt(`${pointer}/${field}`, field),
    );
  }
}

function checkSettings(filter: Json, pointer: string, prefix: PrefixRule, report: Report): void {
  for (const field of ['requestHeaderModifier', 'responseHeaderModifier']) {
    checkModifier(objectAt(filter, field), `${pointer}/${field}`, report);
  }
  for (const field of ['requestRedirect', 'urlRewrite']) {
    const at = `${pointer}/${field}/path`;
    checkPathModifier(objectAt(objectAt(filter, field), 'path'), at, prefix, report);
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
          () => removeAt(pointerTo(`${pointer}/${action}`, index), `it from "${action}"`),
        );
      }
      seen.set(name.toLowerCase(), action);
    });
  }
}

function checkPathModifier(
  path: Json | undefined,
  pointer: string,
  prefix: PrefixRule,
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
    const at = `${pointer}/${other}`;
    report('error', 'foreign-field', at, `${type} does not take "${other}"; remove it.`, () =>
      removeAt(at, other),
    );
  }
  const value = stringAt(path, own);
  if (value !== undefined && !(value === '' && !full)) {
    const wrong = wrongPath(value);
    if (wrong !== null) {
      const at = `${pointer}/${own}`;
      const message = `${pointerInWords(at)} ${wrong}; it is ${show(value)}.`;
      report('error', 'bad-path', at, message, pathFix(at, value));
    }
  }
  if (!full && !prefix.isSingle) {
    report(
      'error',
      'prefix-replacement',
      `${pointer}/replacePrefixMatch`,
      'ReplacePrefixMatch needs a rule with exactly one match, of type PathPrefix; split the rule.',
      prefix.fix,
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
    const at = `${pointer}/percent`;
    const message = 'Give either percent or fraction; remove one of them.';
    report('error', 'foreign-field', at, message, () => removeAt(at, 'percent'));
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
        () => changeTo(`${pointer}/${field}`, ['*']),
      );
    }
  }
  listAt(cors, 'allowOrigins').forEach((origin, index) => {
    if (typeof origin !== 'string' || origin === '*' || isOrigin(origin)) return;
    const at = pointerTo(`${pointer}/allowOrigins`, index);
    report(
      'error',
      'bad-origin',
      at,
      `${pointerInWords(at)} must be an origin such as https://shop.example.com, without a path; it is ${show(origin)}.`,
      () => {
        const mended = mendedText('bad-origin', origin, isOrigin);
        return mended === null ? undefined : changeTo(at, mended);
      },
    );
  });
}

function isOrigin(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[a-zA-Z0-9*._-]+(?::(?:[0-9]{1,5}|\*))?$/.test(text);
}

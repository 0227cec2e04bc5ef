import { durationMs, wrongPath } from './formats.ts';
import {
  integerAt,
  isJsonObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  pointerInWords,
  pointerTo,
  stringAt,
} from './json.ts';
import { compilePattern } from './patterns.ts';
import { type Report, show } from './shape.ts';
import { checkBackendPort, checkRepeats } from './validate-entries.ts';
import { checkFilters } from './validate-filters.ts';

const MATCHES_PER_ROUTE_MAX = 128;

/** Stage two for HTTPRoute: what each field's shape alone cannot say. */
export function checkRouteMeaning(body: JsonObject, report: Report): void {
  const spec = objectAt(body, 'spec');
  const rules = listAt(spec, 'rules');
  if (spec !== undefined && listAt(spec, 'parentRefs').length === 0) {
    report(
      'warning',
      'unattached-route',
      '/spec',
      'This route names no Gateway in spec.parentRefs, so no request can reach it.',
    );
  }
  checkParents(listAt(spec, 'parentRefs'), report);
  checkRepeats(listAt(spec, 'hostnames'), '/spec/hostnames', (name) => name, 'hostname', report);
  checkRepeats(rules, '/spec/rules', (rule) => stringAt(rule, 'name'), 'rule name', report);
  let matches = 0;
  rules.forEach((rule, index) => {
    const pointer = pointerTo('/spec/rules', index);
    matches += Math.max(1, listAt(rule, 'matches').length);
    if (isJsonObject(rule)) checkRule(rule, pointer, report);
  });
  if (matches > MATCHES_PER_ROUTE_MAX) {
    report(
      'error',
      'wrong-count',
      '/spec/rules',
      `A route may hold ${MATCHES_PER_ROUTE_MAX} matches in all its rules; this one holds ${matches}. Split it.`,
    );
  }
}

function checkParents(parents: readonly Json[], report: Report): void {
  const seen = new Set<string>();
  parents.forEach((parent, index) => {
    const parts = ['group', 'kind', 'namespace', 'name', 'sectionName'].map(
      (field) => stringAt(parent, field) ?? '',
    );
    const identity = JSON.stringify([...parts, integerAt(parent, 'port') ?? 0]);
    if (seen.has(identity)) {
      const pointer = pointerTo('/spec/parentRefs', index);
      report(
        'error',
        'duplicate-parent',
        pointer,
        `${pointerInWords(pointer)} repeats an earlier one; remove it or set another sectionName.`,
      );
    }
    seen.add(identity);
  });
}

function checkRule(rule: JsonObject, pointer: string, report: Report): void {
  const matches = listAt(rule, 'matches');
  matches.forEach((match, index) => {
    checkMatch(match, pointerTo(`${pointer}/matches`, index), report);
  });
  const prefixOnly = matches.length === 0 || (matches.length === 1 && isPrefixMatch(matches[0]));
  const backends = listAt(rule, 'backendRefs');
  const filters = listAt(rule, 'filters');
  checkFilters(filters, `${pointer}/filters`, prefixOnly, report);
  const redirects = filters.some((filter) => stringAt(filter, 'type') === 'RequestRedirect');
  if (redirects && backends.length > 0) {
    report(
      'error',
      'redirect-with-backends',
      `${pointer}/backendRefs`,
      'A rule that redirects sends nothing to backends; remove backendRefs or the redirect.',
    );
  }
  checkBackends(backends, filters.length === 0, prefixOnly, pointer, report);
  checkTimes(rule, pointer, report);
}

function checkBackends(
  backends: readonly Json[],
  isPlain: boolean,
  prefixOnly: boolean,
  pointer: string,
  report: Report,
): void {
  let sum = 0;
  backends.forEach((backend, index) => {
    const at = pointerTo(`${pointer}/backendRefs`, index);
    checkFilters(listAt(backend, 'filters'), `${at}/filters`, prefixOnly, report);
    checkBackendPort(backend, at, report);
    sum += integerAt(backend, 'weight') ?? 1;
  });
  if (backends.length > 0 && sum === 0) {
    report(
      'warning',
      'zero-weights',
      `${pointer}/backendRefs`,
      'All weights of this rule are 0, so every request it matches is answered with 500.',
    );
  }
  if (backends.length === 0 && isPlain) {
    report(
      'warning',
      'no-backend',
      pointer,
      `${pointerInWords(pointer)} has neither backendRefs nor filters, so it answers 500; add a backend.`,
    );
  }
}

function isPrefixMatch(match: Json | undefined): boolean {
  return (stringAt(objectAt(match, 'path'), 'type') ?? 'PathPrefix') === 'PathPrefix';
}

function checkMatch(match: Json, pointer: string, report: Report): void {
  const path = objectAt(match, 'path');
  const value = stringAt(path, 'value');
  if (value !== undefined) {
    const at = `${pointer}/path/value`;
    if (stringAt(path, 'type') === 'RegularExpression') checkPattern(value, at, report);
    else {
      const wrong = wrongPath(value);
      if (wrong !== null) {
        report('error', 'bad-path', at, `${pointerInWords(at)} ${wrong}; it is ${show(value)}.`);
      }
    }
  } else if (path !== undefined && stringAt(path, 'type') === 'RegularExpression') {
    report('error', 'missing-field', `${pointer}/path`, 'A path pattern needs a value; add it.');
  }
  checkNamedMatches(listAt(match, 'headers'), `${pointer}/headers`, true, report);
  checkNamedMatches(listAt(match, 'queryParams'), `${pointer}/queryParams`, false, report);
}

function checkNamedMatches(
  entries: readonly Json[],
  pointer: string,
  ignoreCase: boolean,
  report: Report,
): void {
  const seen = new Set<string>();
  entries.forEach((entry, index) => {
    const at = pointerTo(pointer, index);
    const value = stringAt(entry, 'value');
    if (stringAt(entry, 'type') === 'RegularExpression' && value !== undefined) {
      checkPattern(value, `${at}/value`, report);
    }
    const name = stringAt(entry, 'name');
    if (name === undefined) return;
    const key = ignoreCase ? name.toLowerCase() : name;
    if (seen.has(key)) {
      report(
        'warning',
        'duplicate-match',
        at,
        `${show(name)} is matched twice; only the first entry counts, remove the other.`,
      );
    }
    seen.add(key);
  });
}

function checkPattern(source: string, pointer: string, report: Report): void {
  const compiled = compilePattern(source);
  if (compiled.ok) return;
  report('error', 'bad-pattern', pointer, `${pointerInWords(pointer)} ${compiled.error}.`);
}

function checkTimes(rule: JsonObject, pointer: string, report: Report): void {
  const timeouts = objectAt(rule, 'timeouts');
  const request = durationMs(stringAt(timeouts, 'request') ?? '');
  const backend = durationMs(stringAt(timeouts, 'backendRequest') ?? '');
  if (request === null || backend === null || request === 0 || backend <= request) return;
  report(
    'error',
    'timeout-order',
    `${pointer}/timeouts/backendRequest`,
    'timeouts.backendRequest must not be longer than timeouts.request, which bounds it.',
  );
}

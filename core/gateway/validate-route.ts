import { durationMs, wrongPath } from './formats.ts';
import {
  hasMember,
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
import { PatternBudget } from './pattern-cost.ts';
import { compilePattern } from './patterns.ts';
import type { ProblemFix } from './problem.ts';
import { changeTo, pathFix, removeAt } from './problem-fix.ts';
import { type Report, show } from './shape.ts';
import { checkBackendPort, checkRepeats } from './validate-entries.ts';
import { checkFilters, type PrefixRule } from './validate-filters.ts';
import { checkPreflights } from './validate-preflights.ts';

const MATCHES_PER_ROUTE_MAX = 128;
/** A rule with more matches is not offered to be split: a route holds 16 rules. */
const SPLIT_MATCHES_MAX = 4;

/** Stage two for HTTPRoute: what each field's shape alone cannot say. Yields what its patterns cost. */
export function checkRouteMeaning(body: JsonObject, report: Report): number {
  const budget = new PatternBudget();
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
  const hostnames = listAt(spec, 'hostnames');
  // Two that are the same are one: the second can go. A repeated rule name stands for another rule.
  checkRepeats(
    hostnames,
    '/spec/hostnames',
    (name) => name,
    'hostname',
    report,
    (at) => removeAt(at, 'the second'),
  );
  checkRepeats(rules, '/spec/rules', (rule) => stringAt(rule, 'name'), 'rule name', report);
  let matches = 0;
  rules.forEach((rule, index) => {
    const pointer = pointerTo('/spec/rules', index);
    matches += Math.max(1, listAt(rule, 'matches').length);
    if (isJsonObject(rule)) checkRule(rule, pointer, budget, report);
  });
  checkPreflights(rules, report);
  if (matches > MATCHES_PER_ROUTE_MAX) {
    report(
      'error',
      'wrong-count',
      '/spec/rules',
      `A route may hold ${MATCHES_PER_ROUTE_MAX} matches in all its rules; this one holds ${matches}. Split it.`,
    );
  }
  return budget.spent;
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
        () => removeAt(pointer, 'the second'),
      );
    }
    seen.add(identity);
  });
}

function checkRule(rule: JsonObject, pointer: string, budget: PatternBudget, report: Report): void {
  const matches = listAt(rule, 'matches');
  matches.forEach((match, index) => {
    checkMatch(match, pointerTo(`${pointer}/matches`, index), budget, report);
  });
  const prefixOnly = matches.length === 0 || (matches.length === 1 && isPrefixMatch(matches[0]));
  const backends = listAt(rule, 'backendRefs');
  const filters = listAt(rule, 'filters');
  const prefix = { isSingle: prefixOnly, fix: () => prefixFix(rule, pointer) };
  checkFilters(filters, `${pointer}/filters`, prefix, report);
  const redirects = filters.some((filter) => stringAt(filter, 'type') === 'RequestRedirect');
  if (redirects && backends.length > 0) {
    report(
      'error',
      'redirect-with-backends',
      `${pointer}/backendRefs`,
      'A rule that redirects sends nothing to backends; remove backendRefs or the redirect.',
      () => removeAt(`${pointer}/backendRefs`, 'backendRefs'),
    );
  }
  checkBackends(backends, filters.length === 0, prefix, pointer, report);
  checkTimes(rule, pointer, report);
  if (!hasMember(rule, 'sessionPersistence')) return;
  report(
    'info',
    'not-applied',
    `${pointer}/sessionPersistence`,
    "sessionPersistence is kept with the config; Holdfast's nodes do not apply it.",
  );
}

function checkBackends(
  backends: readonly Json[],
  isPlain: boolean,
  prefix: PrefixRule,
  pointer: string,
  report: Report,
): void {
  let sum = 0;
  backends.forEach((backend, index) => {
    const at = pointerTo(`${pointer}/backendRefs`, index);
    checkFilters(listAt(backend, 'filters'), `${at}/filters`, prefix, report);
    checkBackendPort(backend, at, report);
    sum += integerAt(backend, 'weight') ?? 1;
  });
  if (backends.length > 0 && sum === 0) {
    report(
      'warning',
      'zero-weights',
      `${pointer}/backendRefs`,
      'All weights of this rule are 0, so every request it matches is answered with 500.',
      () => ({
        title: backends.length === 1 ? 'Set the weight to 1' : 'Set every weight to 1',
        ops: backends.map((_, index) => ({
          op: 'set',
          pointer: `${pointerTo(`${pointer}/backendRefs`, index)}/weight`,
          value: 1,
        })),
        addDocument: null,
      }),
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

/** One match that is exact can be asked by prefix instead; several prefixes take a rule each. */
function prefixFix(rule: JsonObject, pointer: string): ProblemFix | undefined {
  const matches = listAt(rule, 'matches');
  const [first] = matches;
  const type = stringAt(objectAt(first, 'path'), 'type');
  if (matches.length === 1 && type === 'Exact') {
    return {
      ...changeTo(`${pointer}/matches/0/path/type`, 'PathPrefix'),
      title: 'Match by path prefix',
    };
  }
  if (first === undefined || matches.length > SPLIT_MATCHES_MAX) return undefined;
  if (!matches.every((match) => isJsonObject(match) && isPrefixMatch(match))) return undefined;
  const steps = pointer.split('/');
  const next = pointerTo(steps.slice(0, -1).join('/'), Number(steps.at(-1)) + 1);
  const { name: _, ...unnamed } = rule;
  const others = matches.slice(1).reverse();
  return {
    title: `Split into ${matches.length} rules`,
    ops: [
      { op: 'set', pointer: `${pointer}/matches`, value: [first] },
      ...others.map((match) => {
        return { op: 'insert', pointer: next, value: { ...unnamed, matches: [match] } } as const;
      }),
    ],
    addDocument: null,
  };
}

function isPrefixMatch(match: Json | undefined): boolean {
  return (stringAt(objectAt(match, 'path'), 'type') ?? 'PathPrefix') === 'PathPrefix';
}

function checkMatch(match: Json, pointer: string, budget: PatternBudget, report: Report): void {
  const path = objectAt(match, 'path');
  const value = stringAt(path, 'value');
  if (value !== undefined) {
    const at = `${pointer}/path/value`;
    if (stringAt(path, 'type') === 'RegularExpression') checkPattern(value, at, budget, report);
    else {
      const wrong = wrongPath(value);
      if (wrong !== null) {
        const message = `${pointerInWords(at)} ${wrong}; it is ${show(value)}.`;
        report('error', 'bad-path', at, message, pathFix(at, value));
      }
    }
  } else if (path !== undefined && stringAt(path, 'type') === 'RegularExpression') {
    report('error', 'missing-field', `${pointer}/path`, 'A path pattern needs a value; add it.');
  }
  checkNamedMatches(listAt(match, 'headers'), `${pointer}/headers`, true, budget, report);
  checkNamedMatches(listAt(match, 'queryParams'), `${pointer}/queryParams`, false, budget, report);
}

function checkNamedMatches(
  entries: readonly Json[],
  pointer: string,
  ignoreCase: boolean,
  budget: PatternBudget,
  report: Report,
): void {
  const seen = new Set<string>();
  entries.forEach((entry, index) => {
    const at = pointerTo(pointer, index);
    const value = stringAt(entry, 'value');
    if (stringAt(entry, 'type') === 'RegularExpression' && value !== undefined) {
      checkPattern(value, `${at}/value`, budget, report);
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
        () => removeAt(at, 'the second'),
      );
    }
    seen.add(key);
  });
}

function checkPattern(
  source: string,
  pointer: string,
  budget: PatternBudget,
  report: Report,
): void {
  if (!budget.take(source)) {
    const message =
      'The patterns of this route are too large together to be compiled; use fewer repetitions, or split the route.';
    report('error', 'too-many-patterns', pointer, message);
    return;
  }
  const compiled = compilePattern(source);
  if (compiled.ok) return;
  report('error', 'bad-pattern', pointer, `${pointerInWords(pointer)} ${compiled.error}.`);
}

function checkTimes(rule: JsonObject, pointer: string, report: Report): void {
  const timeouts = objectAt(rule, 'timeouts');
  const request = durationMs(stringAt(timeouts, 'request') ?? '');
  const backend = durationMs(stringAt(timeouts, 'backendRequest') ?? '');
  checkRetry(objectAt(rule, 'retry'), request, pointer, report);
  if (request === null || backend === null || request === 0 || backend <= request) return;
  report(
    'error',
    'timeout-order',
    `${pointer}/timeouts/backendRequest`,
    'timeouts.backendRequest must not be longer than timeouts.request, which bounds it.',
    () => changeTo(`${pointer}/timeouts/backendRequest`, stringAt(timeouts, 'request') ?? '0s'),
  );
}

/** Settings of retries that leave no retry over. */
function checkRetry(
  retry: JsonObject | undefined,
  requestMs: number | null,
  pointer: string,
  report: Report,
): void {
  const backoff = durationMs(stringAt(retry, 'backoff') ?? '');
  if (integerAt(retry, 'attempts') === 0 && listAt(retry, 'codes').length > 0) {
    report(
      'info',
      'no-retries',
      `${pointer}/retry/attempts`,
      'retry.attempts is 0, so nothing is retried and retry.codes has no effect.',
    );
  }
  if (requestMs === null || requestMs === 0 || backoff === null || backoff < requestMs) return;
  report(
    'warning',
    'retry-too-late',
    `${pointer}/retry/backoff`,
    'retry.backoff is not shorter than timeouts.request, so the request times out before any retry; shorten it.',
  );
}

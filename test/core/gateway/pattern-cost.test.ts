import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseConfig } from '../../../core/gateway/parse-config.ts';
import { patternCost, ROUTE_PATTERN_COST_MAX } from '../../../core/gateway/pattern-cost.ts';
import { compilePattern } from '../../../core/gateway/patterns.ts';
import { codesOf, gatewayYaml, join, routeYaml, serviceYaml } from './sample.ts';

const BACKEND = 'backendRefs: [{name: a, port: 80}]';

function matches(patterns: readonly string[]): string {
  const list = patterns.map(
    (value) => `{path: {type: RegularExpression, value: ${JSON.stringify(value)}}}`,
  );
  return `- matches: [${list.join(', ')}]\n  ${BACKEND}`;
}

test('[MEAN24] repetitions multiply, and nested ones too', () => {
  assert.equal(patternCost('abc'), 3);
  assert.equal(patternCost('a{100}'), 100);
  assert.equal(patternCost('a{3,50}b'), 51);
  assert.ok(patternCost('((a{100}){100}){100}') >= 1_000_000);
  assert.equal(patternCost('(((((a{999}){999}){999}){999}){999})'), 1_000_000_000);
  assert.equal(patternCost('\\{9}'), 3);
});

test('[MEAN24] every pattern is counted and compiled or refused, whatever it is', () => {
  const token = fc.constantFrom(
    'a',
    '(',
    ')',
    '{3}',
    '{2,}',
    '{1000}',
    '{',
    '*',
    '?',
    '[',
    ']',
    '\\',
    '|',
    '(?i)',
    '\\pL',
    '.',
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 14 }), (tokens) => {
      const source = tokens.join('');
      assert.ok(patternCost(source) >= 0);
      const compiled = compilePattern(source);
      if (compiled.ok) compiled.value.matches('aaaa');
    }),
    { numRuns: 1_500 },
  );
});

test('[MEAN24] what would be far too large is not even compiled, whoever sends it', () => {
  const compiled = compilePattern(`${'x{1000}'.repeat(145)}(`);
  // The syntax error at its end is never met.
  assert.match(compiled.ok ? '' : compiled.error, /repeats too much/);
});

test('[MEAN24] the patterns of a route are bounded together', () => {
  // Each is small enough by itself, and with all the others too large.
  const pattern = (i: number) => `/${i}(a{900}b{900})`;
  const one = Math.ceil(ROUTE_PATTERN_COST_MAX / patternCost(pattern(10)));
  const all = Array.from({ length: one + 2 }, (_, i) => pattern(i));
  const rules = [matches(all.slice(0, 30)), matches(all.slice(30))].join('\n');
  const codes = codesOf(parseConfig(join(gatewayYaml(), serviceYaml('a'), routeYaml({ rules }))));
  assert.ok(codes.includes('too-many-patterns'), codes.join());
});

test('[PARSE16] the patterns of a text are bounded together', () => {
  const rules = matches(Array.from({ length: 50 }, (_, i) => `/${i}(a{990}b{990})`));
  const routes = Array.from({ length: 11 }, (_, i) => routeYaml({ name: `r${i}`, rules }));
  const { documents, problems } = parseConfig(join(gatewayYaml(), serviceYaml('a'), ...routes));
  assert.deepEqual(documents, []);
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['too-many-patterns'],
  );
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { codesOfRules } from './sample.ts';

const BACKEND = 'backendRefs: [{name: a, port: 80}]';

describe('[MEAN28] a CORS filter whose rule takes no OPTIONS', () => {
  const cors = 'filters: [{type: CORS, cors: {allowOrigins: ["*"]}}]';
  const rule = (matches: string) => `- ${matches}${cors}\n  ${BACKEND}`;
  const cases: readonly [string, string, readonly string[]][] = [
    [
      '[MEAN28] never sees the preflight',
      rule('matches: [{method: POST}, {path: {value: /a}, method: GET}]\n  '),
      ['preflight-not-matched'],
    ],
    ['[MEAN28] one match without a method sees it', rule('matches: [{path: {value: /a}}]\n  '), []],
    [
      '[MEAN28] so does one for OPTIONS',
      rule('matches: [{method: POST}, {method: OPTIONS}]\n  '),
      [],
    ],
    ['[MEAN28] and a rule without matches', rule(''), []],
    [
      '[MEAN28] another rule with a CORS filter may answer for the path',
      `${rule('matches: [{path: {value: /a}, method: POST}]\n  ')}\n${rule('matches: [{path: {value: /a}, method: OPTIONS}]\n  ')}`,
      [],
    ],
    [
      '[MEAN28] but not for another path',
      `${rule('matches: [{path: {value: /a}, method: POST}]\n  ')}\n${rule('matches: [{path: {value: /b}, method: OPTIONS}]\n  ')}`,
      ['preflight-not-matched'],
    ],
  ];
  for (const [name, rules, codes] of cases) {
    test(name, () => assert.deepEqual(codesOfRules(rules), codes, rules));
  }
});

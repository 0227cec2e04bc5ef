import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hoverAt } from '../../../../core/gateway/schema/hover-at.ts';
import { head } from './complete.ts';

const SOURCE = `${head('HTTPRoute')}spec:
  # rules below
  rules:
    - matches: [{method: GET}]
      timeouts:
        request: 5s
  other: 1
`;

function titleAt(words: string): string | undefined {
  return hoverAt(SOURCE, SOURCE.indexOf(words) + 1)?.title;
}

test('[SCHEMA10] a key and its value are explained, a comment and an unknown field are not', () => {
  assert.equal(titleAt('timeouts'), 'timeouts');
  assert.equal(titleAt('request'), 'request');
  assert.equal(titleAt('5s'), 'request');
  assert.equal(titleAt('GET'), 'method');
  assert.equal(titleAt('# rules'), undefined);
  assert.equal(titleAt('other'), undefined);
  assert.equal(hoverAt('', 0), null);
  assert.equal(hoverAt('kind: Other\nspec: 1\n', 14), null);
  const request = hoverAt(SOURCE, SOURCE.indexOf('5s'));
  assert.equal(SOURCE.slice(request?.from, request?.to), '5s');
  assert.match(request?.node.doc ?? '', /504/);
});

test('[SCHEMA10] the kind is explained as a whole', () => {
  const hover = hoverAt(SOURCE, SOURCE.indexOf('HTTPRoute'));
  assert.equal(hover?.title, 'HTTPRoute');
  assert.match(hover?.node.doc ?? '', /requests/);
  assert.ok(hover?.node.fields.some((field) => field.name === 'spec'));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageAt } from '../../../../renderer/config/form/message-at.ts';

const problem = {
  severity: 'error' as const,
  code: 'odd',
  message: 'spec.rules[0].backendRefs[1].port must be between 1 and 65535; it is 80800.',
  pointer: '/spec/rules/0/backendRefs/1/port',
  line: 1,
  column: 1,
  resource: null,
};

test('[UIFORM9] beside its field a problem is said without the path to the field', () => {
  assert.equal(messageAt(problem, problem.pointer), 'Must be between 1 and 65535; it is 80800.');
  assert.equal(
    messageAt(problem, '/spec/rules/0/backendRefs/1'),
    'port must be between 1 and 65535; it is 80800.',
  );
  assert.equal(
    messageAt(problem, '/spec/rules/0'),
    'backendRefs[1].port must be between 1 and 65535; it is 80800.',
  );
});

test('[UIFORM9] what does not begin with the path is said as it is', () => {
  assert.equal(messageAt(problem, ''), problem.message);
  assert.equal(messageAt(problem, '/spec/rules/1'), problem.message);
  const plain = { ...problem, message: 'There is no Service shop/cart.' };
  assert.equal(messageAt(plain, problem.pointer), plain.message);
});

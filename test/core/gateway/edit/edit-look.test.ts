import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editDocument } from '../../../../core/gateway/edit/edit-document.ts';
import type { EditOp } from '../../../../core/gateway/edit/edit-op.ts';
import { applyTextEdits } from '../../../../core/gateway/edit/text-edits.ts';

/** Lines with a line feed behind each. */
function text(...lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function after(source: string, ...ops: EditOp[]): string {
  const edits = editDocument(source, ops);
  if (!edits.ok) assert.fail(edits.error.message);
  return applyTextEdits(source, edits.value);
}

const RULES = text(
  'rules:',
  '  # One.',
  '  - name: a',
  '',
  '  # Two.',
  '  - name: b # tail',
  'end: 1',
);
const FLOW_ROWS = text('a: [', '  1, # one', '  2 # two', ']');

test('[EDIT12] a new item is set off from its neighbours as they are from each other', () => {
  const value = { name: 'new', port: 80 };
  assert.equal(
    after(RULES, { op: 'insert', pointer: '/rules/1', value }),
    text(
      'rules:',
      '  # One.',
      '  - name: a',
      '',
      '  - name: new',
      '    port: 80',
      '',
      '  # Two.',
      '  - name: b # tail',
      'end: 1',
    ),
  );
  assert.equal(
    after(RULES, { op: 'set', pointer: '/rules/2', value }),
    text(
      'rules:',
      '  # One.',
      '  - name: a',
      '',
      '  # Two.',
      '  - name: b # tail',
      '',
      '  - name: new',
      '    port: 80',
      'end: 1',
    ),
  );
  assert.equal(
    after(text('l:', '- a', 'z: 1'), { op: 'insert', pointer: '/l/0', value: '*.x' }),
    text('l:', '- "*.x"', '- a', 'z: 1'),
  );
});

test('[EDIT13] what is removed takes its comments and the empty line that set it off along', () => {
  assert.equal(
    after(RULES, { op: 'remove', pointer: '/rules/0' }),
    text('rules:', '  # Two.', '  - name: b # tail', 'end: 1'),
  );
  assert.equal(
    after(RULES, { op: 'remove', pointer: '/rules/1' }),
    text('rules:', '  # One.', '  - name: a', 'end: 1'),
  );
  assert.equal(
    after(
      RULES,
      { op: 'remove', pointer: '/rules/1' },
      { op: 'remove', pointer: '/rules/0', prune: true },
    ),
    text('end: 1'),
  );
  assert.equal(
    after(text('l:', '  - a: 1 # one', '    b: 2'), { op: 'remove', pointer: '/l/0/a' }),
    text('l:', '  - b: 2'),
  );
});

test('[EDIT14] an item is moved as one piece, with two edits', () => {
  const moved = editDocument(RULES, [{ op: 'move', pointer: '/rules/1', to: 0 }]);
  assert.ok(moved.ok && moved.value.length === 2);
  assert.equal(
    applyTextEdits(RULES, moved.value),
    text('rules:', '  # Two.', '  - name: b # tail', '', '  # One.', '  - name: a', 'end: 1'),
  );
});

test('[EDIT15] in braces a new item looks like its neighbours, and comments keep their line', () => {
  assert.equal(
    after(text('l:', '  - {name: a, port: 80}'), {
      op: 'set',
      pointer: '/l/1',
      value: { name: 'b', port: 81 },
    }),
    text('l:', '  - {name: a, port: 80}', '  - {name: b, port: 81}'),
  );
  assert.equal(
    after(FLOW_ROWS, { op: 'set', pointer: '/a/2', value: 3 }),
    text('a: [', '  1, # one', '  2, # two', '  3', ']'),
  );
  assert.equal(after(FLOW_ROWS, { op: 'remove', pointer: '/a/1' }), text('a: [', '  1 # one', ']'));
  assert.equal(
    after(FLOW_ROWS, { op: 'move', pointer: '/a/1', to: 0 }),
    text('a: [', '  2, # two', '  1 # one', ']'),
  );
  assert.equal(
    after(text('{', '  "a": "b"', '}'), { op: 'set', pointer: '/c', value: ['x', 1] }),
    text('{', '  "a": "b",', '  "c": ["x", 1]', '}'),
  );
});

test('[EDIT16] a value of another shape keeps the comment that stands at its key', () => {
  assert.equal(
    after(text('a: # why', 'z: 1'), { op: 'set', pointer: '/a/0', value: { k: 'v' } }),
    text('a: # why', '  - k: v', 'z: 1'),
  );
  assert.equal(
    after(text('a: [] # why'), { op: 'set', pointer: '/a/0', value: 'x' }),
    text('a: # why', '  - x'),
  );
  assert.equal(
    after(text('a: v # why'), { op: 'set', pointer: '/a', value: 'one\ntwo\n' }),
    text('a: | # why', '  one', '  two'),
  );
  assert.equal(
    after(text('a:\t\t"v"\t# why'), { op: 'set', pointer: '/a', value: 'w' }),
    text('a:\t\t"w"\t# why'),
  );
});

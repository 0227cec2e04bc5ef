import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Problem } from '../../../../core/gateway/problem.ts';
import { AnchorRegistry } from '../../../../renderer/config/form/anchor-registry.ts';
import { changedInRule, placeProblems } from '../../../../renderer/config/form/place-problems.ts';

function problemAt(pointer: string): Problem {
  return {
    severity: 'error',
    code: 'odd',
    message: pointer,
    pointer,
    line: 1,
    column: 1,
    resource: null,
  };
}

test('[UIFORM3] a problem is shown at the innermost part in sight, by whole steps', () => {
  const anchors = new Set(['/spec/rules', '/spec/rules/1', '/spec/rules/1/matches/0']);
  const placed = placeProblems(
    ['/spec/rules/1/matches/0/path/value', '/spec/rules/10/name', '/spec/hostnames/0'].map(
      problemAt,
    ),
    anchors,
  );
  assert.deepEqual(
    [...placed].map(([anchor, problems]) => [anchor, problems.length]),
    [
      ['/spec/rules/1/matches/0', 1],
      ['/spec/rules', 1],
      ['', 1],
    ],
  );
});

test('[UIFORM3] no problem is left out and none is said twice', () => {
  const pointer = fc
    .array(fc.constantFrom('spec', 'rules', '0', '1', '10', 'matches', ''), { maxLength: 5 })
    .map((steps) => steps.map((step) => `/${step}`).join(''));
  fc.assert(
    fc.property(fc.array(pointer), fc.array(pointer), (problems, anchors) => {
      const placed = placeProblems(problems.map(problemAt), new Set(anchors));
      const said = [...placed.values()].flat().map((problem) => problem.pointer);
      assert.deepEqual(said.sort(), [...problems].sort());
      for (const anchor of placed.keys()) assert.ok(anchor === '' || anchors.includes(anchor));
    }),
  );
});

test('[UIFORM3] a part is in sight until the last that stands for it is gone', () => {
  const registry = new AnchorRegistry();
  const first = registry.add('/spec');
  const second = registry.add('/spec');
  const before = registry.snapshot();
  first();
  assert.equal(registry.snapshot(), before);
  second();
  assert.equal(registry.snapshot().size, 0);
});

test('[UIFORM4] a rule says what of it differs from the head', () => {
  const rule = '/spec/rules/0';
  assert.equal(
    changedInRule(['/spec/rules/0/backendRefs/0/weight', '/spec/rules/0/matches/0/headers'], rule),
    'changed: weights, header match',
  );
  assert.equal(changedInRule(['/spec/rules/0'], rule), 'new or moved');
  assert.equal(changedInRule(['/spec/rules'], rule), 'changed');
  assert.equal(changedInRule(['', '/spec/rules/01', '/spec/rules/1/name'].slice(1), rule), '');
  assert.equal(changedInRule([''], rule), '');
});

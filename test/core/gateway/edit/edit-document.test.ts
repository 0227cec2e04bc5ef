import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { applyEditOp } from '../../../../core/gateway/edit/apply-edit-op.ts';
import { editDocument } from '../../../../core/gateway/edit/edit-document.ts';
import type { EditOp } from '../../../../core/gateway/edit/edit-op.ts';
import { applyTextEdits } from '../../../../core/gateway/edit/text-edits.ts';
import type { Json } from '../../../../core/gateway/json.ts';
import { readYaml } from '../../../../core/gateway/read-yaml.ts';
import { splitDocuments } from '../../../../core/gateway/split-documents.ts';
import { json, opFor, pointersOf, resource, written } from './yaml-styles.ts';

const SHOP = splitDocuments(
  readFileSync(new URL('../../../../examples/shop.yaml', import.meta.url), 'utf8'),
);

function edited(source: string, ...ops: EditOp[]): string {
  const edits = editDocument(source, ops);
  if (!edits.ok) assert.fail(`${edits.error.reason}: ${edits.error.message}\n${source}`);
  let last = 0;
  for (const { from, to } of edits.value) {
    assert.ok(from >= last && to >= from && to <= source.length, 'ascending, not overlapping');
    last = to;
  }
  return applyTextEdits(source, edits.value);
}

function refusal(source: string, ...ops: EditOp[]): string {
  const edits = editDocument(source, ops);
  return edits.ok ? applyTextEdits(source, edits.value) : edits.error.reason;
}

function checkOp(source: string, value: Json, op: EditOp): void {
  const wanted = applyEditOp(value, op);
  assert.ok(wanted.ok);
  const after = edited(source, op);
  assert.deepEqual(readYaml(after).value, wanted.value, after);
  const isSet = op.op === 'set' || op.op === 'insert';
  if (isSet && op.pointer !== '') return;
  if (op.op === 'move') {
    for (const comment of source.match(/# comment \d+/g) ?? []) {
      assert.ok(after.includes(comment), `${comment} is lost:\n${after}`);
    }
  }
}

test('[EDIT1] after an edit the text reads as the value with the operation done', () => {
  fc.assert(
    fc.property(
      written(resource),
      fc.nat(5),
      fc.nat(),
      fc.nat(),
      json,
      ({ source, value }, kind, place, to, given) => {
        const read = readYaml(source).value;
        if (read === undefined) return;
        if (!isDeepStrictEqual(read, value)) return;
        const op = opFor(read, kind, place, to, given);
        const kept = JSON.stringify(given);
        if (/__proto__|constructor|prototype/.test(kept)) return;
        checkOp(source, read, op);
      },
    ),
    { numRuns: 3000 },
  );
});

test('[EDIT2] setting every value to itself changes nothing', () => {
  fc.assert(
    fc.property(written(resource), ({ source }) => {
      const value = readYaml(source).value;
      if (value === undefined) return;
      const ops = pointersOf(value)
        .slice(0, 200)
        .map(([pointer, at]): EditOp => ({ op: 'set', pointer, value: at }));
      assert.deepEqual(editDocument(source, ops), { ok: true, value: [] });
    }),
  );
});

test('[EDIT3] in the example only the touched line changes', () => {
  for (const { source } of SHOP) {
    const after = edited(source, { op: 'set', pointer: '/metadata/name', value: 'renamed' });
    const [before, lines] = [source.split('\n'), after.split('\n')];
    assert.equal(lines.length, before.length);
    assert.equal(lines.filter((line, at) => line !== before[at]).length, 1);
  }
});

test('[EDIT4] what an alias shares is never changed in two places', () => {
  const shared = 'a: &x\n  k: 1\nb: *x\n';
  assert.equal(refusal(shared, { op: 'set', pointer: '/a/k', value: 2 }), 'shared');
  assert.equal(
    refusal('a: &x\n  k: 1\nb:\n  <<: *x\n  z: 1\n', { op: 'remove', pointer: '/b/k' }),
    'shared',
  );
  const after = edited(shared, { op: 'set', pointer: '/b/k', value: 2 });
  assert.deepEqual(readYaml(after).value, { a: { k: 1 }, b: { k: 2 } });
});

test('[EDIT5] what cannot be read, found or written is refused with a reason', () => {
  assert.equal(refusal('a: [\n', { op: 'set', pointer: '/a', value: 1 }), 'unreadable');
  assert.equal(refusal('a: 1\n', { op: 'set', pointer: '/a/b', value: 1 }), 'no-such-place');
  assert.equal(refusal('a: 1\n', { op: 'set', pointer: '/a', value: '\ud800' }), 'bad-value');
});

test('[EDIT6] an item moves along with the comments above it', () => {
  const list = 'l:\n  # one\n  - a\n  # two\n  - b # tail\n';
  const after = edited(list, { op: 'move', pointer: '/l/1', to: 0 });
  assert.equal(after, 'l:\n  # two\n  - b # tail\n  # one\n  - a\n');
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyEditOp } from '../../../../core/gateway/edit/apply-edit-op.ts';
import { editDocument } from '../../../../core/gateway/edit/edit-document.ts';
import type { EditOp } from '../../../../core/gateway/edit/edit-op.ts';
import { applyTextEdits } from '../../../../core/gateway/edit/text-edits.ts';
import { isJsonList, isJsonObject, type Json } from '../../../../core/gateway/json.ts';
import { readYaml } from '../../../../core/gateway/read-yaml.ts';
import { splitDocuments } from '../../../../core/gateway/split-documents.ts';
import { annotated } from './annotated-yaml.ts';
import { json, opFor, pointersOf } from './yaml-styles.ts';

const SHOP = splitDocuments(
  readFileSync(new URL('../../../../examples/shop.yaml', import.meta.url), 'utf8'),
);

const MATCH: Json = { path: { type: 'Exact', value: '/new' } };
const RULE: Json = { matches: [MATCH], backendRefs: [{ name: 'new', port: 80 }] };
const HEADER: Json = { name: 'x-new', value: '1' };
const FILTER: Json = { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [HEADER] } };
const NEW_ITEMS: { readonly [list: string]: Json } = {
  rules: RULE,
  matches: MATCH,
  filters: FILTER,
  headers: HEADER,
  backendRefs: { name: 'new', port: 80, weight: 1 },
  hostnames: '*.new.example',
};

/** What a form would do at a place. */
function formOps(pointer: string, value: Json): EditOp[] {
  if (isJsonList(value) && value.length === 0) {
    return [{ op: 'set', pointer: `${pointer}/0`, value: RULE }];
  }
  if (isJsonList(value)) {
    const item = NEW_ITEMS[pointer.split('/').at(-1) ?? ''] ?? value[0] ?? 'new';
    const last = value.length - 1;
    return [
      { op: 'set', pointer: `${pointer}/${value.length}`, value: item },
      { op: 'insert', pointer: `${pointer}/0`, value: item },
      { op: 'insert', pointer: `${pointer}/${last}`, value: item },
      { op: 'move', pointer: `${pointer}/${last}`, to: 0 },
      { op: 'move', pointer: `${pointer}/0`, to: last },
      { op: 'remove', pointer: `${pointer}/${last}`, prune: true },
      { op: 'remove', pointer: `${pointer}/0` },
    ];
  }
  if (isJsonObject(value)) {
    return [
      { op: 'set', pointer: `${pointer}/timeouts/request`, value: '10s' },
      { op: 'remove', pointer, prune: true },
    ];
  }
  return [{ op: 'set', pointer, value: typeof value === 'number' ? value + 1 : 'renamed' }];
}

test('[EDIT10] every edit of a form is made in every place of the example, comments kept', () => {
  let made = 0;
  for (const { source } of SHOP) {
    const value = readYaml(source).value;
    assert.ok(value !== undefined);
    for (const [pointer, at] of pointersOf(value)) {
      if (pointer === '') continue;
      for (const op of formOps(pointer, at)) {
        const edits = editDocument(source, [op]);
        if (!edits.ok) assert.fail(`${JSON.stringify(op)} ${edits.error.message}\n${source}`);
        const after = applyTextEdits(source, edits.value);
        const wanted = applyEditOp(value, op);
        assert.ok(wanted.ok);
        assert.deepEqual(readYaml(after).value, wanted.value);
        if (op.op !== 'remove') {
          const [was, is] = [source, after].map((text) => text.match(/#.*/g) ?? []);
          assert.deepEqual(
            op.op === 'move' ? is?.toSorted() : is,
            op.op === 'move' ? was?.toSorted() : was,
          );
        }
        made += 1;
      }
    }
  }
  assert.ok(made > 1_000, `${made} edits`);
});

const noise = fc.oneof(
  fc.constantFrom(
    '\n',
    '\r',
    '\t',
    ' ',
    '  ',
    '- ',
    '? ',
    ': ',
    ':',
    '#',
    ' # x\n',
    '&a ',
    '*a',
    '<<: *a\n',
    '!t ',
    '|\n',
    '>+\n',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    "'",
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '\ufeff',
    '\u0000',
    '\u2028',
    '\ud800',
  ),
  fc.string({ maxLength: 3 }),
);

test('[EDIT11] texts that are broken anywhere never throw, and never come out wrong', () => {
  let [read, refused] = [0, 0];
  const slips = fc.array(fc.tuple(fc.nat(), fc.nat(6), noise), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(
      annotated,
      slips,
      fc.nat(5),
      fc.nat(),
      fc.nat(),
      json,
      (from, all, kind, place, to, given) => {
        let text = from.source;
        for (const [where, length, put] of all) {
          const at = where % (text.length + 1);
          text = text.slice(0, at) + put + text.slice(at + length);
        }
        const value = readYaml(text).value;
        const op = opFor(value ?? from.value, kind, place, to, given);
        const edits = editDocument(text, [op]);
        if (value === undefined) {
          assert.ok(!edits.ok);
          return;
        }
        read += 1;
        if (!edits.ok) {
          refused += 1;
          return;
        }
        const wanted = applyEditOp(value, op);
        assert.ok(wanted.ok);
        assert.deepEqual(readYaml(applyTextEdits(text, edits.value)).value, wanted.value);
      },
    ),
    { numRuns: 3000 },
  );
  assert.ok(read > 200 && refused * 4 < read, `${refused} of ${read} refused`);
});

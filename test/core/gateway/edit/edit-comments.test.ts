import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  applyEditOp,
  effectiveRemoval,
  jsonAt,
} from '../../../../core/gateway/edit/apply-edit-op.ts';
import { editDocument } from '../../../../core/gateway/edit/edit-document.ts';
import type { EditOp } from '../../../../core/gateway/edit/edit-op.ts';
import { applyTextEdits } from '../../../../core/gateway/edit/text-edits.ts';
import { type Json, pointerSteps, pointerTo } from '../../../../core/gateway/json.ts';
import { readYaml } from '../../../../core/gateway/read-yaml.ts';
import { type AnnotatedYaml, annotated, type Note } from './annotated-yaml.ts';
import { json, opFor } from './yaml-styles.ts';

interface Edited {
  readonly text: string;
  readonly value: Json;
}

/** What an operation makes; null where an alias shares the place, which may be refused. */
function edit(at: Edited, op: EditOp, hasAlias: boolean): Edited | null {
  const wanted = applyEditOp(at.value, op);
  assert.ok(wanted.ok);
  const edits = editDocument(at.text, [op]);
  if (!edits.ok) {
    const why = `${edits.error.message}\n${JSON.stringify(op)}\n${at.text}`;
    assert.ok(hasAlias && edits.error.reason === 'shared', why);
    return null;
  }
  const text = applyTextEdits(at.text, edits.value);
  const said = `${JSON.stringify(op)}\n--- before\n${at.text}\n--- after\n${text}`;
  assert.deepEqual(readYaml(text).value, wanted.value, said);
  return { text, value: wanted.value };
}

function parentOf(pointer: string): string {
  return pointerSteps(pointer)
    .slice(0, -1)
    .reduce((all, step) => pointerTo(all, step), '');
}

const isWithin = (pointer: string, owner: string) =>
  pointer === owner || pointer.startsWith(`${owner}/`);

/** What of a text an operation is about: all that is said of these places may go. */
function touchedBy(value: Json, op: EditOp): string {
  return op.op === 'remove' ? effectiveRemoval(value, op) : op.pointer;
}

function sizeAt(value: Json, pointer: string): number {
  const at = jsonAt(value, pointerSteps(pointer));
  return typeof at === 'object' && at !== null ? Object.keys(at).length : 0;
}

function mayGo(note: Note, before: Json, after: Json, op: EditOp): boolean {
  if (op.op === 'insert' || op.op === 'move') return false;
  const touched = touchedBy(before, op);
  if (op.op === 'remove') {
    if (isWithin(note.owner, touched)) return true;
    // A map or list that loses its last is written anew, as `{}` or `[]`.
    return note.isInside && note.owner === parentOf(touched) && sizeAt(after, note.owner) === 0;
  }
  return note.owner === touched ? note.isInside : isWithin(note.owner, touched);
}

/** Marks in the order of a text. */
function marksIn(text: string, notes: readonly Note[]): string[] {
  const marks = new Set(notes.map(({ mark }) => mark));
  return (text.match(/# note \d+;/g) ?? []).filter((mark) => marks.has(mark));
}

function checkNotes(source: AnnotatedYaml, before: Edited, after: Edited, op: EditOp): void {
  const said = `${JSON.stringify(op)}\n--- before\n${before.text}\n--- after\n${after.text}`;
  const kept = source.notes.filter((note) => !mayGo(note, before.value, after.value, op));
  const [was, is] = [marksIn(before.text, kept), marksIn(after.text, kept)];
  if (op.op !== 'move') {
    assert.deepEqual(is, was, said);
    return;
  }
  assert.deepEqual(is.toSorted(), was.toSorted(), said);
  const list = parentOf(op.pointer);
  for (let at = 0; at < sizeAt(before.value, list); at += 1) {
    const own = kept.filter(({ owner }) => isWithin(owner, pointerTo(list, at)));
    assert.deepEqual(marksIn(after.text, own), marksIn(before.text, own), said);
  }
}

test('[EDIT7] comments that are not about what goes stay, each once and in order', () => {
  let [done, refused] = [0, 0];
  fc.assert(
    fc.property(
      annotated,
      fc.nat(5),
      fc.nat(),
      fc.nat(),
      json,
      (source, kind, place, to, given) => {
        const value = readYaml(source.source).value;
        assert.ok(value !== undefined, source.source);
        const op = opFor(value, kind, place, to, given);
        if (op.pointer === '' || /__proto__|constructor|prototype/.test(JSON.stringify(given)))
          return;
        const before = { text: source.source, value };
        const after = edit(before, op, source.hasAlias);
        if (after === null) refused += 1;
        else {
          done += 1;
          // Where anchors or kept line feeds change places, values are written anew where they stand.
          const isPlain = !source.hasAlias && !source.source.includes('|+');
          if (op.op === 'set' || isPlain) checkNotes(source, before, after, op);
        }
      },
    ),
    { numRuns: 4000 },
  );
  assert.ok(refused * 10 < done, `${refused} of ${done} refused`);
});

/** Whether an operation may change a line, by what stands on it. */
function mayChange(line: string, owners: readonly string[], touched: string): boolean {
  if (owners.some((owner) => isWithin(owner, touched))) return true;
  const parent = parentOf(touched);
  const isFlow = /[[{\]},]/.test(line);
  return isFlow ? owners.some((owner) => isWithin(owner, parent)) : owners.includes(parent);
}

/** Commas come and go with the neighbour. */
const withoutComma = (line: string) => line.replace(/\r$/, '').replaceAll(',', '');
/** The dash moves to the next member when the first one goes. */
const withoutDash = (line: string) => withoutComma(line).replaceAll('-', ' ').trim();

test('[EDIT8] lines that an operation is not about stay byte for byte, in order', () => {
  fc.assert(
    fc.property(
      annotated,
      fc.nat(3),
      fc.nat(),
      fc.nat(),
      json,
      (source, kind, place, to, given) => {
        const value = readYaml(source.source).value;
        assert.ok(value !== undefined);
        const op = opFor(value, kind, place, to, given);
        if (op.pointer === '' || /__proto__|constructor|prototype/.test(JSON.stringify(given)))
          return;
        if (op.op === 'remove' && (source.hasAlias || source.source.includes('|+'))) return;
        const after = edit({ text: source.source, value }, op, source.hasAlias);
        if (after === null) return;
        const touched = touchedBy(value, op);
        const left = after.text.split('\n');
        const bare = left.map(withoutDash);
        const removesFirst = op.op === 'remove';
        let at = 0;
        source.source.split('\n').forEach((line, number) => {
          if (line.trim() === '' || mayChange(line, source.owners[number] ?? [], touched)) return;
          const end = withoutComma(line);
          const found = left.findIndex((each, i) => i >= at && withoutComma(each) === end);
          const moved = removesFirst ? bare.indexOf(withoutDash(line), at) : -1;
          const next = found >= 0 ? found : moved;
          assert.ok(
            next >= 0,
            `${line}\n${JSON.stringify(op)}\n${source.source}\n---\n${after.text}`,
          );
          at = next + 1;
        });
      },
    ),
    { numRuns: 3000 },
  );
});

const step = fc.tuple(fc.nat(5), fc.nat(), fc.nat(), json);

test('[EDIT9] any sequence of operations reads as its result, in one call too, and can be undone', () => {
  fc.assert(
    fc.property(annotated, fc.array(step, { minLength: 2, maxLength: 8 }), (source, steps) => {
      const value = readYaml(source.source).value;
      assert.ok(value !== undefined && typeof value === 'object' && value !== null);
      let at: Edited = { text: source.source, value };
      const ops: EditOp[] = [];
      for (const [kind, place, to, given] of steps) {
        const op = opFor(at.value, kind, place, to, given);
        if (op.pointer === '' || /__proto__|constructor|prototype/.test(JSON.stringify(op)))
          continue;
        const next = edit(at, op, source.hasAlias);
        if (next === null) return;
        ops.push(op);
        at = next;
      }
      const atOnce = editDocument(source.source, ops);
      assert.ok(atOnce.ok);
      assert.equal(applyTextEdits(source.source, atOnce.value), at.text);
      const inverse = [...new Set([...Object.keys(at.value ?? {}), ...Object.keys(value)])].map(
        (key): EditOp => {
          const old = (value as { readonly [key: string]: Json })[key];
          const pointer = pointerTo('', key);
          return old === undefined ? { op: 'remove', pointer } : { op: 'set', pointer, value: old };
        },
      );
      const back = editDocument(at.text, inverse);
      if (!back.ok) {
        assert.ok(source.hasAlias && back.error.reason === 'shared', back.error.message);
        return;
      }
      assert.deepEqual(readYaml(applyTextEdits(at.text, back.value)).value, value);
    }),
    { numRuns: 600 },
  );
});

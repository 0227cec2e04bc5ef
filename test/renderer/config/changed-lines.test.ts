import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EditorState, Text } from '@codemirror/state';
import { changedLines, changeOfLine, headChanged } from '../../../renderer/config/changed-lines.ts';

const HEAD = ['a: 1', 'b: 2', 'c: 3', 'd: 4', ''];

function heldAgainst(head: readonly string[], doc: string): EditorState {
  const state = EditorState.create({ doc, extensions: changedLines() });
  return state.update({ effects: headChanged.of(Text.of([...head])) }).state;
}

function marksOf(state: EditorState): string[] {
  const marks: string[] = [];
  for (let line = 1; line <= state.doc.lines; line += 1) {
    const { from } = state.doc.line(line);
    const change = changeOfLine(state, from);
    if (change === null) continue;
    marks.push(`${line}${change.isAdded ? '+' : ''}${change.removed.map((each) => `-${each}`)}`);
  }
  return marks;
}

test('[UIWORK26] lines that differ from the head are marked, and where lines of it are gone', () => {
  assert.deepEqual(marksOf(heldAgainst(HEAD, HEAD.join('\n'))), []);
  assert.deepEqual(marksOf(heldAgainst(HEAD, 'a: 1\nb: 3\nc: 3\nd: 4\n')), ['2+-b: 2']);
  assert.deepEqual(marksOf(heldAgainst(HEAD, 'a: 1\nb: 2\nx: 0\nc: 3\nd: 4\n')), ['3+']);
  assert.deepEqual(marksOf(heldAgainst(HEAD, 'a: 1\nc: 3\nd: 4\n')), ['2-b: 2']);
});

test('[UIWORK26] the marks follow typing as if the whole had been compared anew', () => {
  let state = heldAgainst(HEAD, HEAD.join('\n'));
  state = state.update({ changes: { from: 0, to: 4, insert: 'a: 9\nz: 0' } }).state;
  state = state.update({ changes: { from: state.doc.length, insert: 'e: 5\n' } }).state;
  assert.deepEqual(marksOf(state), marksOf(heldAgainst(HEAD, state.doc.toString())));
  assert.deepEqual(marksOf(state), ['1+-a: 1', '2+', '6+']);
});

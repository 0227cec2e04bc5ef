import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TextEdit } from '../../../core/gateway/edit/edit-op.ts';
import { splitDocuments } from '../../../core/gateway/split-documents.ts';
import {
  documentPlaces,
  insertDocument,
  placeAt,
  removeDocument,
  replaceDocument,
} from '../../../renderer/config/document-text.ts';

const TEXT = '# first\na: 1\n---\nb: 2\n---\n# third\nc: 3\n';

function edited(text: string, edits: readonly TextEdit[]): string {
  let out = text;
  for (const { from, to, insert } of [...edits].reverse()) {
    out = out.slice(0, from) + insert + out.slice(to);
  }
  return out;
}

function sources(text: string): string[] {
  return splitDocuments(text).map(({ source }) => source.trimEnd());
}

test('[UIWORK5] every document is found at its offsets, whatever stands between them', () => {
  const part = fc.constantFrom('a: 1\n', '# note\n', '---\n', '--- # c\n', '...\n', '\n', 'a: 1');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      const places = documentPlaces(text);
      assert.deepEqual(
        places.map(({ source, startLine }) => ({ source, startLine })),
        splitDocuments(text),
      );
      let end = 0;
      for (const { from, to, source, startLine } of places) {
        assert.ok(from >= end);
        end = to;
        assert.equal(text.slice(from, to), source);
        assert.equal(text.slice(0, from).split('\n').length, startLine);
      }
    }),
  );
});

test('[UIWORK6] the document at an offset is the last that begins at or before it', () => {
  const places = documentPlaces(TEXT);
  assert.equal(placeAt(places, 0), 0);
  assert.equal(placeAt(places, TEXT.indexOf('b: 2')), 1);
  assert.equal(placeAt(places, TEXT.indexOf('b: 2') - 1), 0);
  assert.equal(placeAt(places, TEXT.length), 2);
  assert.equal(placeAt([], 3), -1);
});

test('[UIWORK7] a document taken out leaves its neighbours as they were', () => {
  const all = sources(TEXT);
  for (const index of [0, 1, 2]) {
    const text = edited(TEXT, removeDocument(documentPlaces(TEXT), index));
    assert.deepEqual(
      sources(text),
      all.filter((_, at) => at !== index),
    );
  }
});

test('[UIWORK8] a document put in, or in the place of another, leaves its neighbours as they were', () => {
  const all = sources(TEXT);
  for (const index of [0, 1, 2]) {
    const places = documentPlaces(TEXT);
    const replaced = edited(TEXT, replaceDocument(places, index, 'new: 0'));
    assert.deepEqual(
      sources(replaced),
      all.map((source, at) => (at === index ? 'new: 0' : source)),
    );
    const inserted = edited(TEXT, insertDocument(TEXT, places, index, 'new: 0'));
    assert.deepEqual(sources(inserted), [
      ...all.slice(0, index + 1),
      'new: 0',
      ...all.slice(index + 1),
    ]);
  }
  assert.deepEqual(sources(edited('', insertDocument('', [], -1, 'new: 0'))), ['new: 0']);
});

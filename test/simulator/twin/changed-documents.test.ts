import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manyChangedText, sampleConfigText } from '../../../bench/sample-config.ts';
import { changedCharacters, documentsOf } from '../../../simulator/twin/changed-documents.ts';

test('[CALIB10] documents that are changed, added or removed are told from those that stay, wherever they stand', () => {
  const before = documentsOf(sampleConfigText(40));
  const changed = (text: string) => changedCharacters(before, documentsOf(text));
  const each = before.at(-2)?.length ?? 0;
  assert.equal(before.length, 43);
  assert.ok(each > 500);
  assert.equal(changed(sampleConfigText(40)), 0);
  assert.equal(changed(sampleConfigText(40, 17, 1)), each);
  assert.equal(changed(sampleConfigText(40, 39, 1)), each + 1, 'the last ends its line');
  const nine = before.slice(3, 12).join('').length;
  assert.equal(changed(manyChangedText(40, 9, 1)), nine);
  assert.equal(changed(sampleConfigText(39)), 0, 'one less changes none');
  const fewer = documentsOf(sampleConfigText(39));
  assert.equal(changedCharacters(fewer, before), each + 1, 'one more is one');
  assert.equal(changed(documentsOf(sampleConfigText(40)).toReversed().join('\n---\n')), 0);
  assert.equal(changedCharacters([], ['ab', 'cde']), 5);
});

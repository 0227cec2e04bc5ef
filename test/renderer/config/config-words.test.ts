import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResourceChange } from '../../../core/protocol/console-model.ts';
import { changesInWords, touchedInWords } from '../../../renderer/config/config-words.ts';

const changed: ResourceChange = { key: 'a', change: 'changed', fields: [] };
const textOnly: ResourceChange = { key: 'b', change: 'text-only', fields: [] };

test('[UIWORDS1] changes of text alone are never counted as changed resources', () => {
  assert.equal(changesInWords([]), 'nothing changed');
  assert.equal(changesInWords([changed, textOnly]), '1 resource changed');
  assert.equal(changesInWords([textOnly]), 'only the text of 1 resource changed');
});

test('[UIWORDS2] a publish whose content is the same gives nodes nothing to apply', () => {
  assert.equal(touchedInWords([changed], 2_000), '2,000 nodes');
  assert.match(touchedInWords([textOnly], 2_000), /nothing to apply/);
});

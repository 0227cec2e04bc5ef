import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { duration, jsonText, plain, table } from '../../../main/cli/text.ts';

const hostile = '\u001b[31m\u009b2J\u0007\u202egnp.exe\r';

test('[CLI5] no value can move the cursor, change colours or turn the writing around', () => {
  assert.doesNotMatch(plain(hostile), /[\p{Cc}\u202a-\u202e]/u);
  assert.doesNotMatch(table([{ title: 'A' }], [[`${hostile}\n`]]).replaceAll('\n', ''), /\p{Cc}/u);
});

test('[CLI5] JSON output is harmless in a terminal and still says the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const printed = jsonText({ text: text + hostile });
      assert.doesNotMatch(printed.replaceAll('\n', ''), /\p{Cc}/u);
      assert.deepEqual(JSON.parse(printed), { text: text + hostile });
    }),
  );
});

test('[CLI6] durations never carry more digits than they mean', () => {
  assert.deepEqual([340, 42_000, 185_000, 7_800_000].map(duration), [
    '0.34 s',
    '42 s',
    '3:05 min',
    '2 h 10 min',
  ]);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { toRfc3339 } from '../../../core/config/rfc3339.ts';
import { utf8Length } from '../../../core/config/utf8-length.ts';
import { micros } from '../../../core/ports/clock.ts';

test('[DOC1] an instant is written as RFC 3339 in UTC and whole seconds, rounded down', () => {
  const check = (seconds: number) =>
    assert.equal(
      toRfc3339(micros(seconds * 1_000_000 + 999_999)),
      new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z'),
    );
  // Up to 2255: beyond it microseconds are no longer exact integers.
  fc.assert(fc.property(fc.integer({ min: 0, max: 9_000_000_000 }), check));
  for (const day of ['1970-01-01', '2000-02-29', '2000-03-01', '2024-12-31', '2100-03-01']) {
    check(Date.parse(`${day}T00:00:00Z`) / 1_000);
    check(Date.parse(`${day}T23:59:59Z`) / 1_000);
  }
});

test('[DOC2] the length of a source is counted in bytes of UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(utf8Length(text), Buffer.byteLength(text, 'utf8'));
    }),
  );
  for (const text of ['\ud800', '\ud800a', '\udc00', '\ud83d\ude00\ud83d', '\ud800\ud800\udc00']) {
    assert.equal(utf8Length(text), Buffer.byteLength(text, 'utf8'));
  }
});

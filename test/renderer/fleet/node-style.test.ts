import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NEVER_MS } from '../../../core/fleet/frame.ts';
import { describeCell, summariseCells } from '../../../renderer/fleet/cell-summaries.ts';
import { nearestInDirection } from '../../../renderer/fleet/nearest-node.ts';
import { filterNodes, NO_FILTER } from '../../../renderer/fleet/node-filter.ts';
import {
  describeState,
  describeStyle,
  styleBucketOf,
  styleOfBucket,
} from '../../../renderer/fleet/node-style.ts';
import { sortNodes } from '../../../renderer/fleet/sort-nodes.ts';
import { frameOf, rosterOf } from './fleet-support.ts';

test('[UISTY1] a glyph says health, link, lag and marks, each apart from the others', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('connected', 'connecting', 'lost'),
      fc.constantFrom('healthy', 'degraded', 'down'),
      fc.integer({ min: 0, max: 9 }),
      fc.boolean(),
      fc.boolean(),
      (link, health, lag, rejected, ahead) => {
        const frame = frameOf(1, 0, { 0: { link, health, lag, rejected, ahead } });
        const style = styleOfBucket(styleBucketOf(frame, 0));
        const step = lag === 0 ? 0 : lag === 1 ? 1 : lag <= 3 ? 2 : 3;
        // Who is ahead refuses nothing of the head.
        const refuses = rejected && !ahead;
        assert.deepEqual(style, { link, health, lag: step, rejected: refuses, ahead });
      },
    ),
  );
});

test('[UISTY2] disconnected and serving is never called not serving', () => {
  const words = (change: Parameters<typeof frameOf>[2]) =>
    describeStyle(styleOfBucket(styleBucketOf(frameOf(1, 0, change), 0)));
  assert.equal(words({ 0: { link: 'lost' } }), 'link lost');
  assert.equal(words({ 0: { health: 'down' } }), 'not serving');
  assert.equal(words({}), 'current');
  assert.equal(words({ 0: { lag: 2, rejected: true } }), 'rejected, 2–3 behind');
  const style = styleOfBucket(styleBucketOf(frameOf(1, 0, { 0: { lag: 2, link: 'lost' } }), 0));
  assert.equal(describeStyle(style, 2), '2 behind, link lost');
  assert.equal(describeState(style, 2), '2 behind');
});

test('[UICELL1] a caption says the share that serves and the worst of the cell', () => {
  const roster = rosterOf({ a: 4, b: 2, c: 0 });
  const frame = frameOf(6, 0, {
    1: { health: 'down' },
    2: { lag: 1 },
    5: { link: 'lost', unverifiedMs: 42_000 },
  });
  const [a, b, c] = summariseCells(roster, frame).map((sum) => describeCell(sum));
  assert.deepEqual(a, { serving: '75 % serving', worst: '1 not serving' });
  assert.deepEqual(b, { serving: '100 % serving', worst: 'unverified 0:42' });
  const tight = summariseCells(roster, frame).map((sum) => describeCell(sum, true, true).worst);
  assert.equal(tight[1], '0:42 unverified');
  assert.deepEqual(c, { serving: '– serving', worst: 'empty' });
  const never = frameOf(6, 0, { 5: { link: 'lost', unverifiedMs: NEVER_MS } });
  const worstOf = (changes: Parameters<typeof frameOf>[2], hasHead = true) =>
    summariseCells(roster, frameOf(6, 0, changes)).map((sum) => describeCell(sum, hasHead).worst);
  assert.equal(
    summariseCells(roster, never).map((sum) => describeCell(sum))[1]?.worst,
    'never verified',
  );
  const outage = { link: 'lost', unverifiedMs: 42_000 } as const;
  assert.equal(worstOf({ 4: { ...outage, lag: 2 }, 5: outage })[1], '1 behind · unverified 0:42');
  assert.equal(worstOf({ 4: { ...outage, rejected: true } })[1], '1 rejected · unverified 0:42');
  assert.equal(worstOf({ 4: { revision: 0 } })[1], '1 without config');
  assert.equal(worstOf({ 4: { revision: 0 }, 5: { revision: 0 } }, false)[1], 'no config');
});

test('[UIFLT1] the filter takes every word and any of the states', () => {
  const roster = rosterOf({ 'eu-west': 3, 'us-east': 3 });
  const frame = frameOf(6, 0, { 0: { lag: 1, revision: 6 }, 4: { health: 'down' } });
  const pass = (text: string, states: Parameters<typeof filterNodes>[2]['states'] = []) =>
    [...(filterNodes(roster, frame, { text, states }) ?? [])].join('');
  assert.equal(filterNodes(roster, frame, NO_FILTER), null);
  assert.equal(pass('eu'), '111000');
  assert.equal(pass('east edge-2'), '000010');
  assert.equal(pass('', ['behind-1', 'not-serving']), '100010');
  assert.equal(pass('eu', ['not-serving']), '000000');
  assert.equal(pass('r6'), '100000');
});

test('[UILIST1] rows sort by any column and equal rows stay in roster order', () => {
  const frame = frameOf(5, 0, { 1: { lag: 2 }, 3: { lag: 2 }, 4: { health: 'down' } });
  const sorted = (key: Parameters<typeof sortNodes>[3]['key'], descending: boolean) => [
    ...sortNodes(5, frame, null, { key, descending }),
  ];
  assert.deepEqual(sorted('severity', true), [4, 1, 3, 0, 2]);
  assert.deepEqual(sorted('lag', true), [1, 3, 0, 2, 4]);
  assert.deepEqual(sorted('name', true), [4, 3, 2, 1, 0]);
  assert.deepEqual(
    [...sortNodes(5, frame, Uint8Array.of(0, 1, 0, 0, 1), { key: 'name', descending: false })],
    [1, 4],
  );
});

test('[UIKEY1] an arrow goes to the nearest node that way and stops at the edge', () => {
  const xs = Float32Array.of(0, 10, 20, 5, 15);
  const ys = Float32Array.of(0, 0, 0, 9, 9);
  assert.equal(nearestInDirection(xs, ys, 0, 'right'), 1);
  assert.equal(nearestInDirection(xs, ys, 1, 'left'), 0);
  assert.equal(nearestInDirection(xs, ys, 3, 'right'), 4);
  assert.equal(nearestInDirection(xs, ys, 4, 'up'), 1);
  assert.equal(nearestInDirection(xs, ys, 0, 'left'), null);
  assert.equal(nearestInDirection(xs, ys, 3, 'down'), null);
});

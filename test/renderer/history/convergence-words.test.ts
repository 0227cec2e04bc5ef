import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeConvergence } from '../../../renderer/history/convergence-words.ts';

const DONE = { nodes: 200, reached: 200, t50Ms: 110, t99Ms: 340, t100Ms: 410, late: false };

test('[UIHIST1] a revision that all have is quoted by T50, T99 and T100', () => {
  const { text, tone } = describeConvergence(DONE);
  assert.equal(text, 'T50 0.11 s · T99 0.34 s · T100 0.41 s');
  assert.equal(tone, 'done');
});

test('[UIHIST2] before the deadline it converges; past it, those missing are counted', () => {
  const running = { ...DONE, reached: 187, t99Ms: null, t100Ms: null };
  assert.deepEqual(describeConvergence(running), {
    text: 'converging, 187 of 200',
    tone: 'running',
  });
  assert.deepEqual(describeConvergence({ ...running, late: true }), {
    text: 'T50 0.11 s · all but 13',
    tone: 'late',
  });
});

test('[UIHIST3] nothing is claimed of what was not recorded', () => {
  assert.equal(describeConvergence(null).tone, 'none');
});

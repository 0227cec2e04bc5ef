import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeConvergence } from '../../../renderer/history/convergence-words.ts';

const DONE = { nodes: 200, reached: 200, t50Ms: 110, t99Ms: 340, t100Ms: 410, late: false };

test('[UIHIST1] a revision that all have is quoted by T50, T99 and T100', () => {
  const { text, tone } = describeConvergence(DONE, true);
  assert.equal(text, 'T50 0.11 s · T99 0.34 s · T100 0.41 s');
  assert.equal(tone, 'done');
});

test('[UIHIST2] before the deadline it converges; past it, those missing are counted', () => {
  const running = { ...DONE, reached: 187, t99Ms: null, t100Ms: null };
  assert.deepEqual(describeConvergence(running, true), {
    text: 'converging, 187 of 200',
    tone: 'running',
  });
  assert.deepEqual(describeConvergence({ ...running, late: true }, true), {
    text: 'T50 0.11 s · all but 13',
    tone: 'late',
  });
});

test('[UIHIST3] nothing is claimed of what was not recorded', () => {
  const { text, tone } = describeConvergence(null, true);
  assert.equal(text, 'not recorded');
  assert.equal(tone, 'none');
});

test('[UIHIST8] while the control plane is down, what it alone knows is not called unrecorded', () => {
  assert.match(describeConvergence(null, false).text, /^not known while/);
  const running = { ...DONE, reached: 187, t99Ms: null, t100Ms: null };
  assert.equal(describeConvergence(running, false).text, '187 of 200 when last heard');
  assert.deepEqual(describeConvergence(DONE, false), describeConvergence(DONE, true));
});

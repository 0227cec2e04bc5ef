import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RehearsalRequest } from '../../../../core/protocol/twin-control.ts';
import { prepareRehearsal } from '../../../../simulator/twin/rehearse/prepare-rehearsal.ts';
import { BASE, faultsText, request, shape } from './rehearsal-fixture.ts';

function refusal(changes: Partial<RehearsalRequest>) {
  const prepared = prepareRehearsal(request(changes));
  assert.ok(!prepared.ok);
  return prepared.error;
}

test('[REH12] a draft that would be refused is told before any seed, with the control plane’s own words', () => {
  const invalid = refusal({ draftText: 'kind: Gateway\n' });
  assert.equal(invalid.reason, 'invalid-config');
  assert.match(invalid.detail, /^The draft would be refused: .*line 1.*\.$/);
  assert.equal(refusal({ draftText: BASE }).reason, 'nothing-to-publish');
  assert.equal(refusal({ draftText: '# nothing\n' }).reason, 'removes-everything');
});

test('[REH12] faults that cannot be read, hold nobody or come too late are told in one sentence', () => {
  const reset = (cell: string) =>
    ({ kind: 'link-reset', target: { scope: 'cell', cell } }) as const;
  for (const [changes, why] of [
    [{ faultsText: '{' }, /^The faults cannot be read: this is not JSON\.$/],
    [
      { faultsText: faultsText([1, reset('nowhere')]) },
      /^Fault 1 is for a node or cell that this fleet does not have\.$/,
    ],
    [
      { faultsText: faultsText([30_000, { kind: 'control-plane-backup' }]) },
      /^Fault 1 begins when the rehearsal is over/,
    ],
    [
      { faultsText: faultsText([1, { kind: 'control-plane-restore', downMs: 10 }]) },
      /^Fault 1 puts back a copy of the store that nobody made; put a control-plane-backup before/,
    ],
    [{ shape: shape({ faultsText: '7' }) }, /^The faults in force cannot be read/],
  ] as const) {
    const { detail, reason } = refusal(changes);
    assert.match(detail, why);
    assert.equal(reason, 'shape' in changes ? 'unusable-shape' : undefined);
  }
});

test('[REH12] a shape that contradicts itself, or whose text is no longer taken, is refused', () => {
  const [node] = shape().nodes;
  assert.ok(node !== undefined);
  const beyond = shape({ nodes: [{ ...node, serving: 1 }] });
  assert.match(refusal({ shape: beyond }).detail, /no text for what .* serves/);
  const twice = shape({ nodes: [node, node] });
  assert.match(refusal({ shape: twice }).detail, /names a node twice/);
  assert.match(refusal({ shape: shape({ revisions: [] }) }).detail, /another number of revisions/);
  const broken = shape({ texts: ['kind: Gateway\n'] });
  assert.match(refusal({ shape: broken }).detail, /^The text of r1 would be refused/);
  for (const bad of [beyond, twice, broken]) {
    assert.equal(refusal({ shape: bad }).reason, 'unusable-shape');
  }
});

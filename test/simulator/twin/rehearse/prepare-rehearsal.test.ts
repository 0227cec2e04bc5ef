import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RehearsalRequest } from '../../../../core/protocol/twin-control.ts';
import { plannedShape } from '../../../../core/rehearsal/planned-shape.ts';
import { prepareRehearsal } from '../../../../simulator/twin/rehearse/prepare-rehearsal.ts';
import { BASE, config, faultsText, rehearse, request, shape } from './rehearsal-fixture.ts';

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

test('[REH33] a draft that is refused over the head names the head as its own history does', () => {
  const seventh = shape({ texts: [config(['/a']), BASE], revisions: [3, 7] });
  const nodes = shape().nodes.map((node) => ({ ...node, serving: 1 }));
  const empty = refusal({ shape: { ...seventh, nodes }, draftText: '# nothing\n' });
  assert.match(empty.detail, /so all 3 resources of r7 would be removed/);
  const same = refusal({ shape: { ...seventh, nodes }, draftText: BASE });
  assert.equal(same.detail, 'The draft would be refused: This is what r7 holds already.');
});

test('[REH33] a draft that leaves nodes nothing to serve is rehearsed when that is meant', () => {
  const draftText = '# nothing\n';
  const { outcome } = rehearse({ draftText, allowEmpty: true });
  assert.equal(outcome.reached, 20);
  assert.ok(outcome.requests.unrouted + outcome.requests.failed > 0);
  const first = { shape: plannedShape(20, 2, null), draftText };
  const refused = refusal(first);
  assert.equal(refused.reason, 'removes-everything');
  assert.match(refused.detail, /^The draft has no resource that nodes serve, and they serve/);
  assert.equal(rehearse({ ...first, allowEmpty: true }).outcome.reached, 20);
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
    assert.equal(reason, 'shape' in changes ? 'unusable-shape' : 'unusable-faults');
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

test('[REH10] chosen faults are told with when they begin and for how long', () => {
  const cell = shape().nodes[0]?.cell ?? '';
  const target = { scope: 'cell', cell } as const;
  const prepared = prepareRehearsal(
    request({
      faultsText: faultsText(
        [2_000, { kind: 'control-plane-kill', downMs: 30_000 }],
        [0, { kind: 'link-partition', target, durationMs: 1_500 }],
        [0, { kind: 'disk-full', target, durationMs: null }],
        [2_500, { kind: 'node-restart', target: { scope: 'fleet' }, disk: 'keep' }],
        [400, { kind: 'store-lost' }],
        [400, { kind: 'control-plane-kill', downMs: null }],
      ),
    }),
  );
  assert.ok(prepared.ok);
  assert.deepEqual(prepared.value.faults.chosenWords, [
    'control plane killed 2 s after the publish, for 30 s',
    `links cut, cell ${cell}, with the publish, for 1.5 s`,
    `disks full, cell ${cell}, with the publish, to the end`,
    'restart (disk: keep), the whole fleet, 2.5 s after the publish',
    'snapshot store emptied 400 ms after the publish',
    'control plane killed 400 ms after the publish, to the end',
  ]);
});

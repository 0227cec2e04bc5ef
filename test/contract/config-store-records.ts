import assert from 'node:assert/strict';
import type { Lineage, NodeId, Revision } from '../../core/config/ids.ts';
import { rootHashOf } from '../../core/config/root-hash.ts';
import { micros } from '../../core/ports/clock.ts';
import type { NodeWord } from '../../core/ports/store.ts';
import { AT, first, inputFor, publish, type Rule } from './config-store-support.ts';

const node = (name: string) => ({
  nodeId: `eu/${name}` as NodeId,
  cell: 'eu',
  provisionedAt: AT,
});
const word = (name: string, revision: number): NodeWord => ({
  nodeId: `eu/${name}` as NodeId,
  lineage: 'cd'.repeat(8) as Lineage,
  generation: revision as NodeWord['generation'],
  revision: revision as Revision,
  hash: rootHashOf([]),
  heardAt: micros(AT + revision),
});

export function fleetRules(rule: Rule): void {
  rule('[STORE11] the inventory is what was provisioned and not retired, by node id', (subject) => {
    subject.store.changeInventory({
      add: [node('c'), node('a'), node('b'), { ...node('a'), provisionedAt: micros(7) }],
      retire: [],
      actor: 'ada',
      at: AT,
    });
    subject.store.changeInventory({
      add: [node('a')],
      retire: [node('b').nodeId, 'eu/never' as NodeId],
      actor: 'ada',
      at: AT,
    });
    const store = subject.reopen?.() ?? subject.store;
    assert.deepEqual(store.inventory(), [node('a'), node('c')]);
    assert.equal(store.wasRetired(node('b').nodeId), true);
    assert.equal(store.wasRetired(node('a').nodeId), false);
    assert.equal(store.wasRetired('eu/never' as NodeId), false);
    store.changeInventory({ add: [node('b')], retire: [], actor: 'ada', at: AT });
    assert.equal(store.wasRetired(node('b').nodeId), false);
    assert.deepEqual(store.inventory(), [node('a'), node('b'), node('c')]);
  });

  rule(
    '[STORE12] a change of the inventory is audited; one that changes nothing is not',
    ({ store }) => {
      const change = { add: [node('a'), node('b')], retire: [], actor: 'ada', at: AT };
      store.changeInventory(change);
      store.changeInventory(change);
      store.changeInventory({ add: [], retire: [node('a').nodeId], actor: 'ada', at: AT });
      assert.deepEqual(store.auditTail(10), [
        { at: AT, actor: 'ada', action: 'retire-nodes', detail: '1 node: eu/a' },
        { at: AT, actor: 'ada', action: 'provision-nodes', detail: '2 nodes: eu/a, eu/b' },
      ]);
    },
  );

  rule(
    '[STORE13] a node both added and retired is a bug, and then nothing is changed',
    ({ store }) => {
      assert.throws(
        () =>
          store.changeInventory({
            add: [node('a'), node('b')],
            retire: [node('b').nodeId],
            actor: 'ada',
            at: AT,
          }),
        { name: 'AssertionError' },
      );
      assert.deepEqual(store.inventory(), []);
      assert.deepEqual(store.auditTail(10), []);
    },
  );

  rule(
    '[STORE14] the last word of each node of the inventory is kept, and goes with it',
    (subject) => {
      const { store } = subject;
      store.changeInventory({ add: [node('a'), node('b')], retire: [], actor: 'ada', at: AT });
      store.saveNodeWords([word('b', 1), word('a', 2), word('stranger', 3), word('b', 4)]);
      store.saveNodeWords([word('a', 5)]);
      assert.deepEqual(store.nodeWords(), [word('a', 5), word('b', 4)]);
      store.changeInventory({ add: [], retire: [node('a').nodeId], actor: 'ada', at: AT });
      store.changeInventory({ add: [node('a')], retire: [], actor: 'ada', at: AT });
      const opened = subject.reopen?.() ?? store;
      assert.deepEqual(opened.nodeWords(), [word('b', 4)]);
    },
  );
}

export function recordRules(rule: Rule): void {
  rule('[STORE15] convergence is kept beside its revision, the latest record of it', (subject) => {
    const { revision } = publish(subject.store, first);
    const record = {
      revision,
      nodes: 200,
      reached: 150,
      t50Us: 1_500,
      t95Us: null,
      t99Us: null,
      t100Us: null,
      bytes: 4_000,
    };
    assert.equal(subject.store.convergence(revision), null);
    subject.store.saveConvergence(record);
    subject.store.saveConvergence({ ...record, reached: 200, t95Us: 9_000_000_000 });
    const store = subject.reopen?.() ?? subject.store;
    assert.deepEqual(store.convergence(revision), {
      ...record,
      reached: 200,
      t95Us: 9_000_000_000,
    });
    assert.throws(() => store.saveConvergence({ ...record, revision: 9 as Revision }), {
      name: 'AssertionError',
    });
  });

  rule('[STORE16] who published and what is in the audit, newest first', (subject) => {
    const { store } = subject;
    publish(store, first, { message: 'begin' });
    publish(store, first, { origin: { kind: 'rollback', of: 1 as Revision }, message: 'back' });
    store.audit({ at: AT, actor: 'grace', action: 'note', detail: 'hello' });
    const opened = subject.reopen?.() ?? store;
    assert.deepEqual(opened.auditTail(10), [
      { at: AT, actor: 'grace', action: 'note', detail: 'hello' },
      {
        at: AT,
        actor: 'ada',
        action: 'rollback',
        detail: 'revision 2, back to the content of 1, 0 changed: back',
      },
      { at: AT, actor: 'ada', action: 'publish', detail: 'revision 1, 2 changed: begin' },
    ]);
    assert.equal(opened.auditTail(1).length, 1);
    assert.deepEqual(opened.auditTail(0), []);
  });

  rule('[STORE17] superseded lineages are remembered once, in order, audited', (subject) => {
    const { store } = subject;
    const taken = ['ee'.repeat(8), 'aa'.repeat(8), 'ee'.repeat(8)] as Lineage[];
    for (const lineage of [...taken, store.lineage]) store.supersede(lineage, 'ada', AT);
    const opened = subject.reopen?.() ?? store;
    assert.deepEqual(opened.superseded(), taken.slice(0, 2));
    assert.deepEqual(
      opened.auditTail(10).map(({ action, detail }) => [action, detail]),
      [
        ['supersede-lineage', taken[1]],
        ['supersede-lineage', taken[0]],
      ],
    );
  });

  rule('[STORE18] using a closed store is a bug; closing it twice is not', ({ store }) => {
    store.close();
    store.close();
    assert.throws(() => store.head(), { name: 'AssertionError' });
    assert.throws(() => store.publish(inputFor(first, null)), { name: 'AssertionError' });
  });

  rule('[STORE19] what a store hands out can be changed without harming it', ({ store }) => {
    const { revision } = publish(store, first);
    store.documents(revision)?.pop();
    store.revisions({ limit: 5 }).pop();
    store.auditTail(5).pop();
    assert.equal(store.documents(revision)?.length, 2);
    assert.equal(store.revisions({ limit: 5 }).length, 1);
    assert.equal(store.auditTail(5).length, 1);
  });
}

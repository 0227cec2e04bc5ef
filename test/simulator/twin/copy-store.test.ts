import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lineage, NodeId } from '../../../core/config/ids.ts';
import {
  copyMemoryConfigStore,
  createMemoryConfigStore,
} from '../../../core/config/memory-config-store.ts';
import { micros } from '../../../core/ports/clock.ts';

test('[TWIN26] a copy of a store stays as it was when either goes on', () => {
  const lineage = 'ab'.repeat(16) as Lineage;
  const store = createMemoryConfigStore({ lineage });
  const add = (to: typeof store, name: string) => {
    const node = { nodeId: name as NodeId, cell: 'a', provisionedAt: micros(0) };
    to.changeInventory({ add: [node], retire: [], actor: 'test', at: micros(0) });
  };
  const names = (of: typeof store) => of.inventory().map(({ nodeId }) => nodeId);
  add(store, 'a/one');
  const copy = copyMemoryConfigStore(store);
  assert.equal(copy.lineage, lineage);
  add(store, 'a/two');
  add(copy, 'a/three');
  copy.supersede('cd'.repeat(16) as Lineage, 'test', micros(1));
  assert.deepEqual(names(store), ['a/one', 'a/two']);
  assert.deepEqual(names(copy), ['a/one', 'a/three']);
  assert.deepEqual(store.superseded(), []);
  assert.equal(store.auditTail(10).length, 2);
  store.close();
  assert.equal(copy.head(), null);
});

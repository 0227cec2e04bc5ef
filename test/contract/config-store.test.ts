import type { Lineage } from '../../core/config/ids.ts';
import { createMemoryConfigStore } from '../../core/config/memory-config-store.ts';
import { openStore, temporaryFolder } from '../main/control-plane/store/temporary-store.ts';
import { describeConfigStore } from './config-store-suite.ts';

describeConfigStore('memory store', () => {
  const store = createMemoryConfigStore({ lineage: 'ab'.repeat(8) as Lineage });
  return { store, reopen: null, dispose: () => store.close() };
});

describeConfigStore('SQLite store', () => {
  const folder = temporaryFolder();
  const path = folder.file('store.sqlite');
  let store = openStore(path);
  return {
    store,
    reopen: () => {
      store.close();
      store = openStore(path);
      return store;
    },
    dispose: () => {
      store.close();
      folder.remove();
    },
  };
});

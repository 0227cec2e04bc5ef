/** Holds a store open until it is killed: `node hold-store-child.ts PATH`. */
import { openStore } from './temporary-store.ts';

const store = openStore(process.argv[2] ?? '');
process.stdout.write(`held ${store.lineage}\n`);
setInterval(() => store.head(), 1_000);

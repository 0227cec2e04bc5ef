/**
 * Publishes until it is killed: `node publish-loop-child.ts PATH`. Writes one line for each publish,
 * after the store has reported it.
 */
import { writeSync } from 'node:fs';
import { rootHashOf } from '../../../../core/config/root-hash.ts';
import { micros } from '../../../../core/ports/clock.ts';
import { manifestOf } from '../../../core/config/config-arbitraries.ts';
import { documentsOfRound } from './publish-loop-documents.ts';
import { openStore } from './temporary-store.ts';

const ROUNDS = 200;

const store = openStore(process.argv[2] ?? '');
const begun = store.head()?.revision ?? 0;
// Made beforehand, so that a kill at any instant finds the loop amid a publish.
const inputs = Array.from({ length: ROUNDS }, (_, i) => {
  const round = begun + 1 + i;
  const documents = documentsOfRound(round);
  return {
    documents,
    rootHash: rootHashOf(manifestOf(documents)),
    author: 'child',
    message: `round ${round}`,
    at: micros(round),
    origin: { kind: 'publish' },
  } as const;
});
for (const input of inputs) {
  const published = store.publish({ ...input, base: store.head()?.revision ?? null });
  if (!published.ok) throw new Error(published.error.reason);
  writeSync(1, `${published.value.revision} ${published.value.rootHash}\n`);
}

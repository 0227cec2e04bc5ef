import { buildDocuments } from '../core/config/build-documents.ts';
import type { RootHash } from '../core/config/ids.ts';
import { addToRootHash, removeFromRootHash } from '../core/config/root-hash.ts';
import { parseConfig } from '../core/gateway/parse-config.ts';
import { micros } from '../core/ports/clock.ts';
import type { DocumentBody } from '../core/ports/store.ts';
import { sampleConfigText } from './sample-config.ts';

const ROUTES = 950; // with the Services and the Gateway: 1,000 resources

/** 1,000 resources, of which each step changes one; only that one is built anew. */
export class ChangingConfig {
  readonly #documents: DocumentBody[];
  #root: RootHash;

  constructor() {
    const built = build(sampleConfigText(ROUTES));
    this.#documents = [...built.documents];
    this.#root = built.rootHash;
  }

  change(step: number): { documents: readonly DocumentBody[]; rootHash: RootHash } {
    const position = this.#documents.length - ROUTES + (step % ROUTES);
    const before = this.#documents[position];
    const after = build(sampleConfigText(1, 0, step + 1)).documents.at(-1);
    if (!before?.contentHash || !after?.contentHash) throw new Error('the workload has no route');
    const changed = { ...after, key: before.key };
    this.#root = addToRootHash(
      removeFromRootHash(this.#root, before.key, before.contentHash),
      before.key,
      after.contentHash,
    );
    this.#documents[position] = changed;
    return { documents: this.#documents, rootHash: this.#root };
  }
}

function build(text: string): { documents: readonly DocumentBody[]; rootHash: RootHash } {
  return buildDocuments(parseConfig(text), {
    creationTimestampOf: () => '2026-01-01T00:00:00Z',
    now: micros(1),
  });
}

import { contentHashOf } from '../../../core/config/canonical.ts';
import type { Generation, Revision, RootHash } from '../../../core/config/ids.ts';
import { RootHashSum, rootHashElement } from '../../../core/config/root-hash.ts';
import type { Micros } from '../../../core/ports/clock.ts';
import type { ConfigStore } from '../../../core/ports/store.ts';
import { hold } from './swarm-failure.ts';

export interface LedgerEntry {
  readonly revision: Revision;
  readonly generation: Generation;
  readonly hash: RootHash;
  readonly at: Micros;
  /** Of the process that published it. */
  readonly life: number;
}

/** Every publish that an operator was told of, kept outside of the control plane. */
export class PublishLedger {
  #entries: LedgerEntry[] = [];
  #atBackup: readonly LedgerEntry[] | null = null;
  /** Also of histories that an older copy of the store took away. */
  readonly #ever = new Set<string>();

  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  get newest(): LedgerEntry | null {
    return this.#entries.at(-1) ?? null;
  }

  add(entry: LedgerEntry): void {
    const newest = this.newest;
    hold(
      'safety',
      newest === null || entry.generation > newest.generation,
      () =>
        `r${entry.revision} was published under generation ${entry.generation}, after generation ${newest?.generation} had been.`,
    );
    this.#entries.push(entry);
    this.#ever.add(keyOf(entry));
  }

  backedUp(): void {
    this.#atBackup = [...this.#entries];
  }

  restored(): void {
    this.#entries = [...(this.#atBackup ?? [])];
  }

  wasPublished(served: Pick<LedgerEntry, 'revision' | 'generation' | 'hash'>): boolean {
    return this.#ever.has(keyOf(served));
  }

  /** Whatever was published is in the store, to the body; nothing newer is. */
  check(store: ConfigStore): void {
    for (const entry of this.#entries) {
      const record = store.revision(entry.revision);
      hold(
        'safety',
        record !== null && record.generation === entry.generation,
        () => `r${entry.revision} was published and is lost.`,
      );
      hold(
        'safety',
        contentOf(store, entry.revision) === entry.hash,
        () => `r${entry.revision} is no longer what was published.`,
      );
    }
    const head = store.head()?.generation ?? 0;
    hold(
      'safety',
      head === (this.newest?.generation ?? 0),
      () => `The head has generation ${head}, but ${this.newest?.generation ?? 0} was published.`,
    );
  }
}

function keyOf(entry: Pick<LedgerEntry, 'revision' | 'generation' | 'hash'>): string {
  return `${entry.generation}:${entry.revision}:${entry.hash}`;
}

/** Root hash over the bodies as they lie in the store; null when one is missing. */
function contentOf(store: ConfigStore, revision: Revision): string | null {
  const manifest = store.manifest(revision);
  if (manifest === null) return null;
  const sum = new RootHashSum();
  for (const [key, hash] of manifest) {
    const canonical = store.canonical(hash);
    if (canonical === null) return null;
    sum.add(rootHashElement(key, contentHashOf(canonical)));
  }
  return sum.toRootHash();
}

import { utf8ToBytes } from '@noble/hashes/utils.js';
import { computeDelta } from '../config/delta.ts';
import type { ContentHash, ResourceKey, Revision, RootHash } from '../config/ids.ts';
import { assert } from '../lib/assert.ts';
import { LruMap } from '../lib/lru-map.ts';
import type { ConfigStore } from '../ports/store.ts';
import type { NodeRecord, Target } from './node-record.ts';

/** Root hashes of revisions kept at hand, so that planning a push asks the store nothing. */
const REVISION_HASHES_MAX = 4_096;

/** How a node gets to the target. */
export type PushPlan =
  | { readonly kind: 'delta'; readonly from: Revision; readonly fromHash: RootHash }
  | { readonly kind: 'full' };

export interface PushBodiesBounds {
  readonly entriesMax: number;
  readonly bytesMax: number;
  /** See the setting of the same name. */
  readonly logRevisionsMax: number;
}

/**
 * Decides between delta and full, and encodes each body once: everybody who starts from the same
 * place shares one buffer. Canonical texts are embedded as they are stored.
 */
export class PushBodies {
  readonly #store: ConfigStore;
  readonly #logRevisionsMax: number;
  readonly #bodies: LruMap<string, Uint8Array>;
  readonly #rootHashes = new LruMap<Revision, RootHash | null>(REVISION_HASHES_MAX);

  /** A publish sends nearly everybody the same, one after the other. */
  #last: {
    readonly plan: PushPlan;
    readonly target: Target;
    readonly body: Uint8Array;
  } | null = null;

  constructor(store: ConfigStore, bounds: PushBodiesBounds) {
    this.#store = store;
    this.#logRevisionsMax = bounds.logRevisionsMax;
    this.#bodies = new LruMap(bounds.entriesMax, bounds.bytesMax);
  }

  /** Delta when it is certain what the node holds, else full. */
  plan(node: NodeRecord, target: Target): PushPlan {
    const { said } = node;
    if (said.state !== 'serving' || said.isDamaged || node.retriedInFull === target.generation) {
      return { kind: 'full' };
    }
    const { lineage, revision, hash } = said.served;
    const known =
      hash === target.hash ||
      (lineage === this.#store.lineage &&
        target.revision - revision <= this.#logRevisionsMax &&
        this.#rootHashOf(revision) === hash);
    return known ? { kind: 'delta', from: revision, fromHash: hash } : { kind: 'full' };
  }

  /** The encoded body frame. The same buffer for the same plan and target, while it is cached. */
  encode(plan: PushPlan, target: Target): Uint8Array {
    const last = this.#last;
    const isLast = last !== null && last.target === target && isSamePlan(last.plan, plan);
    if (isLast) return last.body;
    const body = this.#body(plan, target);
    this.#last = { plan, target, body };
    return body;
  }

  #body(plan: PushPlan, target: Target): Uint8Array {
    const key =
      plan.kind === 'full'
        ? `full:${target.generation}`
        : `delta:${plan.from}:${plan.fromHash}:${target.generation}`;
    const cached = this.#bodies.get(key);
    if (cached !== undefined) return cached;
    const body = utf8ToBytes(
      plan.kind === 'full' ? this.#full(target) : this.#delta(plan.from, plan.fromHash, target),
    );
    this.#bodies.set(key, body, body.byteLength);
    return body;
  }

  #delta(from: Revision, fromHash: RootHash, target: Target): string {
    const delta =
      fromHash === target.hash
        ? { changed: [], removed: [] }
        : computeDelta(this.#manifest(from), this.#manifest(target.revision));
    const changed = delta.changed.map(({ contentHash }) => this.#canonical(contentHash));
    return deltaBody(target, from, changed, delta.removed);
  }

  #full(target: Target): string {
    const resources: string[] = [];
    for (const contentHash of this.#manifest(target.revision).values()) {
      resources.push(this.#canonical(contentHash));
    }
    return fullBody(target, resources);
  }

  #manifest(revision: Revision): ReadonlyMap<ResourceKey, ContentHash> {
    const manifest = this.#store.manifest(revision);
    assert(manifest !== null, `revision ${revision} is in the store`);
    return manifest;
  }

  #canonical(contentHash: ContentHash): string {
    const canonical = this.#store.canonical(contentHash);
    assert(canonical !== null, `body ${contentHash} is in the store`);
    return canonical;
  }

  #rootHashOf(revision: Revision): RootHash | null {
    const cached = this.#rootHashes.get(revision);
    if (cached !== undefined) return cached;
    const rootHash = this.#store.revision(revision)?.rootHash ?? null;
    // An unknown revision may be published later, so only knowledge is kept.
    if (rootHash !== null) this.#rootHashes.set(revision, rootHash);
    return rootHash;
  }
}

function isSamePlan(a: PushPlan, b: PushPlan): boolean {
  if (a.kind === 'full' || b.kind === 'full') return a.kind === b.kind;
  return a.from === b.from && a.fromHash === b.fromHash;
}

/** The body frame of a delta. `changed` are canonical texts. */
export function deltaBody(
  target: Target,
  from: Revision,
  changed: readonly string[],
  removed: readonly ResourceKey[],
): string {
  return (
    `{"type":"delta",${currency(target)},"from":${from},` +
    `"changed":[${changed.join(',')}],"removed":${JSON.stringify(removed)}}`
  );
}

/** The body frame of a full push. `resources` are canonical texts. */
export function fullBody(target: Target, resources: readonly string[]): string {
  return `{"type":"full",${currency(target)},"resources":[${resources.join(',')}]}`;
}

function currency(target: Target): string {
  return `"generation":${target.generation},"revision":${target.revision},"hash":"${target.hash}"`;
}

import { z } from 'zod';
import type { Generation, Lineage, Revision } from '../config/ids.ts';
import { type ConfigSnapshot, snapshotFromBodies } from '../config/snapshot.ts';
import type { DocumentCache } from '../gateway/parse-config.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { addMicros, type Micros } from '../ports/clock.ts';
import type { ConfigStore } from '../ports/store.ts';
import type { PublishedRevision } from '../protocol/control-plane-control.ts';
import { decodeJson } from '../protocol/decode-json.ts';
import { ADOPTED_CONFIG_CHARS_MAX, CONFIG_CHUNK_CHARS } from '../protocol/limits.ts';
import type { NodeToControlPlane } from '../protocol/node-link.ts';
import { adoptedDocuments, knownDocuments } from './adopted-documents.ts';
import type { ConnectionId } from './events.ts';
import type { NodeRecord, Served } from './node-record.ts';
import type { NodeRegistry } from './node-registry.ts';
import { publishDocuments } from './publisher.ts';
import { type Answered, type Refused, refuse } from './refuse.ts';

export type ConfigChunk = Extract<NodeToControlPlane, { type: 'config-chunk' }>;

/** Escaping can make one character six bytes of a frame, and chunks as many times smaller. */
const CHUNK_SHRINK_MAX = 6;
/** More chunks than the largest config can need. */
const CHUNKS_MAX =
  (Math.ceil(ADOPTED_CONFIG_CHARS_MAX / CONFIG_CHUNK_CHARS) + 1) * CHUNK_SHRINK_MAX;

interface Fetching {
  readonly state: 'fetching';
  /** The console's request, answered when this ends. */
  readonly requestId: number;
  readonly connectionId: ConnectionId;
  readonly fetchId: number;
  readonly served: Served;
  readonly headText: string | null;
  readonly actor: string;
  readonly dueAt: Micros;
  readonly chunks: string[];
  chars: number;
}

/** What an adoption needs of the machine around it. */
export interface AdoptionParts {
  readonly store: ConfigStore;
  readonly registry: NodeRegistry;
  readonly cache: DocumentCache;
  readonly timeoutUs: number;
  readonly sendFetch: (connectionId: ConnectionId, fetchId: number) => void;
  readonly finished: (
    ended: { readonly requestId: number; readonly connectionId: ConnectionId },
    outcome: Answered<PublishedRevision>,
    now: Micros,
  ) => void;
}

/** Takes over what the fleet serves: one node is asked for its config, which is then published. */
export class Adoption {
  readonly #parts: AdoptionParts;
  #state: { readonly state: 'idle' } | Fetching = { state: 'idle' };
  #fetches = 0;

  constructor(parts: AdoptionParts) {
    this.#parts = parts;
  }

  /** Where config is collected from now. */
  get connectionId(): ConnectionId | null {
    return this.#state.state === 'fetching' ? this.#state.connectionId : null;
  }

  /** Null when it has begun: the answer follows. */
  begin(
    request: { requestId: number; headText: string | null; actor: string },
    now: Micros,
  ): Refused | null {
    if (this.#state.state === 'fetching') {
      return refuse('bad-request', 'an adoption is under way; wait for its answer');
    }
    const ahead = this.#parts.registry.ahead();
    if (ahead.length === 0) {
      return refuse(
        'not-ahead',
        'no node is ahead of this control plane; there is nothing to adopt',
      );
    }
    const source = this.#newestConnected(ahead);
    if (source === null) {
      const detail = `none of the ${ahead.length} nodes that are ahead is connected; wait for one, or retire them`;
      return refuse('no-node-to-adopt-from', detail);
    }
    this.#fetches += 1;
    this.#state = {
      state: 'fetching',
      ...request,
      ...source,
      fetchId: this.#fetches,
      dueAt: addMicros(now, this.#parts.timeoutUs),
      chunks: [],
      chars: 0,
    };
    this.#parts.sendFetch(source.connectionId, this.#fetches);
    return null;
  }

  /** False when the chunk was not asked for, or asked for no longer. */
  chunk(connectionId: ConnectionId, chunk: ConfigChunk, now: Micros): boolean {
    const fetching = this.#state;
    if (
      fetching.state !== 'fetching' ||
      fetching.connectionId !== connectionId ||
      fetching.fetchId !== chunk.requestId
    ) {
      return false;
    }
    const problem = chunkProblem(fetching, chunk);
    if (problem !== null) {
      this.#finish(fetching, refuse('no-node-to-adopt-from', problem), now);
      return true;
    }
    fetching.chunks.push(chunk.text);
    fetching.chars += chunk.text.length;
    if (fetching.chunks.length === chunk.chunks) {
      this.#finish(fetching, this.#adopt(fetching, now), now);
    }
    return true;
  }

  /** The node's connection ended before its config had come in. */
  sessionEnded(connectionId: ConnectionId, now: Micros): void {
    const fetching = this.#state;
    if (fetching.state !== 'fetching' || fetching.connectionId !== connectionId) return;
    const detail = 'the node went away while its config was read; try again';
    this.#finish(fetching, refuse('no-node-to-adopt-from', detail), now);
  }

  tick(now: Micros): void {
    const fetching = this.#state;
    if (fetching.state !== 'fetching' || now < fetching.dueAt) return;
    const detail = 'the node did not hand over its config in time; try again';
    this.#finish(fetching, refuse('no-node-to-adopt-from', detail), now);
  }

  nextAt(): Micros | null {
    return this.#state.state === 'fetching' ? this.#state.dueAt : null;
  }

  #newestConnected(
    ahead: readonly NodeRecord[],
  ): { connectionId: ConnectionId; served: Served } | null {
    let best: { connectionId: ConnectionId; served: Served } | null = null;
    for (const { connectionId, said } of ahead) {
      if (connectionId === null || said.state !== 'serving' || said.isDamaged) continue;
      if (best === null || said.served.generation > best.served.generation) {
        best = { connectionId, served: said.served };
      }
    }
    return best;
  }

  #finish(fetching: Fetching, outcome: Answered<PublishedRevision>, now: Micros): void {
    this.#state = { state: 'idle' };
    this.#parts.finished(fetching, outcome, now);
  }

  #adopt(fetching: Fetching, now: Micros): Answered<PublishedRevision> {
    const { store, registry, cache } = this.#parts;
    const snapshot = readConfig(fetching.chunks.join(''));
    if (!snapshot.ok) return refuse('no-node-to-adopt-from', snapshot.error);
    if (snapshot.value.hash !== fetching.served.hash) {
      const detail = 'what the node handed over does not have the hash that it states; try another';
      return refuse('no-node-to-adopt-from', detail);
    }
    const past = newestServed(registry);
    const known = knownDocuments(store, fetching.headText, snapshot.value, cache, now);
    const published = publishDocuments(store, {
      base: store.head()?.revision ?? null,
      documents: adoptedDocuments(snapshot.value, known),
      rootHash: snapshot.value.hash,
      author: fetching.actor,
      message: `Adopt what the fleet serves (r${fetching.served.revision})`,
      at: now,
      origin: { kind: 'adopt', servedRevision: fetching.served.revision },
      revisionMin: (past.revision + 1) as Revision,
      generationMin: (past.generation + 1) as Generation,
    });
    if (!published.ok) return published;
    for (const lineage of foreignLineages(store, registry)) {
      const written = registry.supersede(lineage, fetching.actor, now);
      if (!written.ok) {
        const { revision } = published.value.record;
        return refuse(
          'storage-failed',
          `r${revision} was published, but lineage ${lineage} was not taken over: ${written.error.detail}; adopt again`,
        );
      }
    }
    return published;
  }
}

function chunkProblem(fetching: Fetching, chunk: ConfigChunk): string | null {
  if (chunk.index !== fetching.chunks.length || chunk.index >= chunk.chunks) {
    return 'the node sent its config in the wrong order; try again';
  }
  if (chunk.chunks > CHUNKS_MAX || fetching.chars + chunk.text.length > ADOPTED_CONFIG_CHARS_MAX) {
    return 'the config that the node serves is too large to adopt';
  }
  const { lineage, generation, hash } = chunk.serving;
  const { served } = fetching;
  if (lineage !== served.lineage || generation !== served.generation || hash !== served.hash) {
    return 'the node changed what it serves while its config was read; try again';
  }
  return null;
}

const bodiesSchema = z.array(z.record(z.string(), z.unknown()));

function readConfig(text: string): Result<ConfigSnapshot, string> {
  const bodies = decodeJson(bodiesSchema, text);
  if (!bodies.ok) return err(`the node handed over no readable config: ${bodies.error.detail}`);
  const snapshot = snapshotFromBodies(bodies.value);
  if (!snapshot.ok) return err(`the node handed over no valid config: ${snapshot.error.detail}`);
  return ok(snapshot.value);
}

/** What a new revision must get past, so that no node has to go back. */
function newestServed(registry: NodeRegistry): { revision: number; generation: number } {
  let revision = 0;
  let generation = 0;
  for (const { said } of registry.all()) {
    if (said.state !== 'serving') continue;
    revision = Math.max(revision, said.served.revision);
    generation = Math.max(generation, said.served.generation);
  }
  return { revision, generation };
}

function foreignLineages(store: ConfigStore, registry: NodeRegistry): Set<Lineage> {
  const superseded = new Set(registry.superseded);
  const lineages = new Set<Lineage>();
  for (const { said } of registry.all()) {
    if (said.state !== 'serving') continue;
    const { lineage } = said.served;
    if (lineage !== store.lineage && !superseded.has(lineage)) lineages.add(lineage);
  }
  return lineages;
}

import type { Lineage } from '../../../core/config/ids.ts';
import { createMemoryConfigStore } from '../../../core/config/memory-config-store.ts';
import {
  type ControlPlaneMemory,
  createControlPlane,
} from '../../../core/control-plane/control-plane.ts';
import { DEFAULT_CONTROL_PLANE_SETTINGS } from '../../../core/control-plane/settings.ts';
import { assert } from '../../../core/lib/assert.ts';
import { err, ok, type Result } from '../../../core/lib/result.ts';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import { withoutFullStop } from '../../../core/lib/sentence.ts';
import { sha256Hex } from '../../../core/lib/sha256.ts';
import { createSharedWork, type SharedWork } from '../../../core/node/shared-work.ts';
import { MICROS_PER_SECOND, type Micros, micros } from '../../../core/ports/clock.ts';
import type { ConfigStore } from '../../../core/ports/store.ts';
import type { FleetShape } from '../../../core/rehearsal/fleet-shape.ts';
import { storedResources } from '../stored-resources.ts';
import type { DiskContent } from '../twin-disk.ts';

export interface PublishedTexts {
  /** With the inventory; the last text is its head. */
  readonly store: ConfigStore;
  /** What lies on the disk of a node that serves the text with this index. */
  readonly contents: readonly DiskContent[];
  /** Some time after the last publish. */
  readonly endedAt: Micros;
  /** What built the contents. */
  readonly work: SharedWork;
}

/** Publishes the texts of a shape, one a second, as a control plane does. The error is one sentence. */
export function publishTexts(
  shape: FleetShape,
  memory: ControlPlaneMemory,
): Result<PublishedTexts, string> {
  const lineage = sha256Hex('twin:rehearsal').slice(0, 32) as Lineage;
  const store = createMemoryConfigStore({ lineage });
  const at = micros(0);
  const add = shape.nodes.map(({ nodeId, cell }) => ({ nodeId, cell, provisionedAt: at }));
  store.changeInventory({ add, retire: [], actor: 'twin', at });
  const settings = DEFAULT_CONTROL_PLANE_SETTINGS;
  const parts = { store, random: createSeededRandom(0), settings, memory };
  const control = createControlPlane(parts, at);
  const work = createSharedWork();
  const contents: DiskContent[] = [];
  for (const [index, text] of shape.texts.entries()) {
    const now = micros((index + 1) * MICROS_PER_SECOND);
    const base = store.head()?.revision ?? null;
    const asked = { text, base, message: 'published before', actor: 'twin', allowEmpty: true };
    const request = { method: 'publish', ...asked } as const;
    for (const effect of control.handle({ type: 'request', requestId: index, request }, now)) {
      if (effect.type !== 'respond' || effect.response.ok) continue;
      const { reason, detail } = effect.response.error;
      // Two texts of a shape can be the same, with another between them that nobody serves any more.
      if (reason === 'nothing-to-publish') continue;
      const revision = shape.revisions[index] ?? 0;
      return err(`The text of r${revision} would be refused: ${withoutFullStop(detail)}.`);
    }
    contents.push(contentOf(store, work));
  }
  const endedAt = micros((shape.texts.length + 1) * MICROS_PER_SECOND);
  return ok({ store, contents, endedAt, work });
}

/** Of the head, as a node writes it. */
function contentOf(store: ConfigStore, work: SharedWork): DiskContent {
  const head = store.head();
  assert(head !== null, 'something was published');
  const { revision, generation, rootHash: hash, createdAt: verifiedAt } = head;
  const bodies = storedResources(store, revision).map(({ body }) => body);
  const prepared = work.prepare(null, bodies, []);
  assert(prepared.ok, 'what was published can be served');
  const { snapshot } = prepared.value;
  assert(snapshot.hash === hash, 'what nodes build has the hash that was published');
  const { lineage } = store;
  return { record: { lineage, generation, revision, hash, verifiedAt }, snapshot };
}

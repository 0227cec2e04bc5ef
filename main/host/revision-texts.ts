import type { Lineage, Revision } from '../../core/config/ids.ts';
import { LruMap } from '../../core/lib/lru-map.ts';
import type { ControlPlaneLink } from './control-plane-link.ts';
import { SHAPE_TEXTS_BYTES_MAX, TEXTS_REMEMBERED_MAX } from './rehearsal-limits.ts';
import type { HeadCopy } from './store/console-rows.ts';

/** Texts of revisions that nodes may still serve: what was the head lately is remembered, the rest is asked for. */
export class RevisionTexts {
  readonly #controlPlane: Pick<ControlPlaneLink, 'request'>;
  readonly #texts = new LruMap<string, string>(TEXTS_REMEMBERED_MAX, SHAPE_TEXTS_BYTES_MAX);

  constructor(controlPlane: Pick<ControlPlaneLink, 'request'>) {
    this.#controlPlane = controlPlane;
  }

  remember({ lineage, record, text }: Pick<HeadCopy, 'lineage' | 'record' | 'text'>): void {
    this.#keep(lineage, record.revision, text);
  }

  /** Null when it is not remembered and nobody can be asked. */
  async read(lineage: Lineage, revision: Revision): Promise<string | null> {
    const known = this.#texts.get(keyOf(lineage, revision));
    if (known !== undefined) return known;
    const answer = await this.#controlPlane.request({ method: 'get-revision', revision });
    if (!answer.ok) return null;
    this.#keep(lineage, revision, answer.value.text);
    return answer.value.text;
  }

  #keep(lineage: Lineage, revision: Revision, text: string): void {
    this.#texts.set(keyOf(lineage, revision), text, Buffer.byteLength(text, 'utf8'));
  }
}

function keyOf(lineage: Lineage, revision: Revision): string {
  return `${lineage}:${revision}`;
}

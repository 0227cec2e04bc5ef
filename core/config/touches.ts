import { assert } from '../lib/assert.ts';
import type { ResourceTouches, RevisionRecord, RevisionTouch } from '../ports/store.ts';
import type { Revision } from './ids.ts';
import type { StoredDocument } from './plan-publish.ts';

/**
 * Who last touched each resource of a list of documents. A key that is there more than once, as only
 * kinds that are not known can be, is told once, by its latest touch.
 */
export function touchesOf(
  documents: readonly StoredDocument[],
  recordOf: (revision: Revision) => RevisionRecord | null,
): ResourceTouches[] {
  const touchOf = rememberedTouches(recordOf);
  const newest = new Map<string, StoredDocument>();
  for (const document of documents) {
    const { key } = document.entry;
    const other = newest.get(key);
    if (other === undefined || document.textSince > other.textSince) newest.set(key, document);
  }
  const out: ResourceTouches[] = [];
  for (const { entry, contentSince, textSince } of newest.values()) {
    out.push({
      key: entry.key,
      content: touchOf(contentSince),
      text: textSince === contentSince ? null : touchOf(textSince),
    });
  }
  return out;
}

/** Many resources were touched by the same revisions. */
function rememberedTouches(
  recordOf: (revision: Revision) => RevisionRecord | null,
): (revision: Revision) => RevisionTouch {
  const touches = new Map<Revision, RevisionTouch>();
  return (revision) => {
    const known = touches.get(revision);
    if (known !== undefined) return known;
    const record = recordOf(revision);
    assert(record !== null, 'what touched a document is a stored revision');
    const touch = { revision, author: record.author, at: record.createdAt };
    touches.set(revision, touch);
    return touch;
  };
}

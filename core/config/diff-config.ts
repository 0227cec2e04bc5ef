import type { JsonObject } from '../gateway/json.ts';
import type { ParsedConfig, ParsedDocument } from '../gateway/parse-config.ts';
import type { ResourceChange } from '../protocol/console-model.ts';
import { creationTimestampOf } from './build-documents.ts';
import { isJsonObject } from './canonical.ts';
import { diffJson } from './diff-json.ts';
import type { ResourceKey } from './ids.ts';

/** Fields listed of one changed resource. */
export const DIFF_FIELDS_PER_RESOURCE_MAX = 50;
/** Fields listed in all. Resources beyond it are still listed, as changed and without fields. */
export const DIFF_FIELDS_TOTAL_MAX = 5_000;

/**
 * What differs between two configs, for people: first what the new one has, in its order, then what
 * was removed, in the old order. `text-only` is a change that no node sees: comments, layout, the order
 * of keys, or anything in a kind that is not known. A `creationTimestamp` counts only where both sides
 * state one: where one is silent, publishing fills it in.
 *
 * `unforced` names what nodes are not sent of either side, although its kind is known now: a resource
 * that only one side serves is changed, even where its text is the same.
 */
export function diffConfigs(
  from: ParsedConfig,
  to: ParsedConfig,
  unforced: UnforcedSides = NONE_UNFORCED,
): ResourceChange[] {
  const before = byOccurrence(from.documents);
  const after = byOccurrence(to.documents);
  const changes: ResourceChange[] = [];
  let fieldsLeft = DIFF_FIELDS_TOTAL_MAX;
  for (const [id, document] of after) {
    const old = before.get(id);
    if (old === undefined) {
      changes.push({ key: document.key, change: 'added', fields: [] });
      continue;
    }
    const compared = compareDocuments(old, document, fieldsLeft);
    const change = withForce(compared, document.key, unforced);
    if (change === null) continue;
    fieldsLeft -= change.fields.length;
    changes.push(change);
  }
  for (const [id, { key }] of before) {
    if (!after.has(id)) changes.push({ key, change: 'removed', fields: [] });
  }
  return changes;
}

/** Keys, by side, of what was of no known kind when it was published. */
export interface UnforcedSides {
  readonly from: ReadonlySet<ResourceKey>;
  readonly to: ReadonlySet<ResourceKey>;
}

const NONE_UNFORCED: UnforcedSides = { from: new Set(), to: new Set() };

function withForce(
  compared: ResourceChange | null,
  key: ResourceKey,
  { from, to }: UnforcedSides,
): ResourceChange | null {
  if (from.has(key) !== to.has(key)) {
    const inForce = to.has(key) ? 'ends' : 'begins';
    return { key, change: 'changed', fields: compared?.fields ?? [], inForce };
  }
  if (compared === null || !to.has(key)) return compared;
  return { key, change: 'text-only', fields: [] };
}

/** Drafts may hold a key twice; the n-th of one side is compared with the n-th of the other. */
function byOccurrence(documents: readonly ParsedDocument[]): Map<string, ParsedDocument> {
  const seen = new Map<ResourceKey, number>();
  const out = new Map<string, ParsedDocument>();
  for (const document of documents) {
    const occurrence = seen.get(document.key) ?? 0;
    seen.set(document.key, occurrence + 1);
    out.set(`${occurrence} ${document.key}`, document);
  }
  return out;
}

function compareDocuments(
  before: ParsedDocument,
  after: ParsedDocument,
  fieldsLeft: number,
): ResourceChange | null {
  const { key } = after;
  if (before.body !== null && after.body !== null && before.body !== after.body) {
    const [old, now] = withComparableTimestamps(before.body, after.body);
    // One field is always looked for: whether there is a change must not depend on what fits.
    const found = diffJson(
      old,
      now,
      Math.max(1, Math.min(DIFF_FIELDS_PER_RESOURCE_MAX, fieldsLeft)),
    );
    if (found.length > 0) return { key, change: 'changed', fields: found.slice(0, fieldsLeft) };
  }
  return before.source === after.source ? null : { key, change: 'text-only', fields: [] };
}

function withComparableTimestamps(a: JsonObject, b: JsonObject): [JsonObject, JsonObject] {
  if (creationTimestampOf(a) !== null && creationTimestampOf(b) !== null) return [a, b];
  return [withoutTimestamp(a), withoutTimestamp(b)];
}

function withoutTimestamp(body: JsonObject): JsonObject {
  if (!isJsonObject(body.metadata)) return body;
  const { creationTimestamp: _, ...metadata } = body.metadata;
  return { ...body, metadata };
}

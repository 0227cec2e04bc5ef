import type { ConfigStore } from '../../../core/ports/store.ts';
import type { CalibratedMany } from '../service-times.ts';

/** Up to so many times what was measured, a straight line is trusted to go on. */
const TRUSTED_TIMES = 3;
const BYTES_PER_MEGABYTE = 1_000_000;

/** What a draft is, beside the config before it. */
export interface DraftSize {
  /** Resources changed and added. */
  readonly changed: number;
  /** Of those together, as each node is sent them. */
  readonly bytes: number;
}

/** @param copy of `store`, on which the draft is published */
export function draftSizeOf(store: ConfigStore, copy: ConfigStore): DraftSize {
  const before = manifestOf(store);
  let changed = 0;
  let bytes = 0;
  for (const [key, contentHash] of manifestOf(copy) ?? []) {
    if (before?.get(key) === contentHash) continue;
    changed += 1;
    bytes += copy.canonical(contentHash)?.length ?? 0;
  }
  return { changed, bytes };
}

/** In one sentence, that a draft is far larger than what the service times were fitted to; null: it is not. */
export function beyondCalibration(
  { changed, bytes }: DraftSize,
  { documents, bytes: bytesMeasured }: Pick<CalibratedMany, 'documents' | 'bytes'>,
): string | null {
  const isWithin = changed <= TRUSTED_TIMES * documents && bytes <= TRUSTED_TIMES * bytesMeasured;
  if (isWithin) return null;
  return (
    `This draft changes ${resources(changed)} and sends each node ${megabytes(bytes)} MB; the service times ` +
    `were fitted to at most ${resources(documents)} and ${megabytes(bytesMeasured)} MB, so that how long it takes ` +
    'can be off by more than the forecast says.'
  );
}

function manifestOf(store: ConfigStore) {
  const head = store.head();
  return head === null ? null : store.manifest(head.revision);
}

function resources(count: number): string {
  return count === 1 ? 'one resource' : `${count.toLocaleString('en')} resources`;
}

function megabytes(bytes: number): string {
  return (bytes / BYTES_PER_MEGABYTE).toFixed(1);
}

import { assert } from '../../../core/lib/assert.ts';

export interface PushHeader {
  readonly isFull: boolean;
  readonly generation: number;
  readonly hash: string;
}

/** More than the fields before the first resource. */
const HEADER_BYTES = 240;
const HEADER = /^\{"type":"(full|delta)","generation":(\d+),"revision":\d+,"hash":"([0-9a-f]{64})"/;

const known = new WeakMap<Uint8Array, PushHeader>();

/** What a push body says of itself, read from its bytes. */
export function readPushHeader(body: Uint8Array): PushHeader {
  const before = known.get(body);
  if (before !== undefined) return before;
  const text = new TextDecoder().decode(body.subarray(0, HEADER_BYTES));
  const [, type, generation = '', hash = ''] = HEADER.exec(text) ?? [];
  assert(type !== undefined, 'a push body begins with its type, generation, revision and hash');
  const header = { isFull: type === 'full', generation: Number(generation), hash };
  known.set(body, header);
  return header;
}

import { assert } from '../lib/assert.ts';

/**
 * One sample of the whole fleet as columns: row i is node i of the roster with the same
 * `rosterVersion`. What nodes *really* do comes from the simulator, what the control plane
 * *believes* from the control plane; the console host puts the two side by side.
 */
export interface FleetFrame {
  rosterVersion: number;
  /** Wall clock of the sample, milliseconds since the epoch. */
  atMs: number;
  nodes: number;
  /** Revision served; 0 when nothing but the built-in default is. */
  servingRevision: Uint32Array;
  /** Packed with `packNodeFlags`. */
  flags: Uint8Array;
  /** Index into `SYNC_STATUSES`: belief, not truth. */
  syncStatus: Uint8Array;
  /** Revisions between target and serving. */
  lagRevisions: Uint16Array;
  /** Since the first revision that the node lacks was published; 0 when it lacks none. */
  lagMs: Uint32Array;
  /** Since the control plane last told the node what is current; `NEVER_MS` when it never did. */
  unverifiedMs: Uint32Array;
  /** Requests of the last traffic step. */
  requests: Uint16Array;
  /** Of these, not answered as the config intends (refused, 5xx). */
  failures: Uint16Array;
}

export const NEVER_MS = 0xffff_ffff;

export const SYNC_STATUSES = ['UNKNOWN', 'NOT_SENT', 'STALE', 'SYNCED', 'ERROR'] as const;
export type SyncStatus = (typeof SYNC_STATUSES)[number];
export const LINK_STATES = ['connected', 'connecting', 'lost'] as const;
export type LinkState = (typeof LINK_STATES)[number];
export const HEALTH_STATES = ['healthy', 'degraded', 'down'] as const;
export type ServingHealth = (typeof HEALTH_STATES)[number];
export const FRAME_SOURCES = ['control-plane', 'snapshot-store', 'disk', 'default'] as const;

export interface NodeFlags {
  readonly link: LinkState;
  readonly health: ServingHealth;
  readonly source: (typeof FRAME_SOURCES)[number];
  /** Serves a newer generation than the control plane knows. */
  readonly ahead: boolean;
  /** The last push was rejected and the node still lacks it. */
  readonly rejected: boolean;
}

/** bits 0–1 link, 2–3 health, 4–5 source, 6 ahead, 7 rejected */
export function packNodeFlags(flags: NodeFlags): number {
  return (
    LINK_STATES.indexOf(flags.link) |
    (HEALTH_STATES.indexOf(flags.health) << 2) |
    (FRAME_SOURCES.indexOf(flags.source) << 4) |
    (flags.ahead ? 64 : 0) |
    (flags.rejected ? 128 : 0)
  );
}

export function unpackNodeFlags(packed: number): NodeFlags {
  return {
    link: LINK_STATES[packed & 3] ?? 'lost',
    health: HEALTH_STATES[(packed >> 2) & 3] ?? 'down',
    source: FRAME_SOURCES[(packed >> 4) & 3] ?? 'default',
    ahead: (packed & 64) !== 0,
    rejected: (packed & 128) !== 0,
  };
}

export function createFleetFrame(nodes: number, rosterVersion: number, atMs: number): FleetFrame {
  return {
    rosterVersion,
    atMs,
    nodes,
    servingRevision: new Uint32Array(nodes),
    flags: new Uint8Array(nodes),
    syncStatus: new Uint8Array(nodes),
    lagRevisions: new Uint16Array(nodes),
    lagMs: new Uint32Array(nodes),
    unverifiedMs: new Uint32Array(nodes),
    requests: new Uint16Array(nodes),
    failures: new Uint16Array(nodes),
  };
}

const MAGIC = 0x48464c31; // "HFL1"
const HEADER_BYTES = 32;
const BYTES_PER_NODE = 4 * 3 + 2 * 3 + 2;

/**
 * Little-endian: magic u32, rosterVersion u32, nodes u32, reserved u32, atMs f64, reserved 8 bytes,
 * then the columns, widest first, each without padding.
 */
export function encodeFleetFrame(frame: FleetFrame): Uint8Array {
  const out = new Uint8Array(HEADER_BYTES + frame.nodes * BYTES_PER_NODE);
  const view = new DataView(out.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, frame.rosterVersion, true);
  view.setUint32(8, frame.nodes, true);
  view.setFloat64(16, frame.atMs, true);
  let offset = HEADER_BYTES;
  for (const column of columnsOf(frame)) {
    assert(column.length === frame.nodes, 'every column has one value a node');
    out.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), offset);
    offset += column.byteLength;
  }
  return out;
}

/** Null when the bytes are not a frame of this form. The columns may share the given buffer. */
export function decodeFleetFrame(bytes: Uint8Array): FleetFrame | null {
  if (bytes.byteLength < HEADER_BYTES) return null;
  // Columns need aligned offsets, so an unaligned view is copied once.
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const view = new DataView(aligned.buffer, aligned.byteOffset, aligned.byteLength);
  if (view.getUint32(0, true) !== MAGIC) return null;
  const nodes = view.getUint32(8, true);
  if (aligned.byteLength !== HEADER_BYTES + nodes * BYTES_PER_NODE) return null;
  let offset = aligned.byteOffset + HEADER_BYTES;
  const u32 = () => {
    const column = new Uint32Array(aligned.buffer, offset, nodes);
    offset += column.byteLength;
    return column;
  };
  const u16 = () => {
    const column = new Uint16Array(aligned.buffer, offset, nodes);
    offset += column.byteLength;
    return column;
  };
  const u8 = () => {
    const column = new Uint8Array(aligned.buffer, offset, nodes);
    offset += column.byteLength;
    return column;
  };
  return {
    rosterVersion: view.getUint32(4, true),
    atMs: view.getFloat64(16, true),
    nodes,
    servingRevision: u32(),
    lagMs: u32(),
    unverifiedMs: u32(),
    lagRevisions: u16(),
    requests: u16(),
    failures: u16(),
    flags: u8(),
    syncStatus: u8(),
  };
}

function columnsOf(frame: FleetFrame): (Uint8Array | Uint16Array | Uint32Array)[] {
  return [
    frame.servingRevision,
    frame.lagMs,
    frame.unverifiedMs,
    frame.lagRevisions,
    frame.requests,
    frame.failures,
    frame.flags,
    frame.syncStatus,
  ];
}

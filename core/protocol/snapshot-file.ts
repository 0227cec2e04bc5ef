import { utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import type { Generation, Lineage, Revision, RootHash } from '../config/ids.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { sha256Hex } from '../lib/sha256.ts';
import { decodeJson } from './decode-json.ts';
import { SUPERSEDES_MAX } from './limits.ts';
import type { ResourceBody } from './node-link.ts';
import {
  countSchema,
  generationSchema,
  lineageSchema,
  revisionSchema,
  rootHashSchema,
} from './primitives.ts';

/**
 * What the control plane leaves in the snapshot store: one line of JSON, the header, then a JSON
 * array of canonical bodies. The header names its own format, what the bodies are, and ends with a
 * seal over all before it: the root hash covers the bodies alone, and a header that was damaged would
 * give them to a node under a revision and a generation that they never had.
 */
export const SNAPSHOT_FORMAT = 1;
/** Name of the one file, in the directory that stands in for an object store. */
export const SNAPSHOT_FILE_NAME = 'head.snapshot';
/** Largest snapshot, header included: as much as a full push. */
export const SNAPSHOT_FILE_BYTES_MAX = 16 * 1024 * 1024;
/** Longest header line. */
export const SNAPSHOT_HEADER_BYTES_MAX = 4_096;

const NEWLINE = 0x0a;
const SEAL_BEGIN = ',"seal":"';
const SEAL_END = '"}';
const SEAL_BYTES = SEAL_BEGIN.length + 64 + SEAL_END.length;

/** What a snapshot is, before anybody has looked at its bodies. */
export interface SnapshotHeader {
  readonly lineage: Lineage;
  /** Lineages whose nodes an operator has told this store to take over. */
  readonly supersedes: readonly Lineage[];
  readonly generation: Generation;
  readonly revision: Revision;
  /** Root hash of the bodies. */
  readonly hash: RootHash;
  readonly dumpedAtMs: number;
  readonly resources: number;
  /** Of the bodies, as they lie in the file. */
  readonly bytes: number;
}

/** A snapshot as it is written: the line, newline included, then the bodies. */
export interface SnapshotDump {
  readonly header: SnapshotHeader;
  readonly line: Uint8Array;
  /** The same buffer for as long as the head is the same. */
  readonly bodies: Uint8Array;
}

const formatSchema = z.looseObject({ format: countSchema });
const headerSchema = z.strictObject({
  format: z.literal(SNAPSHOT_FORMAT),
  lineage: lineageSchema,
  supersedes: z.array(lineageSchema).max(SUPERSEDES_MAX),
  generation: generationSchema,
  revision: revisionSchema,
  hash: rootHashSchema,
  dumpedAtMs: countSchema,
  resources: countSchema,
  bytes: countSchema,
  seal: z.string().regex(/^[0-9a-f]{64}$/),
});
const bodiesSchema = z.array(z.record(z.string(), z.unknown()));

/** The bodies as they lie in the file; canonical texts stand in it byte for byte. */
export function encodeSnapshotBodies(canonicals: readonly string[]): Uint8Array {
  return utf8ToBytes(`[${canonicals.join(',')}]`);
}

/** The header's line, sealed, with its newline. */
export function encodeSnapshotHeader(header: SnapshotHeader): Uint8Array {
  const { lineage, supersedes, generation, revision, hash, dumpedAtMs, resources, bytes } = header;
  const format = SNAPSHOT_FORMAT;
  const fields = { format, lineage, supersedes, generation, revision, hash };
  const sealed = JSON.stringify({ ...fields, dumpedAtMs, resources, bytes }).slice(0, -1);
  return utf8ToBytes(`${sealed}${SEAL_BEGIN}${sha256Hex(sealed)}${SEAL_END}\n`);
}

/** Finds the two parts of a file. The error is one clause: `it ends before its header does`. */
export function splitSnapshotFile(
  bytes: Uint8Array,
): Result<{ readonly line: Uint8Array; readonly bodies: Uint8Array }, string> {
  if (bytes.length > SNAPSHOT_FILE_BYTES_MAX) {
    return err(`it has ${bytes.length} bytes, over the bound of ${SNAPSHOT_FILE_BYTES_MAX}`);
  }
  const newline = bytes.subarray(0, SNAPSHOT_HEADER_BYTES_MAX).indexOf(NEWLINE);
  if (newline < 0) return err('it ends before its header does, or has none');
  return ok({ line: bytes.subarray(0, newline + 1), bodies: bytes.subarray(newline + 1) });
}

/** Reads a header line and checks its seal. The error is one clause. */
export function decodeSnapshotHeader(line: Uint8Array): Result<SnapshotHeader, string> {
  const text = line.at(-1) === NEWLINE ? line.subarray(0, -1) : line;
  const format = decodeJson(formatSchema, text);
  if (format.ok && format.value.format !== SNAPSHOT_FORMAT) {
    return err(`its format is ${format.value.format}, and this version reads ${SNAPSHOT_FORMAT}`);
  }
  const decoded = decodeJson(headerSchema, text);
  if (!decoded.ok) return err(`its header cannot be read: ${decoded.error.detail}`);
  const { format: _format, seal, ...header } = decoded.value;
  if (seal !== sha256Hex(text.subarray(0, -SEAL_BYTES))) {
    return err('its header is not what was sealed');
  }
  return ok(header);
}

/** Reads the bodies that a header announces. Hashing them is for whoever would serve them. */
export function decodeSnapshotBodies(
  header: SnapshotHeader,
  bodies: Uint8Array,
): Result<readonly ResourceBody[], string> {
  if (bodies.length !== header.bytes) {
    return err(`it has ${bodies.length} bytes of bodies, and its header says ${header.bytes}`);
  }
  const decoded = decodeJson(bodiesSchema, bodies);
  if (!decoded.ok) return err(`its bodies cannot be read: ${decoded.error.detail}`);
  if (decoded.value.length !== header.resources) {
    return err(`it has ${decoded.value.length} bodies, and its header says ${header.resources}`);
  }
  return ok(decoded.value);
}

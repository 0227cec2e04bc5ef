import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { STORE_APPLICATION_ID } from '../control-plane/store/migrate.ts';

/** A SQLite file and what may lie beside it. */
const SUFFIXES = ['', '-wal', '-shm'] as const;
const SQLITE_MAGIC = 'SQLite format 3\0';
const SQLITE_HEADER_BYTES = 100;
/** Where SQLite's file format keeps it. */
const APPLICATION_ID_OFFSET = 68;

export interface SwappedDatabase {
  readonly keptAs: string;
  /** Puts back what was there before. */
  undo(): void;
}

/** Puts a copy of `source` in the place of `target`, which is kept as `.before-restore`. */
export function swapDatabase(
  target: string,
  source: string,
): Result<SwappedDatabase, { detail: string }> {
  const keptAs = `${target}.before-restore`;
  try {
    move(target, keptAs);
    copyFileSync(source, target);
  } catch (error) {
    move(keptAs, target);
    const why = error instanceof Error ? error.message : String(error);
    return err({ detail: `${source} could not be put in place: ${why}.` });
  }
  return ok({ keptAs, undo: () => move(keptAs, target) });
}

/** Moves a database with its companions; what was at `to` is gone afterwards. */
function move(from: string, to: string): void {
  if (!existsSync(from)) return;
  for (const suffix of SUFFIXES) {
    rmSync(`${to}${suffix}`, { force: true });
    if (existsSync(`${from}${suffix}`)) renameSync(`${from}${suffix}`, `${to}${suffix}`);
  }
}

/** Why a file cannot be a control plane's backup, in one sentence; null when it may be one. */
export function whyNotBackup(path: string): string | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return `${path} cannot be read.`;
  }
  try {
    const header = Buffer.alloc(SQLITE_HEADER_BYTES);
    readSync(file, header, 0, header.length, 0);
    const isSqlite = header.toString('latin1', 0, SQLITE_MAGIC.length) === SQLITE_MAGIC;
    const isOurs = header.readUInt32BE(APPLICATION_ID_OFFSET) === STORE_APPLICATION_ID;
    return isSqlite && isOurs ? null : `${path} is not a backup of a control plane.`;
  } catch {
    return `${path} cannot be read.`;
  } finally {
    closeSync(file);
  }
}

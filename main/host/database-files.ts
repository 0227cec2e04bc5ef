import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { STORE_APPLICATION_ID } from '../control-plane/store/migrate.ts';

/** A SQLite file and what may lie beside it. */
const SUFFIXES = ['', '-wal', '-shm'] as const;
/** What holds data; the index of a write-ahead log is made anew from the log. */
const SUFFIXES_WITH_DATA = ['', '-wal'] as const;
const SQLITE_MAGIC = 'SQLite format 3\0';
const SQLITE_HEADER_BYTES = 100;
/** Where SQLite's file format keeps it. */
const APPLICATION_ID_OFFSET = 68;
/** Replaced databases that stay beside the present one. */
export const KEPT_DATABASES_MAX = 3;

export interface SwappedDatabase {
  readonly keptAs: string;
  /** Puts back what was there before. */
  undo(): void;
  /** It is there to stay: all but the newest kept files are deleted, but never the source. */
  settle(): void;
}

/**
 * Puts a copy of `source` in the place of `target`. What was there is kept under the next free name:
 * `.before-restore`, `.before-restore-2` and so on. The source is whole beside the target before
 * anything is moved, so that it may itself be a kept file.
 */
export function swapDatabase(
  target: string,
  source: string,
): Result<SwappedDatabase, { detail: string }> {
  const incoming = `${target}.incoming`;
  const kept = keptFiles(target);
  const keptAs = keptName(target, (kept.at(-1)?.serial ?? 0) + 1);
  const hadTarget = existsSync(target);
  const undo = () => {
    remove(incoming);
    if (existsSync(keptAs)) move(keptAs, target);
    else if (!hadTarget) remove(target);
  };
  try {
    remove(incoming);
    for (const suffix of SUFFIXES_WITH_DATA) copy(`${source}${suffix}`, `${incoming}${suffix}`);
    move(target, keptAs);
    move(incoming, target);
  } catch (error) {
    undo();
    const why = error instanceof Error ? error.message : String(error);
    return err({ detail: `${source} could not be put in place: ${why}.` });
  }
  return ok({ keptAs, undo, settle: () => trimKept(target, source) });
}

function copy(from: string, to: string): void {
  if (to.endsWith('-wal') && !existsSync(from)) return;
  copyFileSync(from, to);
  const file = openSync(to, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Moves a database with its companions; what was at `to` is gone afterwards. */
function move(from: string, to: string): void {
  if (!existsSync(from)) return;
  remove(to);
  // The log before its database: without the log a database would look whole and be older.
  for (const suffix of [...SUFFIXES].reverse()) {
    if (existsSync(`${from}${suffix}`)) renameSync(`${from}${suffix}`, `${to}${suffix}`);
  }
}

function remove(path: string): void {
  for (const suffix of SUFFIXES) rmSync(`${path}${suffix}`, { force: true });
}

function keptName(target: string, serial: number): string {
  return serial === 1 ? `${target}.before-restore` : `${target}.before-restore-${serial}`;
}

/** Oldest first. */
function keptFiles(target: string): { readonly serial: number; readonly path: string }[] {
  const prefix = `${basename(target)}.before-restore`;
  const kept: { serial: number; path: string }[] = [];
  const directory = dirname(target);
  for (const name of existsSync(directory) ? readdirSync(directory) : []) {
    if (!name.startsWith(prefix)) continue;
    const rest = name.slice(prefix.length);
    const serial = rest === '' ? 1 : Number(/^-([1-9]\d{0,8})$/.exec(rest)?.[1] ?? Number.NaN);
    if (Number.isSafeInteger(serial)) kept.push({ serial, path: join(directory, name) });
  }
  return kept.sort((a, b) => a.serial - b.serial);
}

function trimKept(target: string, source: string): void {
  for (const { path } of keptFiles(target).slice(0, -KEPT_DATABASES_MAX)) {
    if (path === resolve(source)) continue;
    try {
      remove(path);
    } catch {
      // The restore itself is done; a file too many does no harm.
    }
  }
}

/** Why a database that was there is gone, in words that follow its name; null when it is there. */
export function howLost(path: string): 'missing' | 'empty' | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 'missing';
  return found.size === 0 ? 'empty' : null;
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

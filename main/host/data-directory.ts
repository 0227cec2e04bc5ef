import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { withoutFullStop } from '../../core/lib/sentence.ts';
import type { ConsoleAddress } from '../../core/protocol/console-api.ts';
import { ADDRESS_FILE, readConsoleAddress } from './console-address.ts';
import { lockDirectory } from './store/directory-lock.ts';

const PRIVATE_DIRECTORY_MODE = 0o700;
const PRIVATE_FILE_MODE = 0o600;

/** Files and directories of one console, owned by it while it runs. */
export interface DataDirectory {
  readonly path: string;
  readonly consoleDatabase: string;
  readonly controlPlaneDirectory: string;
  readonly controlPlaneDatabase: string;
  readonly diskDirectory: string;
  /** Written by the control plane, read by nodes: it stands in for an object store. */
  readonly snapshotStoreDirectory: string;
  /** Makes the running console findable by the `holdfast` command. */
  announce(address: ConsoleAddress): Result<void, DataDirectoryError>;
  /** Takes the announcement away and lets others have the directory. */
  release(): void;
}

export interface DataDirectoryError {
  readonly reason: 'in-use' | 'read-only' | 'open-failed';
  /** One plain sentence that names the directory. */
  readonly detail: string;
}

/** Creates the directory where needed and takes it for this process. */
export function openDataDirectory(path: string): Result<DataDirectory, DataDirectoryError> {
  const directory = resolve(path);
  const made = makePrivateDirectory(directory);
  if (!made.ok) return made;
  const lock = lockDirectory(join(directory, 'lock.sqlite'));
  if (!lock.ok) {
    if (lock.error.reason === 'held') return err(inUse(directory));
    if (lock.error.reason === 'read-only') return err(readOnly(directory));
    return err({
      reason: 'open-failed',
      detail: `The data directory ${directory} cannot be used: ${lock.error.detail}.`,
    });
  }
  const addressPath = join(directory, ADDRESS_FILE);
  const controlPlaneDirectory = join(directory, 'control-plane');
  return ok({
    path: directory,
    consoleDatabase: join(directory, 'console.sqlite'),
    controlPlaneDirectory,
    controlPlaneDatabase: join(controlPlaneDirectory, 'control-plane.sqlite'),
    diskDirectory: join(directory, 'simulator'),
    snapshotStoreDirectory: join(directory, 'snapshot-store'),
    announce(address) {
      // Written aside and renamed: nobody reads half an address.
      const aside = `${addressPath}.new`;
      try {
        rmSync(aside, { force: true });
        writeFileSync(aside, `${JSON.stringify(address)}\n`, { mode: PRIVATE_FILE_MODE });
        renameSync(aside, addressPath);
        return ok(undefined);
      } catch (error) {
        return err(notAnnounced(addressPath, error));
      }
    },
    release() {
      try {
        rmSync(addressPath, { force: true });
      } catch {
        // Whatever is in its place was not put there by this console.
      }
      lock.value.release();
    },
  });
}

/** Creates a directory that only its owner can enter. */
export function makePrivateDirectory(directory: string): Result<void, DataDirectoryError> {
  try {
    makeDirectories(directory);
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    return ok(undefined);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return err(readOnly(directory));
    const why =
      code === 'EEXIST' || code === 'ENOTDIR'
        ? 'a file is in its place'
        : error instanceof Error
          ? error.message
          : String(error);
    return err({
      reason: 'open-failed',
      detail: `The data directory ${directory} cannot be made: ${why}.`,
    });
  }
}

/** Parents first. Node's own recursive form never ends where the system answers ENOENT for good. */
function makeDirectories(directory: string): void {
  if (existsSync(directory)) {
    if (!statSync(directory).isDirectory()) throw Object.assign(new Error(), { code: 'EEXIST' });
    return;
  }
  const parent = dirname(directory);
  if (parent !== directory) makeDirectories(parent);
  mkdirSync(directory, { mode: PRIVATE_DIRECTORY_MODE });
}

function notAnnounced(path: string, error: unknown): DataDirectoryError {
  const isDirectory = [path, `${path}.new`].find(
    (place) => statSync(place, { throwIfNoEntry: false })?.isDirectory() === true,
  );
  const why =
    isDirectory === undefined
      ? withoutFullStop(error instanceof Error ? error.message : String(error))
      : `${isDirectory} is a directory; move it away`;
  return { reason: 'open-failed', detail: `The file ${path} cannot be written: ${why}.` };
}

function readOnly(directory: string): DataDirectoryError {
  return {
    reason: 'read-only',
    detail: `The data directory ${directory} cannot be written; name another with --data DIR.`,
  };
}

function inUse(directory: string): DataDirectoryError {
  const address = readConsoleAddress(directory);
  const who = address === null ? '' : ` (process ${address.pid}, ${address.url})`;
  return {
    reason: 'in-use',
    detail: `Another console already runs on ${directory}${who}; stop it first, or name another directory with --data DIR.`,
  };
}

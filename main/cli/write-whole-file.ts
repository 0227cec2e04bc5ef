import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import process from 'node:process';

/**
 * Writes a file whole or not at all: beside it first, and in its place once it is on disk. What was
 * there stays to the byte when the disk is full. Throws as the file system does, `EEXIST` for a file
 * that is there and may not be replaced. A device or pipe is written to as it is.
 */
export function writeWholeFile(
  path: string,
  text: string,
  mayReplace: boolean,
  write: (file: number, text: string) => void = writeFileSync,
): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) {
    writeBeside(path, text, mayReplace, 0o666, write);
  } else if (mayReplace && !stat.isFile()) {
    writeFileSync(path, text);
  } else {
    // Behind a symbolic link the file is replaced, not the link.
    writeBeside(realpathSync(path), text, mayReplace, stat.mode & 0o777, write);
  }
}

function writeBeside(
  path: string,
  text: string,
  mayReplace: boolean,
  mode: number,
  write: (file: number, text: string) => void,
): void {
  const beside = `${path}.${process.pid}.new`;
  if (!mayReplace && existsSync(path)) {
    throw Object.assign(new Error(`${path} exists`), { code: 'EEXIST' });
  }
  const file = openSync(beside, 'wx', mode);
  try {
    try {
      write(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (mayReplace) renameSync(beside, path);
    else putNew(beside, path);
  } finally {
    rmSync(beside, { force: true });
  }
}

/** A link fails where a file came up meanwhile; some file systems have none, and there it is renamed. */
function putNew(beside: string, path: string): void {
  try {
    linkSync(beside, path);
  } catch (error) {
    if (existsSync(path)) throw error;
    renameSync(beside, path);
  }
}

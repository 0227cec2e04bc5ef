import { closeSync, openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Problem } from '../../core/gateway/problem.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { CONFIG_TEXT_BYTES_MAX } from '../../core/protocol/limits.ts';

const SAMPLE_PATH = fileURLToPath(new URL('../../examples/shop.yaml', import.meta.url));
/** Problems named in one message; the rest is counted. */
const PROBLEMS_NAMED_MAX = 20;

const READ_BYTES = 256 * 1024;
const READ_WORDS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EISDIR', 'it is a directory; name a file'],
  ['EACCES', 'it cannot be read: permission denied'],
]);

export interface ConfigFile {
  readonly name: string;
  readonly text: string;
}

/** The config that a new fleet begins with: a person's file, or the sample. */
export function readFirstConfig(path: string | null): Result<ConfigFile, { detail: string }> {
  return readConfigFile(path ?? SAMPLE_PATH);
}

/** A config from a file. What is too large or no text is refused without being parsed. */
export function readConfigFile(path: string): Result<ConfigFile, { detail: string }> {
  const bytes = readFileBytes(path);
  return bytes.ok ? configFromBytes(path, bytes.value) : bytes;
}

/** The bytes of a file, a pipe or a device; beyond `CONFIG_TEXT_BYTES_MAX` it is refused. */
export function readFileBytes(path: string): Result<Uint8Array, { detail: string }> {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    const chunks: Buffer[] = [];
    let bytes = 0;
    // Read piece by piece: a pipe or a device has no size, and may have no end.
    while (bytes <= CONFIG_TEXT_BYTES_MAX) {
      const chunk = Buffer.allocUnsafe(READ_BYTES);
      const read = readSync(file, chunk);
      if (read === 0) return ok(Buffer.concat(chunks));
      chunks.push(chunk.subarray(0, read));
      bytes += read;
    }
    return err(tooLarge(path));
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return err({ detail: `${path}: ${READ_WORDS.get(why) ?? `it cannot be read (${why})`}.` });
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** A config from bytes, wherever they are from; `name` stands in the refusal. */
export function configFromBytes(
  name: string,
  bytes: Uint8Array,
): Result<ConfigFile, { detail: string }> {
  if (bytes.length > CONFIG_TEXT_BYTES_MAX) return err(tooLarge(name));
  const zero = bytes.indexOf(0);
  if (zero >= 0) return err({ detail: `${name}:${lineAt(bytes, zero)}: this is a binary file.` });
  const text = decodeUtf8(bytes);
  if (text === null) return err({ detail: `${name}:1: the file is not UTF-8 text.` });
  return ok({ name, text });
}

/** One message that names every problem with its file and line. */
export function problemLines(name: string, problems: readonly Problem[]): string {
  const lines = problems
    .slice(0, PROBLEMS_NAMED_MAX)
    .map(
      ({ line, column, severity, message }) => `${name}:${line}:${column}: ${severity}: ${message}`,
    );
  const more = problems.length - lines.length;
  if (more > 0) lines.push(`and ${more} more`);
  return lines.join('\n');
}

/** What a refusal says besides its first problem, for where all of them are listed below it. */
export function refusalHeadline(refusal: {
  readonly detail: string;
  readonly problems?: readonly Problem[];
}): string {
  const first = refusal.problems?.find((problem) => problem.severity === 'error');
  if (first === undefined) return refusal.detail;
  const repeated = refusal.detail.indexOf(`: line ${first.line}: ${first.message}`);
  return repeated < 0 ? refusal.detail : `${refusal.detail.slice(0, repeated)}.`;
}

function tooLarge(name: string): { detail: string } {
  const mib = CONFIG_TEXT_BYTES_MAX / 1024 / 1024;
  return { detail: `${name}:1: the file is over ${mib} MiB and was not read; split it.` };
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function lineAt(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let i = 0; i < offset; i += 1) if (bytes[i] === 10) line += 1;
  return line;
}

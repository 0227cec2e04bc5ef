import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Problem } from '../../core/gateway/problem.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { CONFIG_TEXT_BYTES_MAX } from '../../core/protocol/limits.ts';

const SAMPLE_PATH = fileURLToPath(new URL('../../examples/shop.yaml', import.meta.url));
/** Problems named in one message; the rest is counted. */
const PROBLEMS_NAMED_MAX = 20;

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
  try {
    const { size } = statSync(path);
    if (size > CONFIG_TEXT_BYTES_MAX) {
      const mib = CONFIG_TEXT_BYTES_MAX / 1024 / 1024;
      return err({ detail: `${path}:1: the file is over ${mib} MiB and was not read; split it.` });
    }
    const bytes = readFileSync(path);
    const zero = bytes.indexOf(0);
    if (zero >= 0) return err({ detail: `${path}:${lineAt(bytes, zero)}: this is a binary file.` });
    const text = decodeUtf8(bytes);
    if (text === null) return err({ detail: `${path}:1: the file is not UTF-8 text.` });
    return ok({ name: path, text });
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const words = why === 'ENOENT' ? 'there is no such file' : `it cannot be read (${why})`;
    return err({ detail: `${path}: ${words}.` });
  }
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

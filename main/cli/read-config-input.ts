import process from 'node:process';
import { err, type Result } from '../../core/lib/result.ts';
import { CONFIG_TEXT_BYTES_MAX } from '../../core/protocol/limits.ts';
import { type ConfigFile, configFromBytes, readConfigFile } from '../host/first-config.ts';

/** Stands where a file's name would. */
const STANDARD_INPUT = 'standard input';

/** A config from a file, or from the standard input when the path is `-`. */
export async function readConfigInput(
  path: string,
): Promise<Result<ConfigFile, { detail: string }>> {
  return path === '-' ? await readStandardInput() : readConfigFile(path);
}

/** Read as it comes: a pipe may be slow, and longer than there is memory. */
async function readStandardInput(): Promise<Result<ConfigFile, { detail: string }>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of process.stdin) {
      const read = Buffer.from(chunk);
      chunks.push(read);
      bytes += read.length;
      // One byte over is enough to be refused.
      if (bytes > CONFIG_TEXT_BYTES_MAX) break;
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    const why = error instanceof Error ? error.message : String(error);
    const words = code === 'EISDIR' ? 'is a directory' : `cannot be read: ${why}`;
    return err({ detail: `${STANDARD_INPUT} ${words}.` });
  }
  return configFromBytes(STANDARD_INPUT, Buffer.concat(chunks));
}

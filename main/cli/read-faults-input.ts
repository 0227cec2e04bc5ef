import { err, ok, type Result } from '../../core/lib/result.ts';
import { TWIN_FAULTS_CHARS_MAX } from '../../core/protocol/twin-control.ts';
import { configFromBytes, readFileBytes } from '../host/first-config.ts';
import type { CommandError } from './command.ts';

/** What the file of `--faults` holds; null when none is named. */
export function readFaultsInput(path: string | undefined): Result<string | null, CommandError> {
  if (path === undefined) return ok(null);
  const bytes = readFileBytes(path);
  if (!bytes.ok) return err({ exit: 2, detail: `--faults ${bytes.error.detail}` });
  // UTF-8 with or without a mark, as configs are.
  const file = configFromBytes(path, bytes.value);
  if (!file.ok) return err({ exit: 2, detail: `--faults ${file.error.detail}` });
  const { text } = file.value;
  if (text.length > TWIN_FAULTS_CHARS_MAX) {
    return err({ exit: 2, detail: `--faults ${path}: a faults file may have at most 1 MiB.` });
  }
  return ok(text);
}

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ConsoleAddress, consoleAddressSchema } from '../../core/protocol/console-api.ts';
import { decodeJson } from '../../core/protocol/decode-json.ts';

/** In the data directory, while a console runs on it. */
export const ADDRESS_FILE = 'console.json';

/** Where a console keeps its files when nobody says otherwise. */
export function defaultDataDirectory(
  platform: NodeJS.Platform,
  environment: NodeJS.ProcessEnv,
): string {
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Holdfast');
  if (platform === 'win32') {
    return join(environment.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Holdfast');
  }
  const dataHome = environment.XDG_DATA_HOME;
  // The XDG rule: a relative path there is to be ignored.
  if (dataHome?.startsWith('/')) return join(dataHome, 'holdfast');
  return join(homedir(), '.local', 'share', 'holdfast');
}

/** Address of the console that runs on a data directory; null when there is none to be read. */
export function readConsoleAddress(path: string): ConsoleAddress | null {
  let text: string;
  try {
    text = readFileSync(join(resolve(path), ADDRESS_FILE), 'utf8');
  } catch {
    return null;
  }
  const address = decodeJson(consoleAddressSchema, text);
  return address.ok ? address.value : null;
}

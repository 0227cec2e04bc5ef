import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { createConsoleClient } from '../../client/console-client.ts';
import type { ConsoleStatus } from '../../core/protocol/console-model.ts';
import { readConsoleAddress } from '../../main/host/console-address.ts';
import { findElectron } from '../../scripts/electron-runtime.mjs';
import { type ConsoleProcess, runCli } from '../support/console-process.ts';

const ROOT = join(import.meta.dirname, '../..');
const POLL_MS = 50;

/** The desktop app with its window open on a console of its own. */
export interface DesktopConsole {
  readonly console: Omit<ConsoleProcess, 'pid' | 'stop'>;
  readonly page: Page;
  stop(): Promise<void>;
}

/** Opens the desktop app, as built in `out/`. */
export async function startDesktopConsole(input: {
  dataDir: string;
  args: readonly string[];
}): Promise<DesktopConsole> {
  const executablePath = findElectron();
  if (executablePath === null) throw new Error('no Electron runtime on this machine');
  const app = await _electron.launch({
    executablePath,
    args: [ROOT, '--data', input.dataDir, ...input.args],
  });
  try {
    return await attach(app, input.dataDir);
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function attach(app: ElectronApplication, dataDir: string): Promise<DesktopConsole> {
  const page = await app.firstWindow();
  const address = readConsoleAddress(dataDir);
  if (address === null) throw new Error('the desktop app announced no console');
  const { url, token } = address;
  const client = createConsoleClient({ url, token, WebSocket, reconnect: true });
  const must: ConsoleProcess['must'] = async (method, params) => {
    const result = await client.request(method, params);
    if (result.ok) return result.value;
    throw new Error(`${method} refused: ${result.error.reason}: ${result.error.detail}`);
  };
  const status = () => must('get-status', {});
  const until = async (
    what: string,
    holds: (now: ConsoleStatus) => boolean,
    timeoutMs = 30_000,
  ): Promise<ConsoleStatus> => {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const now = await status();
      if (holds(now)) return now;
      if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };
  const cli = (...args: string[]) => runCli([...args, '--data', dataDir]);
  return {
    console: { url, token, dataDir, client, must, status, until, cli },
    page,
    async stop() {
      client.close();
      await app.close();
    },
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type ConsoleClient, createConsoleClient } from '../../../client/console-client.ts';
import type {
  ConsoleMethod,
  ConsoleParams,
  ConsoleResults,
} from '../../../core/protocol/console-api.ts';
import {
  type ConsoleHostHandle,
  type ConsoleHostOptions,
  startConsoleHost,
} from '../../../main/host/console-host.ts';
import { createScriptedSpawner, type ScriptedSpawner } from './scripted-spawner.ts';

export interface HostFixture {
  readonly host: ConsoleHostHandle;
  readonly client: ConsoleClient;
  readonly dataDir: string;
  readonly spawner: ScriptedSpawner;
  readonly said: string[];
  must<M extends ConsoleMethod>(method: M, params: ConsoleParams<M>): Promise<ConsoleResults[M]>;
}

/** A scratch directory that goes with the test. */
export function scratchDirectory(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-host-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A console host in this process, with scripted children behind it. */
export async function startHost(
  context: TestContext,
  options: Partial<ConsoleHostOptions> & { spawner?: ScriptedSpawner } = {},
): Promise<HostFixture> {
  const dataDir = options.dataDir ?? scratchDirectory(context);
  const spawner = options.spawner ?? createScriptedSpawner();
  const said: string[] = [];
  const started = await startConsoleHost({
    dataDir,
    port: 0,
    nodes: 12,
    cells: 3,
    seed: 1,
    configPath: null,
    rendererDir: join(dataDir, 'renderer'),
    log: (line) => said.push(line),
    ...options,
    spawner,
  });
  if (!started.ok) throw new Error(started.error.detail);
  const host = started.value;
  const { url, token } = host;
  const client = createConsoleClient({ url, token, WebSocket, reconnect: false });
  context.after(async () => {
    client.close();
    await host.close();
  });
  await host.launched;
  return {
    host,
    client,
    dataDir,
    spawner,
    said,
    async must(method, params) {
      const answer = await client.request(method, params);
      if (answer.ok) return answer.value;
      throw new Error(`${method}: ${answer.error.reason}: ${answer.error.detail}`);
    },
  };
}

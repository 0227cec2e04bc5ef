import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type ConsoleClient, createConsoleClient } from '../../client/console-client.ts';
import type {
  ConsoleMethod,
  ConsoleParams,
  ConsoleResults,
} from '../../core/protocol/console-api.ts';
import type { ConsoleStatus } from '../../core/protocol/console-model.ts';

const CLI = join(import.meta.dirname, '../../main/cli/main.ts');
const START_MS_MAX = 60_000;

/** A real console in a process of its own, with a data directory of its own. */
export interface ConsoleProcess {
  readonly url: string;
  readonly token: string;
  readonly dataDir: string;
  readonly pid: number;
  readonly client: ConsoleClient;
  /** The answer, or an error that quotes the refusal. */
  must<M extends ConsoleMethod>(method: M, params: ConsoleParams<M>): Promise<ConsoleResults[M]>;
  status(): Promise<ConsoleStatus>;
  /** Resolves with the first status that satisfies `holds`; fails after `timeoutMs`, quoting it. */
  until(
    what: string,
    holds: (status: ConsoleStatus) => boolean,
    timeoutMs?: number,
  ): Promise<ConsoleStatus>;
  cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  /** Stops the process tree; the data directory stays when `keepData` is set. */
  stop(options?: { keepData?: boolean; signal?: 'SIGTERM' | 'SIGKILL' }): Promise<void>;
}

/** Starts `holdfast serve` and waits until it has printed its address. */
export async function startConsole(
  input: { args?: readonly string[]; dataDir?: string } = {},
): Promise<ConsoleProcess> {
  const dataDir = input.dataDir ?? mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  const child = spawn(
    process.execPath,
    [CLI, 'serve', '--data', dataDir, '--no-open', '--port', '0', ...(input.args ?? [])],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const { url, token } = await readAddress(child);
  const client = createConsoleClient({ url, token, WebSocket, reconnect: true });
  const must: ConsoleProcess['must'] = async (method, params) => {
    const result = await client.request(method, params);
    if (result.ok) return result.value;
    throw new Error(`${method} refused: ${result.error.reason}: ${result.error.detail}`);
  };
  const status = () => must('get-status', {});
  return {
    url,
    token,
    dataDir,
    pid: child.pid ?? 0,
    client,
    must,
    status,
    until: (what, holds, timeoutMs = 30_000) => untilStatus(status, what, holds, timeoutMs),
    cli: (...args) => runCli([...args, '--data', dataDir]),
    async stop(options = {}) {
      client.close();
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill(options.signal ?? 'SIGTERM');
        await exited;
      }
      if (options.keepData !== true) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs one `holdfast` command to its end. */
export function runCli(
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [CLI, ...args],
      { timeout: START_MS_MAX },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, stdout, stderr });
      },
    );
  });
}

async function readAddress(child: ChildProcess): Promise<{ url: string; token: string }> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the console has no pipes');
  const said: string[] = [];
  stderr.on('data', (chunk: Buffer) => {
    if (said.length < 50) said.push(chunk.toString());
  });
  const lines = createInterface({ input: stdout });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no address within ${START_MS_MAX} ms: ${said.join('')}`)),
      START_MS_MAX,
    );
    const fail = (code: number | null) => {
      clearTimeout(timer);
      reject(new Error(`the console exited with ${code}: ${said.join('')}`));
    };
    child.once('exit', fail);
    lines.on('line', (line) => {
      said.push(`${line}\n`);
      const match = /(http:\/\/127\.0\.0\.1:\d+)\/\?token=([\w-]+)/.exec(line);
      if (match?.[1] === undefined || match[2] === undefined) return;
      clearTimeout(timer);
      child.off('exit', fail);
      // The pipe must be drained for as long as the console lives, or it would block on a full one.
      lines.removeAllListeners('line');
      lines.on('line', () => undefined);
      resolve({ url: match[1], token: match[2] });
    });
  });
}

async function untilStatus(
  status: () => Promise<ConsoleStatus>,
  what: string,
  holds: (status: ConsoleStatus) => boolean,
  timeoutMs: number,
): Promise<ConsoleStatus> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const now = await status();
    if (holds(now)) return now;
    if (performance.now() > deadline) {
      throw new Error(`not within ${timeoutMs} ms: ${what}; last status ${JSON.stringify(now)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Reads a data file of the repository's own. */
export function readExample(name: string): string {
  return readFileSync(join(import.meta.dirname, '../../examples', name), 'utf8');
}

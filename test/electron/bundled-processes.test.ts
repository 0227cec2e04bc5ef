import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, it } from 'node:test';
import { type ConsoleClient, createConsoleClient } from '../../client/console-client.ts';
import type { UtilityChild } from '../../main/electron/electron-api.ts';
import { type HostProcess, startHostProcess } from '../../main/electron/host-process.ts';
import { buildProcesses } from '../../scripts/build.mjs';

const OUT = join(import.meta.dirname, '../../out');

/** STAND-IN for Electron's `utilityProcess`: a real process each, made by Node. */
function forkUtilityChild(modulePath: string, args: string[]): UtilityChild {
  const child: ChildProcess = fork(modulePath, args, {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    get pid() {
      return child.pid;
    },
    postMessage(message) {
      if (child.connected && typeof message === 'object' && message !== null) child.send(message);
    },
    kill: () => child.kill(),
    on: (_event, listener) => child.on('message', listener),
    once(event: 'spawn' | 'exit', listener: (code: number) => void) {
      if (event === 'spawn') child.once('spawn', () => listener(0));
      else child.once('exit', (code, signal) => listener(code ?? (signal === 'SIGKILL' ? 9 : 1)));
    },
  };
}

type Holds = (acknowledged: number, state: string) => boolean;

interface Listening {
  readonly host: HostProcess;
  readonly address: { readonly url: string; readonly token: string };
}

function listen(dataDir: string, failures: string[]): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const host = startHostProcess({
      utilityProcess: { fork: forkUtilityChild },
      hostPath: join(OUT, 'host/utility-main.js'),
      modulePaths: {
        'control-plane': join(OUT, 'control-plane/main.js'),
        simulator: join(OUT, 'simulator/main.js'),
        twin: join(OUT, 'twin/main.js'),
      },
      args: ['--data', dataDir, '--nodes', '8', '--cells', '2', '--port', '0'],
      onListening: (address) => resolve({ host, address }),
      onFailed(detail) {
        failures.push(detail);
        reject(new Error(detail));
      },
    });
  });
}

/** Runs `test` against a console whose every process is a bundle, and takes all of it down again. */
async function onBundles(
  test: (client: ConsoleClient, until: (holds: Holds) => Promise<void>) => Promise<void>,
): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-bundles-'));
  const failures: string[] = [];
  const started = await listen(dataDir, failures);
  const { host } = started;
  const client = createConsoleClient({ ...started.address, WebSocket, reconnect: false });
  try {
    await test(client, async (holds) => {
      for (;;) {
        const status = await client.request('get-status', {});
        assert.ok(status.ok);
        if (holds(status.value.fleet.acknowledged, status.value.controlPlane.state)) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
    assert.deepEqual(failures, []);
  } finally {
    client.close();
    await host.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

before(() => buildProcesses());

it('[SHELL16] the bundled host and planes run a fleet behind the broker, and survive a kill', () =>
  onBundles(async (client, until) => {
    await until((acknowledged) => acknowledged === 8);
    const killed = await client.request('kill-control-plane', {});
    assert.ok(killed.ok);
    await until((_acknowledged, state) => state === 'down');
    const restarted = await client.request('start-control-plane', {});
    assert.ok(restarted.ok);
    assert.notEqual(restarted.value.pid, killed.value.pid);
    await until((acknowledged, state) => acknowledged === 8 && state === 'up');
  }));

it('[FORE16] the bundled twin rehearses behind the broker, and is gone when it is done', () =>
  onBundles(async (client, until) => {
    await until((acknowledged) => acknowledged === 8);
    const head = await client.request('get-config', {});
    assert.ok(head.ok);
    const text = head.value.text.replace('weight: 95', 'weight: 90');
    for (const seedsMax of [1, 2]) {
      const answer = await client.request('rehearse', { text, seedsMax, budgetMs: 30_000 });
      assert.ok(answer.ok, answer.ok ? '' : answer.error.detail);
      assert.deepEqual([answer.value.forecast.nodes, answer.value.forecast.seeds], [8, seedsMax]);
    }
  }));

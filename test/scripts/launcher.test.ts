import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it, type TestContext } from 'node:test';
import { fetchElectron, findElectron, whyNoWindow } from '../../scripts/electron-runtime.mjs';
import { isNewEnough } from '../../scripts/pick-node.mjs';

const SCRIPTS = join(import.meta.dirname, '../../scripts');

/** A folder in the shape of the electron package, with an installer of ours. */
function fakeElectron(t: TestContext, installer: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-launcher-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'install.js'), installer);
  return folder;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('launcher', () => {
  it('[RUN1] a Node is picked by what it can load, not by its name', () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ['20.20.2', '9', false],
      ['22.14.0', '10', false],
      ['22.18.0', '10', true],
      ['23.5.0', '10', false],
      ['23.6.0', '10', true],
      ['24.0.0', '10', true],
      ['24.21.0', '9', false],
    ];
    for (const [node, napi, expected] of cases) {
      assert.equal(isNewEnough({ node, napi }), expected, `Node ${node}, Node-API ${napi}`);
    }
    assert.equal(isNewEnough({ node: '24.0.0' }), false);
  });

  it('[RUN2] a window is tried for only where one can open', () => {
    const linux = { platform: 'linux', uid: 1000 };
    assert.equal(whyNoWindow({ ...linux, env: {} }), 'there is no display');
    assert.equal(whyNoWindow({ ...linux, env: { DISPLAY: '' } }), 'there is no display');
    assert.equal(whyNoWindow({ ...linux, env: { DISPLAY: ':0' } }), null);
    assert.equal(whyNoWindow({ ...linux, env: { WAYLAND_DISPLAY: 'wayland-0' } }), null);
    assert.match(whyNoWindow({ ...linux, uid: 0, env: { DISPLAY: ':0' } }) ?? '', /root/);
    assert.equal(whyNoWindow({ platform: 'darwin', uid: 501, env: {} }), null);
  });

  it('[RUN3] a runtime is there only when its executable is', (t) => {
    const folder = fakeElectron(t, '');
    assert.equal(findElectron(folder), null);
    writeFileSync(join(folder, 'path.txt'), 'electron');
    assert.equal(findElectron(folder), null);
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'dist/electron'), '');
    assert.equal(findElectron(folder), join(folder, 'dist/electron'));
  });

  it('[RUN4] an installer that hangs is given up and ended', async (t) => {
    const folder = fakeElectron(
      t,
      `require('fs').writeFileSync(__dirname + '/pid', String(process.pid)); setInterval(() => {}, 1000);`,
    );
    const said: string[] = [];
    const outcome = await fetchElectron(process.execPath, (line: string) => said.push(line), {
      folder,
      silenceMsMax: 1_000,
      fetchMsMax: 60_000,
    });
    assert.ok('problem' in outcome);
    assert.match(outcome.problem, /nothing of its runtime arrived for 1 seconds/);
    assert.equal(said.length, 1);
    await untilGone(Number(readFileSync(join(folder, 'pid'), 'utf8')));
  });

  it('[RUN5] an installer that fails gives its reason; one that works gives the runtime', async (t) => {
    const say = () => {};
    const failing = fakeElectron(t, `console.error('HTTPError: 404'); process.exit(1);`);
    const failed = await fetchElectron(process.execPath, say, { folder: failing });
    assert.deepEqual(failed, { problem: 'its runtime could not be fetched (HTTPError: 404)' });
    const working = fakeElectron(
      t,
      `const fs = require('fs'); fs.mkdirSync(__dirname + '/dist');
       fs.writeFileSync(__dirname + '/dist/electron', ''); fs.writeFileSync(__dirname + '/path.txt', 'electron');`,
    );
    const fetched = await fetchElectron(process.execPath, say, { folder: working });
    assert.deepEqual(fetched, { path: join(working, 'dist/electron') });
  });

  it('[RUN6] what the launcher started ends with it, even when it is killed', async (t) => {
    const folder = fakeElectron(t, '');
    const tool = join(folder, 'tool.mjs');
    writeFileSync(tool, `process.stdout.write(process.pid + '\\n'); setInterval(() => {}, 1000);`);
    const program = `
      const { spawnNode } = await import(${JSON.stringify(join(SCRIPTS, 'child.mjs'))});
      spawnNode(process.execPath, [${JSON.stringify(tool)}]);
    `;
    const launcher = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface({ input: launcher.stdout }), 'line');
    const pid = Number(line);
    assert.ok(isAlive(pid));
    launcher.kill('SIGKILL');
    await untilGone(pid);
  });

  it('[RUN8] under npm a console stops in order when the shell that started it is gone', async (t) => {
    const folder = fakeElectron(t, '');
    const dataDir = join(folder, 'data');
    const args = ['serve', '--data', dataDir, '--no-open', '--nodes', '0'];
    // What npm puts between itself and a script; killed, it hands nothing on.
    const shell = spawn(
      process.execPath,
      [
        '-e',
        `const { spawn } = require('child_process');
         const launcher = spawn(process.execPath, ${JSON.stringify([join(SCRIPTS, 'holdfast.mjs'), ...args])},
           { stdio: ['ignore', 'pipe', 'inherit'] });
         launcher.stdout.once('data', () => process.stdout.write(launcher.pid + '\\n'));`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, npm_command: 'exec' } },
    );
    const lines = createInterface({ input: shell.stdout });
    const { value: line } = await lines[Symbol.asyncIterator]().next();
    assert.match(line ?? '', /^\d+$/, 'the console began');
    t.after(() => {
      if (isAlive(Number(line))) process.kill(Number(line), 'SIGTERM');
    });
    const address = join(dataDir, 'console.json');
    const { pid } = JSON.parse(readFileSync(address, 'utf8')) as { pid: number };
    assert.ok(isAlive(pid));
    shell.kill('SIGKILL');
    await Promise.all([untilGone(Number(line)), untilGone(pid)]);
    assert.equal(existsSync(address), false, 'it took its announcement away');
  });

  it('[RUN7] an unknown command is a usage error', async () => {
    const run = spawn(process.execPath, [join(SCRIPTS, 'run.mjs'), 'dance'], { stdio: 'ignore' });
    const [code] = await once(run, 'exit');
    assert.equal(code, 2);
  });
});

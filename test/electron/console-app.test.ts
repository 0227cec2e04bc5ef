import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { CONSOLE_HOST_CHANNELS } from '../../core/protocol/console-host.ts';
import { CONFIG_TEXT_BYTES_MAX } from '../../core/protocol/limits.ts';
import { runConsoleApp } from '../../main/electron/console-app.ts';
import type { IpcEvent, MenuItem } from '../../main/electron/electron-api.ts';
import {
  ElectronStandIn,
  type UtilityChildStandIn,
  type WindowStandIn,
} from './electron-stand-in.ts';

const CONSOLE_URL = 'http://127.0.0.1:4711';
const OWN_FRAME: IpcEvent = { senderFrame: { url: `${CONSOLE_URL}/`, parent: null } };

async function startApp(
  configure: (electron: ElectronStandIn) => void = () => {},
): Promise<ElectronStandIn> {
  const electron = new ElectronStandIn();
  configure(electron);
  await runConsoleApp(electron.asApi(), {
    paths: {
      preload: 'preload.cjs',
      host: 'utility-main.js',
      planes: { 'control-plane': 'control-plane.js', simulator: 'simulator.js', twin: 'twin.js' },
    },
    args: ['--nodes', '24'],
    platform: 'linux',
    versions: { node: '24.0.0', electron: '45.0.0', chrome: undefined },
  });
  return electron;
}

async function openedApp(): Promise<{ electron: ElectronStandIn; window: WindowStandIn }> {
  const electron = await startApp();
  hostOf(electron).emit('message', { type: 'listening', url: CONSOLE_URL, token: 'secret' });
  const [window] = electron.windows;
  assert.ok(window !== undefined);
  return { electron, window };
}

function hostOf(electron: ElectronStandIn): UtilityChildStandIn {
  const [host] = electron.processes;
  assert.ok(host !== undefined);
  return host;
}

function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-electron-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function allItems(items: readonly MenuItem[]): MenuItem[] {
  return items.flatMap((item) => [item, ...allItems(item.submenu ?? [])]);
}

describe('desktop shell, on a stand-in for electron', () => {
  it('[SHELL1] a second instance gives way, and the first one shows its window', async () => {
    const second = await startApp((electron) => {
      electron.app.hasLock = false;
    });
    assert.equal(second.app.quitCalls, 1);
    assert.equal(second.processes.length, 0);
    const { electron, window } = await openedApp();
    window.minimized = true;
    electron.app.emit('second-instance');
    assert.deepEqual([window.minimized, window.shown, window.focused], [false, 1, 1]);
  });

  it('[SHELL2] the window opens once the host listens, on its address with the token', async () => {
    const electron = await startApp();
    assert.equal(electron.windows.length, 0);
    const host = hostOf(electron);
    assert.deepEqual([host.modulePath, ...host.args], ['utility-main.js', '--nodes', '24']);
    host.emit('message', { type: 'listening', url: CONSOLE_URL, token: 'secret' });
    assert.deepEqual(electron.windows[0]?.loaded, [`${CONSOLE_URL}/?token=secret`]);
  });

  it('[SHELL3] an address that is not loopback is never loaded', async () => {
    const electron = await startApp();
    for (const url of ['http://example.test:80', 'file:///x', 'http://127.0.0.1:1@x.test']) {
      hostOf(electron).emit('message', { type: 'listening', url, token: 'secret' });
    }
    assert.equal(electron.windows.length, 0);
  });

  it('[SHELL4] the page is sandboxed, isolated and without Node, and its place is kept', async () => {
    const { electron, window } = await openedApp();
    assert.ok(electron.app.sandboxed);
    assert.deepEqual(window.options.webPreferences, {
      preload: 'preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    });
    assert.equal(window.options.name, 'console');
    assert.equal(window.options.windowStatePersistence, true);
  });

  it('[SHELL5] the page gets no permission, embeds nothing and goes nowhere else', async () => {
    const { window } = await openedApp();
    const { webContents } = window;
    const granted: boolean[] = [];
    webContents.permissionRequest?.({}, 'media', (answer) => granted.push(answer));
    assert.deepEqual(granted, [false]);
    assert.equal(webContents.permissionCheck?.(), false);
    const prevented = (event: string, url: string): boolean => {
      let stopped = false;
      const preventDefault = () => {
        stopped = true;
      };
      webContents.emit(event, { url, preventDefault });
      return stopped;
    };
    assert.equal(prevented('will-navigate', 'https://example.test/'), true);
    assert.equal(prevented('will-navigate', 'http://127.0.0.1:4712/'), true);
    assert.equal(prevented('will-navigate', 'file:///etc/passwd'), true);
    assert.equal(prevented('will-navigate', `${CONSOLE_URL}/?token=secret`), false);
    assert.equal(prevented('will-attach-webview', ''), true);
  });

  it('[SHELL6] no window is opened; allowed links alone go to the browser', async () => {
    const { electron, window } = await openedApp();
    const open = window.webContents.windowOpenHandler;
    assert.ok(open !== null);
    const urls = [
      'https://gateway-api.sigs.k8s.io/reference/spec/',
      'https://gateway-api.sigs.k8s.io.example.test/',
      'http://gateway-api.sigs.k8s.io/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'not an address',
    ];
    for (const url of urls) assert.deepEqual(open({ url }), { action: 'deny' });
    assert.deepEqual(electron.openedOutside, [urls[0]]);
  });

  it('[SHELL7] a call from any other frame is refused, on every channel', async () => {
    const { electron } = await openedApp();
    const strangers: IpcEvent[] = [
      { senderFrame: null },
      { senderFrame: { url: 'https://example.test/', parent: null } },
      { senderFrame: { url: 'http://127.0.0.1:4712/', parent: null } },
      { senderFrame: { url: 'file:///x', parent: null } },
      { senderFrame: { url: `${CONSOLE_URL}/`, parent: {} } },
    ];
    const { command: _, ...calls } = CONSOLE_HOST_CHANNELS;
    assert.deepEqual([...electron.handlers.keys()].sort(), Object.values(calls).sort());
    for (const channel of Object.values(calls)) {
      for (const stranger of strangers) {
        await assert.rejects(electron.call(channel, stranger, 'x', 'y'), /not allowed/, channel);
      }
    }
    assert.deepEqual(electron.revealed, []);
    assert.deepEqual(electron.app.exitCodes, []);
  });

  it('[SHELL8] before there is a console, nobody is answered', async () => {
    const electron = await startApp();
    const blank: IpcEvent = { senderFrame: { url: 'about:blank', parent: null } };
    await assert.rejects(electron.call(CONSOLE_HOST_CHANNELS.versions, blank), /not allowed/);
  });

  it('[SHELL9] a picked file comes back by name and text; cancelling gives null', async (t) => {
    const { electron } = await openedApp();
    const open = () => electron.call(CONSOLE_HOST_CHANNELS.openFile, OWN_FRAME);
    assert.equal(await open(), null);
    electron.openPath = join(scratch(t), 'shop.yaml');
    writeFileSync(electron.openPath, 'kind: Gateway # ü\n');
    assert.deepEqual(await open(), { name: 'shop.yaml', text: 'kind: Gateway # ü\n' });
  });

  it('[SHELL10] a file over the config cap, a binary one and a missing one are refused in words', async (t) => {
    const { electron } = await openedApp();
    const folder = scratch(t);
    const files: readonly (readonly [string, Uint8Array | null, RegExp])[] = [
      ['large.yaml', Buffer.alloc(CONFIG_TEXT_BYTES_MAX + 1, 0x20), /at most 8388608/],
      ['binary.yaml', Buffer.from([0x6b, 0xff, 0xfe, 0x00]), /not a UTF-8 text/],
      ['missing.yaml', null, /ENOENT/],
    ];
    for (const [name, bytes, said] of files) {
      electron.openPath = join(folder, name);
      if (bytes !== null) writeFileSync(electron.openPath, bytes);
      assert.equal(await electron.call(CONSOLE_HOST_CHANNELS.openFile, OWN_FRAME), null);
      const box = electron.errorBoxes.pop();
      assert.match(box?.title ?? '', new RegExp(name));
      assert.match(box?.content ?? '', said);
    }
  });

  it('[SHELL11] saving writes where the person says, and the page gives a name, not a path', async (t) => {
    const { electron } = await openedApp();
    const save = (name: unknown, text: unknown) =>
      electron.call(CONSOLE_HOST_CHANNELS.saveFile, OWN_FRAME, name, text);
    assert.equal(await save('a.yaml', 'x'), false);
    electron.savePath = join(scratch(t), 'saved.yaml');
    assert.equal(await save('../../etc/a.yaml', 'kind: Gateway\n'), true);
    assert.equal(electron.saveDefaultPath, 'a.yaml');
    assert.equal(readFileSync(electron.savePath, 'utf8'), 'kind: Gateway\n');
    await assert.rejects(save('a.yaml', 7), /expected text/);
    await assert.rejects(save('a.yaml', 'x'.repeat(CONFIG_TEXT_BYTES_MAX + 1)), /too large/);
  });

  it('[SHELL12] theme and versions', async () => {
    const { electron } = await openedApp();
    await electron.call(CONSOLE_HOST_CHANNELS.setTheme, OWN_FRAME, 'dark');
    assert.equal(electron.nativeTheme.themeSource, 'dark');
    await assert.rejects(
      electron.call(CONSOLE_HOST_CHANNELS.setTheme, OWN_FRAME, 'purple'),
      /no such theme/,
    );
    assert.deepEqual(await electron.call(CONSOLE_HOST_CHANNELS.versions, OWN_FRAME), {
      holdfast: '0.1.0',
      electron: '45.0.0',
      node: '24.0.0',
    });
  });

  it('[SHELL13] menu entries send commands that the palette knows', async () => {
    const { electron, window } = await openedApp();
    const clickable = allItems(electron.menu).filter((item) => item.click !== undefined);
    for (const item of clickable) item.click?.();
    const ids = window.webContents.sent.map(([channel, id]) => {
      assert.equal(channel, CONSOLE_HOST_CHANNELS.command);
      return String(id);
    });
    assert.equal(ids.length, clickable.length);
    const known = [
      readFileSync(join(import.meta.dirname, '../../renderer/actions/actions.ts'), 'utf8'),
      readFileSync(join(import.meta.dirname, '../../renderer/config/config-actions.ts'), 'utf8'),
      readFileSync(join(import.meta.dirname, '../../renderer/views.ts'), 'utf8'),
    ].join('\n');
    for (const id of ids) {
      // Views and themes are registered from lists, by the last part of their id.
      const named = /^(view|theme)\./.test(id) ? id.replace(/^\w+\./, '') : id;
      assert.ok(known.includes(`'${named}'`), `no action ${id}`);
    }
    const accelerators = clickable.flatMap(({ accelerator }) => accelerator ?? []);
    assert.equal(new Set(accelerators).size, accelerators.length);
  });

  it('[SHELL14] closing the window stops the host in order, then the app', async () => {
    const { electron } = await openedApp();
    const host = hostOf(electron);
    electron.app.emit('window-all-closed');
    assert.deepEqual(host.received, [{ type: 'stop' }]);
    assert.deepEqual(electron.app.exitCodes, []);
    const exited = once(electron.app, 'exited');
    host.emit('exit', 0);
    await exited;
    assert.deepEqual(electron.app.exitCodes, [0]);
    assert.deepEqual(electron.errorBoxes, []);
  });

  it('[SHELL15] a host that cannot start, or ends unasked, is said once, and the app ends with 1', async () => {
    const refusals: readonly ((host: UtilityChildStandIn) => void)[] = [
      (host) => {
        host.emit('message', { type: 'failed', reason: 'in-use', detail: 'Another console runs.' });
        host.emit('exit', 1);
      },
      (host) => host.emit('exit', 134),
    ];
    for (const refuse of refusals) {
      const electron = await startApp();
      const exited = once(electron.app, 'exited');
      refuse(hostOf(electron));
      await exited;
      assert.equal(electron.errorBoxes.length, 1);
      assert.deepEqual(electron.app.exitCodes, [1]);
    }
  });
});

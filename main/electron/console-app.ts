import { CONSOLE_HOST_CHANNELS } from '../../core/protocol/console-host.ts';
import type { ElectronApi, WindowApi, WindowOptions } from './electron-api.ts';
import { answerHostCalls } from './host-calls.ts';
import { type HostProcess, startHostProcess } from './host-process.ts';
import { menuTemplate } from './menu.ts';
import type { PlaneModule } from './process-broker.ts';
import { isSameOrigin, lockContents } from './window-policy.ts';

/** Files of the app, by absolute path. */
export interface AppPaths {
  readonly preload: string;
  readonly host: string;
  readonly planes: Readonly<Record<PlaneModule, string>>;
}

/**
 * The desktop app: one window on one console. Quits when the window closes, and takes the console
 * host and the planes along.
 */
export function runConsoleApp(
  electron: ElectronApi,
  input: {
    paths: AppPaths;
    /** Handed to the console host: `--data DIR`, `--nodes N`, … */
    args: readonly string[];
    platform: string;
    versions: Readonly<Record<string, string | undefined>>;
  },
): Promise<void> {
  const { app } = electron;
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return Promise.resolve();
  }
  app.enableSandbox();
  let window: WindowApi | null = null;
  let consoleUrl = '';
  let host: HostProcess | null = null;
  let quitting = false;

  const quit = async (code: number) => {
    if (quitting) return;
    quitting = true;
    await host?.stop();
    app.exit(code);
  };
  const fail = (detail: string) => {
    if (quitting) return;
    electron.dialog.showErrorBox('Holdfast', detail);
    void quit(1);
  };

  app.on('web-contents-created', (_event, contents) =>
    lockContents(contents, {
      isOwnUrl: (url) => isSameOrigin(url, consoleUrl),
      openExternal: (url) => void electron.shell.openExternal(url),
    }),
  );
  app.on('second-instance', () => showWindow(window));
  app.on('window-all-closed', () => void quit(0));
  answerHostCalls(electron, {
    consoleUrl: () => consoleUrl,
    versions: () => ({ holdfast: app.getVersion(), ...knownVersions(input.versions) }),
    quit: () => void quit(0),
  });

  return app.whenReady().then(() => {
    electron.setMenu(
      menuTemplate({
        platform: input.platform,
        send: (commandId) => window?.webContents.send(CONSOLE_HOST_CHANNELS.command, commandId),
      }),
    );
    host = startHostProcess({
      utilityProcess: electron.utilityProcess,
      hostPath: input.paths.host,
      modulePaths: input.paths.planes,
      args: input.args,
      onFailed: fail,
      onListening({ url, token }) {
        consoleUrl = url;
        window = openWindow(electron, input.paths.preload, `${url}/?token=${token}`, fail);
      },
    });
  });
}

function openWindow(
  electron: ElectronApi,
  preload: string,
  address: string,
  fail: (detail: string) => void,
): WindowApi {
  const window = new electron.BrowserWindow(windowOptions(preload));
  window.once('ready-to-show', () => window.show());
  window.loadURL(address).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    // The token is in the address, and a message may quote it.
    fail(`The console's page could not be loaded: ${reason.split('?token=')[0]}`);
  });
  return window;
}

/** The window's settings. Its place and size are kept by Electron, under its name. */
export function windowOptions(preload: string): WindowOptions {
  return {
    name: 'console',
    windowStatePersistence: true,
    title: 'Holdfast',
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  };
}

function showWindow(window: WindowApi | null): void {
  if (window === null || window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function knownVersions(all: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const known: Record<string, string> = {};
  for (const name of ['electron', 'chrome', 'node']) {
    const version = all[name];
    if (version !== undefined) known[name] = version;
  }
  return known;
}

import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  shell,
  utilityProcess,
} from 'electron';
import { runConsoleApp } from './console-app.ts';
import type { ElectronApi } from './electron-api.ts';

/** Entry of the desktop app. Runs from `out/electron/main.js`, beside the other bundles. */
const out = join(import.meta.dirname, '..');

const electron: ElectronApi = {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  nativeTheme,
  shell,
  utilityProcess,
  setMenu: (items) => Menu.setApplicationMenu(Menu.buildFromTemplate(items)),
};

// Not awaited: Electron becomes ready only once this module has run to its end.
runConsoleApp(electron, {
  paths: {
    preload: join(out, 'electron/preload.cjs'),
    host: join(out, 'host/utility-main.js'),
    planes: {
      'control-plane': join(out, 'control-plane/main.js'),
      simulator: join(out, 'simulator/main.js'),
      twin: join(out, 'twin/main.js'),
    },
  },
  // A packaged app is its own executable; else the first argument is the folder of the app.
  args: process.argv.slice(app.isPackaged ? 1 : 2),
  platform: process.platform,
  versions: process.versions,
}).catch((error: unknown) => {
  dialog.showErrorBox('Holdfast', error instanceof Error ? error.message : String(error));
  app.exit(1);
});

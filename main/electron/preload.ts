import { contextBridge, ipcRenderer } from 'electron';
import {
  CONSOLE_HOST_CHANNELS as CHANNELS,
  type ConsoleHost,
} from '../../core/protocol/console-host.ts';

/** Everything that the page gets of Electron: `window.holdfastHost`. */
const host = {
  kind: 'electron',
  openFile: () => ipcRenderer.invoke(CHANNELS.openFile),
  saveFile: (suggestedName, text) => ipcRenderer.invoke(CHANNELS.saveFile, suggestedName, text),
  reveal: (path) => ipcRenderer.invoke(CHANNELS.reveal, path),
  setTheme: (theme) => ipcRenderer.invoke(CHANNELS.setTheme, theme),
  versions: () => ipcRenderer.invoke(CHANNELS.versions),
  quit: () => ipcRenderer.invoke(CHANNELS.quit),
  onCommand(listener) {
    const receive = (_event: unknown, commandId: unknown) => {
      if (typeof commandId === 'string') listener(commandId);
    };
    ipcRenderer.on(CHANNELS.command, receive);
    return () => {
      ipcRenderer.off(CHANNELS.command, receive);
    };
  },
} satisfies ConsoleHost;

contextBridge.exposeInMainWorld('holdfastHost', host);

import { EventEmitter } from 'node:events';
import type {
  AppApi,
  ContentsApi,
  ElectronApi,
  IpcEvent,
  MenuItem,
  UtilityChild,
  WindowApi,
  WindowOptions,
} from '../../main/electron/electron-api.ts';

/**
 * A STAND-IN for the `electron` module, for machines where its runtime cannot be had. It keeps what
 * the shell told it and lets a test play the runtime's part. It proves the shell's own logic, and
 * nothing about Electron.
 */
export class ElectronStandIn {
  readonly app = new AppStandIn();
  readonly windows: WindowStandIn[] = [];
  readonly processes: UtilityChildStandIn[] = [];
  readonly handlers = new Map<string, (event: IpcEvent, ...args: unknown[]) => unknown>();
  readonly errorBoxes: { title: string; content: string }[] = [];
  readonly openedOutside: string[] = [];
  readonly revealed: string[] = [];
  /** What the person picks in the next dialogs; null cancels. */
  openPath: string | null = null;
  savePath: string | null = null;
  saveDefaultPath = '';
  menu: MenuItem[] = [];
  readonly nativeTheme: ElectronApi['nativeTheme'] = { themeSource: 'system' };

  /** The module as the shell gets it. */
  asApi(): ElectronApi {
    const { app, nativeTheme } = this;
    const standIn = this;
    return {
      app,
      nativeTheme,
      BrowserWindow: class extends WindowStandIn {
        constructor(options: WindowOptions) {
          super(options);
          standIn.windows.push(this);
          app.emit('web-contents-created', {}, this.webContents);
        }
      },
      setMenu: (items) => {
        this.menu = items;
      },
      dialog: {
        showOpenDialog: async () => ({
          canceled: this.openPath === null,
          filePaths: this.openPath === null ? [] : [this.openPath],
        }),
        showSaveDialog: async ({ defaultPath }) => {
          this.saveDefaultPath = defaultPath;
          return { canceled: this.savePath === null, filePath: this.savePath ?? '' };
        },
        showErrorBox: (title, content) => {
          this.errorBoxes.push({ title, content });
        },
      },
      ipcMain: {
        handle: (channel, listener) => {
          this.handlers.set(channel, listener);
        },
      },
      shell: {
        openExternal: async (url) => {
          this.openedOutside.push(url);
        },
        showItemInFolder: (path) => {
          this.revealed.push(path);
        },
      },
      utilityProcess: {
        fork: (modulePath, args, options) => {
          const child = new UtilityChildStandIn(modulePath, args, options.serviceName);
          this.processes.push(child);
          return child;
        },
      },
    };
  }

  /** Calls a handler as a frame with that address would. */
  async call(channel: string, event: IpcEvent, ...args: unknown[]): Promise<unknown> {
    const handler = this.handlers.get(channel);
    if (handler === undefined) throw new Error(`nobody answers ${channel}`);
    return await handler(event, ...args);
  }
}

class AppStandIn extends EventEmitter implements AppApi {
  hasLock = true;
  sandboxed = false;
  quitCalls = 0;
  readonly exitCodes: number[] = [];
  requestSingleInstanceLock(): boolean {
    return this.hasLock;
  }
  enableSandbox(): void {
    this.sandboxed = true;
  }
  whenReady(): Promise<void> {
    return Promise.resolve();
  }
  quit(): void {
    this.quitCalls += 1;
  }
  exit(code: number): void {
    this.exitCodes.push(code);
    this.emit('exited', code);
  }
  getVersion(): string {
    return '0.1.0';
  }
}

export class WindowStandIn extends EventEmitter implements WindowApi {
  readonly options: WindowOptions;
  readonly webContents = new ContentsStandIn();
  readonly loaded: string[] = [];
  shown = 0;
  focused = 0;
  minimized = false;
  constructor(options: WindowOptions) {
    super();
    this.options = options;
  }
  loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    return Promise.resolve();
  }
  show(): void {
    this.shown += 1;
  }
  focus(): void {
    this.focused += 1;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  restore(): void {
    this.minimized = false;
  }
  isDestroyed(): boolean {
    return false;
  }
}

class ContentsStandIn extends EventEmitter implements ContentsApi {
  readonly sent: unknown[][] = [];
  windowOpenHandler: ((details: { url: string }) => { action: 'deny' }) | null = null;
  permissionRequest:
    | ((contents: unknown, permission: unknown, callback: (granted: boolean) => void) => void)
    | null = null;
  permissionCheck: (() => boolean) | null = null;
  readonly session: ContentsApi['session'] = {
    setPermissionRequestHandler: (handler) => {
      this.permissionRequest = handler;
    },
    setPermissionCheckHandler: (handler) => {
      this.permissionCheck = handler;
    },
  };
  send(channel: string, ...args: unknown[]): void {
    this.sent.push([channel, ...args]);
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'deny' }): void {
    this.windowOpenHandler = handler;
  }
}

/** A process that Electron would have made; a test says what it does. */
export class UtilityChildStandIn extends EventEmitter implements UtilityChild {
  readonly modulePath: string;
  readonly args: readonly string[];
  readonly serviceName: string;
  readonly received: unknown[] = [];
  pid: number | undefined;
  killed = false;
  constructor(modulePath: string, args: readonly string[], serviceName: string) {
    super();
    this.modulePath = modulePath;
    this.args = args;
    this.serviceName = serviceName;
  }
  postMessage(message: unknown): void {
    this.received.push(message);
    this.emit('received', message);
  }
  kill(): boolean {
    this.killed = true;
    return true;
  }
  /** The runtime's word that the process exists, with its pid, which is unknown before. */
  spawned(pid: number): void {
    this.pid = pid;
    this.emit('spawn');
  }
}

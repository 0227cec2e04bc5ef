/**
 * What the shell uses of Electron, and no more. Only `main.ts` and `preload.ts` import the module
 * itself; the rest takes this, so that its logic runs in tests where no Electron can be had. That the
 * real module fits is checked by the compiler, where `main.ts` passes it in.
 */
export interface ElectronApi {
  readonly app: AppApi;
  readonly BrowserWindow: new (options: WindowOptions) => WindowApi;
  /** Builds the menu and makes it the application's. */
  setMenu(items: MenuItem[]): void;
  readonly dialog: DialogApi;
  readonly ipcMain: IpcMainApi;
  readonly nativeTheme: { themeSource: 'system' | 'light' | 'dark' };
  readonly shell: {
    openExternal(url: string): Promise<void>;
    showItemInFolder(path: string): void;
  };
  readonly utilityProcess: {
    fork(
      modulePath: string,
      args: string[],
      options: { serviceName: string; stdio: 'inherit' },
    ): UtilityChild;
  };
}

export interface AppApi {
  requestSingleInstanceLock(): boolean;
  enableSandbox(): void;
  whenReady(): Promise<void>;
  quit(): void;
  exit(code: number): void;
  getVersion(): string;
  on(event: 'second-instance', listener: () => void): unknown;
  on(event: 'window-all-closed', listener: () => void): unknown;
  on(
    event: 'web-contents-created',
    listener: (event: unknown, contents: ContentsApi) => void,
  ): unknown;
}

export interface WindowOptions {
  readonly name: string;
  readonly windowStatePersistence: true;
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly minWidth: number;
  readonly minHeight: number;
  readonly show: boolean;
  readonly webPreferences: {
    readonly preload: string;
    readonly sandbox: true;
    readonly contextIsolation: true;
    readonly nodeIntegration: false;
    readonly webSecurity: true;
    readonly spellcheck: false;
  };
}

export interface WindowApi {
  loadURL(url: string): Promise<void>;
  show(): void;
  focus(): void;
  isMinimized(): boolean;
  restore(): void;
  isDestroyed(): boolean;
  once(event: 'ready-to-show', listener: () => void): unknown;
  readonly webContents: ContentsApi;
}

export interface ContentsApi {
  send(channel: string, ...args: unknown[]): void;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'deny' }): void;
  on(event: 'will-navigate', listener: (event: NavigationEvent) => void): unknown;
  on(event: 'will-attach-webview', listener: (event: PreventableEvent) => void): unknown;
  readonly session: {
    setPermissionRequestHandler(
      handler: (
        contents: unknown,
        permission: unknown,
        callback: (granted: boolean) => void,
      ) => void,
    ): void;
    setPermissionCheckHandler(handler: () => boolean): void;
  };
}

export interface PreventableEvent {
  preventDefault(): void;
}

export interface NavigationEvent extends PreventableEvent {
  readonly url: string;
}

export interface MenuItem {
  readonly label?: string;
  readonly role?: 'editMenu' | 'windowMenu' | 'appMenu' | 'togglefullscreen' | 'toggleDevTools';
  readonly type?: 'separator';
  readonly accelerator?: string;
  readonly click?: () => void;
  readonly submenu?: MenuItem[];
}

export interface DialogApi {
  showOpenDialog(options: {
    properties: ['openFile'];
    filters: FileFilter[];
  }): Promise<{ canceled: boolean; filePaths: string[] }>;
  showSaveDialog(options: {
    defaultPath: string;
    filters: FileFilter[];
  }): Promise<{ canceled: boolean; filePath: string }>;
  showErrorBox(title: string, content: string): void;
}

export interface FileFilter {
  name: string;
  extensions: string[];
}

export interface IpcMainApi {
  handle(
    channel: string,
    listener: (event: IpcEvent, ...args: unknown[]) => Promise<unknown> | unknown,
  ): void;
}

/** Who called: a frame, or nobody any more. */
export interface IpcEvent {
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
}

/** A process that Electron made for us. */
export interface UtilityChild {
  readonly pid: number | undefined;
  postMessage(message: unknown): void;
  kill(): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'spawn', listener: () => void): unknown;
  once(event: 'exit', listener: (code: number) => void): unknown;
}

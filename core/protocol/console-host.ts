/**
 * All that Electron may add to the renderer; each member means something in a browser too.
 * Electron exposes it as `window.holdfastHost` from the preload script; a browser gets the
 * implementation in renderer/host.
 */
export interface ConsoleHost {
  readonly kind: 'electron' | 'browser';
  /** A text file that the person picks; null when they cancel. Refuses what is over the config cap. */
  openFile(): Promise<OpenedFile | null>;
  /** Offers the text for saving; false when the person cancels. */
  saveFile(suggestedName: string, text: string): Promise<boolean>;
  /** Shows a path in the file manager; in a browser, copies it. */
  reveal(path: string): Promise<void>;
  /** Tells the window frame which theme is on. */
  setTheme(theme: 'dark' | 'light' | 'system'): Promise<void>;
  versions(): Promise<Readonly<Record<string, string>>>;
  /** Ends the app (Electron) or leaves the page (browser). */
  quit(): Promise<void>;
  /** Menu commands, by id of the command palette. Returns how to stop listening. */
  onCommand(listener: (commandId: string) => void): () => void;
}

export interface OpenedFile {
  readonly name: string;
  readonly text: string;
}

/** Channels of the preload bridge, in one place. */
export const CONSOLE_HOST_CHANNELS = {
  openFile: 'holdfast:open-file',
  saveFile: 'holdfast:save-file',
  reveal: 'holdfast:reveal',
  setTheme: 'holdfast:set-theme',
  versions: 'holdfast:versions',
  quit: 'holdfast:quit',
  command: 'holdfast:command',
} as const;

import { open, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { CONSOLE_HOST_CHANNELS, type OpenedFile } from '../../core/protocol/console-host.ts';
import { CONFIG_TEXT_BYTES_MAX } from '../../core/protocol/limits.ts';
import type { ElectronApi, FileFilter, IpcEvent } from './electron-api.ts';
import { isTrustedSender } from './window-policy.ts';

const YAML_FILTERS: FileFilter[] = [
  { name: 'Gateway API YAML', extensions: ['yaml', 'yml', 'json'] },
  { name: 'All files', extensions: ['*'] },
];

type Calls = Pick<ElectronApi, 'app' | 'dialog' | 'ipcMain' | 'nativeTheme' | 'shell'>;

/**
 * Answers the calls of `ConsoleHost`. Each checks who asks, and each argument is checked before it is
 * used: the page is ours, but what runs in it is not trusted.
 */
export function answerHostCalls(
  electron: Calls,
  input: {
    consoleUrl: () => string;
    versions: () => Readonly<Record<string, string>>;
    quit: () => void;
  },
): void {
  const handle = (channel: string, answer: (...args: unknown[]) => Promise<unknown> | unknown) => {
    electron.ipcMain.handle(channel, (event: IpcEvent, ...args: unknown[]) => {
      if (!isTrustedSender(event, input.consoleUrl())) throw new Error('not allowed');
      return answer(...args);
    });
  };
  handle(CONSOLE_HOST_CHANNELS.openFile, () => openFile(electron));
  handle(CONSOLE_HOST_CHANNELS.saveFile, (suggestedName, text) =>
    saveFile(electron, textOf(suggestedName), textOf(text)),
  );
  handle(CONSOLE_HOST_CHANNELS.reveal, (path) => electron.shell.showItemInFolder(textOf(path)));
  handle(CONSOLE_HOST_CHANNELS.setTheme, (theme) => {
    if (theme !== 'dark' && theme !== 'light' && theme !== 'system')
      throw new Error('no such theme');
    electron.nativeTheme.themeSource = theme;
  });
  handle(CONSOLE_HOST_CHANNELS.versions, () => input.versions());
  handle(CONSOLE_HOST_CHANNELS.quit, () => input.quit());
}

async function openFile(electron: Pick<ElectronApi, 'dialog'>): Promise<OpenedFile | null> {
  const picked = await electron.dialog.showOpenDialog({
    properties: ['openFile'],
    filters: YAML_FILTERS,
  });
  const [path] = picked.filePaths;
  if (picked.canceled || path === undefined) return null;
  const read = await readBounded(path);
  if (read.ok) return { name: basename(path), text: read.text };
  electron.dialog.showErrorBox(`${basename(path)} was not opened`, read.detail);
  return null;
}

async function saveFile(
  electron: Pick<ElectronApi, 'dialog'>,
  suggestedName: string,
  text: string,
): Promise<boolean> {
  if (Buffer.byteLength(text) > CONFIG_TEXT_BYTES_MAX) throw new Error('too large to save');
  const picked = await electron.dialog.showSaveDialog({
    // A name, never a path: where it goes is the person's choice.
    defaultPath: basename(suggestedName),
    filters: YAML_FILTERS,
  });
  if (picked.canceled || picked.filePath === '') return false;
  try {
    await writeFile(picked.filePath, text, 'utf8');
    return true;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    electron.dialog.showErrorBox(`${basename(picked.filePath)} was not saved`, detail);
    return false;
  }
}

/** Reads a text file that is no larger than a config may be; the size is checked on the open file. */
export async function readBounded(
  path: string,
  bytesMax: number = CONFIG_TEXT_BYTES_MAX,
): Promise<{ ok: true; text: string } | { ok: false; detail: string }> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    if (size > bytesMax) {
      return {
        ok: false,
        detail: `It has ${size} bytes; a config may have at most ${bytesMax}.`,
      };
    }
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await file.read(bytes, 0, size, 0);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytesRead));
    return { ok: true, text };
  } catch (error) {
    if (error instanceof TypeError) return { ok: false, detail: 'It is not a UTF-8 text file.' };
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new Error('expected text');
  return value;
}

import type { ConsoleHost, OpenedFile } from '../../core/protocol/console-host.ts';
import { CONFIG_TEXT_BYTES_MAX } from '../../core/protocol/limits.ts';
import { formatBytes } from '../format/format.ts';
import { notifyDone, notifyRefusal } from '../shell/notify.ts';

/** `ConsoleHost` with what every browser has. */
export function createBrowserHost(): ConsoleHost {
  return {
    kind: 'browser',
    openFile,
    saveFile,
    async reveal(path) {
      try {
        await navigator.clipboard.writeText(path);
        notifyDone(`Copied ${path}`);
      } catch {
        notifyDone(path);
      }
    },
    setTheme: () => Promise.resolve(),
    versions: () => Promise.resolve({ browser: navigator.userAgent }),
    quit() {
      // Only a window that a script opened may close itself; elsewhere the page is left.
      window.close();
      window.location.replace('about:blank');
      return Promise.resolve();
    },
    onCommand: () => () => {},
  };
}

function openFile(): Promise<OpenedFile | null> {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.yaml,.yml,.json,.txt,application/yaml,text/plain';
  return new Promise((resolve) => {
    input.addEventListener('cancel', () => resolve(null), { once: true });
    input.addEventListener(
      'change',
      () => {
        const file = input.files?.[0];
        if (file === undefined) resolve(null);
        else void readFile(file).then(resolve);
      },
      { once: true },
    );
    input.click();
  });
}

async function readFile(file: File): Promise<OpenedFile | null> {
  if (file.size > CONFIG_TEXT_BYTES_MAX) {
    notifyRefusal(`${file.name} was not opened`, {
      detail: `It has ${formatBytes(file.size)}; a config may have ${formatBytes(CONFIG_TEXT_BYTES_MAX)}.`,
    });
    return null;
  }
  return { name: file.name, text: await file.text() };
}

function saveFile(suggestedName: string, text: string): Promise<boolean> {
  const link = document.createElement('a');
  const address = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  link.href = address;
  link.download = suggestedName;
  link.click();
  // The browser takes its own hold of the blob once the download began.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  return Promise.resolve(true);
}

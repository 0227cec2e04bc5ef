import type { ConsoleHost } from '../../core/protocol/console-host.ts';
import { createBrowserHost } from './browser-host.ts';

declare global {
  interface Window {
    /** Put there by the desktop shell's preload script. */
    readonly holdfastHost?: ConsoleHost;
  }
}

let host: ConsoleHost | null = null;

/** What the window can do beyond the page: the desktop shell's, or the browser's own means. */
export function getHost(): ConsoleHost {
  host ??= window.holdfastHost ?? createBrowserHost();
  return host;
}

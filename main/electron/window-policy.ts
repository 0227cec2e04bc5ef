import type { ContentsApi, IpcEvent } from './electron-api.ts';

/** Pages that may be opened in the person's own browser: what the console links to. */
export const EXTERNAL_ORIGINS: readonly string[] = ['https://gateway-api.sigs.k8s.io'];

/**
 * Locks a page in: it asks for no permission, leaves its origin for nothing, embeds nothing and opens
 * nothing. Links to the allow-list go to the person's own browser.
 */
export function lockContents(
  contents: ContentsApi,
  input: { isOwnUrl: (url: string) => boolean; openExternal: (url: string) => void },
): void {
  contents.session.setPermissionRequestHandler((_contents, _permission, callback) =>
    callback(false),
  );
  contents.session.setPermissionCheckHandler(() => false);
  contents.on('will-navigate', (event) => {
    if (!input.isOwnUrl(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isExternalAllowed(url)) input.openExternal(url);
    return { action: 'deny' };
  });
}

/** Whether a link may leave for the person's browser. */
export function isExternalAllowed(url: string): boolean {
  const origin = originOf(url);
  return origin !== null && EXTERNAL_ORIGINS.includes(origin);
}

/** Whether an address is of the console that this window shows. */
export function isSameOrigin(url: string, consoleUrl: string): boolean {
  const origin = originOf(url);
  return origin !== null && origin === originOf(consoleUrl);
}

/** Whether a call comes from the top frame of our own page. Anything else gets no answer. */
export function isTrustedSender(event: IpcEvent, consoleUrl: string): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && isSameOrigin(frame.url, consoleUrl);
}

function originOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { origin } = new URL(url);
  // Opaque origins (`file:`, `data:`) are all alike, and none is ours.
  return origin === 'null' ? null : origin;
}

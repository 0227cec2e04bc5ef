import { localStorageColorSchemeManager } from '@mantine/core';
import { getHost } from '../host/get-host.ts';
import { type ThemeChoice, useConsole } from '../state/console-store.ts';

/** Keeps the choice between visits. Shared with Mantine's provider. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: 'holdfast.theme' });

/** The choice of the last visit. */
export function storedTheme(): ThemeChoice {
  const stored = colorSchemeManager.get('auto');
  return stored === 'auto' ? 'system' : stored;
}

/** Chooses the theme; the window frame is told too. */
export function setTheme(theme: ThemeChoice): void {
  useConsole.setState({ theme });
  void getHost().setTheme(theme);
}

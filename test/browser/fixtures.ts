import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, test as base, expect, type Page } from '@playwright/test';
import { type ConsoleProcess, startConsole } from '../support/console-process.ts';
import { chosenChromium, chromiumArgs } from './chromium.ts';
import { type DesktopConsole, startDesktopConsole } from './desktop-console.ts';

/** A running console, whichever host shows it. */
export type TestConsole = Pick<
  ConsoleProcess,
  'url' | 'token' | 'dataDir' | 'client' | 'must' | 'status' | 'until' | 'cli'
>;

export interface ConsoleOptions {
  /** What shows the page: an ordinary browser, or the desktop app. */
  host: 'served' | 'electron';
  /** Arguments of `holdfast serve`, for instance `['--nodes', '24']`. */
  serveArgs: readonly string[];
  /** Errors of the page that the test is about; any other fails it. */
  expectedPageErrors: readonly RegExp[];
}

interface ConsoleFixtures {
  running: { readonly console: TestConsole; readonly desktop: DesktopConsole | null };
  console: TestConsole;
}

interface WorkerFixtures {
  /** Launches Chromium when it is first asked for: the desktop app brings its own. */
  openChromium: () => Promise<Browser>;
}

/**
 * `test` with a real console behind it: its own data directory, control plane, simulator and fleet,
 * started for the test and ended after it. `page` has the console's page open.
 */
export const test = base.extend<ConsoleFixtures & ConsoleOptions, WorkerFixtures>({
  host: ['served', { option: true }],
  serveArgs: [[], { option: true }],
  expectedPageErrors: [[], { option: true }],

  openChromium: [
    async ({ playwright }, use) => {
      const launched: Promise<Browser>[] = [];
      await use(() => {
        const choice = chosenChromium();
        const browser =
          launched[0] ??
          playwright.chromium.launch({
            executablePath: choice.executablePath,
            args: chromiumArgs(),
            env: { ...process.env, ...choice.env },
          });
        launched[0] = browser;
        return browser;
      });
      for (const browser of launched) await (await browser).close();
    },
    { scope: 'worker' },
  ],

  running: async ({ host, serveArgs }, use) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-browser-'));
    try {
      if (host === 'electron') {
        const desktop = await startDesktopConsole({ dataDir, args: serveArgs });
        try {
          await use({ console: desktop.console, desktop });
        } finally {
          await desktop.stop();
        }
      } else {
        const served = await startConsole({ dataDir, args: serveArgs });
        try {
          await use({ console: served, desktop: null });
        } finally {
          await served.stop({ keepData: true });
        }
      }
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  },

  console: async ({ running }, use) => use(running.console),

  page: async ({ running, openChromium, expectedPageErrors }, use) => {
    const { desktop } = running;
    if (desktop !== null) {
      await lendPage(desktop.page, expectedPageErrors, use);
      return;
    }
    const browser = await openChromium();
    const context = await browser.newContext();
    const page = await context.newPage();
    await lendPage(page, expectedPageErrors, async () => {
      await page.goto(pageAddress(running.console));
      await expect(page.getByRole('navigation', { name: 'Views' })).toBeVisible();
      await use(page);
    });
    await context.close();
  },
});

export { expect };

/** The address that is printed: with the token, which the page takes out of it. */
export function pageAddress(console: TestConsole): string {
  return `${console.url}/?token=${console.token}`;
}

/** Goes to a view by its place in the navigation. */
export async function openView(page: Page, name: string): Promise<void> {
  const views = page.getByRole('navigation', { name: 'Views' });
  const place = views.getByRole('button', { name });
  await place.click();
  await expect(place).toHaveAttribute('aria-current', 'page');
}

/** Lends the page, and fails the test for errors of the page that nobody expected. */
async function lendPage(
  page: Page,
  expected: readonly RegExp[],
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const errors: string[] = [];
  const note = (text: string) => {
    if (!expected.some((pattern) => pattern.test(text))) errors.push(text);
  };
  page.on('pageerror', (error) => note(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') note(`${message.text()} (${message.location().url})`);
  });
  await use(page);
  // The token is in addresses, and reports are kept.
  const shown = errors.map((text) => text.replaceAll(/token=[\w-]+/g, 'token=…'));
  expect(shown, 'errors in the page').toEqual([]);
}

import { defineConfig } from '@playwright/test';
import { findElectron, whyNoWindow } from './scripts/electron-runtime.mjs';
import type { ConsoleOptions } from './test/browser/fixtures.ts';

const { platform, env } = process;
// Looked for on disk alone: loading the package would start a download.
const whyNoElectron =
  findElectron() === null
    ? 'its runtime is not on this machine'
    : whyNoWindow({ platform, env, uid: process.getuid?.() });
if (whyNoElectron !== null && env.TEST_WORKER_INDEX === undefined) {
  process.stdout.write(`The same specs in Electron are left out: ${whyNoElectron}.\n`);
}

// A default export, because Playwright reads nothing else.
export default defineConfig<object, ConsoleOptions>({
  testDir: './test/browser',
  testMatch: '**/*.spec.ts',
  outputDir: './test-results',
  // Each test has a fleet of its own to run, and there are two cores.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 120_000,
  globalTimeout: 1_500_000,
  expect: { timeout: 15_000 },
  globalSetup: './test/browser/global-setup.ts',
  reporter:
    process.env.PLAYWRIGHT_JSON_OUTPUT_FILE === undefined ? [['list']] : [['list'], ['json']],
  use: {
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    locale: 'en-US',
    timezoneId: 'UTC',
    colorScheme: 'dark',
    viewport: { width: 1280, height: 800 },
    trace: 'off',
    screenshot: 'only-on-failure',
    video: 'off',
  },
  projects: [
    { name: 'served', use: { host: 'served' } },
    ...(whyNoElectron !== null ? [] : [{ name: 'electron', use: { host: 'electron' as const } }]),
  ],
});

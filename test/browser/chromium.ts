import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chromium } from '@playwright/test';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '../..');
const FONT_CONFIG = 'holdfast-fonts.conf';
const SYSTEM_BROWSERS: Readonly<Record<string, readonly string[]>> = {
  linux: [
    '/usr/bin/google-chrome-stable',
    '/usr/bin/google-chrome',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:/Program Files/Google/Chrome/Application/chrome.exe',
    'C:/Program Files (x86)/Google/Chrome/Application/chrome.exe',
  ],
};

/** A Chromium and what it needs to start. */
export interface ChromiumChoice {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where it came from, for the run's first line. */
  readonly from: string;
}

/**
 * The Chromium to test in: the one named by CHROMIUM_PATH, Playwright's own, the system's, and at
 * last the one that ships inside a package, which is unpacked once.
 */
async function findChromium(): Promise<ChromiumChoice> {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH names no file: ${named}`);
    return { executablePath: named, env: {}, from: 'CHROMIUM_PATH' };
  }
  const own = chromium.executablePath();
  if (own !== '' && existsSync(own)) return { executablePath: own, env: {}, from: 'Playwright' };
  const system = (SYSTEM_BROWSERS[process.platform] ?? []).find((path) => existsSync(path));
  if (system !== undefined) return { executablePath: system, env: {}, from: 'the system' };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('no Chromium: install Chrome, or run `npx playwright install chromium`');
  }
  return unpackPackaged();
}

/** Where the workers find what was chosen once, before any of them. */
const CHOICE = 'HOLDFAST_CHROMIUM_CHOICE';

/** Finds a Chromium, unpacks it where needed, and tells the workers. */
export async function chooseChromium(): Promise<ChromiumChoice> {
  const choice = await findChromium();
  process.env[CHOICE] = JSON.stringify(choice);
  return choice;
}

/** What was chosen before the workers started. */
export function chosenChromium(): ChromiumChoice {
  const decoded = choiceSchema.safeParse(JSON.parse(process.env[CHOICE] ?? 'null'));
  if (decoded.success) return decoded.data;
  throw new Error('no Chromium was chosen: the global setup did not run');
}

const choiceSchema = z.object({
  executablePath: z.string(),
  env: z.record(z.string(), z.string()),
  from: z.string(),
});

/** Arguments that keep a test browser quiet, offline and free of a GPU. */
export function chromiumArgs(): string[] {
  const quiet = [
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-domain-reliability',
    '--no-first-run',
    '--no-pings',
    '--font-render-hinting=none',
  ];
  // Chromium's sandbox refuses to run as root; elsewhere it stays on.
  return process.getuid?.() === 0 ? ['--no-sandbox', ...quiet] : quiet;
}

async function unpackPackaged(): Promise<ChromiumChoice> {
  const packageDir = join(ROOT, 'node_modules/@sparticuz/chromium');
  const { version } = readVersion(join(packageDir, 'package.json'));
  const folder = join(ROOT, 'node_modules/.cache/chromium', version);
  const executablePath = join(folder, 'chromium');
  if (!existsSync(join(folder, 'complete'))) await unpackInto(folder);
  // Names folders in full, and the checkout may have moved since it was unpacked.
  writeFileSync(join(folder, FONT_CONFIG), fontConfig(folder));
  const libraries = join(folder, 'al2023', 'lib');
  const env: Record<string, string> = { FONTCONFIG_FILE: join(folder, FONT_CONFIG) };
  if (!hasSystemLibraries(executablePath)) {
    const inherited = process.env.LD_LIBRARY_PATH;
    env.LD_LIBRARY_PATH = inherited === undefined ? libraries : `${libraries}:${inherited}`;
  }
  return { executablePath, env, from: `@sparticuz/chromium ${version}` };
}

/**
 * Unpacks aside and renames, so that a run that was broken off leaves nothing half done. The package
 * unpacks into TMPDIR and takes whatever lies there, hence a folder of its own.
 */
async function unpackInto(folder: string): Promise<void> {
  const aside = `${folder}.${process.pid}`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  const temporary = process.env.TMPDIR;
  process.env.TMPDIR = aside;
  try {
    const { default: packaged, inflate } = await import('@sparticuz/chromium');
    await packaged.executablePath();
    await inflate(join(ROOT, 'node_modules/@sparticuz/chromium/bin/al2023.tar.br'));
  } finally {
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
  }
  mkdirSync(join(aside, 'complete'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  renameSync(aside, folder);
}

/**
 * The package's own configuration names folders of another machine, and without a single font this
 * Chromium ends. Its fonts alone, so that pictures are the same everywhere.
 */
function fontConfig(folder: string): string {
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    `  <dir>${join(folder, 'fonts')}</dir>`,
    `  <cachedir>${join(folder, 'font-cache')}</cachedir>`,
    '</fontconfig>',
    '',
  ].join('\n');
}

/** Whether the dynamic linker finds all that Chromium names. */
function hasSystemLibraries(executablePath: string): boolean {
  try {
    return !execFileSync('ldd', [executablePath], { encoding: 'utf8' }).includes('not found');
  } catch {
    return false;
  }
}

function readVersion(path: string): { version: string } {
  const read: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (typeof read === 'object' && read !== null && 'version' in read) {
    return { version: String(read.version) };
  }
  throw new Error(`${path} has no version`);
}

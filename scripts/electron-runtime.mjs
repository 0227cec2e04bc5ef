import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot } from './child.mjs';

// Never `require('electron')` here: that alone starts a download without limit.

const PACKAGE = inRoot('node_modules/electron');
const FETCH_MS_MAX = 120_000;
const POLL_MS = 250;
/** A server that neither answers nor refuses: given up when nothing has arrived for so long. */
const SILENCE_MS_MAX = 15_000;

/** Path of the runtime's executable, or null when it is not on disk. */
export function findElectron(folder = PACKAGE) {
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const path = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(path) ? path : null;
}

/**
 * Why no window can be opened here; null when one can.
 *
 * @param {{ platform: string, env: Record<string, string | undefined>, uid: number | undefined }} machine
 */
export function whyNoWindow(machine) {
  const { platform, env, uid } = machine;
  if (platform !== 'linux') return null;
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display';
  if (uid === 0) return "Electron's sandbox does not run as root";
  return null;
}

/**
 * Fetches the runtime once, saying how far it is.
 *
 * @param {string} node
 * @param {(line: string) => void} say
 * @param {{ folder?: string, silenceMsMax?: number, fetchMsMax?: number }} [options]
 * @returns {Promise<{ path: string } | { problem: string }>}
 */
export async function fetchElectron(node, say, options = {}) {
  const folder = options.folder ?? PACKAGE;
  say('Fetching the Electron runtime (about 110 MB, once) …');
  // A temporary folder of its own shows how far the download is.
  const scratch = mkdtempSync(join(tmpdir(), 'holdfast-electron-'));
  const child = spawn(node, [join(folder, 'install.js')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TMPDIR: scratch, TEMP: scratch, TMP: scratch },
  });
  process.once('exit', () => child.kill('SIGKILL'));
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint = `${complaint}${chunk}`.slice(0, 4_000);
  });
  const problem = await watchFetch(child, {
    folders: [scratch, join(folder, 'dist')],
    silenceMsMax: options.silenceMsMax ?? SILENCE_MS_MAX,
    fetchMsMax: options.fetchMsMax ?? FETCH_MS_MAX,
    say,
  });
  rmSync(scratch, { recursive: true, force: true });
  if (problem !== null) return { problem };
  const path = findElectron(folder);
  if (path !== null) return { path };
  const [reason = 'no reason given'] = complaint.split('\n').filter((line) => line.trim() !== '');
  return { problem: `its runtime could not be fetched (${reason.trim().slice(0, 160)})` };
}

/** Resolves with null when the child has ended by itself, else with why it was ended. */
function watchFetch(child, { folders, silenceMsMax, fetchMsMax, say }) {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    let bytes = bytesIn(folders);
    let changedAt = startedAt;
    let saidAt = startedAt;
    const giveUp = (problem) => {
      clearInterval(timer);
      child.kill('SIGKILL');
      resolve(problem);
    };
    const timer = setInterval(() => {
      const now = performance.now();
      const current = bytesIn(folders);
      if (current !== bytes) {
        bytes = current;
        changedAt = now;
      }
      if (now - saidAt >= 3_000 && bytes > 0) {
        saidAt = now;
        say(`  ${Math.round(bytes / 1e6)} MB`);
      }
      if (now - changedAt > silenceMsMax) {
        giveUp(`nothing of its runtime arrived for ${silenceMsMax / 1_000} seconds`);
      } else if (now - startedAt > fetchMsMax) {
        giveUp(`its runtime did not arrive within ${fetchMsMax / 1_000} seconds`);
      }
    }, POLL_MS);
    child.once('error', () => giveUp('its installer could not be started'));
    child.once('close', () => {
      clearInterval(timer);
      resolve(null);
    });
  });
}

/**
 * Bytes that the installer has written so far.
 *
 * @param {readonly string[]} folders
 */
function bytesIn(folders) {
  let bytes = 0;
  for (const folder of folders) {
    try {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        bytes += statSync(join(folder, name)).size;
      }
    } catch {
      // Files come and go while the installer works.
    }
  }
  return bytes;
}

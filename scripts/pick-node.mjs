import { existsSync } from 'node:fs';
import { join } from 'node:path';

// This file must run on Node 20: it is what finds a newer one.

/** Lowest Node-API of better-sqlite3's binaries; an older Node crashes on loading them. */
const NODE_API_MIN = 10;

/** The repository's folder. */
export const ROOT = join(import.meta.dirname, '..');

/**
 * The Node that runs everything: this one when it is new enough, else the pinned one of the package.
 *
 * @returns {{ path: string } | { problem: string }}
 */
export function pickNode() {
  if (isNewEnough(process.versions)) return { path: process.execPath };
  const pinned = join(ROOT, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
  if (process.platform === 'linux' && existsSync(pinned)) return { path: pinned };
  const missing =
    process.platform === 'linux'
      ? `Run \`npm ci\` first (it brings a Node for Linux on x64 and arm64), or install Node 22.18 or newer.`
      : `Install Node 22.18 or newer.`;
  return {
    problem: `Holdfast needs Node 22.18 or newer, and this is ${process.version}. ${missing}`,
  };
}

/**
 * Whether a Node can load better-sqlite3 and run TypeScript as it is.
 *
 * @param {{ node: string, napi?: string }} versions
 */
export function isNewEnough(versions) {
  const [major = 0, minor = 0] = versions.node.split('.').map(Number);
  const stripsTypes = major >= 24 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
  return stripsTypes && Number(versions.napi ?? 0) >= NODE_API_MIN;
}

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { startConsoleHost } from '../host/console-host.ts';
import { createForkSpawner } from '../host/fork-spawner.ts';
import { lateOptionsNotice, type ServeOptions } from '../host/serve-options.ts';
import { plainLines } from './text.ts';

const RENDERER_DIR = fileURLToPath(new URL('../../out/renderer', import.meta.url));
const RENDERER_POLL_MS = 100;
const RENDERER_WAIT_MS_MAX = 150_000;
const EXIT_BY_SIGINT = 130;
const SIGNAL_ECHO_MS_MAX = 500;

/** Runs the console until it is told to stop. Settles with the exit code. */
export async function serve(options: ServeOptions): Promise<number> {
  const say = (line: string) => process.stdout.write(`${plainLines(line)}\n`);
  const complain = (line: string) => process.stderr.write(`${plainLines(line)}\n`);
  // Files hold the fleet's token: they are for their owner alone, in whatever directory they lie.
  process.umask(0o077);
  // A reader that is gone must not end the console.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  const { configPath } = options;
  if (configPath !== null && !existsSync(configPath)) {
    complain(`There is no file ${configPath}; nothing was started.`);
    return 1;
  }
  const rendererReady = waitForRenderer(process.env.HOLDFAST_RENDERER_STAMP);
  const started = await startConsoleHost({
    ...options,
    rendererDir: RENDERER_DIR,
    rendererReady,
    spawner: createForkSpawner(),
    log: complain,
  });
  if (!started.ok) {
    complain(started.error.detail);
    return 1;
  }
  const host = started.value;
  const address = `${host.url}/?token=${host.token}`;
  say(`Holdfast console: ${address}`);
  say('Stop it with Ctrl+C.');
  const notice = host.wasProvisioned ? lateOptionsNotice(options) : null;
  if (notice !== null) complain(notice);
  if (options.open) openBrowser(address);
  await stopSignal();
  await host.close();
  return 0;
}

/**
 * The first signal stops the console in order, a later one at once. One stop can arrive twice, from
 * a launcher and from a whole process group, so an echo is not taken for impatience.
 */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let askedAtMs: number | null = null;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        const nowMs = performance.now();
        if (askedAtMs !== null && nowMs - askedAtMs > SIGNAL_ECHO_MS_MAX) {
          process.exit(EXIT_BY_SIGINT);
        }
        askedAtMs ??= nowMs;
        resolve();
      });
    }
  });
}

/** Settles when the pages are built; at once when nobody builds them. */
async function waitForRenderer(stampPath: string | undefined): Promise<void> {
  if (stampPath === undefined) return;
  const deadlineMs = Date.now() + RENDERER_WAIT_MS_MAX;
  while (!existsSync(stampPath) && Date.now() < deadlineMs) {
    await new Promise<void>((resolve) => {
      setTimeout(resolve, RENDERER_POLL_MS).unref();
    });
  }
}

/** A convenience: where it does not work, the printed address does. */
function openBrowser(address: string): void {
  const { platform, env } = process;
  const hasDisplay = env.DISPLAY !== undefined || env.WAYLAND_DISPLAY !== undefined;
  if (platform === 'linux' && !hasDisplay) return;
  const [command, args] =
    platform === 'darwin'
      ? (['open', [address]] as const)
      : platform === 'win32'
        ? (['cmd', ['/c', 'start', '""', address.replaceAll('&', '^&')]] as const)
        : (['xdg-open', [address]] as const);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}

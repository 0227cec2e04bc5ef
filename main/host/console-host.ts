import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { type ConsoleEndpoint, openConsoleEndpoint } from './console-endpoint.ts';
import { type DataDirectory, openDataDirectory } from './data-directory.ts';
import { howLost } from './database-files.ts';
import { readFirstConfig } from './first-config.ts';
import { isReplaceable } from './host-lifecycle.ts';
import { createHostServices, createRouter, type HostServices } from './host-services.ts';
import { HostSettings } from './host-settings.ts';
import { STREAM_INTERVAL_MS } from './limits.ts';
import type { Spawner } from './spawner.ts';
import { type ConsoleStore, openConsoleStore } from './store/console-store.ts';

const TOKEN_BYTES = 24;
const HOW_TO_REPLACE =
  'Move the file away and start again, then run “holdfast restore FILE” or “holdfast reset”.';

export interface ConsoleHostOptions {
  readonly dataDir: string;
  /** 0: any free port. */
  readonly port: number;
  /** These four count at the first run of a data directory only. */
  readonly nodes: number;
  readonly cells: number;
  readonly seed: number;
  /** Null: the sample. */
  readonly configPath: string | null;
  readonly rendererDir: string;
  /** Pages wait for it, for when they are still being built. */
  readonly rendererReady?: Promise<void>;
  readonly spawner: Spawner;
  /** One line for a person; never holds a token. */
  readonly log: (line: string) => void;
}

export interface ConsoleHostHandle {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly token: string;
  /** Settles when both planes were started, for better or worse. */
  readonly launched: Promise<void>;
  /** Whether the data directory held a fleet before. */
  readonly wasProvisioned: boolean;
  close(): Promise<void>;
}

export interface StartError {
  readonly reason: string;
  /** One plain sentence. */
  readonly detail: string;
}

/**
 * Starts the console: takes the data directory, opens the loopback address, and brings both planes
 * up behind it. It outlives either of them.
 */
export async function startConsoleHost(
  options: ConsoleHostOptions,
): Promise<Result<ConsoleHostHandle, StartError>> {
  const directory = openDataDirectory(options.dataDir);
  if (!directory.ok) return directory;
  const orphaned = whyOrphaned(directory.value);
  if (orphaned !== null) {
    directory.value.release();
    return err(orphaned);
  }
  const store = openConsoleStore(directory.value.consoleDatabase);
  if (!store.ok) {
    directory.value.release();
    return store;
  }
  const settings = new HostSettings(store.value);
  // A fleet whose first config was refused may be given another one.
  if (options.configPath !== null && store.value.head() === null) settings.isProvisioned = false;
  const wasProvisioned = settings.isProvisioned;
  if (!wasProvisioned) rememberFirstRun(settings, options);
  const services = createHostServices({
    spawner: options.spawner,
    log: options.log,
    seed: options.seed,
    directory: directory.value,
    store: store.value,
    settings,
  });
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const endpoint = await openConsoleEndpoint({
    port: options.port,
    token,
    rendererDir: options.rendererDir,
    rendererReady: options.rendererReady ?? Promise.resolve(),
    router: createRouter(services),
    fanout: services.fanout,
  });
  if (!endpoint.ok) {
    store.value.close();
    directory.value.release();
    return err(endpoint.error);
  }
  const url = `http://127.0.0.1:${endpoint.value.port}`;
  const announced = directory.value.announce({
    url,
    token,
    pid: process.pid,
    startedAtMs: Date.now(),
  });
  if (!announced.ok) {
    await endpoint.value.close();
    store.value.close();
    directory.value.release();
    return announced;
  }
  const isDatabaseThere = howLost(directory.value.controlPlaneDatabase) === null;
  const ticker = setInterval(services.tick, STREAM_INTERVAL_MS);
  const launched = services.lifecycle.launch();
  const close = once(() =>
    closeAll(services, endpoint.value, ticker, store.value, directory.value),
  );
  // A file that is yet to be made needs no waiting for.
  const refusal = isDatabaseThere ? await storeRefusal(services, launched) : null;
  if (refusal !== null) {
    await close();
    return err(refusal);
  }
  return ok({ url, token, launched, wasProvisioned, close });
}

/**
 * A fleet whose disks are there has a history. A first run beside them would be another fleet, whose
 * disks would take the place of theirs.
 */
function whyOrphaned(directory: DataDirectory): StartError | null {
  const { consoleDatabase, controlPlaneDatabase, diskDirectory } = directory;
  if (!holdsFiles(diskDirectory)) return null;
  if (howLost(consoleDatabase) === null || howLost(controlPlaneDatabase) === null) return null;
  return {
    reason: 'stores-lost',
    detail: `${diskDirectory} holds the disks of a fleet, but ${consoleDatabase} and ${controlPlaneDatabase} are gone: put one of them back (a copy of a backup can be ${basename(controlPlaneDatabase)}), or move ${diskDirectory} away to begin anew.`,
  };
}

function holdsFiles(path: string): boolean {
  return existsSync(path) && readdirSync(path).length > 0;
}

/** Why the control plane cannot use its file, once it had its first look at it. */
async function storeRefusal(
  { controlPlane }: HostServices,
  launched: Promise<void>,
): Promise<StartError | null> {
  await Promise.race([controlPlane.supervisor.untilSettled(), launched]);
  const refusal = controlPlane.storeRefusal;
  if (refusal === null) return null;
  return {
    reason: refusal.reason,
    detail: isReplaceable(refusal.reason) ? `${refusal.detail} ${HOW_TO_REPLACE}` : refusal.detail,
  };
}

/** Remembered until the fleet is provisioned, and for every reset after that. */
function rememberFirstRun(settings: HostSettings, options: ConsoleHostOptions): void {
  const { nodes, cells, seed, configPath } = options;
  const config = readFirstConfig(configPath);
  if (!config.ok) options.log(`Nothing was published. ${config.error.detail}`);
  settings.firstRun = {
    nodes,
    cells,
    seed,
    configName: configPath === null || !config.ok ? null : config.value.name,
    configText: config.ok ? config.value.text : null,
  };
}

async function closeAll(
  services: HostServices,
  endpoint: ConsoleEndpoint,
  ticker: NodeJS.Timeout,
  store: ConsoleStore,
  directory: DataDirectory,
): Promise<void> {
  clearInterval(ticker);
  await Promise.all([services.rehearser.close(), services.lifecycle.close(), endpoint.close()]);
  services.events.flush();
  store.close();
  directory.release();
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= run();
    return running;
  };
}

import { randomBytes } from 'node:crypto';
import type { Lineage } from '../../core/config/ids.ts';
import { createControlPlane, type MeasuredLoad } from '../../core/control-plane/control-plane.ts';
import { ControlPlaneDriver } from '../../core/control-plane/control-plane-driver.ts';
import type { ControlPlaneResponse } from '../../core/control-plane/events.ts';
import { loadText } from '../../core/control-plane/publisher.ts';
import { DEFAULT_CONTROL_PLANE_SETTINGS } from '../../core/control-plane/settings.ts';
import { createSeededRandom } from '../../core/lib/seeded-random.ts';
import { type Clock, MICROS_PER_MS } from '../../core/ports/clock.ts';
import type { ConfigStore } from '../../core/ports/store.ts';
import type {
  ControlPlaneCommand,
  ControlPlaneEventMessage,
  ControlPlaneMethod,
} from '../../core/protocol/control-plane-control.ts';
import { createLiveClock, createLiveScheduler } from './live-time.ts';
import { type NodeEndpoint, openNodeEndpoint } from './node-endpoint.ts';
import { createSnapshotDirectoryWriter } from './snapshot-directory-writer.ts';
import { openSqliteConfigStore } from './store/sqlite-config-store.ts';

type Init = Extract<ControlPlaneCommand, { type: 'init' }>;
type RequestCommand = Extract<ControlPlaneCommand, { type: 'request' }>;

/** Time that nodes have to take the goodbye before the process ends all the same. */
const GOODBYE_MS_MAX = 1_000;
const GOODBYE_POLL_MS = 10;

export type Send = (message: ControlPlaneEventMessage) => void;

/** A control plane that runs: its store, its machine, its endpoint. */
export interface RunningControlPlane {
  request(command: RequestCommand): void;
  /** Says goodbye to the nodes, saves and closes everything. */
  shutDown(): Promise<void>;
}

export type StartError = { readonly reason: string; readonly detail: string };

/** Opens the store and the endpoint, says `ready`, and from then on tells its belief at intervals. */
export async function startControlPlane(
  init: Init,
  send: Send,
): Promise<RunningControlPlane | StartError> {
  const clock = createLiveClock();
  const opened = openSqliteConfigStore({
    path: init.databasePath,
    now: clock.now(),
    newLineage: () => randomBytes(16).toString('hex') as Lineage,
  });
  if (!opened.ok) return opened.error;
  const store = opened.value;
  const live = runMachine(init, store, clock, send);
  const endpoint = await openNodeEndpoint({
    port: init.port,
    fleetToken: init.fleetToken,
    onLink: (link) => live.driver.accept(link),
    onRefused: (reason) => live.driver.handle({ type: 'upgrade-refused', reason }),
  });
  if (!endpoint.ok) {
    store.close();
    return endpoint.error;
  }
  sendReady(store, endpoint.value.port, send);
  const beliefs = setInterval(live.sendBelief, init.beliefIntervalMs);
  return {
    request: live.request,
    async shutDown() {
      clearInterval(beliefs);
      await sayGoodbye(live.driver, endpoint.value);
      store.close();
    },
  };
}

function runMachine(init: Init, store: ConfigStore, clock: Clock, send: Send) {
  const { snapshotStore = null } = init;
  const control = createControlPlane(
    {
      store,
      random: createSeededRandom(init.seed).split('control-plane'),
      settings: {
        ...DEFAULT_CONTROL_PLANE_SETTINGS,
        heartbeatMs: init.heartbeatMs,
        convergenceDeadlineUs: init.convergenceDeadlineMs * MICROS_PER_MS,
        snapshotIntervalUs:
          snapshotStore === null ? null : snapshotStore.intervalMs * MICROS_PER_MS,
      },
    },
    clock.now(),
  );
  let lastDone: number | null = null;
  const changing = new Set<number>();
  const respond = (requestId: number, response: ControlPlaneResponse) => {
    if (response.ok) lastDone = requestId;
    // Who is told of a new target must not count yesterday's acknowledgements for it.
    if (changing.delete(requestId) && response.ok) sendBelief();
    send({ type: 'response', requestId, response });
  };
  const driver = new ControlPlaneDriver({
    control,
    clock,
    scheduler: createLiveScheduler(clock),
    onRespond: respond,
    onBackup: (requestId, path) => void backUp(store, path).then((r) => respond(requestId, r)),
    ...(snapshotStore === null
      ? {}
      : { snapshots: createSnapshotDirectoryWriter(snapshotStore.directory) }),
  });
  let publishMsLast: number | null = null;
  const measured = (): MeasuredLoad => ({
    bytesSent: driver.bytesSent,
    publishMsLast,
    rssBytes: process.memoryUsage.rss(),
  });
  const sendBelief = () =>
    send({ type: 'belief', belief: control.belief(clock.now(), measured()) });
  return {
    driver,
    request({ requestId, request }: RequestCommand) {
      const startedAt = clock.now();
      if (CHANGING.has(request.method)) changing.add(requestId);
      driver.handle({ type: 'request', requestId, request });
      const isPublish = request.method === 'publish' || request.method === 'rollback';
      // A refused one wrote nothing.
      if (isPublish && lastDone === requestId) {
        publishMsLast = (clock.now() - startedAt) / MICROS_PER_MS;
      }
    },
    sendBelief,
  };
}

/** What they change is part of the belief. */
const CHANGING: ReadonlySet<ControlPlaneMethod> = new Set([
  'publish',
  'rollback',
  'adopt-fleet',
  'change-inventory',
] as const);

async function backUp(store: ConfigStore, path: string): Promise<ControlPlaneResponse> {
  const made = await store.backup(path);
  if (made.ok) return { ok: true, value: { bytes: made.value.bytes } };
  return { ok: false, error: { reason: 'storage-failed', detail: made.error.detail } };
}

function sendReady(store: ConfigStore, port: number, send: Send): void {
  const head = store.head();
  send({
    type: 'ready',
    port,
    inventory: store.inventory(),
    head,
    headText: head === null ? null : loadText(store, head.revision),
    lineage: store.lineage,
  });
}

function sayGoodbye(driver: ControlPlaneDriver, endpoint: NodeEndpoint): Promise<void> {
  endpoint.stopListening();
  driver.handle({ type: 'shut-down' });
  driver.dispose();
  const startedAtMs = Date.now();
  return new Promise((resolve) => {
    const check = () => {
      if (driver.links === 0 || Date.now() - startedAtMs >= GOODBYE_MS_MAX) resolve();
      else setTimeout(check, GOODBYE_POLL_MS);
    };
    check();
  });
}

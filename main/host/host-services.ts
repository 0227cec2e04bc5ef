import { userInfo } from 'node:os';
import type { AlertInput } from '../../core/fleet/alerts.ts';
import { assert } from '../../core/lib/assert.ts';
import type { ConsoleStatus } from '../../core/protocol/console-model.ts';
import type { Belief } from '../../core/protocol/control-plane-control.ts';
import { AlertKeeper } from './alert-keeper.ts';
import { BlameKeeper } from './blame-keeper.ts';
import { ConfigTexts } from './config-texts.ts';
import { buildStatus } from './console-status.ts';
import { ControlPlaneLink } from './control-plane-link.ts';
import type { DataDirectory } from './data-directory.ts';
import { DraftKeeper } from './draft-keeper.ts';
import { EventLog } from './event-log.ts';
import { FleetModel } from './fleet-model.ts';
import { HostLifecycle } from './host-lifecycle.ts';
import type { HostSettings } from './host-settings.ts';
import { Publisher } from './publisher.ts';
import { createRehearsalServices } from './rehearsal-services.ts';
import type { Rehearser } from './rehearser.ts';
import { configRequests } from './requests/config-requests.ts';
import type { ConsoleServices } from './requests/console-services.ts';
import { fleetRequests } from './requests/fleet-requests.ts';
import { processRequests } from './requests/process-requests.ts';
import { rehearsalRequests } from './requests/rehearsal-requests.ts';
import { RequestRouter } from './requests/request-router.ts';
import { SimulatorLink } from './simulator-link.ts';
import type { Spawner } from './spawner.ts';
import type { ConsoleStore } from './store/console-store.ts';
import { TelemetryFanout } from './telemetry-fanout.ts';

export interface HostServices extends ConsoleServices {
  readonly fanout: TelemetryFanout;
  /** Lets clocks run on, judges alerts, sends what changed. */
  readonly tick: () => void;
}

export interface HostServicesInput {
  readonly spawner: Spawner;
  readonly log: (line: string) => void;
  readonly seed: number;
  readonly directory: DataDirectory;
  readonly store: ConsoleStore;
  readonly settings: HostSettings;
}

/** Wires the parts of the console host to each other. */
export function createHostServices(input: HostServicesInput): HostServices {
  const nowMs = () => Date.now();
  const operator = operatorName();
  const { store, settings } = input;
  const events = new EventLog(store, nowMs);
  const model = new FleetModel(store, nowMs, settings.budget);
  const drafts = new DraftKeeper(store, operator);
  const blame = new BlameKeeper(store, model);
  const alerts = new AlertKeeper(store, events, nowMs());
  const texts = new ConfigTexts();
  const links = createLinks(input, nowMs, () => lifecycle);
  const planes = { model, settings, events, drafts, ...links };
  const lineage = () => lifecycle.planes.lineage;
  const onProgress = () => fanout.rehearsalChanged();
  const rehearsals = createRehearsalServices({
    ...input,
    ...planes,
    nowMs,
    lineage,
    onProgress,
  });
  const publisher = new Publisher({
    ...planes,
    texts,
    onHead: rehearsals.onHead,
    lineage() {
      const said = lineage();
      assert(said !== null, 'a control plane that answers has said its lineage');
      return said;
    },
  });
  const status = () =>
    buildStatus({
      model,
      ...processesOf(links),
      alerts: alerts.open,
      draft: drafts.summary,
      nowMs: nowMs(),
    });
  const fanout = createFanout({ ...planes, ...rehearsals }, nowMs, status);
  const judgeAlerts = createJudge({ model, alerts, links, nowMs, log: input.log });
  const judge = () => {
    judgeAlerts();
    fanout.statusMayHaveChanged();
  };
  const { directory, log } = input;
  const lifecycle: HostLifecycle = new HostLifecycle({
    ...planes,
    blame,
    directory,
    log,
    operator,
    nowMs,
    publisher,
    on: {
      rosterChanged: () => fanout.rosterChanged(),
      sampleArrived() {
        fanout.frameChanged();
        fanout.trafficChanged();
      },
      beliefArrived(belief) {
        fanout.convergenceChanged();
        void rehearsals.forecastFollower.believed(belief);
      },
      statusChanged: judge,
      historyReplaced: () => fanout.forget(),
      forgotten() {
        fanout.forget();
        alerts.forget(nowMs());
        rehearsals.forget();
        fanout.rosterChanged();
      },
    },
  });
  const tick = () => {
    const { controlPlane, simulator } = links;
    controlPlane.tick(nowMs());
    simulator.tick(nowMs());
    // Nodes live in the simulator's process: while that hangs, none of them answers.
    const isAlive = simulator.supervisor.status.state === 'up' && simulator.silentMs === null;
    if (model.age(isAlive)) fanout.frameChanged();
    if (rehearsals.rehearser.progress !== null) fanout.rehearsalChanged();
    judge();
  };
  const said = { nowMs, operator, texts, publisher, lifecycle, status, fanout, tick };
  return { ...planes, ...rehearsals, blame, ...said };
}

/** Judges the fleet anew; what must be heard where the console was started is said there. */
function createJudge(input: {
  readonly model: FleetModel;
  readonly alerts: AlertKeeper;
  readonly links: Links;
  readonly nowMs: () => number;
  readonly log: (line: string) => void;
}): () => void {
  const { model, alerts, links, nowMs } = input;
  let saidId: string | null = null;
  // Once for a head: whoever starts a newer version is to hear of it where they started it.
  const sayUnforced = () => {
    const alert = alerts.open.find(({ kind }) => kind === 'head-not-in-force');
    if (alert === undefined || alert.id === saidId) return;
    saidId = alert.id;
    input.log(`${alert.title}. ${alert.detail}`);
  };
  return () => {
    const { summaries, frame, budget, belief, roster } = model;
    const late = belief?.late ?? [];
    const refusedRevisionOf = (row: number) => model.refusedRevisionOf(row);
    const facts = {
      summaries,
      frame,
      budget,
      late,
      refusedRevisionOf,
      unforced: unforcedOf(belief),
      snapshotStore: snapshotStoreOf(belief),
    };
    alerts.evaluate({ ...roster, ...alertProcessesOf(links), ...facts }, nowMs());
    sayUnforced();
  };
}

function unforcedOf(belief: Belief | null): AlertInput['unforced'] {
  if (belief === null || belief.head === null) return null;
  return { revision: belief.head.revision, kinds: belief.unforced };
}

/** As it was last heard: that nobody dumps while the control plane is down makes no store better. */
function snapshotStoreOf(belief: Belief | null): AlertInput['snapshotStore'] {
  const load = belief?.load.snapshotStore ?? null;
  return belief === null || load === null ? null : { atMs: belief.atMs, load };
}

interface Links {
  readonly controlPlane: ControlPlaneLink;
  readonly simulator: SimulatorLink;
}

function createLinks(
  input: HostServicesInput,
  nowMs: () => number,
  lifecycle: () => HostLifecycle,
): Links {
  const { directory, settings, spawner } = input;
  const { fleetToken } = settings;
  const seed = settings.firstRun?.seed ?? input.seed;
  const controlPlane = new ControlPlaneLink({
    spawner,
    nowMs,
    seed,
    fleetToken,
    databasePath: directory.controlPlaneDatabase,
    snapshotStoreDirectory: directory.snapshotStoreDirectory,
    nodePort: () => settings.nodePort ?? 0,
    onStatus: (status, before) => lifecycle().planes.controlPlaneStatus(status, before),
    onEvent: (event) => lifecycle().planes.controlPlaneEvent(event),
  });
  const simulator = new SimulatorLink({
    spawner,
    nowMs,
    seed,
    fleetToken,
    diskDirectory: directory.diskDirectory,
    snapshotStoreDirectory: directory.snapshotStoreDirectory,
    setting: () => lifecycle().simulatorSetting,
    onStatus: (status, before) => lifecycle().planes.simulatorStatus(status, before),
    onEvent: (event) => lifecycle().planes.simulatorEvent(event),
  });
  return { controlPlane, simulator };
}

function processesOf(links: Links) {
  return {
    controlPlane: links.controlPlane.supervisor.status,
    simulator: links.simulator.supervisor.status,
  };
}

function alertProcessesOf({ controlPlane, simulator }: Links) {
  return {
    controlPlane: { ...controlPlane.supervisor.status, silentMs: controlPlane.silentMs },
    simulator: { ...simulator.supervisor.status, silentMs: simulator.silentMs },
  };
}

function createFanout(
  planes: Links & {
    readonly model: FleetModel;
    readonly events: EventLog;
    readonly rehearser: Rehearser;
  },
  nowMs: () => number,
  status: () => ConsoleStatus,
): TelemetryFanout {
  const { model, events, controlPlane, rehearser } = planes;
  return new TelemetryFanout({
    model,
    events,
    nowMs,
    status,
    rehearsal: () => rehearser.progress,
    convergence: async (revision) => {
      const report = await controlPlane.request({ method: 'get-convergence', revision });
      return report.ok ? report.value : null;
    },
  });
}

/** Every request of the console API, with its handler. */
export function createRouter(services: ConsoleServices): RequestRouter {
  const handlers = {
    ...configRequests(services),
    ...fleetRequests(services),
    ...processRequests(services),
    ...rehearsalRequests(services),
  };
  return new RequestRouter(handlers, (method, error) => {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    services.events.add({ kind: 'note', severity: 'critical', title: `${method} failed`, detail });
  });
}

function operatorName(): string {
  try {
    return (
      userInfo()
        .username.replaceAll(/[^\w.@-]/g, '')
        .slice(0, 64) || 'operator'
    );
  } catch {
    return 'operator';
  }
}

import { rmSync } from 'node:fs';
import type { Lineage } from '../../core/config/ids.ts';
import type { RosterNode } from '../../core/fleet/roster.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';
import type { ProcessStatus } from '../../core/protocol/console-model.ts';
import type { Belief } from '../../core/protocol/control-plane-control.ts';
import type { SimulatorFrame } from '../../core/protocol/simulator-control.ts';
import type {
  ControlPlaneEvent,
  ControlPlaneLink,
  ControlPlaneReady,
} from './control-plane-link.ts';
import { type DataDirectory, makePrivateDirectory } from './data-directory.ts';
import { swapDatabase, whyNotBackup } from './database-files.ts';
import type { DraftKeeper } from './draft-keeper.ts';
import type { EventLog } from './event-log.ts';
import type { FleetModel } from './fleet-model.ts';
import { chooseLoopbackPort } from './free-port.ts';
import type { HostSettings } from './host-settings.ts';
import { provisionFleet } from './provision-fleet.ts';
import type { Publisher } from './publisher.ts';
import { revisionRowOf } from './revision-row.ts';
import type { SimulatorEventOut, SimulatorLink, SimulatorSetting } from './simulator-link.ts';
import { REVISIONS_KEPT_MAX } from './store/console-tables.ts';

export interface LifecycleInput {
  readonly directory: DataDirectory;
  readonly model: FleetModel;
  readonly settings: HostSettings;
  readonly events: EventLog;
  readonly drafts: DraftKeeper;
  readonly operator: string;
  readonly controlPlane: ControlPlaneLink;
  readonly simulator: SimulatorLink;
  readonly publisher: Publisher;
  readonly log: (line: string) => void;
  readonly on: {
    readonly rosterChanged: () => void;
    readonly sampleArrived: () => void;
    readonly beliefArrived: () => void;
    readonly statusChanged: () => void;
    readonly forgotten: () => void;
  };
}

type Refused<T> = Promise<Result<T, ConsoleRefusal>>;
/** Requests that change processes take turns: two at a time would undo each other. */
const BUSY: ConsoleRefusal = {
  reason: 'already-running',
  detail: 'The console is busy starting, stopping or restoring; try again when it is done.',
};

/** Starts, stops, restores and resets the two planes, and keeps the model up with what they say. */
export class HostLifecycle {
  readonly #input: LifecycleInput;
  #lineage: Lineage | null = null;
  /** The simulator waits for it: until then nobody knows the inventory. */
  #rosterIsKnown: boolean;
  #isBusy = false;
  #isClosing = false;

  constructor(input: LifecycleInput) {
    this.#input = input;
    this.#rosterIsKnown = input.settings.isProvisioned;
    this.#lineage = input.model.head?.lineage ?? null;
  }

  get lineage(): Lineage | null {
    return this.#lineage;
  }

  /** What a simulator is to be told, or null while that is not known. */
  get simulatorSetting(): SimulatorSetting | null {
    const { model, settings } = this.#input;
    const { nodePort } = settings;
    if (!this.#rosterIsKnown || nodePort === null) return null;
    const { rosterVersion } = model.roster;
    return { rosterVersion, roster: [...model.rosterNodes], shapes: settings.shapes, nodePort };
  }

  /** Starts both planes; provisions the fleet and publishes its first config when they are new. */
  async launch(): Promise<void> {
    this.#isBusy = true;
    const { simulator } = this.#input;
    await this.#choosePort();
    const simulatorStart = simulator.supervisor.start();
    await this.#startAndProvision();
    this.#releaseSimulator();
    await simulatorStart;
    this.#isBusy = false;
  }

  async killControlPlane(): Refused<{ pid: number }> {
    const pid = await this.#input.controlPlane.supervisor.kill('killed by you');
    if (pid !== null) return ok({ pid });
    return err({ reason: 'not-running', detail: 'The control plane is not running.' });
  }

  async killSimulator(): Refused<{ pid: number }> {
    const pid = await this.#input.simulator.supervisor.kill('killed by you');
    if (pid !== null) return ok({ pid });
    return err({ reason: 'not-running', detail: 'The simulator is not running.' });
  }

  startControlPlane(operator: string): Refused<{ pid: number }> {
    return this.#alone(async () => {
      const { supervisor } = this.#input.controlPlane;
      if (supervisor.status.state !== 'down') {
        return err({ reason: 'already-running', detail: 'The control plane runs already.' });
      }
      await this.#choosePort();
      const started = await this.#startAndProvision();
      if (started.ok) this.#note(`Control plane started by ${operator}`);
      return started;
    });
  }

  /** Puts a backup in the place of the control plane's file; what was there is kept beside it. */
  restore(path: string, operator: string): Refused<{ revision: number | null }> {
    return this.#alone(async () => {
      const { controlPlane, directory, model, events } = this.#input;
      const problem = whyNotBackup(path);
      if (problem !== null) return err({ reason: 'file-failed', detail: problem });
      await controlPlane.supervisor.stop(`stopped by ${operator} to restore a backup`);
      const swapped = swapDatabase(directory.controlPlaneDatabase, path);
      if (!swapped.ok) {
        await this.#startAndProvision();
        return err({ reason: 'file-failed', detail: swapped.error.detail });
      }
      const started = await this.#startAndProvision();
      if (!started.ok) {
        swapped.value.undo();
        await this.#startAndProvision();
        return err({
          reason: 'file-failed',
          detail: `${path} was not restored, and nothing was changed. ${started.error.detail}`,
        });
      }
      const revision = model.head?.record.revision ?? null;
      events.add({
        kind: 'backup-restored',
        severity: 'warning',
        title: `Backup restored: the head is ${revision === null ? 'empty' : `r${revision}`}`,
        detail: `From ${path}, by ${operator}. The replaced file is kept as ${swapped.value.keptAs}.`,
      });
      return ok({ revision });
    });
  }

  /** Back to the first run: both planes' files are deleted, and a new history begins. */
  reset(operator: string): Refused<{ nodes: number }> {
    return this.#alone(async () => {
      const { controlPlane, simulator, directory, settings, model, drafts, events } = this.#input;
      const reason = `stopped by ${operator} for a reset`;
      await Promise.all([controlPlane.supervisor.stop(reason), simulator.supervisor.stop(reason)]);
      rmSync(directory.controlPlaneDirectory, { recursive: true, force: true });
      rmSync(directory.diskDirectory, { recursive: true, force: true });
      settings.isProvisioned = false;
      settings.shapes = [];
      settings.supersededText = null;
      this.#rosterIsKnown = false;
      this.#lineage = null;
      drafts.discard();
      model.forget();
      this.#input.on.forgotten();
      events.add({
        kind: 'reset',
        severity: 'warning',
        title: 'Everything reset to the first run',
        detail: `Revisions, inventory, the nodes’ disks and the draft were deleted by ${operator}.`,
      });
      const simulatorStart = simulator.supervisor.start();
      const started = await this.#startAndProvision();
      this.#releaseSimulator();
      await simulatorStart;
      return started.ok ? ok({ nodes: model.rosterNodes.length }) : started;
    });
  }

  /** Provisioned or retired nodes become the fleet. */
  inventoryChanged(inventory: readonly RosterNode[]): void {
    const { model, simulator, on } = this.#input;
    if (!model.setInventory(inventory)) return;
    simulator.setRoster(model.roster.rosterVersion, [...model.rosterNodes]);
    on.rosterChanged();
  }

  faultEnded(faultId: string, why: string): void {
    const fault = this.#input.model.faults.get(faultId);
    if (fault === undefined) return;
    this.#input.model.faults.delete(faultId);
    const { kind } = fault.fault;
    const title = kind === 'link-partition' ? 'Cut links joined again' : 'Latency taken off';
    this.#input.events.add({ kind: 'fault-ended', title, detail: `${why}.`, subject: faultId });
  }

  controlPlaneStatus(status: ProcessStatus, before: ProcessStatus): void {
    this.#noteProcess('Control plane', 'control-plane', status, before);
  }

  simulatorStatus(status: ProcessStatus, before: ProcessStatus): void {
    if (status.state === 'down') {
      const faults = [...this.#input.model.faults.keys()];
      for (const id of faults) this.faultEnded(id, 'gone with the simulator');
    }
    this.#noteProcess('Simulator', 'simulator', status, before);
  }

  controlPlaneEvent(event: ControlPlaneEvent): void {
    if (event.type === 'belief') this.#believed(event.belief);
    if (event.type === 'ready') this.#controlPlaneReady(event);
  }

  simulatorEvent(event: SimulatorEventOut): void {
    const { events } = this.#input;
    if (event.type === 'frame') this.#sampled(event.frame);
    if (event.type === 'fault-ended') this.faultEnded(event.faultId, 'its time is up');
    if (event.type === 'node-note') {
      events.add({ kind: 'note', title: event.nodeId, detail: event.text, subject: event.nodeId });
    }
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    const reason = 'stopped with the console';
    await Promise.all([
      this.#input.controlPlane.supervisor.stop(reason),
      this.#input.simulator.supervisor.stop(reason),
    ]);
  }

  #believed(belief: Belief): void {
    this.#input.model.setBelief(belief);
    this.#input.on.beliefArrived();
  }

  #sampled(frame: SimulatorFrame): void {
    const { model, controlPlane, on } = this.#input;
    model.acceptSample(frame, controlPlane.supervisor.status.state === 'up');
    on.sampleArrived();
  }

  #controlPlaneReady(ready: ControlPlaneReady): void {
    const { model } = this.#input;
    this.#lineage = ready.lineage;
    const { head, headText, lineage } = ready;
    this.#keepSupersededText(head, lineage);
    model.setHead(
      head === null || headText === null
        ? null
        : { record: revisionRowOf(head, null), text: headText, lineage },
    );
    this.inventoryChanged(ready.inventory);
  }

  /** An old backup was put back, by whatever way: what the console knew is what the fleet serves. */
  #keepSupersededText(
    head: ControlPlaneReady['head'],
    lineage: ControlPlaneReady['lineage'],
  ): void {
    const { model, settings } = this.#input;
    const known = model.head;
    if (known === null) return;
    const isOlder =
      lineage !== known.lineage || head === null || head.generation < known.record.generation;
    if (isOlder) settings.supersededText = known.text;
  }

  async #startAndProvision(): Refused<{ pid: number }> {
    const { controlPlane, directory, settings } = this.#input;
    const made = makePrivateDirectory(directory.controlPlaneDirectory);
    if (!made.ok) return err({ reason: 'storage-failed', detail: made.error.detail });
    const started = await controlPlane.supervisor.start();
    if (!started.ok) {
      const isRunning = started.error.reason === 'already-running';
      const reason = isRunning ? 'already-running' : 'storage-failed';
      return err({ reason, detail: started.error.detail });
    }
    await this.#readHistory();
    if (!settings.isProvisioned && settings.firstRun !== null) {
      await provisionFleet(settings.firstRun, {
        ...this.#input,
        inventoryKnown: (inventory) => {
          this.inventoryChanged(inventory);
          this.#releaseSimulator();
        },
      });
    }
    return started;
  }

  async #readHistory(): Promise<void> {
    const answer = await this.#input.controlPlane.request({
      method: 'list-revisions',
      limit: REVISIONS_KEPT_MAX,
    });
    if (!answer.ok) return;
    const rows = answer.value.revisions.map((row) => revisionRowOf(row, row.convergence));
    this.#input.model.replaceRevisions(rows, rows.length < REVISIONS_KEPT_MAX);
  }

  #releaseSimulator(): void {
    this.#rosterIsKnown = true;
    this.#input.simulator.settingKnown();
  }

  /** Nodes look for the control plane where it was; only a taken port makes them look elsewhere. */
  async #choosePort(): Promise<void> {
    const { settings, simulator, events } = this.#input;
    const before = settings.nodePort;
    const port = await chooseLoopbackPort(before);
    if (port === before) return;
    settings.nodePort = port;
    if (before === null || simulator.supervisor.status.state === 'down') return;
    const title = `Nodes connect at port ${port} now`;
    events.add({ kind: 'note', title, detail: `Port ${before} is taken by another program.` });
    await simulator.supervisor.stop('stopped to connect elsewhere');
    void simulator.supervisor.start();
  }

  async #alone<T>(run: () => Refused<T>): Refused<T> {
    if (this.#isBusy || this.#isClosing) return err(BUSY);
    this.#isBusy = true;
    try {
      return await run();
    } finally {
      this.#isBusy = false;
    }
  }

  #note(title: string): void {
    this.#input.events.add({ kind: 'note', title });
  }

  #noteProcess(name: string, subject: string, status: ProcessStatus, before: ProcessStatus): void {
    const { events, on } = this.#input;
    if (!this.#isClosing && status.state === 'up') {
      const detail = `Process ${status.pid ?? 'unknown'}.`;
      events.add({ kind: 'process-started', title: `${name} is up`, detail, subject });
    }
    if (!this.#isClosing && status.state === 'down' && before.state !== 'down') {
      events.add({
        kind: 'process-exited',
        severity: status.reason?.startsWith('stopped') === true ? 'info' : 'critical',
        title: `${name} is down`,
        detail: `Reason: ${status.reason ?? 'unknown'}.`,
        subject,
      });
    }
    on.statusChanged();
  }
}

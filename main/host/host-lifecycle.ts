import { err, ok, type Result } from '../../core/lib/result.ts';
import { withoutFullStop } from '../../core/lib/sentence.ts';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';
import { type DataDirectory, makePrivateDirectory } from './data-directory.ts';
import { howLost, swapDatabase, whyNotBackup } from './database-files.ts';
import { deleteDirectories } from './delete-directories.ts';
import type { DraftKeeper } from './draft-keeper.ts';
import { forgetEverything } from './forget-everything.ts';
import { chooseLoopbackPort } from './free-port.ts';
import { inventoryWords, nodeCount } from './inventory-words.ts';
import { PlaneListener, type PlaneListenerInput } from './plane-listener.ts';
import { provisionFleet } from './provision-fleet.ts';
import type { SimulatorSetting } from './simulator-link.ts';

const HOW_TO_REPLACE = 'Run “holdfast restore FILE” or “holdfast reset”.';

/** Whether a file that cannot be used for this reason is one to put another in the place of. */
export function isReplaceable(reason: string): boolean {
  return reason === 'damaged' || reason === 'not-a-store';
}

export interface LifecycleInput extends PlaneListenerInput {
  readonly directory: DataDirectory;
  readonly drafts: DraftKeeper;
  readonly operator: string;
  readonly nowMs: () => number;
  readonly log: (line: string) => void;
  readonly on: PlaneListenerInput['on'] & { readonly forgotten: () => void };
}

type Refused<T> = Promise<Result<T, ConsoleRefusal>>;
/** Requests that change processes take turns: two at a time would undo each other. */
const BUSY: ConsoleRefusal = {
  reason: 'already-running',
  detail: 'The console is busy starting, stopping or restoring; try again when it is done.',
};

/** Starts, stops, restores and resets the two planes. */
export class HostLifecycle {
  readonly #input: LifecycleInput;
  /** Hears what the planes say while they run. */
  readonly planes: PlaneListener;
  /** The simulator waits for it: until then nobody knows the inventory. */
  #rosterIsKnown: boolean;
  #isBusy = false;
  #isClosing = false;

  constructor(input: LifecycleInput) {
    this.#input = input;
    this.#rosterIsKnown = input.settings.isProvisioned;
    this.planes = new PlaneListener(input);
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
    try {
      await this.#choosePort();
      if (this.#isClosing) return;
      const simulatorStart = this.#input.simulator.supervisor.start();
      const started = await this.#startAndProvision();
      // The console ends then. A simulator that is told of no nodes would empty the disks of all.
      if (this.#input.controlPlane.storeRefusal !== null) return;
      if (!started.ok && !this.#isClosing) this.#input.log(started.error.detail);
      this.#releaseSimulator();
      await simulatorStart;
    } catch (error) {
      // The console stays up: what failed shows there, and can be started again from there.
      const why = error instanceof Error ? error.message : String(error);
      const { supervisor } = this.#input.controlPlane;
      if (supervisor.status.state === 'starting') supervisor.markDown(why);
      if (!this.#isClosing) this.#input.log(`Starting failed: ${withoutFullStop(why)}.`);
    } finally {
      this.#isBusy = false;
    }
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
      if (started.ok) {
        this.#note(`Control plane started by ${operator}`);
        return started;
      }
      const { storeRefusal } = this.#input.controlPlane;
      if (storeRefusal === null || !isReplaceable(storeRefusal.reason)) return started;
      return err({ ...started.error, detail: `${started.error.detail} ${HOW_TO_REPLACE}` });
    });
  }

  /** Puts a backup in the place of the control plane's file; what was there is kept beside it. */
  restore(path: string, operator: string): Refused<{ revision: number | null }> {
    return this.#alone(async () => {
      const { controlPlane, directory, model, events } = this.#input;
      const problem = whyNotBackup(path);
      if (problem !== null) return err({ reason: 'file-failed', detail: problem });
      const nodesBefore = model.rosterNodes;
      await controlPlane.supervisor.stop(`stopped by ${operator} to restore a backup`);
      const swapped = swapDatabase(directory.controlPlaneDatabase, path);
      if (!swapped.ok) {
        await this.#startAndProvision();
        return err({ reason: 'file-failed', detail: swapped.error.detail });
      }
      this.planes.fileReplaced();
      const started = await this.#startAndProvision();
      if (!started.ok) {
        swapped.value.undo();
        await this.#startAndProvision();
        return err({
          reason: 'file-failed',
          detail: `${path} was not restored, and nothing was changed. ${started.error.detail}`,
        });
      }
      swapped.value.settle();
      const revision = model.head?.record.revision ?? null;
      const { removed, words } = inventoryWords(nodesBefore, model.rosterNodes);
      const loss = removed === 0 ? '' : `, ${nodeCount(removed)} removed`;
      events.add({
        kind: 'backup-restored',
        severity: 'warning',
        title: `Backup restored: the head is ${revision === null ? 'empty' : `r${revision}`}${loss}`,
        detail: `From ${path}, by ${operator}. The replaced file is kept as ${swapped.value.keptAs}.${words}`,
      });
      return ok({ revision });
    });
  }

  /** Back to the first run: both planes' files are deleted, and a new history begins. */
  reset(operator: string): Refused<{ nodes: number }> {
    return this.#alone(async () => {
      const { controlPlane, simulator, model } = this.#input;
      const reason = `stopped by ${operator} for a reset`;
      await Promise.all([controlPlane.supervisor.stop(reason), simulator.supervisor.stop(reason)]);
      const problem = forgetEverything(this.#input);
      if (problem === null) this.#forgotten(operator);
      // Whatever became of it, both planes are started again.
      if (this.#isClosing) return err(BUSY);
      simulator.supervisor.forgiveDeaths();
      const simulatorStart = simulator.supervisor.start();
      const started = await this.#startAndProvision();
      this.#releaseSimulator();
      await simulatorStart;
      if (problem !== null) return err({ reason: 'file-failed', detail: problem });
      return started.ok ? ok({ nodes: model.rosterNodes.length }) : started;
    });
  }

  #forgotten(operator: string): void {
    this.#rosterIsKnown = false;
    this.planes.forget();
    this.#input.on.forgotten();
    this.#input.events.add({
      kind: 'reset',
      severity: 'warning',
      title: 'Everything reset to the first run',
      detail: `Revisions, inventory, the nodes’ disks and the draft were deleted by ${operator}.`,
    });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.planes.hush();
    const reason = 'stopped with the console';
    await Promise.all([
      this.#input.controlPlane.supervisor.stop(reason),
      this.#input.simulator.supervisor.stop(reason),
    ]);
  }

  async #startAndProvision(): Refused<{ pid: number }> {
    if (this.#isClosing) return err(BUSY);
    const { controlPlane, settings } = this.#input;
    const obstacle = this.#whyNotToStart();
    if (obstacle !== null) {
      controlPlane.supervisor.markDown(obstacle);
      return err({ reason: 'storage-failed', detail: obstacle });
    }
    this.#beginStore();
    const started = await controlPlane.supervisor.start();
    if (!started.ok) {
      const isRunning = started.error.reason === 'already-running';
      const reason = isRunning ? 'already-running' : 'storage-failed';
      return err({ reason, detail: started.error.detail });
    }
    await this.planes.history.read();
    if (!settings.isProvisioned && settings.firstRun !== null) {
      await provisionFleet(settings.firstRun, {
        ...this.#input,
        inventoryKnown: (inventory) => {
          this.planes.inventoryChanged(inventory);
          this.#releaseSimulator();
        },
      });
    }
    return started;
  }

  /** A snapshot of another history must not come to the nodes of one that begins. */
  #beginStore(): void {
    const { directory, settings, log } = this.#input;
    if (settings.isProvisioned) return;
    const deleted = deleteDirectories([directory.snapshotStoreDirectory]);
    if (!deleted.ok) log(`The snapshot store was not emptied. ${deleted.error.detail}`);
  }

  /** One sentence, or null when a start may be tried. */
  #whyNotToStart(): string | null {
    const { directory, model, settings } = this.#input;
    const made = makePrivateDirectory(directory.controlPlaneDirectory);
    if (!made.ok) return made.error.detail;
    // An empty store in the place of a lost one would be an empty fleet.
    const path = directory.controlPlaneDatabase;
    const lost = settings.isProvisioned || model.head !== null ? howLost(path) : null;
    if (lost === null) return null;
    return `${path} is ${lost}; restore a backup with “holdfast restore FILE”, or begin anew with “holdfast reset”.`;
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
    if (port === before || this.#isClosing) return;
    settings.nodePort = port;
    if (before === null || simulator.supervisor.status.state === 'down') return;
    const title = `Nodes connect at port ${port} now`;
    events.add({ kind: 'note', title, detail: `Port ${before} is taken by another program.` });
    await simulator.supervisor.stop('stopped to connect elsewhere');
    if (!this.#isClosing) void simulator.supervisor.start();
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
}

import type { Lineage } from '../../core/config/ids.ts';
import type { RosterNode } from '../../core/fleet/roster.ts';
import { withoutFullStop } from '../../core/lib/sentence.ts';
import type { ProcessStatus } from '../../core/protocol/console-model.ts';
import type { Belief } from '../../core/protocol/control-plane-control.ts';
import type { SimulatorFrame } from '../../core/protocol/simulator-control.ts';
import type { ControlPlaneEvent, ControlPlaneReady } from './control-plane-link.ts';
import type { EventLog } from './event-log.ts';
import { HistoryReader, type HistoryReaderInput } from './history-reader.ts';
import type { HostSettings } from './host-settings.ts';
import { revisionRowOf } from './revision-row.ts';
import type { SimulatorEventOut, SimulatorLink } from './simulator-link.ts';

export interface PlaneListenerInput extends HistoryReaderInput {
  readonly settings: HostSettings;
  readonly events: EventLog;
  readonly simulator: SimulatorLink;
  readonly on: {
    readonly rosterChanged: () => void;
    readonly sampleArrived: () => void;
    readonly beliefArrived: (belief: Belief) => void;
    readonly statusChanged: () => void;
    /** The control plane's file is of another lineage than the last one. */
    readonly historyReplaced: () => void;
  };
}

/** Keeps the model up with what the two planes say, and the log with what becomes of them. */
export class PlaneListener {
  readonly history: HistoryReader;
  readonly #input: PlaneListenerInput;
  #lineage: Lineage | null;
  #isFileReplaced = false;
  #isHushed = false;

  constructor(input: PlaneListenerInput) {
    this.#input = input;
    this.#lineage = input.model.head?.lineage ?? null;
    this.history = new HistoryReader(input);
  }

  /** Of the control plane's file; null before it was first heard. */
  get lineage(): Lineage | null {
    return this.#lineage;
  }

  /** Everything was reset: what comes next is a new history. */
  forget(): void {
    this.#lineage = null;
    this.history.forget();
  }

  /** A person put another file in the place of the control plane's: what is new in it was not published just now. */
  fileReplaced(): void {
    this.#isFileReplaced = true;
  }

  /** The console closes: that its processes end is no news. */
  hush(): void {
    this.#isHushed = true;
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

  #believed(belief: Belief): void {
    this.#input.model.setBelief(belief);
    this.#input.on.beliefArrived(belief);
    void this.history.believed(belief);
  }

  #sampled(frame: SimulatorFrame): void {
    const { model, controlPlane, on } = this.#input;
    model.acceptSample(frame, controlPlane.supervisor.status.state === 'up');
    on.sampleArrived();
  }

  #controlPlaneReady(ready: ControlPlaneReady): void {
    const { model, publisher } = this.#input;
    const isLearnt = this.#isUnansweredPublish(ready);
    this.#isFileReplaced = false;
    this.#dropForeignBelief(ready.lineage);
    this.#lineage = ready.lineage;
    const { head, headText, lineage } = ready;
    this.#keepSupersededText(head, lineage);
    if (head === null || headText === null) model.setHead(null);
    else if (isLearnt) publisher.learnt(head, headText, lineage);
    else model.setHead({ record: revisionRowOf(head, null), text: headText, lineage });
    this.inventoryChanged(ready.inventory);
    // A console that lost its own file has to ask the fleet something all the same.
    if (headText !== null) publisher.deriveShapes(headText);
  }

  /** It was committed, and the control plane died before it answered. */
  #isUnansweredPublish({ head, lineage }: ControlPlaneReady): boolean {
    if (this.#isFileReplaced || head === null || this.#lineage !== lineage) return false;
    const known = this.#input.model.head;
    return known === null || head.revision > known.record.revision;
  }

  /** What was believed of another history would be held against the nodes of this one. */
  #dropForeignBelief(lineage: Lineage): void {
    if (this.#lineage === null || this.#lineage === lineage) return;
    this.#input.model.belief = null;
    this.#input.model.believedAtMs = null;
    this.#input.on.historyReplaced();
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
    // A second restore replaces an old head, not what the fleet serves.
    if (isOlder) settings.supersededText ??= known.text;
  }

  #noteProcess(name: string, subject: string, status: ProcessStatus, before: ProcessStatus): void {
    const { events, on } = this.#input;
    if (!this.#isHushed && status.state === 'up') {
      const detail = `Process ${status.pid ?? 'unknown'}.`;
      events.add({ kind: 'process-started', title: `${name} is up`, detail, subject });
    }
    if (!this.#isHushed && status.state === 'down' && before.state !== 'down') {
      const isStopped = status.reason?.startsWith('stopped') === true;
      events.add({
        kind: 'process-exited',
        severity: isStopped ? 'info' : 'critical',
        title: `${name} ${isStopped ? 'stopped' : before.state === 'up' ? 'exited' : 'did not start'}`,
        detail: `Reason: ${withoutFullStop(status.reason ?? 'unknown')}.`,
        subject,
      });
    }
    on.statusChanged();
  }
}

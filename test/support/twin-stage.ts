import { inspectNode } from '../../core/node/inspect-node.ts';
import { addMicros, MICROS_PER_MS, MICROS_PER_SECOND, micros } from '../../core/ports/clock.ts';
import type { Belief } from '../../core/protocol/control-plane-control.ts';
import type { NodeInspection } from '../../core/protocol/simulator-control.ts';
import { LIVE_LINK_NATURE } from '../../core/rehearsal/live-link.ts';
import { LIVE_FLEET_SERVICE_TIMES } from '../../simulator/twin/service-times.ts';
import type { ScheduledFault, TwinFault } from '../../simulator/twin/twin-fault.ts';
import { DEFAULT_TWIN_OPTIONS } from '../../simulator/twin/twin-options.ts';
import { TwinWorld } from '../../simulator/twin/twin-world.ts';
import {
  addCounts,
  CALIBRATION_CELLS,
  CALIBRATION_HEARTBEAT_MS,
  CALIBRATION_NODES,
  CALIBRATION_STEPS,
  type CalibrationCounts,
  type CalibrationStage,
  type CalibrationStep,
  countsOf,
  isSettled,
  nodeLine,
  servedLine,
  statusesOf,
} from './calibration-stage.ts';

/** No run is as long: the stage begins its faults by itself. */
const NEVER_MS = 86_400_000;
const LOOK_US = 50 * MICROS_PER_MS;
const SETTLED_WITHIN_US = 60 * MICROS_PER_SECOND;

/** The twin of the live stage: the same fleet, all nodes in one process, and loopback between. */
export class TwinStage implements CalibrationStage {
  #world: TwinWorld | null = null;
  readonly #faults: readonly ScheduledFault[] = CALIBRATION_STEPS.flatMap((step) => {
    const fault = faultOf(step);
    return fault === null ? [] : [{ atMs: NEVER_MS, fault }];
  });
  #faultsBegun = 0;
  #counted: CalibrationCounts | null = null;
  #duringOutage: readonly string[] = [];
  #quietBytes = 0;

  async take(step: CalibrationStep): Promise<void> {
    switch (step.kind) {
      case 'publish':
        if (this.#world === null) this.#world = this.#start(step.text);
        else this.#world.publish(step.text, 'calibration');
        break;
      case 'outage':
        this.#counted = this.#countsNow();
        this.#beginFault();
        this.#run(step.downMs * MICROS_PER_MS - 1);
        this.#duringOutage = this.#inspectAll().map(servedLine);
        break;
      case 'restart-fleet':
        this.#beginFault();
        // All of them are down at once, so that what was settled before is not taken for settled.
        this.#run(LOOK_US);
        break;
      case 'quiet': {
        const before = this.world.linkTotals.bytesDown;
        this.#run(step.forMs * MICROS_PER_MS);
        const bytes = this.world.linkTotals.bytesDown - before;
        this.#quietBytes = (bytes * 1_000) / step.forMs / CALIBRATION_NODES;
        break;
      }
    }
    this.#settle();
  }

  get world(): TwinWorld {
    if (this.#world === null) throw new Error('the first step is a publish');
    return this.#world;
  }

  async phase(name: string) {
    const belief = this.#belief();
    const nodes = this.#inspectAll().map(nodeLine);
    return {
      name,
      counts: this.#countsNow(),
      believed: belief.counts,
      statuses: statusesOf(belief),
      nodes,
    };
  }

  duringOutage(): readonly string[] {
    return this.#duringOutage;
  }

  async reports() {
    return this.world.publishes.map(({ revision }) => {
      const report = this.world.controlPlane.convergenceReport(revision);
      if (report === null) throw new Error(`nothing is known of r${revision}`);
      return report;
    });
  }

  quietBytesPerNodeSecond(): number {
    return this.#quietBytes;
  }

  async close(): Promise<void> {
    this.#world = null;
  }

  #start(configText: string): TwinWorld {
    return new TwinWorld({
      ...DEFAULT_TWIN_OPTIONS,
      nodes: CALIBRATION_NODES,
      cells: CALIBRATION_CELLS,
      seed: 1,
      durationUs: NEVER_MS * MICROS_PER_MS,
      configText,
      faults: this.#faults,
      heartbeatMs: CALIBRATION_HEARTBEAT_MS,
      // The live stage has no snapshot store.
      settings: { snapshotIntervalUs: null },
      link: LIVE_LINK_NATURE,
      times: LIVE_FLEET_SERVICE_TIMES,
    });
  }

  #beginFault(): void {
    this.world.beginFault(this.#faultsBegun);
    this.#faultsBegun += 1;
  }

  #run(us: number): void {
    this.world.runUntil(addMicros(this.world.time.now(), us));
  }

  #settle(): void {
    const { time, publishes } = this.world;
    const until = micros(time.now() + SETTLED_WITHIN_US);
    for (;;) {
      this.#run(LOOK_US);
      const belief = this.world.controlPlane.belief();
      const isTold = belief !== null && isSettled(belief, publishes.at(-1)?.revision ?? 0);
      // The control plane has heard of a node before the node has heard of it.
      if (isTold && this.#inspectAll().every(({ link }) => link.state === 'connected')) return;
      if (time.now() > until) throw new Error(`not settled: ${JSON.stringify(belief?.counts)}`);
    }
  }

  #belief(): Belief {
    const belief = this.world.controlPlane.belief();
    if (belief === null) throw new Error('the control plane is down');
    return belief;
  }

  #countsNow(): CalibrationCounts {
    const now = countsOf(this.#belief());
    return this.#counted === null ? now : addCounts(this.#counted, now);
  }

  #inspectAll(): NodeInspection[] {
    const now = this.world.time.now();
    const traffic = { requestsPerSecond: 0, failuresPerSecond: 0 };
    return this.world.nodes.map(({ machine }) => inspectNode(machine, traffic, now));
  }
}

function faultOf(step: CalibrationStep): TwinFault | null {
  if (step.kind === 'outage') return { kind: 'control-plane-kill', downMs: step.downMs };
  if (step.kind !== 'restart-fleet') return null;
  return { kind: 'node-restart', target: { scope: 'fleet' }, disk: 'keep' };
}

import { Planes } from '../../bench/planes.ts';
import { planInventory } from '../../core/fleet/roster.ts';
import type { Belief } from '../../core/protocol/control-plane-control.ts';
import type { NodeInspection } from '../../core/protocol/simulator-control.ts';
import {
  addCounts,
  CALIBRATION_CELLS,
  CALIBRATION_HEARTBEAT_MS,
  CALIBRATION_NODES,
  type CalibrationCounts,
  type CalibrationStage,
  type CalibrationStep,
  countsOf,
  isSettled,
  nodeLine,
  servedLine,
  statusesOf,
} from './calibration-stage.ts';

/** The live world: two processes, real sockets, a real store and real disks. */
export class LiveStage implements CalibrationStage {
  readonly #planes = new Planes({
    nodes: CALIBRATION_NODES,
    heartbeatMs: CALIBRATION_HEARTBEAT_MS,
  });
  #isStarted = false;
  #revisions: number[] = [];
  /** Of the control plane's lives before this one. */
  #counted: CalibrationCounts | null = null;
  #duringOutage: readonly string[] = [];
  #quietBytes = 0;

  async take(step: CalibrationStep): Promise<void> {
    const planes = this.#planes;
    switch (step.kind) {
      case 'publish':
        if (!this.#isStarted) await planes.startControlPlane();
        await this.#publish(step.text);
        // The fleet comes up with something to be sent, as it does in the twin.
        if (!this.#isStarted) await planes.startSimulator();
        this.#isStarted = true;
        break;
      case 'outage':
        await this.#outage();
        break;
      case 'restart-fleet':
        await this.#restart();
        break;
      case 'quiet':
        await this.#quiet(step.forMs);
        break;
    }
    await this.#settled();
  }

  async phase(name: string) {
    const belief = this.#belief();
    const nodes = (await this.#inspectAll()).map(nodeLine);
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
    const reports = [];
    for (const revision of this.#revisions) {
      reports.push(
        await this.#planes.request({ method: 'get-convergence', revision: revision as never }),
      );
    }
    return reports;
  }

  quietBytesPerNodeSecond(): number {
    return this.#quietBytes;
  }

  close(): Promise<void> {
    return this.#planes.close();
  }

  async #publish(text: string): Promise<void> {
    const base = this.#planes.belief?.head?.revision ?? null;
    const { record } = await this.#planes.request({
      method: 'publish',
      text,
      base,
      message: 'calibration',
      actor: 'test',
    });
    this.#revisions.push(record.revision);
  }

  /** It is down until every node has lost its link. */
  async #outage(): Promise<void> {
    this.#counted = this.#countsNow();
    await this.#planes.killControlPlane();
    await this.#untilNodes(({ link }) => link.state !== 'connected');
    this.#duringOutage = (await this.#inspectAll()).map(servedLine);
    await this.#planes.startControlPlane();
  }

  async #restart(): Promise<void> {
    const restartedAtMs = Date.now();
    await this.#planes.simulate({
      type: 'restart-nodes',
      target: { scope: 'fleet' },
      disk: 'keep',
    });
    await this.#untilNodes(
      ({ serving, link }) =>
        serving !== null && serving.sinceMs >= restartedAtMs && link.state === 'connected',
    );
  }

  async #quiet(forMs: number): Promise<void> {
    const from = this.#belief();
    const to = await this.#planes.untilBelief(({ atMs }) => atMs >= from.atMs + forMs);
    const seconds = (to.atMs - from.atMs) / 1_000;
    this.#quietBytes = (to.load.bytesSent - from.load.bytesSent) / seconds / CALIBRATION_NODES;
  }

  async #settled(): Promise<void> {
    const head = this.#revisions.at(-1) ?? 0;
    // What was told before the step is not what came of it.
    const tookAtMs = Date.now();
    await this.#planes.untilBelief((b) => b.atMs >= tookAtMs && isSettled(b, head));
    // The control plane has heard of a node before the node has heard of it.
    await this.#untilNodes(({ link }) => link.state === 'connected');
  }

  #belief(): Belief {
    const { belief } = this.#planes;
    if (belief === null) throw new Error('the control plane has told nothing yet');
    return belief;
  }

  #countsNow(): CalibrationCounts {
    const now = countsOf(this.#belief());
    return this.#counted === null ? now : addCounts(this.#counted, now);
  }

  async #inspectAll(): Promise<NodeInspection[]> {
    const nodes = planInventory({
      nodes: CALIBRATION_NODES,
      cells: CALIBRATION_CELLS,
      current: [],
    }).add;
    return Promise.all(
      nodes.map(async ({ nodeId }) => {
        const told = await this.#planes.simulate({ type: 'inspect-node', nodeId });
        if (told.kind !== 'inspection') throw new Error(`no inspection, but ${told.kind}`);
        return told.inspection;
      }),
    );
  }

  async #untilNodes(holds: (node: NodeInspection) => boolean): Promise<void> {
    while (!(await this.#inspectAll()).every(holds)) await this.#planes.nextFrame();
  }
}

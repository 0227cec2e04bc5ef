import type { NodeId } from '../../core/config/ids.ts';
import type { LinkFault } from '../../core/fault/fault.ts';
import { assertNever } from '../../core/lib/assert.ts';
import type { Disposable } from '../../core/lib/disposable.ts';
import { ok, type Result } from '../../core/lib/result.ts';
import { createSeededRandom } from '../../core/lib/seeded-random.ts';
import { inspectNode } from '../../core/node/inspect-node.ts';
import { createSharedWork } from '../../core/node/shared-work.ts';
import { addMicros, type Clock, MICROS_PER_MS } from '../../core/ports/clock.ts';
import type { RandomStream } from '../../core/ports/random.ts';
import type { Scheduler } from '../../core/ports/scheduler.ts';
import type { NodeTarget } from '../../core/protocol/primitives.ts';
import type {
  Roster,
  SimulatorCommand,
  SimulatorEvent,
  SimulatorResult,
} from '../../core/protocol/simulator-control.ts';
import { ConnectGate } from './connect-gate.ts';
import { FleetDisk } from './disk/fleet-disk.ts';
import { FaultBoard, targetCovers } from './fault-board.ts';
import { CLEAR_CONDITIONS } from './link-conditions.ts';
import { ACTIVE_FAULTS_MAX, CONNECTS_UNDER_WAY_MAX, START_SPREAD_MS } from './live-limits.ts';
import { type FleetServices, LiveNode } from './live-node.ts';
import { NodeNotes } from './node-notes.ts';
import { sampleFleet } from './sample-fleet.ts';
import { SharedFrames } from './shared-frames.ts';
import { SnapshotDirectoryReader } from './snapshot-directory-reader.ts';
import { TrafficRunner } from './traffic-runner.ts';

type InitCommand = Extract<SimulatorCommand, { type: 'init' }>;
type RequestCommand = Extract<SimulatorCommand, { requestId: number }>;
type Answer = Extract<SimulatorEvent, { type: 'result' }>['result'];

export interface FleetSimulatorInput {
  readonly init: InitCommand;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly post: (event: SimulatorEvent) => void;
  /** Whether a telemetry frame may be sent now, or would only queue up. */
  readonly mayPostFrame: () => boolean;
}

/** The whole simulated fleet: its nodes, their links, their traffic and their disks. */
export class FleetSimulator {
  readonly #input: FleetSimulatorInput;
  readonly #services: FleetServices;
  readonly #disk: FleetDisk;
  readonly #random: RandomStream;
  readonly #faults: FaultBoard;
  readonly #traffic: TrafficRunner;
  readonly #byId = new Map<NodeId, LiveNode>();
  /** In roster order. */
  #nodes: readonly LiveNode[] = [];
  #rosterVersion = 0;
  #telemetry: Disposable | null = null;

  private constructor(input: FleetSimulatorInput, disk: FleetDisk) {
    const { init, clock, scheduler, post } = input;
    this.#input = input;
    this.#disk = disk;
    this.#random = createSeededRandom(init.seed);
    const notes = new NodeNotes(clock, post);
    this.#services = {
      clock,
      scheduler,
      disk,
      gate: new ConnectGate(CONNECTS_UNDER_WAY_MAX),
      frames: new SharedFrames(),
      work: createSharedWork(),
      snapshots: snapshotsOf(init),
      controlPlaneUrl: nodeEndpointOf(init.controlPlaneUrl),
      fleetToken: init.fleetToken,
      note: (nodeId, text) => notes.note(nodeId, text),
    };
    this.#faults = new FaultBoard({
      clock,
      scheduler,
      ended: (faultId, fault) => {
        this.#applyWeather(fault);
        post({ type: 'fault-ended', faultId });
      },
    });
    const { shapes, requestsPerSecond } = init;
    const nodes = () => this.#nodes;
    this.#traffic = new TrafficRunner({ clock, scheduler, nodes, shapes, requestsPerSecond });
  }

  /** Opens the disks and starts the fleet. */
  static start(
    input: FleetSimulatorInput,
  ): Result<FleetSimulator, { readonly reason: 'open-failed'; readonly detail: string }> {
    const first = input.init.roster[0]?.nodeId;
    const note = (text: string) => {
      // What concerns the shared file concerns all nodes; it is said in the name of the first.
      if (first !== undefined) input.post({ type: 'node-note', nodeId: first, text });
    };
    const disk = FleetDisk.open({ dir: input.init.diskDir, note });
    if (!disk.ok) return disk;
    // Who was retired while this process was down must not leave its disk to a namesake.
    const provisioned = new Set(input.init.roster.map(({ nodeId }) => nodeId));
    disk.value.keepOnly(provisioned, () => undefined);
    const simulator = new FleetSimulator(input, disk.value);
    simulator.#setRoster(input.init.rosterVersion, input.init.roster);
    simulator.#traffic.start();
    simulator.#sampleLater();
    return ok(simulator);
  }

  handle(command: Exclude<SimulatorCommand, { type: 'init' | 'shut-down' }>): void {
    switch (command.type) {
      case 'set-roster':
        this.#setRoster(command.rosterVersion, command.roster);
        return;
      case 'set-shapes':
        this.#traffic.setShapes(command.shapes);
        return;
      case 'restart-nodes':
      case 'start-fault':
      case 'clear-fault':
      case 'inspect-node': {
        const { requestId } = command;
        this.#input.post({ type: 'result', requestId, result: this.#answer(command) });
        return;
      }
      default:
        assertNever(command);
    }
  }

  /** Lets go of every link; what was asked of the disk is finished first. */
  shutDown(done: () => void): void {
    this.#telemetry?.dispose();
    this.#traffic.stop();
    for (const node of this.#nodes) node.stop();
    this.#disk.afterPending(() => {
      this.#disk.close();
      done();
    });
  }

  // ---- commands -------------------------------------------------------------------------------

  #answer(command: RequestCommand): Answer {
    switch (command.type) {
      case 'restart-nodes':
        return this.#restart(command.target, command.disk);
      case 'start-fault':
        return this.#startFault(command.faultId, command.fault);
      case 'clear-fault':
        return this.#clearFault(command.faultId);
      case 'inspect-node':
        return this.#inspect(command.nodeId);
      default:
        return assertNever(command);
    }
  }

  #restart(target: NodeTarget, disk: 'keep' | 'wipe'): Answer {
    const nodes = this.#covered(target);
    if (nodes.length === 0) return noSuchNode(target);
    if (disk === 'wipe') {
      const nodeIds = nodes.map(({ machine }) => machine.nodeId);
      this.#disk.wipe(nodeIds, () => undefined);
    }
    for (const node of nodes) node.restart();
    return done({ kind: 'restarted', nodes: nodes.length });
  }

  #startFault(faultId: string, fault: LinkFault): Answer {
    const nodes = this.#covered(fault.target);
    if (nodes.length === 0) return noSuchNode(fault.target);
    const replaced = this.#faults.get(faultId);
    if (!this.#faults.start(faultId, fault)) {
      const detail = `More than ${ACTIVE_FAULTS_MAX} faults cannot stand at a time; clear one first.`;
      return { ok: false, reason: 'unknown-fault', detail };
    }
    if (replaced !== null) this.#applyWeather(replaced);
    this.#applyWeather(fault);
    return done({ kind: 'fault-started', nodes: nodes.length });
  }

  #clearFault(faultId: string): Answer {
    const fault = this.#faults.get(faultId);
    if (fault === null) {
      return { ok: false, reason: 'unknown-fault', detail: `No fault ${faultId} is in force.` };
    }
    this.#faults.clear(faultId);
    const nodes = this.#applyWeather(fault);
    return done({ kind: 'fault-cleared', nodes });
  }

  #inspect(nodeId: NodeId): Answer {
    const node = this.#byId.get(nodeId);
    if (node === undefined) return noSuchNode({ scope: 'node', nodeId });
    const traffic = { requestsPerSecond: node.requests, failuresPerSecond: node.failures };
    return done({
      kind: 'inspection',
      inspection: inspectNode(node.machine, traffic, this.#input.clock.now()),
    });
  }

  // ---- fleet ----------------------------------------------------------------------------------

  #setRoster(rosterVersion: number, roster: Roster): void {
    const wanted = new Set(roster.map(({ nodeId }) => nodeId));
    const retired = this.#nodes.filter(({ machine }) => !wanted.has(machine.nodeId));
    for (const node of retired) {
      node.stop();
      // A partition must not keep the end of a node's link back for ever.
      node.weather.set(CLEAR_CONDITIONS);
      this.#byId.delete(node.machine.nodeId);
    }
    if (retired.length > 0) {
      const nodeIds = retired.map(({ machine }) => machine.nodeId);
      this.#disk.wipe(nodeIds, () => undefined);
    }
    const nodes: LiveNode[] = [];
    const added: LiveNode[] = [];
    for (const { nodeId, cell } of roster) {
      let node = this.#byId.get(nodeId);
      if (node === undefined) {
        node = this.#createNode(nodeId, cell);
        added.push(node);
      }
      nodes.push(node);
    }
    this.#nodes = nodes;
    this.#rosterVersion = rosterVersion;
    for (const node of added) node.start(START_SPREAD_MS * MICROS_PER_MS);
  }

  #createNode(nodeId: NodeId, cell: string): LiveNode {
    const node = new LiveNode(this.#services, nodeId, cell, this.#random.split(nodeId));
    node.weather.set(this.#faults.conditionsOf(nodeId, cell));
    this.#byId.set(nodeId, node);
    return node;
  }

  #covered(target: NodeTarget): readonly LiveNode[] {
    return this.#nodes.filter(({ machine }) => targetCovers(target, machine.nodeId, machine.cell));
  }

  /** Gives the nodes that a fault holds, or held, their weather anew; gives their number. */
  #applyWeather(fault: LinkFault): number {
    const nodes = this.#covered(fault.target);
    for (const { machine, weather } of nodes) {
      weather.set(this.#faults.conditionsOf(machine.nodeId, machine.cell));
    }
    return nodes.length;
  }

  #sampleLater(): void {
    const { clock, init, mayPostFrame, post, scheduler } = this.#input;
    const nextAt = addMicros(clock.now(), init.telemetryIntervalMs * MICROS_PER_MS);
    this.#telemetry = scheduler.at(nextAt, () => {
      if (mayPostFrame()) {
        const traffic = this.#traffic.takeFinished();
        const frame = sampleFleet(this.#nodes, this.#rosterVersion, clock.now(), traffic);
        post({ type: 'frame', frame });
      }
      this.#sampleLater();
    });
  }
}

function done(value: SimulatorResult): Answer {
  return ok(value);
}

function noSuchNode(target: NodeTarget): Answer {
  const detail =
    target.scope === 'node'
      ? `There is no node ${target.nodeId}.`
      : target.scope === 'cell'
        ? `There is no node in cell ${target.cell}.`
        : 'The fleet has no nodes.';
  return { ok: false, reason: 'unknown-node', detail };
}

function snapshotsOf({ snapshotStore }: InitCommand): FleetServices['snapshots'] {
  if (snapshotStore === undefined) return null;
  const { directory, ...timing } = snapshotStore;
  return { reader: new SnapshotDirectoryReader(directory), timing };
}

/** The node endpoint, also of an address that names only the host. */
function nodeEndpointOf(address: string): string {
  const url = new URL(address);
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.pathname === '/') url.pathname = '/node';
  return url.href;
}

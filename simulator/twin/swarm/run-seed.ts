import { AGENT_CURRENT, AGENT_OLDEST } from '../../../core/node/agent-profiles.ts';
import { NodeMachine, type NodeMachineInput } from '../../../core/node/node-machine.ts';
import { addMicros, MICROS_PER_MS, type Micros, micros } from '../../../core/ports/clock.ts';
import { DEFAULT_TWIN_OPTIONS, type TwinOptions } from '../twin-options.ts';
import type { TwinSeams } from '../twin-seams.ts';
import { TwinWorld } from '../twin-world.ts';
import { checkLiveness } from './liveness.ts';
import { scheduleActions } from './operator.ts';
import { SwarmFailure, type SwarmPhase } from './swarm-failure.ts';
import type { SwarmPlan } from './swarm-plan.ts';
import { SWARM_SERVICE_TIMES } from './swarm-service-times.ts';
import { SwarmWatch } from './swarm-watch.ts';

/** Steps between two looks at whether to go on: a few milliseconds of work. */
const STEPS_PER_SLICE = 5_000;

export interface SeedFailure {
  readonly phase: SwarmPhase;
  readonly sentence: string;
  /** Steps that the world had taken. */
  readonly step: number;
  readonly atMs: number;
}

export interface SeedOutcome {
  /** `stopped`: it was not run to its end. */
  readonly state: 'held' | 'failed' | 'stopped';
  readonly failure: SeedFailure | null;
  readonly traceHash: string;
  readonly virtualMs: number;
}

/** A part that a test puts in the place of the real one. */
export type SwarmMutation = Pick<TwinSeams, 'createControlPlane' | 'createNode' | 'storeAfterKill'>;

/** Runs what a seed drew, both phases, and holds every step against what must be. */
export async function runSeed(
  plan: SwarmPlan,
  signal: AbortSignal | null,
  mutation: SwarmMutation = {},
): Promise<SeedOutcome> {
  const watch = new SwarmWatch(plan.settings);
  let world: TwinWorld | null = null;
  let failure: SeedFailure | null = null;
  let isWhole = false;
  try {
    world = new TwinWorld(optionsOf(plan), seamsOf(plan, watch, mutation));
    watch.attach(world);
    scheduleActions(world, plan.actions);
    isWhole = await runUntil(world, at(plan.settledMs), signal);
    if (isWhole) {
      renewed(world, watch);
      checkLiveness(world, plan, watch);
      watch.isQuiet = true;
      isWhole = await runUntil(world, at(plan.endMs), signal);
      if (isWhole) {
        renewed(world, watch);
        checkLiveness(world, plan, watch);
      }
    }
  } catch (error) {
    failure = failureOf(error, world);
  }
  return {
    state: failure !== null ? 'failed' : isWhole ? 'held' : 'stopped',
    failure,
    traceHash: world?.trace.digest() ?? '',
    virtualMs: (world?.time.now() ?? 0) / MICROS_PER_MS,
  };
}

/** Where links are renewed every few seconds, one or the other may be at it just now. */
const RENEWAL_WAIT_STEP_US = 50 * MICROS_PER_MS;
const RENEWAL_WAIT_STEPS_MAX = 100;

/** Runs on to an instant at which no link is being renewed; one that does not come again is found. */
function renewed(world: TwinWorld, watch: SwarmWatch): void {
  for (let step = 0; watch.isRenewing && step < RENEWAL_WAIT_STEPS_MAX; step += 1) {
    world.runUntil(addMicros(world.time.now(), RENEWAL_WAIT_STEP_US));
  }
}

async function runUntil(
  world: TwinWorld,
  until: Micros,
  signal: AbortSignal | null,
): Promise<boolean> {
  while (!world.runUntil(until, STEPS_PER_SLICE)) {
    if (signal !== null) await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted === true) return false;
  }
  return true;
}

/** Code that breaks its own assertions has done something wrong, too. */
function failureOf(error: unknown, world: TwinWorld | null): SeedFailure {
  const isFound = error instanceof SwarmFailure;
  const text = error instanceof Error ? error.message : String(error);
  return {
    phase: isFound ? error.phase : 'safety',
    sentence: isFound ? text : `The code broke off: ${text}`,
    step: world?.time.ran ?? 0,
    atMs: (world?.time.now() ?? 0) / MICROS_PER_MS,
  };
}

function optionsOf(plan: SwarmPlan): TwinOptions {
  return {
    ...DEFAULT_TWIN_OPTIONS,
    nodes: plan.nodes,
    cells: plan.cells,
    seed: plan.seed,
    durationUs: plan.endMs * MICROS_PER_MS,
    configText: plan.configText,
    faults: plan.faults,
    requestsPerSecond: 0,
    heartbeatMs: plan.heartbeatMs,
    times: { ...SWARM_SERVICE_TIMES, diskWriteUsMax: plan.diskWriteUsMax },
  };
}

function seamsOf(plan: SwarmPlan, watch: SwarmWatch, mutation: SwarmMutation): TwinSeams {
  const create = mutation.createNode ?? ((input: NodeMachineInput) => new NodeMachine(input));
  return {
    ...mutation,
    settings: plan.settings,
    watch,
    createNode: (input) => {
      const agent = plan.olderAgents.has(input.nodeId) ? AGENT_OLDEST : AGENT_CURRENT;
      return create({ ...input, agent, scrubPeriodMs: plan.scrubPeriodMs });
    },
  };
}

function at(ms: number): Micros {
  return micros(ms * MICROS_PER_MS);
}

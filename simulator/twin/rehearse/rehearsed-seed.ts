import { createControlPlane } from '../../../core/control-plane/control-plane.ts';
import { assert } from '../../../core/lib/assert.ts';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import {
  addMicros,
  MICROS_PER_MS,
  MICROS_PER_SECOND,
  type Micros,
  micros,
} from '../../../core/ports/clock.ts';
import type { SeedOutcome } from '../../../core/rehearsal/seed-outcome.ts';
import { START_SPREAD_MS } from '../../live/live-limits.ts';
import { CALIBRATION } from '../fitted-service-times.ts';
import type { ServiceTimes } from '../service-times.ts';
import { drawSlownessPercent, slowedTimes } from '../slowed-times.ts';
import { standingMsOf } from '../twin-fault.ts';
import { TwinWorld } from '../twin-world.ts';
import { isSettled, type SettledTarget } from './is-settled.ts';
import type { Rehearsal } from './prepare-rehearsal.ts';
import { RehearsalTraffic } from './rehearsal-traffic.ts';
import { outcomeOf, type SentBefore } from './seed-outcome-of.ts';

/** Between two looks at whether the fleet has settled, microseconds of virtual time. */
const LOOK_EVERY_US = 250_000;
/** Longest that the fleet may take to settle before the publish, microseconds of virtual time. */
const SETTLE_US_MAX = 60 * MICROS_PER_SECOND;
/** Between two looks after the publish; a step of the traffic. */
const WATCH_EVERY_US = MICROS_PER_SECOND;

/**
 * One seed of a rehearsal: a fleet that comes up as the shape says, the publish, and what comes of it,
 * until everything is over and has been quiet for a second, or to the horizon.
 */
export class RehearsedSeed {
  readonly world: TwinWorld;
  readonly #rehearsal: Rehearsal;
  readonly #seed: number;
  readonly #startedAt: Micros;
  #phase: 'settling' | 'settled' | 'published' | 'over' = 'settling';
  /** When it is looked at next. */
  #until: Micros;
  #publishedAt = micros(0);
  #traffic: RehearsalTraffic | null = null;
  #sentBefore: SentBefore | null = null;
  #wasQuiet = false;

  constructor(rehearsal: Rehearsal, seed: number) {
    const { options, memory, served, faults } = rehearsal;
    this.#rehearsal = rehearsal;
    this.#seed = seed;
    this.world = new TwinWorld(
      { ...options, seed, times: timesOf(rehearsal, seed) },
      {
        createControlPlane: (parts, now) => createControlPlane({ ...parts, memory }, now),
      },
    );
    this.#startedAt = this.world.time.now();
    for (const node of this.world.nodes) node.inRotation = served.has(node.machine.nodeId);
    faults.leftMs.forEach((_, index) => {
      this.world.beginFault(index);
    });
    this.#until = addMicros(this.#startedAt, START_SPREAD_MS * MICROS_PER_MS);
  }

  /** Some of the work; true when all of it is done. */
  work(stepsMax: number): boolean {
    if (this.#phase !== 'over' && this.world.runUntil(this.#until, stepsMax)) this.#look();
    return this.#phase === 'over';
  }

  outcome(): SeedOutcome {
    const traffic = this.#traffic;
    const sentBefore = this.#sentBefore;
    assert(traffic !== null && sentBefore !== null, 'a seed has an outcome once it is over');
    return outcomeOf({
      world: this.world,
      seed: this.#seed,
      publishedAt: this.#publishedAt,
      horizonAt: this.#horizonAt,
      isOutOfReach: (fault) => this.#isCutForGood(fault),
      traffic,
      sentBefore,
    });
  }

  get #horizonAt(): Micros {
    return addMicros(this.#publishedAt, this.#rehearsal.request.horizonMs * MICROS_PER_MS);
  }

  #look(): void {
    switch (this.#phase) {
      case 'settling':
        this.#lookWhetherSettled();
        return;
      case 'settled':
        this.#publish();
        return;
      default:
        this.#lookWhetherOver();
    }
  }

  /** The publish falls anywhere within a second, the next that begins once the fleet has gone on for a while. */
  #lookWhetherSettled(): void {
    const now = this.world.time.now();
    const isLate = now - this.#startedAt >= SETTLE_US_MAX;
    if (!isLate && !isSettled(this.world, this.#head(), () => true)) {
      this.#until = addMicros(now, LOOK_EVERY_US);
      return;
    }
    const goesOnUs = isLate ? 0 : this.#rehearsal.options.heartbeatMs * MICROS_PER_MS;
    const second = Math.floor((now + goesOnUs) / MICROS_PER_SECOND) + 1;
    const phaseUs = createSeededRandom(this.#seed).split('publish').below(PUBLISH_SPREAD_US);
    this.#until = micros(second * MICROS_PER_SECOND + phaseUs);
    this.#phase = 'settled';
  }

  #publish(): void {
    const { world } = this;
    const { request, requestShapes: shapes, faults, trafficMemory: memory } = this.#rehearsal;
    const now = world.time.now();
    this.#phase = 'published';
    this.#publishedAt = now;
    world.staleness.forget();
    const { bytesPushed } = world.linkTotals;
    this.#sentBefore = { ...world.controlPlane.sentCounts, bytesPushed };
    const { requestsPerSecond } = request.shape;
    this.#traffic = new RehearsalTraffic({ world, shapes, requestsPerSecond, memory });
    const isThereFirst = faults.schedule.map(({ atMs, fault }, index) => {
      return faults.leftMs[index] === undefined && atMs === 0 && 'target' in fault;
    });
    // The pushes of the draft leave at this very instant, and what breaks with the publish holds them.
    isThereFirst.forEach((isFirst, index) => {
      if (isFirst) world.beginFault(index);
    });
    world.publish(request.draftText, 'rehearsed', request.allowEmpty);
    faults.schedule.forEach(({ atMs }, index) => {
      const leftMs = faults.leftMs[index];
      if (leftMs === null || isThereFirst[index] === true) return;
      if (leftMs === undefined) {
        world.time.at(addMicros(now, atMs * MICROS_PER_MS), () => world.beginFault(index));
        return;
      }
      world.time.at(addMicros(now, leftMs * MICROS_PER_MS), () => world.endFault(index));
    });
    this.#watchOn();
  }

  #watchOn(): void {
    const next = addMicros(this.world.time.now(), WATCH_EVERY_US);
    this.#until = next < this.#horizonAt ? next : this.#horizonAt;
  }

  #lookWhetherOver(): void {
    this.#traffic?.count();
    const isQuiet = this.#isQuiet();
    const now = this.world.time.now();
    // What was asked in the last second was answered by a fleet that changed no more.
    if (now >= this.#horizonAt || (isQuiet && this.#wasQuiet)) {
      this.#phase = 'over';
      return;
    }
    this.#wasQuiet = isQuiet;
    this.#watchOn();
  }

  #isQuiet(): boolean {
    const { world, faults } = { world: this.world, faults: this.#rehearsal.faults };
    const sincePublishUs = world.time.now() - this.#publishedAt;
    if (sincePublishUs < faults.chosenOverMs * MICROS_PER_MS) return false;
    const isAnswered = world.publishes.length + world.refusals.length > 0;
    return isAnswered && isSettled(world, this.#head(), (fault) => this.#isCutForGood(fault));
  }

  /** Whether a fault stands when the rehearsal ends. */
  #isCutForGood(index: number): boolean {
    const { faults, request } = this.#rehearsal;
    const leftMs = faults.leftMs[index];
    if (leftMs !== undefined) return leftMs === null || leftMs >= request.horizonMs;
    const chosen = faults.schedule[index];
    if (chosen === undefined) return false;
    const standingMs = standingMsOf(chosen.fault);
    return standingMs === null || chosen.atMs + standingMs >= request.horizonMs;
  }

  #head(): SettledTarget | null {
    return this.world.controlPlane.store.head();
  }
}

/** One publish is not as quick as the next: a console's own fleet varies as the measured one did. */
function timesOf({ options, request }: Rehearsal, seed: number): ServiceTimes {
  if (!request.shape.nodesShareProcess) return options.times;
  const random = createSeededRandom(seed).split('slowness');
  return slowedTimes(options.times, drawSlownessPercent(CALIBRATION.slownessPercent, random));
}

/** Publishes fall within this part of a second, so that what is published says the same second. */
const PUBLISH_SPREAD_US = 900_000;

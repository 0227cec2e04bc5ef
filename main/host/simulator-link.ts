import { err, ok, type Result } from '../../core/lib/result.ts';
import { NODE_STORE_TIMING } from '../../core/node/node-limits.ts';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';
import type { ProcessStatus } from '../../core/protocol/console-model.ts';
import type {
  RequestShape,
  Roster,
  SimulatorCommand,
  SimulatorEvent,
  SimulatorResult,
} from '../../core/protocol/simulator-control.ts';
import { isSimulatorEvent } from './child-events.ts';
import { ChildRequests } from './child-requests.ts';
import {
  CHILD_REQUEST_TIMEOUT_MS,
  CHILD_REQUESTS_PENDING_MAX,
  CHILD_SILENCE_MS,
  REQUESTS_PER_SECOND_A_NODE,
  TELEMETRY_INTERVAL_MS,
} from './limits.ts';
import { SilenceWatch } from './silence-watch.ts';
import type { Spawner } from './spawner.ts';
import { Supervisor } from './supervisor.ts';

/** What a fresh simulator is told. */
export interface SimulatorSetting {
  readonly rosterVersion: number;
  readonly roster: Roster;
  readonly shapes: readonly RequestShape[];
  readonly nodePort: number;
}

export interface SimulatorLinkInput {
  readonly spawner: Spawner;
  readonly nowMs: () => number;
  readonly diskDirectory: string;
  readonly snapshotStoreDirectory: string;
  readonly fleetToken: string;
  readonly seed: number;
  /** Null while the roster is not known: then the process waits for `settingKnown`. */
  readonly setting: () => SimulatorSetting | null;
  readonly onStatus: (status: ProcessStatus, before: ProcessStatus) => void;
  readonly onEvent: (event: SimulatorEventOut) => void;
}

type Answer =
  | Extract<SimulatorEvent, { type: 'result' }>['result']
  | { readonly ok: false; readonly refusal: ConsoleRefusal };

export type SimulatorEventOut = Exclude<SimulatorEvent, { type: 'result' }>;

type RequestCommand = Extract<SimulatorCommand, { readonly requestId: number }>;
type WithoutId<C> = C extends unknown ? Omit<C, 'requestId'> : never;

/** The console's end of the simulator process: its life, its requests, its telemetry. */
export class SimulatorLink {
  readonly supervisor: Supervisor;
  readonly #input: SimulatorLinkInput;
  readonly #requests = new ChildRequests<Answer>(CHILD_REQUESTS_PENDING_MAX);
  readonly #silence = new SilenceWatch();
  #isInitialised = false;

  constructor(input: SimulatorLinkInput) {
    this.#input = input;
    this.supervisor = new Supervisor({
      module: 'simulator',
      spawner: input.spawner,
      nowMs: input.nowMs,
      restartsItself: true,
      onSpawn: () => {
        this.#isInitialised = false;
        this.settingKnown();
      },
      onMessage: (message) => this.#received(message),
      onStatus: (status, before) => {
        if (status.state === 'down') this.#requests.failAll(() => ({ ok: false, refusal: DOWN }));
        input.onStatus(status, before);
      },
    });
  }

  /** Tells a process that was started early what it waits for. Harmless at any other time. */
  settingKnown(): void {
    const setting = this.#input.setting();
    if (this.#isInitialised || setting === null) return;
    const command: SimulatorCommand = {
      type: 'init',
      diskDir: this.#input.diskDirectory,
      snapshotStore: { directory: this.#input.snapshotStoreDirectory, ...NODE_STORE_TIMING },
      controlPlaneUrl: `ws://127.0.0.1:${setting.nodePort}/node`,
      fleetToken: this.#input.fleetToken,
      seed: this.#input.seed,
      rosterVersion: setting.rosterVersion,
      roster: setting.roster,
      shapes: [...setting.shapes],
      requestsPerSecond: REQUESTS_PER_SECOND_A_NODE,
      telemetryIntervalMs: TELEMETRY_INTERVAL_MS,
    };
    this.#isInitialised = this.supervisor.send(command);
  }

  /** How long it has said nothing though it is up; null while it answers. */
  get silentMs(): number | null {
    return this.#silence.longerThan(CHILD_SILENCE_MS);
  }

  tick(nowMs: number): void {
    this.#silence.tick(nowMs, this.supervisor.status.state === 'up');
  }

  setRoster(rosterVersion: number, roster: Roster): void {
    if (this.#isInitialised) this.#send({ type: 'set-roster', rosterVersion, roster });
  }

  setShapes(shapes: readonly RequestShape[]): void {
    if (this.#isInitialised) this.#send({ type: 'set-shapes', shapes: [...shapes] });
  }

  /** Never rejects. Refused with `simulator-down` when it is not up. */
  async request(
    command: WithoutId<RequestCommand>,
  ): Promise<Result<SimulatorResult, ConsoleRefusal>> {
    if (this.supervisor.status.state !== 'up' || this.#requests.isFull) return err(DOWN);
    const answer = await this.#requests.open(
      (requestId) => this.#send({ ...command, requestId }),
      CHILD_REQUEST_TIMEOUT_MS,
      () => ({ ok: false, refusal: TIMED_OUT }),
    );
    if (answer.ok) return ok(answer.value);
    if ('refusal' in answer) return err(answer.refusal);
    return err({ reason: answer.reason, detail: answer.detail });
  }

  #send(command: SimulatorCommand): void {
    this.supervisor.send(command);
  }

  #received(message: unknown): void {
    if (!isSimulatorEvent(message)) return;
    this.#silence.heard();
    if (message.type === 'result') {
      this.#requests.answer(message.requestId, message.result);
      return;
    }
    if (message.type === 'fatal') this.supervisor.markFatal(message.detail);
    if (message.type === 'ready') this.supervisor.markReady();
    this.#input.onEvent(message);
  }
}

const DOWN: ConsoleRefusal = {
  reason: 'simulator-down',
  detail: 'The simulator is down; it is started again by itself, so try again in a moment.',
};
const TIMED_OUT: ConsoleRefusal = {
  reason: 'timeout',
  detail: 'The simulator did not answer in time.',
};

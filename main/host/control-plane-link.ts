import { SNAPSHOT_INTERVAL_MS } from '../../core/control-plane/settings.ts';
import { err, type Result } from '../../core/lib/result.ts';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';
import type { ProcessStatus } from '../../core/protocol/console-model.ts';
import type {
  ControlPlaneCommand,
  ControlPlaneEventMessage,
  ControlPlaneMethod,
  ControlPlaneRequest,
  ControlPlaneResults,
} from '../../core/protocol/control-plane-control.ts';
import type { OpenStoreError } from '../control-plane/store/open-database.ts';
import { isControlPlaneEvent } from './child-events.ts';
import { ChildRequests } from './child-requests.ts';
import {
  BELIEF_INTERVAL_MS,
  CHILD_REQUEST_TIMEOUT_MS,
  CHILD_REQUESTS_PENDING_MAX,
  CHILD_SILENCE_BUSY_MS,
  CHILD_SILENCE_MS,
  CHILD_SLOW_REQUEST_TIMEOUT_MS,
  CONVERGENCE_DEADLINE_MS,
  HEARTBEAT_MS,
} from './limits.ts';
import { SilenceWatch } from './silence-watch.ts';
import type { Spawner } from './spawner.ts';
import { Supervisor } from './supervisor.ts';

export type ControlPlaneReady = Extract<ControlPlaneEventMessage, { type: 'ready' }>;
export type ControlPlaneEvent = Exclude<ControlPlaneEventMessage, { type: 'response' }>;

export interface ControlPlaneLinkInput {
  readonly spawner: Spawner;
  readonly nowMs: () => number;
  readonly databasePath: string;
  readonly snapshotStoreDirectory: string;
  readonly fleetToken: string;
  readonly seed: number;
  /** Where nodes connect; asked at every start. */
  readonly nodePort: () => number;
  readonly onStatus: (status: ProcessStatus, before: ProcessStatus) => void;
  readonly onEvent: (event: ControlPlaneEvent) => void;
}

type Fatal = Extract<ControlPlaneEventMessage, { type: 'fatal' }>;

/** What says that the file itself cannot be used, see `OpenStoreError`. */
const STORE_REFUSALS: ReadonlySet<string> = new Set<OpenStoreError['reason']>([
  'damaged',
  'in-use',
  'newer-version',
  'not-a-store',
  'read-only',
]);

type RawResponse = Extract<ControlPlaneEventMessage, { type: 'response' }>['response'];
type Answer = RawResponse | { readonly ok: false; readonly error: ConsoleRefusal };

/** Requests that may take long, as they write or gather much. */
const SLOW_METHODS: ReadonlySet<ControlPlaneMethod> = new Set([
  'publish',
  'rollback',
  'adopt-fleet',
  'backup',
  'check-draft',
]);

/** Requests whose answer says what the head is now. */
const HEAD_METHODS: ReadonlySet<ControlPlaneMethod> = new Set([
  'publish',
  'rollback',
  'adopt-fleet',
]);

/** The console's end of the control plane process: its life, its requests, its events. */
export class ControlPlaneLink {
  readonly supervisor: Supervisor;
  readonly #requests = new ChildRequests<Answer>(CHILD_REQUESTS_PENDING_MAX);
  readonly #onEvent: (event: ControlPlaneEvent) => void;
  readonly #silence = new SilenceWatch();
  /** What waits for an answer, by method. */
  readonly #waiting: ControlPlaneMethod[] = [];
  #fatal: Fatal | null = null;

  constructor(input: ControlPlaneLinkInput) {
    this.#onEvent = input.onEvent;
    this.supervisor = new Supervisor({
      module: 'control-plane',
      spawner: input.spawner,
      nowMs: input.nowMs,
      // A dead control plane is what people come to see: only a person starts it again.
      restartsItself: false,
      onSpawn: (send) => {
        this.#fatal = null;
        send(initCommand(input));
      },
      onMessage: (message) => this.#received(message),
      onStatus: (status, before) => {
        if (status.state === 'down') this.#requests.failAll(() => refuse(wentDown));
        input.onStatus(status, before);
      },
    });
  }

  /** Why the latest process could not use its file; null when that is not what ended it. */
  get storeRefusal(): { readonly reason: string; readonly detail: string } | null {
    return this.#fatal !== null && STORE_REFUSALS.has(this.#fatal.reason) ? this.#fatal : null;
  }

  /** Whether an answer is awaited that will say what the head is. */
  get awaitsHead(): boolean {
    return this.#waiting.some((method) => HEAD_METHODS.has(method));
  }

  /** How long it has said nothing though it is up; null while it answers. */
  get silentMs(): number | null {
    const isBusy = this.#waiting.some((method) => SLOW_METHODS.has(method));
    return this.#silence.longerThan(isBusy ? CHILD_SILENCE_BUSY_MS : CHILD_SILENCE_MS);
  }

  tick(nowMs: number): void {
    this.#silence.tick(nowMs, this.supervisor.status.state === 'up');
  }

  /** Never rejects. Refused with `control-plane-down` when it is not up. */
  async request<M extends ControlPlaneMethod>(
    request: Extract<ControlPlaneRequest, { method: M }>,
  ): Promise<Result<ControlPlaneResults[M], ConsoleRefusal>> {
    if (this.supervisor.status.state !== 'up') return err(CONTROL_PLANE_DOWN);
    if (this.#requests.isFull) {
      return err({ reason: 'timeout', detail: 'The control plane has too much to do; try again.' });
    }
    const timeoutMs = SLOW_METHODS.has(request.method)
      ? CHILD_SLOW_REQUEST_TIMEOUT_MS
      : CHILD_REQUEST_TIMEOUT_MS;
    this.#waiting.push(request.method);
    const answer = await this.#requests.open(
      (requestId) => {
        const command: ControlPlaneCommand = { type: 'request', requestId, request };
        this.supervisor.send(command);
      },
      timeoutMs,
      () => refuse(TIMED_OUT),
    );
    this.#waiting.splice(this.#waiting.indexOf(request.method), 1);
    if (!answer.ok) return err(answer.error);
    // The process answers a request with the result of its own method.
    return { ok: true, value: answer.value as ControlPlaneResults[M] };
  }

  #received(message: unknown): void {
    if (!isControlPlaneEvent(message)) return;
    this.#silence.heard();
    if (message.type === 'response') {
      this.#requests.answer(message.requestId, message.response);
      return;
    }
    if (message.type === 'fatal') {
      this.#fatal = message;
      this.supervisor.markFatal(message.detail);
    }
    if (message.type === 'ready') this.supervisor.markReady();
    this.#onEvent(message);
  }
}

export const CONTROL_PLANE_DOWN: ConsoleRefusal = {
  reason: 'control-plane-down',
  detail: 'The control plane is down; start it again first.',
};

const wentDown: ConsoleRefusal = {
  reason: 'control-plane-down',
  detail:
    'The control plane went down before it answered; whether it still did what was asked shows when it is started again.',
};

const TIMED_OUT: ConsoleRefusal = {
  reason: 'timeout',
  detail:
    'The control plane did not answer in time; whether it still did what was asked shows as soon as it answers again.',
};

function refuse(error: ConsoleRefusal): Answer {
  return { ok: false, error };
}

function initCommand(input: ControlPlaneLinkInput): ControlPlaneCommand {
  return {
    type: 'init',
    databasePath: input.databasePath,
    port: input.nodePort(),
    fleetToken: input.fleetToken,
    seed: input.seed,
    heartbeatMs: HEARTBEAT_MS,
    convergenceDeadlineMs: CONVERGENCE_DEADLINE_MS,
    beliefIntervalMs: BELIEF_INTERVAL_MS,
    snapshotStore: { directory: input.snapshotStoreDirectory, intervalMs: SNAPSHOT_INTERVAL_MS },
  };
}

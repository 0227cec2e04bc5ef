import { encodeFleetFrame } from '../../core/fleet/frame.ts';
import type {
  ConsoleServerMessage,
  ConsoleStream,
  ConsoleStreamItems,
  RehearsalProgress,
} from '../../core/protocol/console-api.ts';
import type { ConsoleStatus } from '../../core/protocol/console-model.ts';
import type { ConvergenceReport } from '../../core/protocol/control-plane-control.ts';
import { statusFingerprint } from './console-status.ts';
import type { EventLog } from './event-log.ts';
import type { FleetModel } from './fleet-model.ts';
import { STATUS_REFRESH_MS, STREAM_INTERVAL_MS } from './limits.ts';

/** A client that streams go to. */
export interface StreamSink {
  readonly streams: ReadonlySet<ConsoleStream>;
  sendText(text: string): void;
  /** Skipped when the client has not caught up with what was sent before. */
  sendFrame(bytes: Uint8Array): void;
}

export interface TelemetryFanoutInput {
  readonly model: FleetModel;
  readonly events: EventLog;
  readonly nowMs: () => number;
  readonly status: () => ConsoleStatus;
  /** Null: none is running. */
  readonly rehearsal: () => RehearsalProgress | null;
  /** The curve of a revision; null when nobody can tell now. */
  readonly convergence: (
    revision: ConvergenceReport['revision'],
  ) => Promise<ConvergenceReport | null>;
}

/** Frames come at most this much early, as the simulator's clock and ours are not the same. */
const FRAME_SLACK_MS = 100;

/** Sends what changes to who wants it, each stream at most four times a second. */
export class TelemetryFanout {
  readonly #input: TelemetryFanoutInput;
  readonly #sinks = new Set<StreamSink>();
  #lastFrameMs = 0;
  #lastStatusMs = 0;
  #lastFingerprint = '';
  #report: ConvergenceReport | null = null;
  #convergenceKey = '';
  #convergenceInFlight = false;

  constructor(input: TelemetryFanoutInput) {
    this.#input = input;
    input.events.onEvents((events) => this.#item('events', events));
  }

  add(sink: StreamSink): void {
    this.#sinks.add(sink);
  }

  remove(sink: StreamSink): void {
    this.#sinks.delete(sink);
  }

  /** The first item of a stream follows its subscription. */
  begin(sink: StreamSink, stream: ConsoleStream): void {
    const { model, events, status } = this.#input;
    if (stream === 'status') sink.sendText(itemText('status', status()));
    if (stream === 'roster') sink.sendText(itemText('roster', model.roster));
    if (stream === 'events') sink.sendText(itemText('events', events.recent()));
    if (stream === 'traffic') sink.sendText(itemText('traffic', model.traffic.toArray()));
    if (stream === 'rehearsal') {
      sink.sendText(itemText('rehearsal', this.#input.rehearsal()));
    }
    if (stream === 'fleet') sink.sendFrame(encodeFleetFrame(model.frame));
    if (stream === 'convergence') {
      const report = this.#report;
      // The curve of an earlier revision would pass for that of the present one.
      if (report !== null && report.revision === model.belief?.convergence?.revision) {
        sink.sendText(itemText('convergence', report));
      } else {
        this.forget();
        this.convergenceChanged();
      }
    }
  }

  rosterChanged(): void {
    this.#item('roster', this.#input.model.roster);
    this.#lastFrameMs = 0;
    this.frameChanged();
  }

  frameChanged(): void {
    const nowMs = this.#input.nowMs();
    if (nowMs - this.#lastFrameMs < STREAM_INTERVAL_MS - FRAME_SLACK_MS) return;
    this.#lastFrameMs = nowMs;
    const sinks = this.#wanting('fleet');
    if (sinks.length === 0) return;
    const bytes = encodeFleetFrame(this.#input.model.frame);
    for (const sink of sinks) sink.sendFrame(bytes);
  }

  trafficChanged(): void {
    const fresh = this.#input.model.takeFreshTraffic();
    if (fresh.length > 0) this.#item('traffic', fresh);
  }

  rehearsalChanged(): void {
    this.#item('rehearsal', this.#input.rehearsal());
  }

  /** Sends the status when it says something new, or when it was not sent for a while. */
  statusMayHaveChanged(): void {
    const nowMs = this.#input.nowMs();
    if (this.#wanting('status').length === 0) return;
    const status = this.#input.status();
    const fingerprint = statusFingerprint(status);
    const isDue = nowMs - this.#lastStatusMs >= STATUS_REFRESH_MS;
    if (fingerprint === this.#lastFingerprint && !isDue) return;
    this.#lastStatusMs = nowMs;
    this.#lastFingerprint = fingerprint;
    this.#item('status', status);
  }

  /** Asks for the curve when it moved and somebody looks at it. One question at a time. */
  convergenceChanged(): void {
    const summary = this.#input.model.belief?.convergence ?? null;
    if (summary === null || this.#convergenceInFlight) return;
    const { revision, reached, nodes, late } = summary;
    const key = `${revision}:${reached}:${nodes}:${late}`;
    if (key === this.#convergenceKey || this.#wanting('convergence').length === 0) return;
    this.#convergenceInFlight = true;
    void this.#input.convergence(revision).then((report) => {
      this.#convergenceInFlight = false;
      if (report === null) return;
      this.#convergenceKey = key;
      this.#report = report;
      this.#item('convergence', report);
    });
  }

  forget(): void {
    this.#report = null;
    this.#convergenceKey = '';
  }

  #item<S extends keyof ConsoleStreamItems>(stream: S, item: ConsoleStreamItems[S]): void {
    const sinks = this.#wanting(stream);
    if (sinks.length === 0) return;
    const text = itemText(stream, item);
    for (const sink of sinks) sink.sendText(text);
  }

  #wanting(stream: ConsoleStream): StreamSink[] {
    return [...this.#sinks].filter((sink) => sink.streams.has(stream));
  }
}

function itemText<S extends keyof ConsoleStreamItems>(
  stream: S,
  item: ConsoleStreamItems[S],
): string {
  return JSON.stringify({ type: 'item', stream, item } satisfies {
    type: Extract<ConsoleServerMessage, { type: 'item' }>['type'];
    stream: S;
    item: ConsoleStreamItems[S];
  });
}

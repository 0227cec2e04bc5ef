import type { RawData, WebSocket } from 'ws';
import {
  type ConsoleServerMessage,
  type ConsoleStream,
  consoleClientMessageSchema,
} from '../../core/protocol/console-api.ts';
import { decodeJson } from '../../core/protocol/decode-json.ts';
import {
  CLIENT_BUFFER_BYTES_FATAL,
  CLIENT_BUFFER_BYTES_MAX,
  CLIENT_REQUESTS_OPEN_MAX,
} from './limits.ts';
import type { RequestRouter } from './requests/request-router.ts';
import type { StreamSink, TelemetryFanout } from './telemetry-fanout.ts';

const CLOSE_BAD_MESSAGE = 4400;
const CLOSE_SLOW_CONSUMER = 4431;

/** One client of the console API. */
export class ConsoleSession implements StreamSink {
  readonly #socket: WebSocket;
  readonly #router: RequestRouter;
  readonly #fanout: TelemetryFanout;
  #streams: ReadonlySet<ConsoleStream> = new Set();
  #openRequests = 0;
  /** Aborted when the client is gone. */
  readonly #gone = new AbortController();

  constructor(socket: WebSocket, router: RequestRouter, fanout: TelemetryFanout) {
    this.#socket = socket;
    this.#router = router;
    this.#fanout = fanout;
    socket.on('message', (data, isBinary) => this.#received(data, isBinary));
    socket.on('close', () => {
      fanout.remove(this);
      this.#gone.abort();
    });
    // A broken socket also closes; there is nothing more to say about it.
    socket.on('error', () => {});
    fanout.add(this);
  }

  get streams(): ReadonlySet<ConsoleStream> {
    return this.#streams;
  }

  sendText(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > CLIENT_BUFFER_BYTES_FATAL) {
      this.#socket.close(CLOSE_SLOW_CONSUMER, 'slow-consumer');
      return;
    }
    this.#socket.send(text);
  }

  sendFrame(bytes: Uint8Array): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > CLIENT_BUFFER_BYTES_MAX) return;
    this.#socket.send(bytes, { binary: true });
  }

  #received(data: RawData, isBinary: boolean): void {
    const decoded = isBinary ? null : decodeJson(consoleClientMessageSchema, bytesOf(data));
    if (decoded === null || !decoded.ok) {
      this.#socket.close(CLOSE_BAD_MESSAGE, 'bad-message');
      return;
    }
    const message = decoded.value;
    if (message.type === 'subscribe') this.#subscribe(message.streams);
    else void this.#answer(message.id, message.method, message.params);
  }

  #subscribe(streams: readonly ConsoleStream[]): void {
    const before = this.#streams;
    this.#streams = new Set(streams);
    for (const stream of this.#streams) {
      if (!before.has(stream)) this.#fanout.begin(this, stream);
    }
  }

  async #answer(id: number, method: string, params: unknown): Promise<void> {
    if (this.#openRequests >= CLIENT_REQUESTS_OPEN_MAX) {
      const detail = `More than ${CLIENT_REQUESTS_OPEN_MAX} requests are open; wait for answers first.`;
      this.#send({ type: 'response', id, ok: false, error: { reason: 'too-large', detail } });
      return;
    }
    this.#openRequests += 1;
    const result = await this.#router.answer(method, params, this.#gone.signal);
    this.#openRequests -= 1;
    this.#send(
      result.ok
        ? { type: 'response', id, ok: true, result: result.value }
        : { type: 'response', id, ok: false, error: result.error },
    );
  }

  #send(message: ConsoleServerMessage): void {
    this.sendText(JSON.stringify(message));
  }
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

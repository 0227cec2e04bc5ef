import { z } from 'zod';
import { decodeFleetFrame, type FleetFrame } from '../core/fleet/frame.ts';
import { type Disposable, onDispose } from '../core/lib/disposable.ts';
import { err, ok, type Result } from '../core/lib/result.ts';
import type {
  ConsoleMethod,
  ConsoleParams,
  ConsoleRefusal,
  ConsoleResults,
  ConsoleStream,
  ConsoleStreamItems,
} from '../core/protocol/console-api.ts';
import { decodeJson } from '../core/protocol/decode-json.ts';
import { CONSOLE_SUBPROTOCOL } from '../core/protocol/limits.ts';

/** Longest wait for an answer, unless the caller says otherwise. */
export const REQUEST_TIMEOUT_MS = 100_000;
/** Requests that may be open at a time, waiting ones included. */
export const REQUESTS_OPEN_MAX = 60;
/** Waits before connecting again, by how often it failed in a row. */
const RECONNECT_MS: readonly number[] = [100, 250, 500, 1_000, 2_000, 4_000];
/** A connection that is not open by then is given up. */
const CONNECT_TIMEOUT_MS = 10_000;

export type ConnectionState = 'connecting' | 'open' | 'closed';

/** The part of a WebSocket that is used here: a browser's and Node's both have it. */
export interface ConsoleSocket {
  binaryType: string;
  readonly readyState: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
}
export type WebSocketConstructor = new (url: string, protocols: string[]) => ConsoleSocket;

/** A client of the console API: the renderer's, the command line's and the tests'. */
export interface ConsoleClient {
  /** Never rejects. Waits for the connection while it is being made. */
  request<M extends ConsoleMethod>(
    method: M,
    params: ConsoleParams<M>,
    options?: { readonly timeoutMs?: number },
  ): Promise<Result<ConsoleResults[M], ConsoleRefusal>>;
  /** Replaces the former subscription; sent again after a reconnect. */
  subscribe(streams: readonly ConsoleStream[]): void;
  onItem<S extends keyof ConsoleStreamItems>(
    stream: S,
    listener: (item: ConsoleStreamItems[S]) => void,
  ): Disposable;
  onFleetFrame(listener: (frame: FleetFrame) => void): Disposable;
  /** Told at once how it stands, and then at every change. */
  onConnection(listener: (state: ConnectionState, detail: string) => void): Disposable;
  close(): void;
}

export interface ConsoleClientInput {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly token: string;
  readonly WebSocket: WebSocketConstructor;
  readonly reconnect: boolean;
}

export function createConsoleClient(input: ConsoleClientInput): ConsoleClient {
  return new SocketConsoleClient(input);
}

const refusalSchema = z.looseObject({ reason: z.string(), detail: z.string() });
const serverMessageSchema = z.union([
  z.object({
    type: z.literal('response'),
    id: z.int(),
    ok: z.literal(true),
    result: z.unknown(),
  }),
  z.object({
    type: z.literal('response'),
    id: z.int(),
    ok: z.literal(false),
    error: refusalSchema,
  }),
  z.object({
    type: z.literal('item'),
    stream: z.enum(['status', 'roster', 'events', 'convergence', 'traffic', 'rehearsal']),
    item: z.unknown(),
  }),
]);

type Answer = Result<unknown, ConsoleRefusal>;

interface OpenRequest {
  readonly text: string;
  isSent: boolean;
  resolve(answer: Answer): void;
}

class SocketConsoleClient implements ConsoleClient {
  readonly #input: ConsoleClientInput;
  readonly #requests = new Map<number, OpenRequest>();
  readonly #itemListeners = new Map<keyof ConsoleStreamItems, Set<(item: never) => void>>();
  readonly #frameListeners = new Set<(frame: FleetFrame) => void>();
  readonly #connectionListeners = new Set<(state: ConnectionState, detail: string) => void>();
  #socket: ConsoleSocket | null = null;
  #state: ConnectionState = 'connecting';
  #detail = '';
  #streams: readonly ConsoleStream[] = [];
  #nextId = 1;
  #failures = 0;
  #isClosed = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(input: ConsoleClientInput) {
    this.#input = input;
    this.#connect();
  }

  async request<M extends ConsoleMethod>(
    method: M,
    params: ConsoleParams<M>,
    options: { readonly timeoutMs?: number } = {},
  ): Promise<Result<ConsoleResults[M], ConsoleRefusal>> {
    if (this.#state === 'closed') return err(disconnected(this.#detail));
    if (this.#requests.size >= REQUESTS_OPEN_MAX) {
      const detail = `More than ${REQUESTS_OPEN_MAX} requests are open; wait for answers first.`;
      return err({ reason: 'too-large', detail });
    }
    const id = this.#nextId;
    this.#nextId += 1;
    const text = JSON.stringify({ type: 'request', id, method, params });
    const answer = await this.#open(id, text, options.timeoutMs ?? REQUEST_TIMEOUT_MS);
    // The console answers a request with the result of its own method.
    return answer.ok ? ok(answer.value as ConsoleResults[M]) : answer;
  }

  subscribe(streams: readonly ConsoleStream[]): void {
    this.#streams = [...streams];
    if (this.#state === 'open') this.#sendSubscription();
  }

  onItem<S extends keyof ConsoleStreamItems>(
    stream: S,
    listener: (item: ConsoleStreamItems[S]) => void,
  ): Disposable {
    const listeners = this.#itemListeners.get(stream) ?? new Set();
    this.#itemListeners.set(stream, listeners);
    listeners.add(listener);
    return onDispose(() => listeners.delete(listener));
  }

  onFleetFrame(listener: (frame: FleetFrame) => void): Disposable {
    this.#frameListeners.add(listener);
    return onDispose(() => this.#frameListeners.delete(listener));
  }

  onConnection(listener: (state: ConnectionState, detail: string) => void): Disposable {
    this.#connectionListeners.add(listener);
    listener(this.#state, this.#detail);
    return onDispose(() => this.#connectionListeners.delete(listener));
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#clearTimer();
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(1000, 'done');
    this.#setState('closed', 'closed here');
    this.#failOpen(() => true);
  }

  #open(id: number, text: string, timeoutMs: number): Promise<Answer> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        const detail = 'The console did not answer in time; look whether it was done.';
        this.#answer(id, err({ reason: 'timeout', detail }));
      }, timeoutMs);
      const request: OpenRequest = {
        text,
        isSent: false,
        resolve(answer) {
          clearTimeout(timer);
          resolve(answer);
        },
      };
      this.#requests.set(id, request);
      this.#sendWaiting();
    });
  }

  #connect(): void {
    this.#setState('connecting', '');
    const url = `${this.#input.url.replace(/^http/, 'ws')}/console`;
    const protocols = [CONSOLE_SUBPROTOCOL, `holdfast.token.${this.#input.token}`];
    const socket = new this.#input.WebSocket(url, protocols);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    const isCurrent = () => this.#socket === socket;
    this.#timer = setTimeout(() => socket.close(), CONNECT_TIMEOUT_MS);
    socket.onopen = () => {
      if (isCurrent()) this.#opened();
    };
    socket.onmessage = (event: { readonly data: unknown }) => {
      if (isCurrent()) this.#received(event.data);
    };
    // An error is always followed by a close, which says as much.
    socket.onerror = () => {};
    socket.onclose = (event: { readonly reason?: string }) => {
      if (isCurrent()) this.#lost(event.reason ?? '');
    };
  }

  #opened(): void {
    this.#clearTimer();
    this.#failures = 0;
    this.#setState('open', '');
    if (this.#streams.length > 0) this.#sendSubscription();
    this.#sendWaiting();
  }

  #lost(reason: string): void {
    this.#clearTimer();
    this.#socket = null;
    // Whether the console did what it was asked is not known, so nothing is asked twice.
    this.#failOpen((request) => request.isSent);
    const detail = reason === '' ? 'the console cannot be reached' : reason;
    if (!this.#input.reconnect) {
      this.#setState('closed', detail);
      this.#failOpen(() => true);
      return;
    }
    this.#setState('connecting', detail);
    const waitMs = RECONNECT_MS[Math.min(this.#failures, RECONNECT_MS.length - 1)];
    this.#failures += 1;
    this.#timer = setTimeout(() => this.#connect(), waitMs);
  }

  #received(data: unknown): void {
    if (data instanceof ArrayBuffer) {
      const frame = decodeFleetFrame(new Uint8Array(data));
      if (frame === null) return;
      for (const listener of [...this.#frameListeners]) listener(frame);
      return;
    }
    if (typeof data !== 'string') return;
    const decoded = decodeJson(serverMessageSchema, data);
    if (!decoded.ok) return;
    const message = decoded.value;
    if (message.type === 'item') this.#item(message.stream, message.item);
    else if (message.ok) this.#answer(message.id, ok(message.result));
    // Reasons that this client does not know are passed on as they are.
    else this.#answer(message.id, err(message.error as ConsoleRefusal));
  }

  #item(stream: keyof ConsoleStreamItems, item: unknown): void {
    // Null says something on the stream of rehearsals alone: that none runs.
    if (typeof item !== 'object' || (item === null && stream !== 'rehearsal')) return;
    for (const listener of [...(this.#itemListeners.get(stream) ?? [])]) listener(item as never);
  }

  #answer(id: number, answer: Answer): void {
    const request = this.#requests.get(id);
    this.#requests.delete(id);
    request?.resolve(answer);
  }

  #sendWaiting(): void {
    if (this.#state !== 'open') return;
    for (const request of this.#requests.values()) {
      if (request.isSent) continue;
      request.isSent = true;
      this.#socket?.send(request.text);
    }
  }

  #sendSubscription(): void {
    this.#socket?.send(JSON.stringify({ type: 'subscribe', streams: this.#streams }));
  }

  #failOpen(which: (request: OpenRequest) => boolean): void {
    for (const [id, request] of [...this.#requests]) {
      if (which(request)) this.#answer(id, err(disconnected(this.#detail)));
    }
  }

  #setState(state: ConnectionState, detail: string): void {
    this.#state = state;
    this.#detail = detail;
    for (const listener of [...this.#connectionListeners]) listener(state, detail);
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

function disconnected(detail: string): ConsoleRefusal {
  const why = detail === '' ? '' : ` (${detail})`;
  return { reason: 'internal', detail: `The connection to the console is gone${why}.` };
}

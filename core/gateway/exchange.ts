import type { RandomStream } from '../ports/random.ts';
import type { CompiledGateway } from './compile.ts';
import { type CorsPlan, withCorsHeaders } from './cors.ts';
import type { ExchangePlan, MirrorPlan } from './exchange-plan.ts';
import type { ForwardedRequest } from './filters.ts';
import { HeaderMap, type Headers, modifyHeaders } from './header-modifier.ts';
import type { TrafficPlan } from './policy/policy-plan.ts';
import { type GatewayRequest, type RouteContext, type RouteOutcome, route } from './route.ts';

const DRAW_RANGE = 0x8000_0000;
const NO_HEADERS: Headers = {};

/** One call of a backend. */
export interface BackendCall {
  /** `namespace/name`. */
  readonly backend: string;
  readonly port: number | null;
  /** From 1. */
  readonly attempt: number;
  readonly request: ForwardedRequest;
}

export type BackendAnswer =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: Headers;
      /** How long the whole response takes, in virtual milliseconds. */
      readonly delayMs: number;
    }
  | { readonly kind: 'connection-error'; readonly delayMs: number };

/** Who answers what the gateway sends on. */
export interface Backends {
  answer(call: BackendCall): BackendAnswer;
}

export interface ExchangeInput {
  readonly draws: RandomStream;
  readonly backends: Backends;
  readonly context?: RouteContext;
  /**
   * Asked before each retry, with the limits in force and the virtual milliseconds since the request
   * arrived: a retry budget. Without it every retry of the plan is made.
   */
  mayRetry?(traffic: TrafficPlan | null, elapsedMs: number): boolean;
}

/** One call and how it ended. */
export interface Attempt {
  /** Since the request arrived, virtual milliseconds. */
  readonly startedAtMs: number;
  readonly tookMs: number;
  readonly result: 'response' | 'connection-error' | 'timeout';
  /** The backend's, or what the gateway makes of the failure: 502 or 504. */
  readonly status: number;
}

export interface MirrorCopy {
  readonly backend: string;
  readonly port: number | null;
  readonly request: ForwardedRequest;
}

/** A request and its response as the client sees it. */
export interface Exchange {
  readonly outcome: RouteOutcome;
  readonly status: number;
  readonly headers: Headers;
  /** Of a redirect. */
  readonly location: string | null;
  /** `namespace/name` of the backend whose response reached the client; null: the gateway's own. */
  readonly answeredBy: string | null;
  readonly attempts: readonly Attempt[];
  readonly mirrors: readonly MirrorCopy[];
  /** Virtual milliseconds. */
  readonly elapsedMs: number;
}

/**
 * Plays one request through in virtual time: routing, copies, calls with time-outs and retries, and
 * what the response passes on its way back (the backend's filters, the rule's, then CORS). A bound of
 * time that is reached counts as passed.
 */
export function exchange(
  gateway: CompiledGateway,
  request: GatewayRequest,
  input: ExchangeInput,
): Exchange {
  const outcome = route(gateway, request, input.draws.below(DRAW_RANGE), input.context);
  if (outcome.kind !== 'backend') {
    return {
      ...ownAnswer(outcome, request),
      outcome,
      answeredBy: null,
      attempts: [],
      mirrors: [],
      elapsedMs: 0,
    };
  }
  const { plan } = outcome;
  const mirrors = copiesOf(plan.mirrors, outcome.request, input.draws);
  const calls = new Calls(outcome, input);
  const { status, headers, isBackends } = calls.run();
  return {
    outcome,
    status,
    headers: responseHeaders(plan, request, headers),
    location: null,
    answeredBy: isBackends ? outcome.backend : null,
    attempts: calls.attempts,
    mirrors,
    elapsedMs: calls.nowMs,
  };
}

function ownAnswer(
  outcome: Exclude<RouteOutcome, { kind: 'backend' }>,
  request: GatewayRequest,
): Pick<Exchange, 'status' | 'headers' | 'location'> {
  const { status } = outcome;
  if (outcome.kind === 'preflight') return { status, headers: outcome.headers, location: null };
  const cors = outcome.cors ?? null;
  const location = outcome.kind === 'redirect' ? outcome.location : null;
  const headers = location === null ? NO_HEADERS : { location };
  return { status, headers: readableHeaders(cors, request, headers), location };
}

function copiesOf(
  mirrors: readonly MirrorPlan[],
  request: ForwardedRequest,
  draws: RandomStream,
): MirrorCopy[] {
  const copies: MirrorCopy[] = [];
  for (const { backend, port, numerator, denominator } of mirrors) {
    const isCopied = numerator >= denominator || draws.below(denominator) < numerator;
    if (isCopied) copies.push({ backend, port, request });
  }
  return copies;
}

function responseHeaders(plan: ExchangePlan, request: GatewayRequest, headers: Headers): Headers {
  let out = headers;
  for (const modifier of plan.responseFilters) out = modifyHeaders(modifier, out);
  return readableHeaders(plan.cors, request, out);
}

/** With what lets pages of allowed origins read the answer. */
function readableHeaders(
  cors: CorsPlan | null,
  request: GatewayRequest,
  headers: Headers,
): Headers {
  if (cors === null) return headers;
  return withCorsHeaders(cors, new HeaderMap(request.headers).get('origin'), headers);
}

interface ClientAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** False: made by the gateway in the backend's place. */
  readonly isBackends: boolean;
}

const TIMED_OUT: ClientAnswer = { status: 504, headers: NO_HEADERS, isBackends: false };
const NOT_REACHED: ClientAnswer = { status: 502, headers: NO_HEADERS, isBackends: false };

/** The calls of one request, one after the other. */
class Calls {
  readonly attempts: Attempt[] = [];
  nowMs = 0;
  readonly #outcome: Extract<RouteOutcome, { kind: 'backend' }>;
  readonly #input: ExchangeInput;

  constructor(outcome: Extract<RouteOutcome, { kind: 'backend' }>, input: ExchangeInput) {
    this.#outcome = outcome;
    this.#input = input;
  }

  run(): ClientAnswer {
    const { retry } = this.#outcome.plan;
    const retriesMax = retry?.attempts ?? 0;
    for (let retries = 0; ; retries += 1) {
      const { answer, isRetried } = this.#call();
      if (this.#isOver()) return this.#timedOut();
      if (retry === null || !isRetried || retries >= retriesMax) return answer;
      if (this.#input.mayRetry?.(this.#outcome.traffic, this.nowMs) === false) return answer;
      this.nowMs += retry.backoffMs;
      if (this.#isOver()) return this.#timedOut();
    }
  }

  /** One call, bounded by its own time-out and by what is left of the request's. */
  #call(): { readonly answer: ClientAnswer; readonly isRetried: boolean } {
    const { backend, port, request, plan } = this.#outcome;
    const attempt = this.attempts.length + 1;
    const given = this.#input.backends.answer({ backend, port, attempt, request });
    const startedAtMs = this.nowMs;
    const leftMs = plan.requestTimeoutMs === null ? null : plan.requestTimeoutMs - startedAtMs;
    const boundMs = smaller(plan.backendTimeoutMs, leftMs);
    const delayMs = Math.max(0, given.delayMs);
    const isLate = boundMs !== null && delayMs >= boundMs;
    const tookMs = isLate ? boundMs : delayMs;
    this.nowMs += tookMs;
    const ended = (result: Attempt['result'], answer: ClientAnswer, isRetried: boolean) => {
      this.attempts.push({ startedAtMs, tookMs, result, status: answer.status });
      return { answer, isRetried };
    };
    if (isLate) return ended('timeout', TIMED_OUT, true);
    if (given.kind === 'connection-error') return ended('connection-error', NOT_REACHED, true);
    const { status, headers } = given;
    const isListed = plan.retry?.codes.has(status) ?? false;
    return ended('response', { status, headers, isBackends: true }, isListed);
  }

  #isOver(): boolean {
    const { requestTimeoutMs } = this.#outcome.plan;
    return requestTimeoutMs !== null && this.nowMs >= requestTimeoutMs;
  }

  #timedOut(): ClientAnswer {
    this.nowMs = this.#outcome.plan.requestTimeoutMs ?? this.nowMs;
    return TIMED_OUT;
  }
}

function smaller(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

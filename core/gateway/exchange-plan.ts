import type { CorsPlan } from './cors.ts';
import { durationMs } from './formats.ts';
import type { HeaderModifier } from './header-modifier.ts';
import { integerAt, type Json, listAt, objectAt, stringAt } from './json.ts';

/** Retries that a plan may ask for. */
const RETRY_ATTEMPTS_MAX = 1_000;
/** Retries of a stanza that states no number. The API leaves it open. */
const RETRY_ATTEMPTS_DEFAULT = 1;
/** Wait before a retry where none is stated; as the API leaves it open, short and the same each time. */
const RETRY_BACKOFF_MS_DEFAULT = 25;

/** Largest denominator of a mirror's fraction; the schema's bound, and one that can be drawn from. */
const DENOMINATOR_MAX = 1_000_000_000;

export interface RetryPlan {
  /** Statuses of a backend that are tried again. Connection errors and time-outs always are. */
  readonly codes: ReadonlySet<number>;
  /** Retries, not calls. */
  readonly attempts: number;
  /** At least this long between a failure and the next call. */
  readonly backoffMs: number;
}

/** One RequestMirror whose reference leads to a backend. */
export interface MirrorPlan {
  /** `namespace/name`. */
  readonly backend: string;
  readonly port: number | null;
  /** This many of `denominator` requests are copied. */
  readonly numerator: number;
  readonly denominator: number;
}

/** What happens around the calls to a backend. Made when the config is compiled, and shared. */
export interface ExchangePlan {
  /** Bounds the whole exchange; null: no bound. */
  readonly requestTimeoutMs: number | null;
  /** Bounds each call; null: no bound. */
  readonly backendTimeoutMs: number | null;
  readonly retry: RetryPlan | null;
  readonly mirrors: readonly MirrorPlan[];
  /** In the order in which they act: the backend's, then the rule's. */
  readonly responseFilters: readonly HeaderModifier[];
  readonly cors: CorsPlan | null;
}

export const NO_PLAN: ExchangePlan = {
  requestTimeoutMs: null,
  backendTimeoutMs: null,
  retry: null,
  mirrors: [],
  responseFilters: [],
  cors: null,
};

/** Milliseconds of `timeouts.request` or `timeouts.backendRequest`; null when unset, malformed or zero. */
export function timeoutMs(rule: Json, field: 'request' | 'backendRequest'): number | null {
  const written = stringAt(objectAt(rule, 'timeouts'), field);
  const ms = written === undefined ? null : durationMs(written);
  return ms === null || ms === 0 ? null : ms;
}

/** The `retry` stanza of a rule; null when there is none. */
export function retryPlanOf(rule: Json): RetryPlan | null {
  const retry = objectAt(rule, 'retry');
  if (retry === undefined) return null;
  const codes = new Set<number>();
  for (const code of listAt(retry, 'codes')) if (typeof code === 'number') codes.add(code);
  const attempts = integerAt(retry, 'attempts') ?? RETRY_ATTEMPTS_DEFAULT;
  const backoff = stringAt(retry, 'backoff');
  return {
    codes,
    attempts: Math.max(0, Math.min(RETRY_ATTEMPTS_MAX, attempts)),
    backoffMs: (backoff === undefined ? null : durationMs(backoff)) ?? RETRY_BACKOFF_MS_DEFAULT,
  };
}

/** The share of requests that a mirror copies: all, unless `percent` or `fraction` says otherwise. */
export function mirrorShareOf(mirror: Json | undefined): {
  readonly numerator: number;
  readonly denominator: number;
} {
  const percent = integerAt(mirror, 'percent');
  if (percent !== undefined) return { numerator: percent, denominator: 100 };
  const fraction = objectAt(mirror, 'fraction');
  const numerator = integerAt(fraction, 'numerator');
  if (numerator === undefined) return { numerator: 1, denominator: 1 };
  const denominator = integerAt(fraction, 'denominator') ?? 100;
  const isDrawable = denominator >= 1 && denominator <= DENOMINATOR_MAX;
  return isDrawable ? { numerator, denominator } : { numerator: 0, denominator: 1 };
}

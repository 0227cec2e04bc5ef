/**
 * What policies make of requests, ready for the request path. Built once per config, immutable. A
 * policy attached to a rule outranks one on its route, that one on the listener, that one on the
 * Gateway; the outranked policy of the same kind has no effect there (policy attachment, GEP-713).
 */

/** Limits of a TrafficPolicy. Counted by each node for itself, per policy. */
export interface TrafficPlan {
  /** `TrafficPolicy/namespace/name`. */
  readonly key: string;
  readonly rateLimit: {
    readonly requests: number;
    readonly windowMs: number;
    /** Requests that may come at once, beyond the steady rate. */
    readonly burst: number;
  } | null;
  readonly concurrency: {
    readonly requestsMax: number;
    /** Percent of `requestsMax` from which a growing share is refused; 100: none before the limit. */
    readonly shedFromPercent: number;
  } | null;
  readonly circuitBreaker: {
    readonly failurePercent: number;
    readonly requestsMin: number;
    readonly intervalMs: number;
    readonly openMs: number;
  } | null;
  readonly retryBudget: {
    /** Retries in flight, in percent of requests. */
    readonly percent: number;
    readonly retriesPerSecondMin: number;
  } | null;
}

/** Who may pass. Either kind of credential suffices. */
export interface AuthPlan {
  /** `AuthPolicy/namespace/name`. */
  readonly key: string;
  readonly apiKey: {
    /** Lower case. */
    readonly header: string;
    /** Name of the key by the SHA-256 of its text, lower-case hex. */
    readonly namesByHash: ReadonlyMap<string, string>;
  } | null;
  readonly jwt: JwtPlan | null;
}

export interface JwtPlan {
  readonly issuer: string | null;
  readonly audiences: ReadonlySet<string>;
  readonly clockSkewMs: number;
  readonly requiredClaims: readonly { readonly name: string; readonly value: string }[];
  readonly keys: readonly JwtKey[];
}

/** A public key, from its JWK (RFC 7517). */
export interface JwtKey {
  readonly kid: string | null;
  readonly algorithm: 'ES256' | 'EdDSA' | 'RS256';
  /** Uncompressed point, 32-byte key, or modulus. */
  readonly publicKey: Uint8Array;
  /** Of RS256 keys. */
  readonly exponent: number;
}

export interface AttachedPolicies {
  readonly traffic: TrafficPlan | null;
  readonly auth: AuthPlan | null;
}

export const NO_POLICIES: AttachedPolicies = { traffic: null, auth: null };

/** When a rule that refers to the flag takes requests. */
export interface FlagPlan {
  /** `FeatureFlag/namespace/name`. */
  readonly key: string;
  readonly mode: 'on' | 'off' | 'conditional';
  /** For `conditional`: any one of these turns it on. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly cells: ReadonlySet<string>;
  /** 0 … 100. */
  readonly percent: number;
}

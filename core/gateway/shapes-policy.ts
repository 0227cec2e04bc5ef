import type { Format } from './formats.ts';
import {
  dnsSubdomain,
  duration,
  headerName,
  headerValue,
  kindName,
  matchValue,
  optionalGroup,
} from './formats.ts';
import { anything, choice, doc, integer, list, object, type Shape, text } from './shape.ts';
import { metadata } from './shapes-common.ts';

/** Things that one policy may be attached to. */
export const POLICY_TARGETS_MAX = 16;
/** API keys of one AuthPolicy. */
export const API_KEYS_MAX = 256;
/** Public keys of one AuthPolicy. */
export const JWT_KEYS_MAX = 16;

const head: Record<string, Shape> = {
  apiVersion: doc('Always holdfast.dev/v1alpha1.', text()),
  kind: doc('What this resource is.', text()),
  status: anything,
};

const sha256Hex: Format = {
  code: 'bad-hash',
  wrong: (value) =>
    /^[0-9a-f]{64}$/.test(value)
      ? null
      : 'must be a SHA-256 in 64 lower-case hex digits, never the key itself',
};

/** What a policy is attached to; only in its own namespace. */
const targetRefs = doc(
  'What the policy holds for: Gateways or HTTPRoutes of its own namespace, 1 to 16 of them.',
  list(
    object(
      {
        group: doc('The group of the target: gateway.networking.k8s.io.', text(optionalGroup)),
        kind: doc('Gateway or HTTPRoute.', text(kindName)),
        name: doc(
          'The name of the Gateway or HTTPRoute, in the same namespace.',
          text(dnsSubdomain),
        ),
        sectionName: doc(
          'Narrows it to one listener of the Gateway, or to the rule of the HTTPRoute that has this name. The narrower policy wins.',
          text(dnsSubdomain),
        ),
      },
      ['group', 'kind', 'name'],
    ),
    POLICY_TARGETS_MAX,
    1,
  ),
);

const rateLimit = doc(
  'How many requests each node lets through. Those beyond are answered 429.',
  object(
    {
      requests: doc('Requests let through in each window, by each node.', integer(1, 1_000_000)),
      window: doc('How long a window is, such as 1s or 1m: 10ms to 1h.', text(duration)),
      burst: doc(
        'Requests that may come at once before the limit holds; as many as `requests` when left out.',
        integer(1, 1_000_000),
      ),
    },
    ['requests', 'window'],
  ),
);

const concurrency = doc(
  'How many requests each node has in flight at a time. Those beyond are answered 503.',
  object(
    {
      maxRequests: doc('Requests in flight at a time, on each node.', integer(1, 1_000_000)),
      shedFromPercent: doc(
        'From this share of maxRequests on, a growing part of the requests is shed, 1 to 100. 100, the default: none before the limit.',
        integer(1, 100),
      ),
    },
    ['maxRequests'],
  ),
);

const circuitBreaker = doc(
  'Stops asking a backend that fails. While it is open, requests are answered 503.',
  object(
    {
      failurePercent: doc('Opens at this share of failures, in percent.', integer(1, 100)),
      minRequests: doc(
        'Requests that an interval must have before it is judged; 20 when left out.',
        integer(1, 1_000_000),
      ),
      interval: doc('How long failures are counted for; 10s when left out.', text(duration)),
      openFor: doc(
        'How long it stays open before one request tries again; 30s when left out.',
        text(duration),
      ),
    },
    ['failurePercent'],
  ),
);

const retryBudget = doc(
  'Caps the retries that the retry stanzas of HTTPRoutes ask for, so that retries never become the load.',
  object(
    {
      percent: doc('Retries, in percent of the requests of the last second.', integer(0, 100)),
      minRetriesPerSecond: doc(
        'Retries that are allowed each second however few requests there are; 3 when left out.',
        integer(0, 1_000_000),
      ),
    },
    ['percent'],
  ),
);

export const trafficPolicyShape: Shape = object(
  {
    ...head,
    metadata: metadata('namespaced'),
    spec: doc(
      'Limits of traffic. Each node counts for itself, per policy.',
      object({ targetRefs, rateLimit, concurrency, circuitBreaker, retryBudget }, ['targetRefs']),
    ),
  },
  ['metadata', 'spec'],
);

const apiKey = doc(
  'Lets pass whoever sends a known key. The config holds hashes only.',
  object(
    {
      header: doc('The header that carries the key, such as x-api-key.', text(headerName)),
      keys: doc(
        'The known keys.',
        list(
          object(
            {
              name: doc('Whose key it is; for people, and for the log.', text(dnsSubdomain)),
              sha256: doc('SHA-256 of the key as sent, 64 lower-case hex digits.', text(sha256Hex)),
            },
            ['name', 'sha256'],
          ),
          API_KEYS_MAX,
          1,
        ),
      ),
    },
    ['header', 'keys'],
  ),
);

const jwk = object(
  {
    kty: doc('Kind of key: EC, OKP or RSA.', choice('EC', 'OKP', 'RSA')),
    crv: doc('Its curve: P-256 for EC, Ed25519 for OKP.', choice('P-256', 'Ed25519')),
    alg: doc('ES256, EdDSA or RS256; must fit the key.', choice('ES256', 'EdDSA', 'RS256')),
    kid: doc('The name that tokens give the key by.', text()),
    use: doc('sig, or left out.', choice('sig')),
    key_ops: doc('verify, or left out.', list(choice('verify'), 1)),
    x: doc('First coordinate, or the public key of OKP; base64url.', text()),
    y: doc('Second coordinate of an EC key; base64url.', text()),
    n: doc('Modulus of an RSA key; base64url, 2,048 to 4,096 bits.', text()),
    e: doc('Exponent of an RSA key; base64url, mostly AQAB.', text()),
  },
  ['kty'],
);

const jwt = doc(
  'Lets pass whoever sends a valid token as Authorization: Bearer.',
  object(
    {
      issuer: doc('What the token must state as iss; not checked when left out.', text(matchValue)),
      audiences: doc(
        'The token must be for one of these (aud); not checked when left out.',
        list(text(matchValue), 16),
      ),
      clockSkew: doc('How far clocks may differ; 30s when left out, at most 10m.', text(duration)),
      requiredClaims: doc(
        'Claims that a valid token must have besides; 403 without. A list, or words with spaces between as in scope, must hold the value.',
        list(
          object(
            {
              name: doc('The name of the claim, such as scope.', text(matchValue)),
              value: doc('What it must be, or hold.', text(headerValue)),
            },
            ['name', 'value'],
          ),
          16,
        ),
      ),
      keys: doc('Public keys that sign the tokens, as JWKs.', list(jwk, JWT_KEYS_MAX, 1)),
    },
    ['keys'],
  ),
);

export const authPolicyShape: Shape = object(
  {
    ...head,
    metadata: metadata('namespaced'),
    spec: doc(
      'Who may pass. Where both kinds of credential are listed, either suffices.',
      object({ targetRefs, apiKey, jwt }, ['targetRefs']),
    ),
  },
  ['metadata', 'spec'],
);

export const featureFlagShape: Shape = object(
  {
    ...head,
    metadata: metadata('namespaced'),
    spec: doc(
      'When the rules that refer to this flag take requests. A rule whose flag is off is passed over.',
      object(
        {
          mode: doc('On, Off or Conditional.', choice('On', 'Off', 'Conditional')),
          when: doc(
            'For Conditional: any one of these turns the flag on.',
            object({
              percent: doc('For this share of the requests, 0 to 100.', integer(0, 100)),
              headers: doc(
                'For requests with one of these headers.',
                list(
                  object(
                    {
                      name: doc('Name of the header.', text(headerName)),
                      value: doc('Its exact value.', text(headerValue)),
                    },
                    ['name', 'value'],
                  ),
                  16,
                ),
              ),
              cells: doc('On the nodes of these cells.', list(text(matchValue), 64)),
            }),
          ),
        },
        ['mode'],
      ),
    ),
  },
  ['metadata', 'spec'],
);

import { z } from 'zod';

const CASES_MAX = 10_000;
const REPEATS_MAX = 10_000;

const texts = z.array(z.string()).max(1_000);
const textByName = z.record(z.string(), z.string());
const numberByName = z.record(z.string(), z.number());

/**
 * What one request is expected to come to. Only what is stated is checked, so a slip of the pen must
 * not be passed over: such a case could not fail.
 */
const expectationSchema = z.strictObject({
  /** This Service answers, and its response reaches the client. */
  backend: z.string().optional(),
  backendPort: z.number().optional(),
  backendRequest: z
    .object({
      host: z.string().optional(),
      path: z.string().optional(),
      headers: textByName.optional(),
      absentHeaders: texts.optional(),
    })
    .optional(),
  backendAttempts: z.number().optional(),
  status: z.number().optional(),
  statusAnyOf: z.array(z.number()).optional(),
  noBackend: z.literal(true).optional(),
  redirect: z
    .object({
      scheme: z.enum(['http', 'https']),
      host: z.string(),
      port: z.number().nullable(),
      path: z.string(),
      status: z.number(),
    })
    .optional(),
  mirrors: texts.optional(),
  mirrorPercentage: numberByName.optional(),
  distribution: numberByName.optional(),
  /** Of each share, absolute, 0 … 1. */
  tolerance: z.number().optional(),
  responseHeaders: textByName.optional(),
  responseHeadersAnyOf: z.record(z.string(), texts).optional(),
  absentResponseHeaders: texts.optional(),
  ignoreHeaderWhitespace: z.literal(true).optional(),
  /** Where the backend is from; nothing to check. */
  backendFromManifest: z.boolean().optional(),
});

/** These say how to check, or where from, and check nothing by themselves. */
const NO_CHECKS: ReadonlySet<string> = new Set([
  'tolerance',
  'ignoreHeaderWhitespace',
  'backendFromManifest',
]);

function checksSomething(expectation: object): boolean {
  return Object.keys(expectation).some((key) => !NO_CHECKS.has(key));
}
const NOTHING_EXPECTED = 'states nothing that could be checked';

const caseSchema = z.object({
  name: z.string(),
  /** `namespace/name`; overrides that of the vectors. */
  gateway: z.string().optional(),
  listenerPort: z.int().min(1).max(65_535),
  request: z.object({
    method: z.string(),
    scheme: z.enum(['http', 'https']),
    host: z.string(),
    path: z.string(),
    headers: textByName,
    sni: z.string().optional(),
  }),
  removedResources: z
    .array(z.object({ kind: z.string(), namespace: z.string(), name: z.string() }))
    .optional(),
  backendResponseHeaders: textByName.optional(),
  backendDelayMs: z.number().optional(),
  backendFailures: z
    .object({
      count: z.int(),
      kind: z.enum(['status', 'connectionReset']),
      status: z.int().min(100).max(599).optional(),
      delayMs: z.number().optional(),
    })
    .optional(),
  repeat: z.int().min(1).max(REPEATS_MAX).optional(),
  expect: expectationSchema
    .extend({
      oneOf: z.array(expectationSchema.refine(checksSomething, NOTHING_EXPECTED)).optional(),
    })
    .refine(checksSomething, NOTHING_EXPECTED),
});

export const vectorsSchema = z.object({
  /** `namespace/name` of the Gateway that is asked. */
  gateway: z.string(),
  features: z.array(z.string()).optional(),
  cases: z.array(caseSchema).max(CASES_MAX),
});

export type Expectation = z.output<typeof expectationSchema>;
export type Vector = z.output<typeof caseSchema>;
export type Vectors = z.output<typeof vectorsSchema>;

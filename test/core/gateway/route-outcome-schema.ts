import { z } from 'zod';

/** Schemas that state what a route outcome is, independently of the router's types. */
const headers = z.record(z.string(), z.string());
const count = z.int().min(0);
const timeout = z.int().min(1).nullable();
const action = z.strictObject({ name: z.string(), lowerName: z.string(), value: z.string() });
const modifier = z.strictObject({
  set: z.array(action),
  add: z.array(action),
  remove: z.set(z.string()),
});
const place = { route: z.string(), rule: count };

const corsSchema = z.strictObject({
  anyOrigin: z.boolean(),
  origins: z.array(z.strictObject({ before: z.string(), after: z.string().nullable() })),
  allowCredentials: z.boolean(),
  allowMethods: z.array(z.string()),
  allowHeaders: z.array(z.string()),
  exposeHeaders: z.array(z.string()),
  maxAgeS: z.int(),
});

const planSchema = z.strictObject({
  requestTimeoutMs: timeout,
  backendTimeoutMs: timeout,
  retry: z
    .strictObject({
      codes: z.set(z.number()),
      attempts: z.int().min(0).max(1_000),
      backoffMs: count,
    })
    .nullable(),
  mirrors: z.array(
    z.strictObject({
      backend: z.string(),
      port: z.number().nullable(),
      numerator: z.int(),
      denominator: z.int().min(1).max(1_000_000_000),
    }),
  ),
  responseFilters: z.array(modifier),
  cors: corsSchema.nullable(),
});

export const routeOutcomeSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('backend'),
    backend: z.string(),
    port: z.number().nullable(),
    ...place,
    request: z.object({ host: z.string(), path: z.string(), headers }),
    plan: planSchema,
    traffic: z.object({ key: z.string() }).nullable(),
  }),
  z.strictObject({
    kind: z.literal('redirect'),
    status: z.int(),
    location: z.string(),
    ...place,
    cors: corsSchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('preflight'),
    status: z.union([z.literal(200), z.literal(204)]),
    headers,
    ...place,
  }),
  z.strictObject({
    kind: z.literal('error'),
    status: z.union([401, 403, 404, 421, 500, 503].map((status) => z.literal(status))),
    reason: z.enum([
      'no-listener',
      'misdirected',
      'no-route',
      'no-backend',
      'invalid-backend',
      'no-endpoints',
      'invalid-filter',
      'unauthenticated',
      'forbidden',
    ]),
    detail: z.string().optional(),
    traffic: z.object({ key: z.string() }).optional(),
    route: z.string().optional(),
    rule: count.optional(),
    cors: corsSchema.optional(),
  }),
]);

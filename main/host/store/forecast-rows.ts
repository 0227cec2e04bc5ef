import { z } from 'zod';
import type { Lineage, Revision, RootHash } from '../../../core/config/ids.ts';
import {
  countSchema,
  lineageSchema,
  revisionSchema,
  rootHashSchema,
} from '../../../core/protocol/primitives.ts';
import type { ActualSpread } from '../../../core/rehearsal/compare-forecast.ts';
import type { KeptForecast } from '../../../core/rehearsal/kept-forecast.ts';
import { convergenceSchema } from './console-rows.ts';

const figure = z.number().nullable();
const bandSchema = z.object({ low: figure, median: figure, high: figure });

const forecastSchema = z.object({
  seeds: countSchema,
  firstSeed: countSchema,
  nodes: countSchema,
  horizonMs: z.number(),
  t50: bandSchema,
  t95: bandSchema,
  t99: bandSchema,
  t100: bandSchema,
  reached: bandSchema,
  curve: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
  lagMsMax: bandSchema,
  unverifiedMsMax: bandSchema,
  requestsLost: bandSchema,
  requestsAsked: bandSchema,
  nodesRejecting: bandSchema,
  rejections: z.array(z.object({ key: z.string(), detail: z.string(), nodes: countSchema })),
  bytes: bandSchema,
  pushesFull: bandSchema,
  pushesDelta: bandSchema,
  serviceTimes: z.string(),
  faults: z.array(z.string()),
  wallMs: z.number(),
});

const keptSchema: z.ZodType<KeptForecast> = z.object({
  revision: revisionSchema,
  forecast: forecastSchema,
  rehearsedAtMs: z.number(),
  changedSince: z.array(z.string()),
});

const actualSchema: z.ZodType<ActualSpread> = convergenceSchema.extend({
  curve: z.array(z.tuple([z.number(), z.number()])),
  nodesRejecting: countSchema.nullable(),
});

/** As it lies in the file: both documents are JSON. */
export const forecastTextsSchema = z.object({
  lineage: lineageSchema,
  revision: revisionSchema,
  rootHash: rootHashSchema,
  kept: z.string(),
  actual: z.string().nullable(),
});

export const forecastRowSchema = z.object({
  lineage: lineageSchema,
  revision: revisionSchema,
  rootHash: rootHashSchema,
  kept: keptSchema,
  actual: actualSchema.nullable(),
});

/** What was predicted for one revision, and what came of it. */
export interface ForecastRow {
  readonly lineage: Lineage;
  readonly revision: Revision;
  /** Of what was published: a revision's number is used again after an older backup was restored. */
  readonly rootHash: RootHash;
  readonly kept: KeptForecast;
  /** As it was when convergence ended; null: it has not, or nobody could tell. */
  readonly actual: ActualSpread | null;
}

import type { RootHash } from '../config/ids.ts';
import type { CompiledGateway } from '../gateway/compile.ts';
import type { TrafficPlan } from '../gateway/policy/policy-plan.ts';
import { type RouteContext, type RouteOutcome, route } from '../gateway/route.ts';
import { LruMap } from '../lib/lru-map.ts';
import { backendBaseUs } from './latency-model.ts';
import type { ShapeSet } from './request-shapes.ts';

/** What becomes of a request, as far as counts and latency go. */
export interface TrafficOutcome {
  readonly kind: 'answered' | 'unrouted' | 'denied' | 'failed';
  /** The backend's base latency; 0 when the gateway answered by itself. */
  readonly baseUs: number;
  /** Limits in force; null: none. */
  readonly traffic: TrafficPlan | null;
}

/** Outcomes of one shape over evenly spread draws: a weight of 1 % is met by about 1 % of them. */
export const DRAWS_PER_SHAPE = 256;
/** Odd, so that its multiples spread over the whole range of draws and over every residue. */
const DRAW_STRIDE = 0x9e37_79b1;
const DRAW_RANGE = 0x8000_0000;

/** What stands in a plain row for a request that no backend answers. */
export const PLAIN = { failed: -1, unrouted: -2, denied: -3 } as const;

/** Configs and shapes whose outcomes are remembered at a time. */
const TABLES_MAX = 64;

/** What one config makes of every shape. */
export class OutcomeTable {
  readonly #gateway: CompiledGateway;
  readonly #shapes: ShapeSet;
  readonly #context: RouteContext | undefined;
  readonly #rows: (readonly TrafficOutcome[] | undefined)[] = [];

  readonly #plainRows: (Int32Array | null | undefined)[] = [];

  constructor(gateway: CompiledGateway, shapes: ShapeSet, context?: RouteContext) {
    this.#gateway = gateway;
    this.#shapes = shapes;
    this.#context = context;
  }

  get shapes(): ShapeSet {
    return this.#shapes;
  }

  /** One outcome for each of `DRAWS_PER_SHAPE` draws. Routed on first use. */
  row(shape: number): readonly TrafficOutcome[] {
    const known = this.#rows[shape];
    if (known !== undefined) return known;
    const request = this.#shapes.requests[shape];
    const row: TrafficOutcome[] = [];
    const seen = new Map<string, TrafficOutcome>();
    for (let i = 0; request !== undefined && i < DRAWS_PER_SHAPE; i += 1) {
      const outcome = route(this.#gateway, request, (i * DRAW_STRIDE) % DRAW_RANGE, this.#context);
      const answer =
        outcome.kind === 'backend' ? outcome.backend : `${outcome.kind}/${outcome.status}`;
      const traffic = trafficOf(outcome);
      const name = `${answer} ${traffic?.key ?? ''}`;
      const same = seen.get(name) ?? { ...summarise(outcome), traffic };
      seen.set(name, same);
      row.push(same);
    }
    this.#rows[shape] = row;
    return row;
  }

  /** See `plainRowOf`: what nearly all rows are, and the quick way to go through one. */
  plainRow(shape: number): Int32Array | null {
    const known = this.#plainRows[shape];
    if (known !== undefined) return known;
    const plain = plainRowOf(this.row(shape));
    this.#plainRows[shape] = plain;
    return plain;
  }
}

/**
 * The same in one number each: the backend's base latency of what is answered, or below zero what else
 * becomes of it. Null where any policy counts what passes.
 */
function plainRowOf(row: readonly TrafficOutcome[]): Int32Array | null {
  if (row.length !== DRAWS_PER_SHAPE || row.some(({ traffic }) => traffic !== null)) return null;
  return Int32Array.from(row, ({ kind, baseUs }) => (kind === 'answered' ? baseUs : PLAIN[kind]));
}

/**
 * Outcomes by config hash, and by cell where a flag asks for it: nodes that serve the same config
 * share one table. A token's times are judged when its shape is first routed. An optimisation of
 * simulation; `compile` is asked only for a config that is not remembered.
 */
export class OutcomeTables {
  readonly #tables = new LruMap<string, OutcomeTable>(TABLES_MAX);

  /** `context` with an empty cell where no flag of the config asks for cells. */
  get(
    hash: RootHash,
    shapes: ShapeSet,
    compile: () => CompiledGateway,
    context?: RouteContext,
  ): OutcomeTable {
    const key = `${hash} ${context?.cell ?? ''}`;
    const known = this.#tables.get(key);
    if (known !== undefined && known.shapes === shapes) return known;
    const table = new OutcomeTable(compile(), shapes, context);
    this.#tables.set(key, table);
    return table;
  }
}

function trafficOf(outcome: RouteOutcome): TrafficPlan | null {
  if (outcome.kind === 'backend') return outcome.traffic;
  return outcome.kind === 'error' ? (outcome.traffic ?? null) : null;
}

function summarise(outcome: RouteOutcome): Omit<TrafficOutcome, 'traffic'> {
  switch (outcome.kind) {
    case 'backend':
      return { kind: 'answered', baseUs: backendBaseUs(outcome.backend) };
    case 'error':
      if (outcome.status >= 500) return { kind: 'failed', baseUs: 0 };
      return { kind: refusalKind(outcome.status), baseUs: 0 };
    default:
      return { kind: 'answered', baseUs: 0 };
  }
}

function refusalKind(status: number): 'answered' | 'unrouted' | 'denied' {
  if (status === 401 || status === 403) return 'denied';
  return status === 404 ? 'unrouted' : 'answered';
}

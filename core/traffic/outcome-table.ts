import type { RootHash } from '../config/ids.ts';
import type { CompiledGateway } from '../gateway/compile.ts';
import { hostnameOf } from '../gateway/hostname.ts';
import type { PathTable } from '../gateway/path-table.ts';
import type { TrafficPlan } from '../gateway/policy/policy-plan.ts';
import {
  findListener,
  type GatewayRequest,
  type RouteContext,
  type RouteOutcome,
  route,
} from '../gateway/route.ts';
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

/** Configs whose outcomes are remembered at a time, for each cell where a flag asks for it. */
const TABLES_MAX = 64;
/** Cells of which the newest table is kept to take outcomes over from. */
const CELLS_MAX = 64;

interface Row {
  /** One for each of `DRAWS_PER_SHAPE` draws. */
  readonly outcomes: readonly TrafficOutcome[];
  /** The base latencies where whatever is asked is answered and no policy counts it; else null. */
  readonly bases: Int16Array | null;
}

/** What one config makes of every shape. */
export class OutcomeTable {
  readonly #gateway: CompiledGateway;
  readonly #shapes: ShapeSet;
  readonly #context: RouteContext | undefined;
  readonly #rows: (Row | undefined)[] = [];
  #answeredBases: Int16Array | null | undefined;

  /**
   * @param before another config's outcomes for the same shapes and cell: what cannot have changed is
   * taken over
   */
  constructor(
    gateway: CompiledGateway,
    shapes: ShapeSet,
    context?: RouteContext,
    before?: OutcomeTable,
  ) {
    this.#gateway = gateway;
    this.#shapes = shapes;
    this.#context = context;
    if (before === undefined) return;
    for (const [shape, request] of shapes.requests.entries()) {
      const row = before.#rows[shape];
      if (row !== undefined && routesAlike(before.#gateway, gateway, request)) {
        this.#rows[shape] = row;
      }
    }
  }

  get shapes(): ShapeSet {
    return this.#shapes;
  }

  /** One outcome for each of `DRAWS_PER_SHAPE` draws. Routed on first use. */
  row(shape: number): readonly TrafficOutcome[] {
    return this.#row(shape).outcomes;
  }

  /**
   * The base latencies in the rows of all shapes, one row after the other, where whatever is asked is
   * answered and no policy counts it, as nearly everywhere; else null.
   */
  answeredBases(): Int16Array | null {
    if (this.#answeredBases === undefined) this.#answeredBases = this.#findAnsweredBases();
    return this.#answeredBases;
  }

  #findAnsweredBases(): Int16Array | null {
    const shapes = this.#shapes.requests.length;
    const all = new Int16Array(shapes * DRAWS_PER_SHAPE);
    for (let shape = 0; shape < shapes; shape += 1) {
      const { bases } = this.#row(shape);
      if (bases === null) return null;
      all.set(bases, shape * DRAWS_PER_SHAPE);
    }
    return all;
  }

  #row(shape: number): Row {
    const known = this.#rows[shape];
    if (known !== undefined) return known;
    const request = this.#shapes.requests[shape];
    const outcomes = request === undefined ? [] : this.#route(request);
    const isAnswered = outcomes.every(
      ({ kind, traffic }) => kind === 'answered' && traffic === null,
    );
    const bases = isAnswered ? Int16Array.from(outcomes, ({ baseUs }) => baseUs) : null;
    const row = { outcomes, bases };
    this.#rows[shape] = row;
    return row;
  }

  #route(request: GatewayRequest): readonly TrafficOutcome[] {
    const outcomes: TrafficOutcome[] = [];
    const seen = new Map<string, TrafficOutcome>();
    for (let i = 0; i < DRAWS_PER_SHAPE; i += 1) {
      const outcome = route(this.#gateway, request, (i * DRAW_STRIDE) % DRAW_RANGE, this.#context);
      const answer =
        outcome.kind === 'backend' ? outcome.backend : `${outcome.kind}/${outcome.status}`;
      const traffic = trafficOf(outcome);
      const name = traffic === null ? answer : `${answer} ${traffic.key}`;
      const same = seen.get(name) ?? { ...summarise(outcome), traffic };
      seen.set(name, same);
      outcomes.push(same);
    }
    return outcomes;
  }
}

/**
 * Whether two configs are sure to answer a request alike: each hostname that it could be for has the
 * very same table in both, as where a compile took it over. What credentials are good for depends on
 * the instant, too, so where any are asked for it is not sure.
 */
function routesAlike(a: CompiledGateway, b: CompiledGateway, request: GatewayRequest): boolean {
  if (request.sni !== undefined) return false;
  const hostname = hostnameOf(request.host);
  const before = findListener(a, request, hostname);
  const after = findListener(b, request, hostname);
  if ('kind' in before || 'kind' in after) return false;
  const held = before.hosts.fitting(hostname);
  const now = after.hosts.fitting(hostname);
  return (
    held.length === now.length &&
    held.every(([, table], i) => table === now[i]?.[1] && !asksForCredentials(table))
  );
}

function asksForCredentials({ matches }: PathTable): boolean {
  return matches.some(({ target }) => target.policies.auth !== null);
}

/**
 * Outcomes by config hash, and by cell where a flag asks for it: nodes that serve the same config
 * share one table. A token's times are judged when its shape is first routed. An optimisation of
 * simulation; `compile` is asked only for a config that is not remembered.
 */
export class OutcomeTables {
  readonly #tables = new LruMap<string, OutcomeTable>(TABLES_MAX);
  readonly #newest = new LruMap<string, OutcomeTable>(CELLS_MAX);

  /** `context` with an empty cell where no flag of the config asks for cells. */
  get(
    hash: RootHash,
    shapes: ShapeSet,
    compile: () => CompiledGateway,
    context?: RouteContext,
  ): OutcomeTable {
    const cell = context?.cell ?? '';
    const key = `${hash} ${cell}`;
    const known = this.#tables.get(key);
    if (known !== undefined && known.shapes === shapes) return known;
    const newest = this.#newest.get(cell);
    const before = newest?.shapes === shapes ? newest : undefined;
    const table = new OutcomeTable(compile(), shapes, context, before);
    this.#tables.set(key, table);
    this.#newest.set(cell, table);
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

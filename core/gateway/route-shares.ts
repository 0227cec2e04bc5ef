import type { CompiledGateway } from './compile.ts';
import { hostnameOf } from './hostname.ts';
import type { CompiledMatch, FlagGate } from './path-table.ts';
import { NO_CONTEXT, RequestView, type RouteContext } from './request-view.ts';
import {
  answerAtGateway,
  findListener,
  findMatch,
  type GatewayRequest,
  type RouteOutcome,
  sendToBackend,
} from './route.ts';

/** What shares add up to. */
export const SHARES_TOTAL = 1_000_000;
/** Flags of a share that one request is split by; any further one counts as it is likelier to be. */
const FLAGS_MAX = 8;
const LAST_DRAW = 0x7fff_ffff;

export interface RouteShare {
  readonly outcome: RouteOutcome;
  /** Of `SHARES_TOTAL`. */
  readonly share: number;
}

/**
 * Everything that can become of a request, with the exact share of each by weights and by flags of a
 * percentage. The largest share comes first; together they are `SHARES_TOTAL`.
 */
export function routeShares(
  gateway: CompiledGateway,
  request: GatewayRequest,
  context: RouteContext = NO_CONTEXT,
): readonly RouteShare[] {
  const hostname = hostnameOf(request.host);
  const listener = findListener(gateway, request, hostname);
  if ('kind' in listener) return [{ outcome: listener, share: SHARES_TOTAL }];
  const parts = new Parts();
  const split = (decided: ReadonlyMap<string, boolean>, part: number) => {
    if (part <= 0) return;
    const view = new SplitView(request, context, decided);
    const match = findMatch(listener, hostname, view);
    const open = view.open;
    if (open === null) addParts(parts, match, request, hostname, view, part);
    else {
      const on = Math.max(0, Math.min(100, open.flag.percent)) / 100;
      split(new Map(decided).set(open.flag.key, true), part * on);
      split(new Map(decided).set(open.flag.key, false), part * (1 - on));
    }
  };
  split(new Map(), 1);
  return parts.toShares();
}

/** A request whose flags of a percentage are decided one by one. */
class SplitView extends RequestView {
  readonly #decided: ReadonlyMap<string, boolean>;
  /** The first flag that nothing has decided yet: what was found then does not count. */
  open: FlagGate | null = null;

  constructor(
    request: GatewayRequest,
    context: RouteContext,
    decided: ReadonlyMap<string, boolean>,
  ) {
    super(request.method, request.path, request.headers, context, 0);
    this.#decided = decided;
  }

  override isOn(gate: FlagGate): boolean {
    const ifLow = this.isOnAt(gate, 0);
    if (ifLow === this.isOnAt(gate, LAST_DRAW)) return ifLow;
    const decided = this.#decided.get(gate.flag.key);
    if (decided !== undefined) return decided;
    if (this.#decided.size >= FLAGS_MAX) return gate.flag.percent >= 50;
    this.open ??= gate;
    return false;
  }
}

function addParts(
  parts: Parts,
  match: CompiledMatch | undefined,
  request: GatewayRequest,
  hostname: string,
  view: RequestView,
  part: number,
): void {
  if (match === undefined) {
    parts.add({ kind: 'error', status: 404, reason: 'no-route' }, part);
    return;
  }
  const own = answerAtGateway(match, request, hostname, view);
  if (own !== null) {
    parts.add(own, part);
    return;
  }
  const { backends, weightTotal } = match.target;
  let below = 0;
  for (const backend of backends) {
    const outcome = sendToBackend(match, backend, request, hostname);
    parts.add(outcome, (part * (backend.weightUpTo - below)) / weightTotal);
    below = backend.weightUpTo;
  }
}

/** Parts of 1 by outcome; equal outcomes are one. */
class Parts {
  readonly #byIdentity = new Map<string, { readonly outcome: RouteOutcome; part: number }>();

  add(outcome: RouteOutcome, part: number): void {
    if (part <= 0) return;
    const identity = identityOf(outcome);
    const held = this.#byIdentity.get(identity);
    if (held === undefined) this.#byIdentity.set(identity, { outcome, part });
    else held.part += part;
  }

  /** Whole shares by largest remainder, so that they add up. */
  toShares(): RouteShare[] {
    const rows = [...this.#byIdentity.values()].map(({ outcome, part }) => {
      const exact = part * SHARES_TOTAL;
      // What rounding of parts took from a whole share is given back.
      const whole = Math.floor(exact + 1e-6);
      return { outcome, share: whole, rest: exact - whole };
    });
    let left = SHARES_TOTAL - rows.reduce((sum, { share }) => sum + share, 0);
    for (const row of [...rows].sort((a, b) => b.rest - a.rest)) {
      if (left <= 0) break;
      row.share += 1;
      left -= 1;
    }
    return rows.sort((a, b) => b.share - a.share).map(({ outcome, share }) => ({ outcome, share }));
  }
}

function identityOf(outcome: RouteOutcome): string {
  if (outcome.kind !== 'backend') return JSON.stringify(outcome);
  const { backend, port, route, rule, request } = outcome;
  const { host, path, headers } = request;
  return JSON.stringify([backend, port, route, rule, host, path, headers]);
}

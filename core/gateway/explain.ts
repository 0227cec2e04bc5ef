import type { ResourceKey } from '../config/ids.ts';
import type { CompiledGateway, CompiledListener } from './compile.ts';
import { explainListener, type ListenerSummary } from './explain-listener.ts';
import { explainSteps } from './explain-steps.ts';
import { hostnameOf } from './hostname.ts';
import { conditionInWords, hostnameInWords, missesOf, whyAfter } from './match-words.ts';
import { qualifiedOutcomeLabel } from './outcome-label.ts';
import { type CompiledMatch, fitsPath } from './path-table.ts';
import { NO_CONTEXT, RequestView, type RouteContext } from './request-view.ts';
import { findListener, type GatewayRequest, type RouteOutcome, route } from './route.ts';
import { routeShares, SHARES_TOTAL } from './route-shares.ts';

/** Runners-up that are shown. */
export const RUNNERS_UP_MAX = 20;
/** Matches that are held against a request; beyond them a config is only routed. */
const CANDIDATES_MAX = 20_000;
const SHARES_MAX = 20;
/** Sentences that one runner-up gets about what the request lacks. */
const MISSES_MAX = 3;

/** One match of one rule, in words. */
export interface MatchSummary {
  readonly route: ResourceKey;
  /** Position in the route, from 0. */
  readonly rule: number;
  readonly ruleName: string | null;
  /** Position in the rule, from 0. */
  readonly match: number;
  /** What listener and route have in common; `any hostname` when neither names one. */
  readonly hostname: string;
  /** `path starts with /checkout, header x-cart: v2`. */
  readonly condition: string;
}

export interface RunnerUp {
  readonly candidate: MatchSummary;
  /** It fits the request as well, and another comes first. */
  readonly matched: boolean;
  /** What it lacked, or what put it after the winner, as a sentence. */
  readonly because: string;
}

/** Why a request is answered as it is. */
export interface Explanation {
  readonly outcome: RouteOutcome;
  readonly listener: ListenerSummary | null;
  readonly listenerReason: string;
  readonly winner: MatchSummary | null;
  /** The nearest first. */
  readonly runnersUp: readonly RunnerUp[];
  /** What flags, policies, filters and time-outs do, in order. */
  readonly steps: readonly string[];
  /** Everything that can become of the request, the likeliest first. */
  readonly shares: readonly {
    readonly label: string;
    readonly percent: number;
    readonly outcome: RouteOutcome;
  }[];
}

/** Routes a request as `route` does, and says why. Slower by far: for people, not for traffic. */
export function explain(
  gateway: CompiledGateway,
  request: GatewayRequest,
  draw: number,
  context: RouteContext = NO_CONTEXT,
): Explanation {
  const outcome = route(gateway, request, draw, context);
  const hostname = hostnameOf(request.host);
  const found = findListener(gateway, request, hostname);
  const listener = 'kind' in found ? null : found;
  const view = new RequestView(request.method, request.path, request.headers, context, draw);
  const candidates = listener === null ? [] : candidatesOf(listener, hostname, view);
  const winner = candidates.find(({ misses }) => misses.length === 0);
  const via =
    winner === undefined ? undefined : listener?.attachedBy.get(winner.match.target.route);
  const { summary, reason } = explainListener(gateway, request, hostname, listener, via);
  const shares = routeShares(gateway, request, context).slice(0, SHARES_MAX);
  return {
    outcome,
    listener: summary,
    listenerReason: reason,
    winner: winner === undefined ? null : summarise(winner),
    runnersUp: runnersUpOf(candidates, winner, view.path),
    steps: winner === undefined ? [] : explainSteps(winner.match, request, outcome, view),
    shares: shares.map(({ outcome: one, share }) => ({
      label: qualifiedOutcomeLabel(one),
      percent: share / (SHARES_TOTAL / 100),
      outcome: one,
    })),
  };
}

interface Candidate {
  readonly match: CompiledMatch;
  readonly hostname: string;
  readonly misses: readonly string[];
}

/** Every match of the listener in order of precedence; those of other hostnames come last. */
function candidatesOf(
  listener: CompiledListener,
  hostname: string,
  view: RequestView,
): Candidate[] {
  const candidates: Candidate[] = [];
  const fitting = listener.hosts.fitting(hostname);
  for (const [pattern, table] of fitting) {
    for (const match of table.matches) {
      if (candidates.length >= CANDIDATES_MAX) return candidates;
      candidates.push({ match, hostname: pattern, misses: missesOf(match, view) });
    }
  }
  const own = new Set(fitting.map(([pattern]) => pattern));
  for (const [pattern, table] of listener.hosts.entries()) {
    if (own.has(pattern)) continue;
    const miss = `It takes ${pattern}, not ${hostname === '' ? 'a request without host' : hostname}.`;
    for (const match of table.matches) {
      if (candidates.length >= CANDIDATES_MAX) return candidates;
      candidates.push({ match, hostname: pattern, misses: [miss, ...missesOf(match, view)] });
    }
  }
  return candidates;
}

function runnersUpOf(
  candidates: readonly Candidate[],
  winner: Candidate | undefined,
  path: string,
): RunnerUp[] {
  const others = candidates.filter((candidate) => candidate !== winner);
  const near = others.map((candidate, order) => ({
    candidate,
    order,
    misses: candidate.misses.length,
    // What asks for the same path is nearer than what asks for nothing else.
    pathChars: fitsPath(candidate.match.path, path)
      ? Number.MAX_SAFE_INTEGER
      : sharedChars(candidate, path),
  }));
  near.sort(
    (a, b) =>
      Math.min(a.misses, 1) - Math.min(b.misses, 1) ||
      (a.misses === 0 ? 0 : b.pathChars - a.pathChars) ||
      a.misses - b.misses ||
      a.order - b.order,
  );
  return near.slice(0, RUNNERS_UP_MAX).map(({ candidate }) => ({
    candidate: summarise(candidate),
    matched: candidate.misses.length === 0,
    because:
      candidate.misses.length === 0 && winner !== undefined
        ? whyAfter(winner, candidate)
        : candidate.misses.slice(0, MISSES_MAX).join(' '),
  }));
}

/** How far a match's path agrees with the request's. */
function sharedChars({ match }: Candidate, path: string): number {
  const { value } = match.path;
  let shared = 0;
  while (shared < value.length && value.charCodeAt(shared) === path.charCodeAt(shared)) shared += 1;
  return shared;
}

function summarise({ match, hostname }: Candidate): MatchSummary {
  return {
    route: match.target.route,
    rule: match.target.rule,
    ruleName: match.target.name,
    match: match.position,
    hostname: hostnameInWords(hostname),
    condition: conditionInWords(match),
  };
}

import { NEVER_MS } from '../../core/fleet/frame.ts';
import type { ConsoleEvent, ConsoleStatus } from '../../core/protocol/console-model.ts';
import { DENIED_SHARE_SAID_MIN } from '../charts/availability.ts';
import {
  formatClock,
  formatCount,
  formatDuration,
  formatNodes,
  formatPercent,
  formatShort,
  formatTime,
} from '../format/format.ts';

/** `quiet` is what is as it should be: it takes no colour. */
export type FactTone = 'quiet' | 'warn' | 'bad' | 'control-plane';

export interface StatusFact {
  readonly id: 'control-plane' | 'serving' | 'acknowledged' | 'unverified' | 'alerts';
  readonly value: string;
  /** Said after the value, less loud. */
  readonly aside: string;
  readonly qualifier: string;
  readonly tone: FactTone;
}

/** The five facts that are always in sight. `refusal`: see `firstRefusal`. */
export function statusFacts(
  status: ConsoleStatus,
  nowMs: number,
  refusal: string | null = null,
): readonly StatusFact[] {
  return [
    controlPlaneFact(status, nowMs),
    servingFact(status, nowMs),
    acknowledgedFact(status, refusal),
    unverifiedFact(status),
    alertsFact(status),
  ];
}

/** While nothing is published: why the first config was refused, as the log says; else null. */
export function firstRefusal(
  status: ConsoleStatus | null,
  events: readonly ConsoleEvent[],
): string | null {
  if (status === null || status.head !== null) return null;
  return events.findLast((event) => event.kind === 'publish-refused')?.title ?? null;
}

function controlPlaneFact(status: ConsoleStatus, nowMs: number): StatusFact {
  const { state, sinceMs, reason } = status.controlPlane;
  const forMs = formatClock(nowMs - sinceMs);
  const base = { id: 'control-plane', aside: '' } as const;
  if (state === 'up') {
    const load = status.controlPlaneLoad;
    const published = load?.publishMsLast ?? null;
    const qualifier =
      load === null
        ? `since ${formatTime(sinceMs)}`
        : `${formatCount(load.connections)} links${published === null ? '' : `, publish ${formatDuration(published)}`}`;
    return { ...base, value: `Control plane up · ${forMs}`, qualifier, tone: 'quiet' };
  }
  if (state === 'starting') {
    return { ...base, value: 'Control plane starting', qualifier: forMs, tone: 'control-plane' };
  }
  const why = reason ?? 'not running';
  return {
    ...base,
    value: `Control plane down · ${forMs}`,
    qualifier: `${why} ${formatTime(sinceMs)}`,
    tone: 'bad',
  };
}

function servingFact(status: ConsoleStatus, nowMs: number): StatusFact {
  const { serving, inventory } = status.fleet;
  const { requestsPerSecond, successRate } = status.traffic;
  const { simulator } = status;
  const base = { id: 'serving', aside: '' } as const;
  const down = simulator.state !== 'up';
  const counted = `${formatCount(serving)} / ${formatCount(inventory)} serving`;
  if (down) {
    const since = formatClock(nowMs - simulator.sinceMs);
    // The count of a simulator that is gone is a belief about the moment before.
    const value = `${formatCount(0)} / ${formatCount(inventory)} serving`;
    return { ...base, value, qualifier: `simulator ${simulator.state} ${since}`, tone: 'bad' };
  }
  const asked = `${formatShort(requestsPerSecond)} req/s`;
  const lost = (successRate ?? 1) < 1;
  const answered = successRate === null ? 'no requests' : `${formatPercent(successRate)} answered`;
  const refused = refusedByPolicies(status.traffic);
  // Every node serves and yet requests fail: what fails is the news.
  if (lost && serving === inventory) {
    return { ...base, value: answered, qualifier: `${counted}, ${asked}${refused}`, tone: 'bad' };
  }
  const tone = lost || serving < inventory ? 'bad' : 'quiet';
  return { ...base, value: counted, qualifier: `${asked}, ${answered}${refused}`, tone };
}

/** What policies turn away, shed first: it is among what failed. Empty when that is nothing to speak of. */
function refusedByPolicies(traffic: ConsoleStatus['traffic']): string {
  const { requestsPerSecond, shedPerSecond, limitedPerSecond, deniedPerSecond } = traffic;
  const isDeniedSaid =
    deniedPerSecond > 0 && deniedPerSecond >= DENIED_SHARE_SAID_MIN * requestsPerSecond;
  const shed = shedPerSecond > 0 ? `, ${formatShort(shedPerSecond)}/s shed` : '';
  const limited = limitedPerSecond > 0 ? `, ${formatShort(limitedPerSecond)}/s limited` : '';
  const denied = isDeniedSaid ? `, ${formatShort(deniedPerSecond)}/s denied` : '';
  return `${shed}${limited}${denied}`;
}

function acknowledgedFact(status: ConsoleStatus, refusal: string | null): StatusFact {
  const { head, fleet, convergence } = status;
  const base = { id: 'acknowledged', aside: '' } as const;
  if (head === null) {
    const qualifier = refusal ?? 'no config published yet';
    return { ...base, value: 'Nothing published', qualifier, tone: 'warn' };
  }
  const value = `r${head.revision} on ${formatCount(fleet.acknowledged)} of ${formatCount(fleet.inventory)}`;
  if (fleet.ahead > 0) {
    return {
      ...base,
      value,
      qualifier: `${formatNodes(fleet.ahead)} ahead`,
      tone: 'control-plane',
    };
  }
  const tone = fleet.acknowledged < fleet.inventory ? 'warn' : 'quiet';
  // A belief that nobody renews says of when it is.
  if (status.controlPlane.state !== 'up' && fleet.believedAtMs !== null) {
    const behind = fleet.behind > 0 ? `, ${formatCount(fleet.behind)} behind` : '';
    return { ...base, value, qualifier: `as of ${formatTime(fleet.believedAtMs)}${behind}`, tone };
  }
  const t99 = convergence?.revision === head.revision ? convergence.t99Ms : null;
  const qualifier =
    fleet.rejected > 0
      ? `acknowledged, ${formatCount(fleet.rejected)} rejected`
      : fleet.bySyncStatus.STALE > 0
        ? `${formatCount(fleet.bySyncStatus.STALE)} unacknowledged`
        : fleet.behind > 0
          ? `acknowledged, ${formatCount(fleet.behind)} behind`
          : t99 === null
            ? 'acknowledged'
            : `acknowledged, T99 ${formatDuration(t99)}`;
  return { ...base, value, qualifier, tone };
}

function unverifiedFact(status: ConsoleStatus): StatusFact {
  const { unverifiedMsMax, overBudget, budget } = status.staleness;
  const never = unverifiedMsMax >= NEVER_MS;
  return {
    id: 'unverified',
    value: never ? 'Never verified' : `Unverified ${formatClock(unverifiedMsMax)}`,
    aside: `of ${formatClock(budget.unverifiedMs)}`,
    qualifier: overBudget > 0 ? overBudgetWords(status.staleness) : longestWords(status.staleness),
    tone: overBudget > 0 ? 'bad' : 'quiet',
  };
}

function longestWords({ lagRevisionsMax: lag }: ConsoleStatus['staleness']): string {
  if (lag === 0) return 'longest of any node';
  return `up to ${formatCount(lag)} ${lag === 1 ? 'revision' : 'revisions'} behind`;
}

/** Nodes may be over by another bound than the one that the value beside it counts. */
function overBudgetWords(staleness: ConsoleStatus['staleness']): string {
  const { overBudget, budget, unverifiedMsMax, lagRevisionsMax, lagMsMax } = staleness;
  const who = `${formatCount(overBudget)} over`;
  const bounds: string[] = [];
  if (unverifiedMsMax > budget.unverifiedMs && unverifiedMsMax < NEVER_MS) bounds.push('this');
  if (lagRevisionsMax > budget.lagRevisions) bounds.push(`${budget.lagRevisions} revisions`);
  else if (lagMsMax > budget.lagMs) bounds.push(`${formatClock(budget.lagMs)} of lag`);
  if (bounds.length === 0) return `${formatCount(overBudget)} never verified`;
  if (bounds.length === 1 && bounds[0] === 'this') return `${formatNodes(overBudget)} over budget`;
  return bounds[0] === 'this'
    ? `${who} this or ${bounds[1] ?? ''}`
    : `${formatNodes(overBudget)} over ${bounds[0] ?? ''}`;
}

/** What the first fact says already is not said twice while another alert is open. */
function alertsFact(status: ConsoleStatus): StatusFact {
  const open = status.alerts.filter((alert) => alert.clearedAtMs === null);
  const first = open.find((alert) => alert.kind !== 'control-plane-down') ?? open[0];
  return {
    id: 'alerts',
    value:
      first === undefined
        ? 'No alerts'
        : `${open.length} ${open.length === 1 ? 'alert' : 'alerts'}`,
    aside: '',
    qualifier: first === undefined ? 'within every bound' : shortAlert(first.title),
    tone: first === undefined ? 'quiet' : 'warn',
  };
}

/** `10 nodes rejected r3` → `10 rejected r3`: the bar is about nodes anyway. */
function shortAlert(title: string): string {
  return title
    .replace(/ nodes? /, ' ')
    .replace(' of the control plane', '')
    .replace(' the staleness budget', ' budget');
}

import type { Explanation } from '../../core/gateway/explain.ts';
import { outcomeLabel } from '../../core/gateway/outcome-label.ts';
import type { RouteOutcome } from '../../core/gateway/route.ts';
import type { ExplainedSide, ShownOutcome } from './config-worker-messages.ts';

/** Takes out what is compiled: functions and patterns cannot be sent to another thread. */
export function explainedSide(explanation: Explanation): ExplainedSide {
  const { listener, listenerReason, winner, runnersUp, steps, outcome, shares } = explanation;
  return {
    listener,
    listenerReason,
    winner,
    runnersUp,
    steps,
    outcome: shownOutcome(outcome),
    shares: shares.map((share) => ({
      label: share.label,
      percent: share.percent,
      outcome: shownOutcome(share.outcome),
    })),
  };
}

function shownOutcome(outcome: RouteOutcome): ShownOutcome {
  const common = { kind: outcome.kind, label: outcomeLabel(outcome) };
  if (outcome.kind === 'backend') {
    const { backend, port, request } = outcome;
    return {
      ...common,
      backend: port === null ? backend : `${backend}:${port}`,
      status: null,
      location: null,
      sent: { host: request.host, path: request.path },
    };
  }
  const location = outcome.kind === 'redirect' ? outcome.location : null;
  return { ...common, backend: null, status: outcome.status, location, sent: null };
}

import type { ExchangePlan } from './exchange-plan.ts';
import type { RequestFilter } from './filters.ts';
import type { HeaderModifier } from './header-modifier.ts';
import { clipped, flagName } from './match-words.ts';
import type { CompiledMatch } from './path-table.ts';
import type { TrafficPlan } from './policy/policy-plan.ts';
import type { RequestView } from './request-view.ts';
import { type GatewayRequest, pickBackend, type RouteOutcome } from './route.ts';

const STEPS_MAX = 40;
/** Header names that one sentence lists. */
const NAMES_MAX = 8;

/** What happens to a request after its rule is found, as sentences in order. */
export function explainSteps(
  match: CompiledMatch,
  request: GatewayRequest,
  outcome: RouteOutcome,
  view: RequestView,
): readonly string[] {
  const { gates, policies, isBroken, chain } = match.target;
  const steps: string[] = [];
  for (const gate of gates) {
    if (view.isOn(gate)) steps.push(`Flag ${flagName(gate)} is on for this request.`);
  }
  if (isBroken) {
    steps.push('A filter of the rule cannot be carried out, so the request fails with 500.');
    return steps.slice(0, STEPS_MAX);
  }
  if (outcome.kind === 'preflight') {
    steps.push('A CORS preflight: the gateway answers it, and no credentials are asked for.');
    return steps.slice(0, STEPS_MAX);
  }
  if (policies.auth !== null) steps.push(authStep(policies.auth.key, outcome));
  if (outcome.kind === 'error') steps.push(...errorSteps(outcome));
  else if (outcome.kind === 'redirect')
    steps.push('The client is redirected; no backend is asked.');
  else {
    for (const filter of chain.filters) steps.push(...filterSteps(filter, 'The rule'));
    steps.push(...backendSteps(match, request, outcome, view.draw));
    steps.push(...planSteps(outcome.plan), ...trafficSteps(outcome.traffic));
  }
  return steps.slice(0, STEPS_MAX);
}

function nameOf(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}

function authStep(key: string, outcome: RouteOutcome): string {
  const policy = `AuthPolicy ${nameOf(key)}`;
  if (outcome.kind !== 'error') return `${policy} lets the request pass.`;
  if (outcome.status !== 401 && outcome.status !== 403) return `${policy} lets the request pass.`;
  const detail = outcome.detail ?? '';
  return `${policy} refuses the request with ${outcome.status}.${detail === '' ? '' : ` ${clipped(detail)}`}`;
}

function errorSteps(outcome: Extract<RouteOutcome, { kind: 'error' }>): string[] {
  switch (outcome.reason) {
    case 'no-backend':
      return ['The rule sends to no backend, or all weights are 0, so the request fails with 500.'];
    case 'invalid-backend':
      return ['The share of this request belongs to a backend that cannot be sent to: 500.'];
    case 'no-endpoints':
      return ['The backend has no endpoints: 503.'];
    case 'invalid-filter':
      return ['A filter of the backend cannot be carried out, so the request fails with 500.'];
    default:
      return [];
  }
}

function filterSteps(filter: RequestFilter, owner: string): string[] {
  if (filter.type === 'headers')
    return modifierSteps(filter.modifier, `${owner} changes the request`);
  const steps: string[] = [];
  if (filter.hostname !== null)
    steps.push(`${owner} rewrites the host to ${clipped(filter.hostname)}.`);
  if (filter.path !== null) {
    const what = filter.path.type === 'full' ? 'path' : 'matched prefix';
    steps.push(`${owner} replaces the ${what} by ${clipped(filter.path.value || '/')}.`);
  }
  return steps;
}

function modifierSteps(modifier: HeaderModifier, opening: string): string[] {
  const parts: string[] = [];
  const named = (verb: string, names: readonly string[]) => {
    if (names.length === 0) return;
    const more = names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : '';
    parts.push(`${verb} ${names.slice(0, NAMES_MAX).map(clipped).join(', ')}${more}`);
  };
  named(
    'sets',
    modifier.set.map(({ name }) => name),
  );
  named(
    'adds',
    modifier.add.map(({ name }) => name),
  );
  named('removes', [...modifier.remove]);
  return parts.length === 0 ? [] : [`${opening}: ${parts.join('; ')}.`];
}

function backendSteps(
  match: CompiledMatch,
  request: GatewayRequest,
  outcome: Extract<RouteOutcome, { kind: 'backend' }>,
  draw: number,
): string[] {
  const { backends, weightTotal } = match.target;
  const steps: string[] = [];
  // By the draw, not by name: a backend may be listed twice, with filters of its own each time.
  const chosen = pickBackend(match.target, draw);
  const position = backends.indexOf(chosen);
  if (backends.length > 1) {
    const weight = chosen.weightUpTo - (backends[position - 1]?.weightUpTo ?? 0);
    steps.push(`${outcome.backend} is drawn by weight: ${weight} of ${weightTotal}.`);
  }
  for (const filter of chosen.chain.filters) steps.push(...filterSteps(filter, 'The backend'));
  const port = outcome.port === null ? '' : ` on port ${outcome.port}`;
  const path = clipped(outcome.request.path);
  const asIs = outcome.request.path === request.path ? '' : ` as ${path}`;
  steps.push(`The request goes to ${outcome.backend}${port}${asIs}.`);
  return steps;
}

function planSteps(plan: ExchangePlan): string[] {
  const steps: string[] = [];
  for (const { backend, numerator, denominator } of plan.mirrors) {
    const all = numerator >= denominator;
    const share = all ? 'Every request' : `${numerator} of ${denominator} requests`;
    steps.push(`${share} ${all ? 'is' : 'are'} copied to ${backend}.`);
  }
  if (plan.requestTimeoutMs !== null) {
    steps.push(`After ${plan.requestTimeoutMs} ms in all the gateway answers 504.`);
  }
  if (plan.backendTimeoutMs !== null) {
    steps.push(`A call of the backend may take ${plan.backendTimeoutMs} ms.`);
  }
  if (plan.retry !== null && plan.retry.attempts > 0) {
    const { attempts, backoffMs, codes } = plan.retry;
    const listed = codes.size === 0 ? '' : `${[...codes].slice(0, NAMES_MAX).join(', ')}, `;
    steps.push(
      `${listed}connection errors and time-outs are tried again, up to ${attempts} times, ${backoffMs} ms apart.`,
    );
  }
  for (const modifier of plan.responseFilters) {
    steps.push(...modifierSteps(modifier, 'The response is changed'));
  }
  if (plan.cors !== null) steps.push('The response gets CORS headers when its origin is allowed.');
  return steps;
}

function trafficSteps(plan: TrafficPlan | null): string[] {
  if (plan === null) return [];
  const policy = `TrafficPolicy ${nameOf(plan.key)}`;
  const steps: string[] = [];
  if (plan.rateLimit !== null) {
    const { requests, windowMs } = plan.rateLimit;
    steps.push(
      `${policy} takes ${requests} requests per ${windowMs} ms on each node; beyond: 429.`,
    );
  }
  if (plan.concurrency !== null) {
    steps.push(
      `${policy} takes ${plan.concurrency.requestsMax} requests at a time on each node; beyond: 503.`,
    );
  }
  if (plan.circuitBreaker !== null) {
    const { failurePercent, openMs } = plan.circuitBreaker;
    steps.push(`${policy} stops asking for ${openMs} ms once ${failurePercent} % fail.`);
  }
  if (plan.retryBudget !== null) {
    steps.push(`${policy} keeps retries to ${plan.retryBudget.percent} % of requests.`);
  }
  return steps;
}

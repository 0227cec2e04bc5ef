import { backendFailureOf, backendTargetOf } from './backend-reference.ts';
import { type ExchangePlan, type MirrorPlan, mirrorShareOf, NO_PLAN } from './exchange-plan.ts';
import type { FilterChain } from './filters.ts';
import { type Json, memberOf, stringAt } from './json.ts';
import { HOLDFAST_GROUP } from './kinds.ts';
import type { CompiledBackend, CompiledRule, FlagGate } from './path-table.ts';
import type { PolicyTable } from './policy/policy-table.ts';
import type { IndexedRoute, ResourceIndex } from './resource-index.ts';
import type { BackendSource, RuleSource } from './rule-source.ts';

/** What rules refer to. */
export interface RuleSurroundings {
  readonly index: ResourceIndex;
  readonly policies: PolicyTable;
}

/** Resolves what a rule refers to: backends, mirrors, flags, policies. */
export function compileRule(
  around: RuleSurroundings,
  route: IndexedRoute,
  source: RuleSource,
  rule: number,
): CompiledRule {
  const { chain, name } = source;
  const { gates, isComplete } = resolveGates(around.policies, route.namespace, chain);
  const plan = planOf(around.index, route.namespace, source);
  const backends: CompiledBackend[] = [];
  let weightTotal = 0;
  for (const backend of source.backends) {
    weightTotal += backend.weight;
    backends.push(compileBackend(around.index, route.namespace, backend, plan, weightTotal));
  }
  return {
    route: route.key,
    rule,
    name,
    chain,
    isBroken: chain.isBroken || !isComplete,
    gates,
    backends,
    weightTotal,
    plan,
    policies: around.policies.ofRule(route.namespace, route.name, name),
  };
}

/** The flags that a rule's ExtensionRefs name; incomplete when one leads nowhere. */
function resolveGates(
  policies: PolicyTable,
  namespace: string,
  chain: FilterChain,
): { readonly gates: readonly FlagGate[]; readonly isComplete: boolean } {
  if (chain.extensions.length === 0) return NO_GATES;
  const gates: FlagGate[] = [];
  let isComplete = true;
  for (const extension of chain.extensions) {
    const isFlag =
      stringAt(extension ?? undefined, 'group') === HOLDFAST_GROUP &&
      stringAt(extension ?? undefined, 'kind') === 'FeatureFlag';
    const name = stringAt(extension ?? undefined, 'name');
    const flag = isFlag && name !== undefined ? policies.flag(namespace, name) : null;
    if (flag === null) isComplete = false;
    else gates.push({ flag, salt: saltOf(flag.key) });
  }
  return { gates, isComplete };
}

const NO_GATES = { gates: [], isComplete: true } as const;

/** FNV-1a of the flag's key. */
function saltOf(key: string): number {
  let hash = 0x811c_9dc5;
  for (let i = 0; i < key.length; i += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(i), 0x0100_0193);
  }
  return hash | 0;
}

function planOf(index: ResourceIndex, namespace: string, source: RuleSource): ExchangePlan {
  const { chain, timing } = source;
  const mirrors = mirrorsOf(index, namespace, chain);
  const { responseFilters, cors } = chain;
  const isPlain =
    timing.requestTimeoutMs === null &&
    timing.backendTimeoutMs === null &&
    timing.retry === null &&
    mirrors.length === 0 &&
    responseFilters.length === 0 &&
    cors === null;
  return isPlain ? NO_PLAN : { ...timing, mirrors, responseFilters, cors };
}

function compileBackend(
  index: ResourceIndex,
  namespace: string,
  { reference, chain }: BackendSource,
  plan: ExchangePlan,
  weightUpTo: number,
): CompiledBackend {
  const target = backendTargetOf(reference, namespace);
  const failure = target === null ? 'malformed' : backendFailureOf(index, namespace, target);
  return {
    name: target === null ? '' : `${target.namespace}/${target.name}`,
    port: target?.port ?? null,
    weightUpTo,
    failure: failure === null || failure === 'no-endpoints' ? failure : 'invalid-backend',
    // A flag gates a rule; on one backend of it there is nothing that it could pass over to.
    chain: chain.extensions.length === 0 ? chain : { ...chain, isBroken: true },
    plan: backendPlanOf(index, namespace, chain, plan),
  };
}

/**
 * On its way back a response passes the backend's filters before the rule's. A backend's own CORS
 * filter acts on responses alone: a preflight is answered before a backend is chosen.
 */
function backendPlanOf(
  index: ResourceIndex,
  namespace: string,
  chain: FilterChain,
  plan: ExchangePlan,
): ExchangePlan {
  const mirrors = mirrorsOf(index, namespace, chain);
  const { responseFilters } = chain;
  if (mirrors.length === 0 && responseFilters.length === 0 && chain.cors === null) return plan;
  return {
    ...plan,
    mirrors: [...plan.mirrors, ...mirrors],
    responseFilters: [...responseFilters, ...plan.responseFilters],
    cors: plan.cors ?? chain.cors,
  };
}

/** Mirrors whose reference is invalid are dropped, as the API asks. */
function mirrorsOf(index: ResourceIndex, namespace: string, chain: FilterChain): MirrorPlan[] {
  const plans: MirrorPlan[] = [];
  for (const mirror of chain.mirrors) {
    const reference: Json | undefined = memberOf(mirror, 'backendRef');
    const target = reference === undefined ? null : backendTargetOf(reference, namespace);
    if (target === null || backendFailureOf(index, namespace, target) !== null) continue;
    const backend = `${target.namespace}/${target.name}`;
    plans.push({ backend, port: target.port, ...mirrorShareOf(mirror) });
  }
  return plans;
}

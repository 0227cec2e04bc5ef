import { isJsonObject, type JsonObject, objectAt } from '../json.ts';
import { identityOf } from '../kinds.ts';
import type { CanonicalResource } from '../resource-index.ts';
import {
  type AttachedPolicies,
  type AuthPlan,
  type FlagPlan,
  NO_POLICIES,
  type TrafficPlan,
} from './policy-plan.ts';
import {
  comparePolicies,
  type PolicyAge,
  type PolicyTargetKind,
  policyTargetsOf,
  targetKeyOf,
} from './policy-target.ts';
import { readAuthPlan } from './read-auth-plan.ts';
import { readFlagPlan } from './read-flag-plan.ts';
import { readTrafficPlan } from './read-traffic-plan.ts';

interface IndexedPolicy extends PolicyAge {
  readonly key: string;
}

/** The policies and flags of a config, by what they are attached to. */
export class PolicyTable {
  readonly #traffic = new Map<string, TrafficPlan>();
  readonly #auth = new Map<string, AuthPlan>();
  readonly #flags = new Map<string, FlagPlan>();

  /** Bodies may be of any shape. Of several resources with one key the last counts. */
  static of(resources: Iterable<CanonicalResource>): PolicyTable {
    const table = new PolicyTable();
    const traffic = new Map<string, IndexedPolicy>();
    const auth = new Map<string, IndexedPolicy>();
    for (const { body } of resources) {
      const identity = isJsonObject(body) ? identityOf(body) : null;
      if (identity === null) continue;
      const { kind, namespace, name } = identity;
      const key = `${kind}/${namespace}/${name}`;
      if (kind === 'TrafficPolicy') traffic.set(key, { key, namespace, name, body });
      else if (kind === 'AuthPolicy') auth.set(key, { key, namespace, name, body });
      else if (kind === 'FeatureFlag') {
        table.#flags.set(`${namespace}/${name}`, readFlagPlan(key, objectAt(body, 'spec')));
      }
    }
    attachAll(traffic.values(), table.#traffic, readTrafficPlan);
    attachAll(auth.values(), table.#auth, readAuthPlan);
    return table;
  }

  /** Per kind: what is attached to the rule of this name, else to its route. */
  ofRule(namespace: string, route: string, ruleName: string | null): AttachedPolicies {
    return this.#find('HTTPRoute', namespace, route, ruleName);
  }

  /** Per kind: what is attached to the listener, else to its Gateway. */
  ofListener(namespace: string, gateway: string, listener: string): AttachedPolicies {
    return this.#find('Gateway', namespace, gateway, listener);
  }

  flag(namespace: string, name: string): FlagPlan | null {
    return this.#flags.get(`${namespace}/${name}`) ?? null;
  }

  #find(
    kind: PolicyTargetKind,
    namespace: string,
    name: string,
    section: string | null,
  ): AttachedPolicies {
    if (this.#traffic.size === 0 && this.#auth.size === 0) return NO_POLICIES;
    const whole = targetKeyOf(namespace, { kind, name, section: null });
    const part = targetKeyOf(namespace, { kind, name, section });
    const traffic = this.#traffic.get(part) ?? this.#traffic.get(whole) ?? null;
    const auth = this.#auth.get(part) ?? this.#auth.get(whole) ?? null;
    return traffic === null && auth === null ? NO_POLICIES : { traffic, auth };
  }
}

/** The first by precedence holds each target. */
function attachAll<Plan>(
  policies: Iterable<IndexedPolicy>,
  plans: Map<string, Plan>,
  read: (key: string, spec: JsonObject | undefined) => Plan,
): void {
  for (const policy of [...policies].sort(comparePolicies)) {
    const plan = read(policy.key, objectAt(policy.body, 'spec'));
    for (const target of policyTargetsOf(policy.body)) {
      const at = target === null ? null : targetKeyOf(policy.namespace, target);
      if (at !== null && !plans.has(at)) plans.set(at, plan);
    }
  }
}

import { isJsonObject, type Json, listAt, objectAt, pointerTo, stringAt } from './json.ts';
import { identityOf, type KnownKind } from './kinds.ts';
import { nearestName } from './near-name.ts';
import {
  comparePolicies,
  type PolicyAge,
  type PolicyTarget,
  policyTargetsOf,
  targetKeyOf,
} from './policy/policy-target.ts';
import { changeTo } from './problem-fix.ts';
import type { Find } from './reference-finding.ts';
import type { CanonicalResource, ResourceIndex } from './resource-index.ts';

interface Policy extends PolicyAge {
  readonly kind: KnownKind;
  readonly find: Find;
}

/** Stage three for policies: what they are attached to is there, and no two claim one place. */
export function checkPolicyReferences(
  index: ResourceIndex,
  resources: readonly CanonicalResource[],
  findOf: (resource: CanonicalResource) => Find | undefined,
): void {
  const policies: Policy[] = [];
  for (const resource of resources) {
    const identity = isJsonObject(resource.body) ? identityOf(resource.body) : null;
    if (identity?.kind !== 'TrafficPolicy' && identity?.kind !== 'AuthPolicy') continue;
    const find = findOf(resource);
    if (find !== undefined) policies.push({ ...identity, body: resource.body, find });
  }
  if (policies.length === 0) return;
  const routes = new Map(
    index.routes.map((route) => [`${route.namespace}/${route.name}`, route.body]),
  );
  for (const policy of policies) checkTargets(index, routes, policy);
  checkConflicts(policies);
}

function checkTargets(
  index: ResourceIndex,
  routes: ReadonlyMap<string, Json>,
  { namespace, body, find }: Policy,
): void {
  policyTargetsOf(body).forEach((target, position) => {
    if (target === null) return;
    const pointer = pointerTo('/spec/targetRefs', position);
    const path = `${namespace}/${target.name}`;
    const held = target.kind === 'Gateway' ? index.gateways.get(path) : routes.get(path);
    if (held === undefined) {
      const known = target.kind === 'Gateway' ? index.gateways.keys() : routes.keys();
      find({
        severity: 'error',
        code: 'missing-target',
        pointer: `${pointer}/name`,
        message: `There is no ${target.kind} ${path} in this config, so the policy holds for nothing; add it or change the name. A policy reaches its own namespace only.`,
        near: nearOf(
          `${target.kind}/${namespace}`,
          target.name,
          namesIn(namespace, known),
          `${pointer}/name`,
        ),
      });
      return;
    }
    const sections = sectionsOf(index, target, path, routes.get(path));
    if (target.section === null || sections.includes(target.section)) return;
    const what = target.kind === 'Gateway' ? 'listener' : 'rule of the name';
    find({
      severity: 'error',
      code: 'missing-section',
      pointer: `${pointer}/sectionName`,
      message: `${target.kind} ${path} has no ${what} "${target.section}", so the policy holds for nothing; change sectionName, or name the ${target.kind === 'Gateway' ? 'listener' : 'rule'} so.`,
      near: nearOf(`${target.kind}/${path}`, target.section, sections, `${pointer}/sectionName`),
    });
  });
}

function sectionsOf(
  index: ResourceIndex,
  target: PolicyTarget,
  path: string,
  route: Json | undefined,
): readonly string[] {
  if (target.kind === 'Gateway') return (index.gateways.get(path) ?? []).map(({ name }) => name);
  return listAt(objectAt(route, 'spec'), 'rules').flatMap((rule) => stringAt(rule, 'name') ?? []);
}

function checkConflicts(policies: readonly Policy[]): void {
  const holders = new Map<string, Policy>();
  for (const policy of [...policies].sort(comparePolicies)) {
    policyTargetsOf(policy.body).forEach((target, position) => {
      if (target === null) return;
      const key = `${policy.kind} ${targetKeyOf(policy.namespace, target)}`;
      const holder = holders.get(key);
      if (holder === undefined) holders.set(key, policy);
      else if (holder !== policy) reportConflict(policy, holder, target, position);
    });
  }
}

/** Ages are known of what was published; a text mostly does not state them. */
function reportConflict(
  policy: Policy,
  holder: Policy,
  target: PolicyTarget,
  position: number,
): void {
  const { kind, namespace, find } = policy;
  const other = `${kind} ${namespace}/${holder.name}`;
  const aged = createdOf(policy) !== undefined && createdOf(holder) !== undefined;
  const winner =
    aged && createdOf(policy) !== createdOf(holder)
      ? `${other} is older and wins`
      : `the one that was published first wins, ${other} if they are published together`;
  find({
    severity: 'warning',
    code: 'policy-conflict',
    pointer: pointerTo('/spec/targetRefs', position),
    message: `${other} is attached to ${target.kind} ${namespace}/${target.name} too: ${winner}, and the other has no effect there. Remove one target.`,
  });
}

function createdOf({ body }: Policy): string | undefined {
  return stringAt(objectAt(body, 'metadata'), 'creationTimestamp');
}

function nearOf(place: string, name: string, names: readonly string[], pointer: string) {
  return {
    memoKey: `policy ${place} ${name}`,
    find: () => nearestName(name, names),
    fixTo: (near: string) => changeTo(pointer, near),
  };
}

function namesIn(namespace: string, paths: Iterable<string>): string[] {
  const prefix = `${namespace}/`;
  return [...paths]
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length));
}

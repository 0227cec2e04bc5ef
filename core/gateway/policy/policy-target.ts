import { compareText } from '../../lib/compare-text.ts';
import { type Json, type JsonObject, listAt, objectAt, stringAt } from '../json.ts';
import { GATEWAY_GROUP } from '../kinds.ts';
import { creationInstantMs } from '../precedence.ts';

export type PolicyTargetKind = 'Gateway' | 'HTTPRoute';

/** What a targetRef points at, in the policy's own namespace. */
export interface PolicyTarget {
  readonly kind: PolicyTargetKind;
  readonly name: string;
  /** A listener of the Gateway or a named rule of the route; null: all of it. */
  readonly section: string | null;
}

/** Null for what no policy can be attached to. */
export function policyTargetOf(reference: Json): PolicyTarget | null {
  const kind = stringAt(reference, 'kind');
  const name = stringAt(reference, 'name');
  if (stringAt(reference, 'group') !== GATEWAY_GROUP || name === undefined) return null;
  if (kind !== 'Gateway' && kind !== 'HTTPRoute') return null;
  return { kind, name, section: stringAt(reference, 'sectionName') || null };
}

export function policyTargetsOf(body: JsonObject): readonly (PolicyTarget | null)[] {
  return listAt(objectAt(body, 'spec'), 'targetRefs').map(policyTargetOf);
}

/** The same for the same place of the same config. */
export function targetKeyOf(namespace: string, target: PolicyTarget): string {
  return `${target.kind}/${namespace}/${target.name}/${target.section ?? ''}`;
}

/** A policy as precedence sees it. */
export interface PolicyAge {
  readonly namespace: string;
  readonly name: string;
  readonly body: JsonObject;
}

/** Negative when `a` outranks `b` on one target: the older does, then the first by namespace/name (GEP-713). */
export function comparePolicies(a: PolicyAge, b: PolicyAge): number {
  return (
    createdAt(a) - createdAt(b) ||
    compareText(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`)
  );
}

function createdAt({ body }: PolicyAge): number {
  return creationInstantMs(stringAt(objectAt(body, 'metadata'), 'creationTimestamp'));
}

import { integerAt, type Json, stringAt } from './json.ts';
import { GATEWAY_GROUP, HOLDFAST_GROUP } from './kinds.ts';
import type { ResourceIndex } from './resource-index.ts';

/** A backend reference with its defaults filled in. */
export interface BackendTarget {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly port: number | null;
}

/** Why requests cannot be sent where a reference points. */
export type BackendFailure =
  | 'malformed'
  | 'unknown-kind'
  | 'missing'
  | 'not-permitted'
  | 'missing-port'
  | 'foreign-protocol'
  | 'no-endpoints';

export function backendTargetOf(reference: Json, routeNamespace: string): BackendTarget | null {
  const name = stringAt(reference, 'name');
  if (name === undefined) return null;
  return {
    group: stringAt(reference, 'group') ?? '',
    kind: stringAt(reference, 'kind') ?? 'Service',
    namespace: stringAt(reference, 'namespace') ?? routeNamespace,
    name,
    port: integerAt(reference, 'port') ?? null,
  };
}

/** Null when an HTTPRoute of `routeNamespace` can send requests to the target. */
export function backendFailureOf(
  index: ResourceIndex,
  routeNamespace: string,
  target: BackendTarget,
): BackendFailure | null {
  const isService = target.group === '' && target.kind === 'Service';
  const isBackend = target.group === HOLDFAST_GROUP && target.kind === 'Backend';
  if (!isService && !isBackend) return 'unknown-kind';
  if (!isReferencePermitted(index, routeNamespace, target)) return 'not-permitted';
  const backend = index.backends.get(`${target.kind}/${target.namespace}/${target.name}`);
  if (backend === undefined) return 'missing';
  // Whatever port is asked for: a drained Backend has none.
  if (isBackend && backend.endpoints === 0) return 'no-endpoints';
  if (isService && (target.port === null || !backend.ports.has(target.port))) return 'missing-port';
  if (isBackend && target.port !== null && !backend.ports.has(target.port)) return 'missing-port';
  if (target.port !== null && backend.foreignPorts.has(target.port)) return 'foreign-protocol';
  return null;
}

function isReferencePermitted(
  index: ResourceIndex,
  routeNamespace: string,
  target: BackendTarget,
): boolean {
  if (target.namespace === routeNamespace) return true;
  return index.grants.permits({
    fromGroup: GATEWAY_GROUP,
    fromKind: 'HTTPRoute',
    fromNamespace: routeNamespace,
    toGroup: target.group,
    toKind: target.kind,
    toNamespace: target.namespace,
    toName: target.name,
  });
}

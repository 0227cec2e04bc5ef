import type { ResourceKey } from '../config/ids.ts';
import { type JsonObject, objectAt, stringAt } from './json.ts';
import { suggest } from './near-name.ts';
import type { Shape } from './shape.ts';
import {
  backendShape,
  gatewayShape,
  listenerSetShape,
  namespaceShape,
  referenceGrantShape,
  serviceShape,
} from './shapes-other.ts';
import { authPolicyShape, featureFlagShape, trafficPolicyShape } from './shapes-policy.ts';
import { httpRouteShape } from './shapes-route.ts';
import { requestSuiteShape } from './shapes-suite.ts';

export const GATEWAY_GROUP = 'gateway.networking.k8s.io';
/** API group of the kinds that the Gateway API leaves out. */
export const HOLDFAST_GROUP = 'holdfast.dev';
export const DEFAULT_NAMESPACE = 'default';

/** The kinds that Holdfast validates; all but RequestSuite are hashed and pushed too. */
export type KnownKind =
  | 'Gateway'
  | 'ListenerSet'
  | 'HTTPRoute'
  | 'ReferenceGrant'
  | 'Service'
  | 'Namespace'
  | 'Backend'
  | 'TrafficPolicy'
  | 'AuthPolicy'
  | 'FeatureFlag'
  | 'RequestSuite';

interface KindEntry {
  readonly apiVersions: readonly string[];
  readonly scope: 'namespaced' | 'cluster';
  readonly shape: Shape;
  /** False: for people only. Checked, versioned and exported, never hashed nor sent to nodes. */
  readonly pushed: boolean;
}

const GATEWAY_VERSIONS = [`${GATEWAY_GROUP}/v1`, `${GATEWAY_GROUP}/v1beta1`];

function namespaced(apiVersions: readonly string[], shape: Shape): KindEntry {
  return { apiVersions, scope: 'namespaced', shape, pushed: true };
}

function ownKind(shape: Shape, pushed = true): KindEntry {
  return { apiVersions: [`${HOLDFAST_GROUP}/v1alpha1`], scope: 'namespaced', shape, pushed };
}

const KINDS: Readonly<Record<KnownKind, KindEntry>> = {
  Gateway: namespaced(GATEWAY_VERSIONS, gatewayShape),
  ListenerSet: namespaced(GATEWAY_VERSIONS, listenerSetShape),
  HTTPRoute: namespaced(GATEWAY_VERSIONS, httpRouteShape),
  ReferenceGrant: namespaced(GATEWAY_VERSIONS, referenceGrantShape),
  Service: namespaced(['v1'], serviceShape),
  Namespace: { apiVersions: ['v1'], scope: 'cluster', shape: namespaceShape, pushed: true },
  Backend: ownKind(backendShape),
  TrafficPolicy: ownKind(trafficPolicyShape),
  AuthPolicy: ownKind(authPolicyShape),
  FeatureFlag: ownKind(featureFlagShape),
  RequestSuite: ownKind(requestSuiteShape, false),
};

/** Every known kind, in the order of `KnownKind`, which is the order in which they are offered. */
export const KIND_NAMES: readonly KnownKind[] = Object.keys(KINDS).filter(isKindName);

function isKindName(kind: string): kind is KnownKind {
  return Object.hasOwn(KINDS, kind);
}

/** The kind that this apiVersion and kind name; null when Holdfast does not know it. */
export function knownKindOf(apiVersion: string, kind: string): KnownKind | null {
  return isKindName(kind) && KINDS[kind].apiVersions.includes(apiVersion) ? kind : null;
}

export function shapeOf(kind: KnownKind): Shape {
  return KINDS[kind].shape;
}

/** The apiVersions that a kind goes by, the current one first. */
export function apiVersionsOf(kind: KnownKind): readonly string[] {
  return KINDS[kind].apiVersions;
}

/** Whether resources of the kind are hashed and sent to nodes. */
export function isPushed(kind: KnownKind): boolean {
  return KINDS[kind].pushed;
}

export interface UnknownKind {
  readonly severity: 'info' | 'warning' | 'error';
  readonly code: 'unknown-kind' | 'secret';
  readonly message: string;
}

/** Why a kind is not known, and what may have been meant. A slip is louder than a foreign kind. */
export function explainUnknownKind(apiVersion: string, kind: string): UnknownKind {
  const kept = 'It is kept and exported, not pushed to nodes.';
  if (apiVersion === 'v1' && kind === 'Secret') {
    return {
      severity: 'error',
      code: 'secret',
      message:
        'A Secret must not stand in the config, which keeps every version: keep it in your secret store, and take this document out. Listeners refer to it by name.',
    };
  }
  const { severity, why } = whyUnknown(apiVersion, kind);
  return { severity, code: 'unknown-kind', message: `${why} ${kept}` };
}

function whyUnknown(
  apiVersion: string,
  kind: string,
): { readonly severity: 'info' | 'warning'; readonly why: string } {
  if (kind === 'List' || kind.endsWith('List')) {
    const why = `${kind} is not taken apart: put each item in a document of its own.`;
    return { severity: 'warning', why };
  }
  if (isKindName(kind)) {
    const versions = KINDS[kind].apiVersions.join(' or ');
    const why = `Holdfast knows ${kind} as ${versions}, not as ${apiVersion}.`;
    return { severity: 'warning', why };
  }
  const ours =
    apiVersion === 'v1' || /^(gateway\.networking\.k8s\.io|holdfast\.dev)\//.test(apiVersion);
  const near = ours ? suggest(kind, KIND_NAMES) : '';
  return {
    severity: near === '' ? 'info' : 'warning',
    why: `Holdfast does not know ${kind} (${apiVersion}).${near}`,
  };
}

/** `Kind/namespace/name`; the namespace is `default` where it may be left out, empty for Namespace. */
export function resourceKey(kind: KnownKind, namespace: string, name: string): ResourceKey {
  const scope = KINDS[kind].scope;
  return `${kind}/${scope === 'cluster' ? '' : namespace}/${name}` as ResourceKey;
}

/** Who a known resource is; null when the body has no usable name or is of no known kind. */
export function identityOf(
  body: JsonObject,
): { readonly kind: KnownKind; readonly namespace: string; readonly name: string } | null {
  const kind = knownKindOf(stringAt(body, 'apiVersion') ?? '', stringAt(body, 'kind') ?? '');
  const metadata = objectAt(body, 'metadata');
  const name = stringAt(metadata, 'name');
  if (kind === null || name === undefined || name === '' || name.includes('/')) return null;
  if (KINDS[kind].scope === 'cluster') return { kind, namespace: '', name };
  const namespace = stringAt(metadata, 'namespace') || DEFAULT_NAMESPACE;
  return namespace.includes('/') ? null : { kind, namespace, name };
}

import type { ResourceKey } from '../config/ids.ts';
import { type JsonObject, objectAt, stringAt } from './json.ts';
import { suggest } from './near-name.ts';
import type { Shape } from './shape.ts';
import {
  backendShape,
  gatewayShape,
  namespaceShape,
  referenceGrantShape,
  serviceShape,
} from './shapes-other.ts';
import { httpRouteShape } from './shapes-route.ts';

export const GATEWAY_GROUP = 'gateway.networking.k8s.io';
/** API group of the kinds that the Gateway API leaves out. */
export const HOLDFAST_GROUP = 'holdfast.dev';
export const DEFAULT_NAMESPACE = 'default';

/** The kinds that Holdfast validates, hashes and pushes. */
export type KnownKind =
  | 'Gateway'
  | 'HTTPRoute'
  | 'ReferenceGrant'
  | 'Service'
  | 'Namespace'
  | 'Backend';

interface KindEntry {
  readonly apiVersions: readonly string[];
  readonly scope: 'namespaced' | 'cluster';
  readonly shape: Shape;
}

const GATEWAY_VERSIONS = [`${GATEWAY_GROUP}/v1`, `${GATEWAY_GROUP}/v1beta1`];

const KINDS: Readonly<Record<KnownKind, KindEntry>> = {
  Gateway: { apiVersions: GATEWAY_VERSIONS, scope: 'namespaced', shape: gatewayShape },
  HTTPRoute: { apiVersions: GATEWAY_VERSIONS, scope: 'namespaced', shape: httpRouteShape },
  ReferenceGrant: {
    apiVersions: GATEWAY_VERSIONS,
    scope: 'namespaced',
    shape: referenceGrantShape,
  },
  Service: { apiVersions: ['v1'], scope: 'namespaced', shape: serviceShape },
  Namespace: { apiVersions: ['v1'], scope: 'cluster', shape: namespaceShape },
  Backend: {
    apiVersions: [`${HOLDFAST_GROUP}/v1alpha1`],
    scope: 'namespaced',
    shape: backendShape,
  },
};

const KIND_NAMES = Object.keys(KINDS);

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

/** Why a kind is not known, and what may have been meant. A slip is louder than a foreign kind. */
export function explainUnknownKind(
  apiVersion: string,
  kind: string,
): { readonly severity: 'info' | 'warning'; readonly message: string } {
  const kept = 'It is kept and exported, not pushed to nodes.';
  if (kind === 'List' || kind.endsWith('List')) {
    return {
      severity: 'warning',
      message: `${kind} is not taken apart: put each item in a document of its own. ${kept}`,
    };
  }
  if (isKindName(kind)) {
    const versions = KINDS[kind].apiVersions.join(' or ');
    return {
      severity: 'warning',
      message: `Holdfast knows ${kind} as ${versions}, not as ${apiVersion}. ${kept}`,
    };
  }
  const ours =
    apiVersion === 'v1' || /^(gateway\.networking\.k8s\.io|holdfast\.dev)\//.test(apiVersion);
  const near = ours ? suggest(kind, KIND_NAMES) : '';
  return {
    severity: near === '' ? 'info' : 'warning',
    message: `Holdfast does not know ${kind} (${apiVersion}).${near} ${kept}`,
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

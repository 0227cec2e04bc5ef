/** Kinds that a new document can be begun with, in the order of the menu. */
export const NEW_KINDS = [
  'HTTPRoute',
  'Gateway',
  'Service',
  'Backend',
  'TrafficPolicy',
  'AuthPolicy',
  'FeatureFlag',
  'RequestSuite',
  'ReferenceGrant',
  'ListenerSet',
  'Namespace',
] as const;
export type NewKind = (typeof NEW_KINDS)[number];

/** What a skeleton refers to, so that it is whole from the start. */
export interface SkeletonContext {
  readonly namespace: string;
  readonly name: string;
  readonly gateway: { readonly namespace: string; readonly name: string } | null;
  readonly backend: { readonly name: string; readonly port: number } | null;
  readonly route: string | null;
}

const GATEWAY_API = 'gateway.networking.k8s.io/v1';
const OWN_API = 'holdfast.dev/v1alpha1';

/** A short document of a kind, to be filled in. */
export function skeletonOf(kind: NewKind, context: SkeletonContext): string {
  const { namespace, name } = context;
  const metadata =
    kind === 'Namespace'
      ? `metadata:\n  name: ${name}\n`
      : `metadata:\n  name: ${name}\n  namespace: ${namespace}\n`;
  return `apiVersion: ${apiVersionOf(kind)}\nkind: ${kind}\n${metadata}${specOf(kind, context)}`;
}

function apiVersionOf(kind: NewKind): string {
  if (kind === 'Service' || kind === 'Namespace') return 'v1';
  const isOurs = ['Backend', 'TrafficPolicy', 'AuthPolicy', 'FeatureFlag', 'RequestSuite'];
  return isOurs.includes(kind) ? OWN_API : GATEWAY_API;
}

function specOf(kind: NewKind, context: SkeletonContext): string {
  switch (kind) {
    case 'Namespace':
      return '';
    case 'Gateway':
      return 'spec:\n  gatewayClassName: holdfast\n  listeners:\n    - name: http\n      port: 80\n      protocol: HTTP\n';
    case 'ListenerSet':
      return `spec:\n  parentRef:\n    name: ${context.gateway?.name ?? 'gateway'}\n  listeners:\n    - name: extra\n      port: 8080\n      protocol: HTTP\n`;
    case 'HTTPRoute':
      return routeSpec(context);
    case 'Service':
      return 'spec:\n  ports:\n    - port: 8080\n';
    case 'Backend':
      return 'spec:\n  endpoints:\n    - host: backend.internal\n      port: 8080\n';
    case 'TrafficPolicy':
      return `${targetSpec(context)}  rateLimit:\n    requests: 100\n    window: 1s\n`;
    case 'AuthPolicy':
      return `${targetSpec(context)}  apiKey:\n    header: x-api-key\n    keys: []\n`;
    case 'FeatureFlag':
      return 'spec:\n  mode: "Off"\n';
    case 'RequestSuite':
      return 'spec:\n  requests: []\n';
    case 'ReferenceGrant':
      return `spec:\n  from:\n    - group: gateway.networking.k8s.io\n      kind: HTTPRoute\n      namespace: ${context.namespace}\n  to:\n    - group: ""\n      kind: Service\n`;
  }
}

function routeSpec({ gateway, backend, namespace, name }: SkeletonContext): string {
  const parent = gateway ?? { namespace, name: 'gateway' };
  const place = parent.namespace === namespace ? '' : `\n      namespace: ${parent.namespace}`;
  const target = backend ?? { name: 'backend', port: 8080 };
  return `spec:
  parentRefs:
    - name: ${parent.name}${place}
  rules:
    - matches:
        - path:
            type: PathPrefix
            value: /${name}
      backendRefs:
        - name: ${target.name}
          port: ${target.port}
`;
}

function targetSpec({ route, gateway }: SkeletonContext): string {
  const kind = route === null && gateway !== null ? 'Gateway' : 'HTTPRoute';
  const name = route ?? gateway?.name ?? 'route';
  return `spec:\n  targetRefs:\n    - group: gateway.networking.k8s.io\n      kind: ${kind}\n      name: ${name}\n`;
}

/** `name`, or the first of `name-2`, `name-3`, … that is free. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let count = 2; ; count += 1) if (!taken.has(`${name}-${count}`)) return `${name}-${count}`;
}

import { isJsonObject, type Json, pointerInWords, pointerTo } from '../../../core/gateway/json.ts';

/** Members of `spec` that the form of a kind shows; their parts say themselves what they do not show. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  Gateway: ['gatewayClassName', 'listeners', 'allowedListeners'],
  ListenerSet: ['parentRef', 'listeners'],
  HTTPRoute: ['parentRefs', 'hostnames', 'rules'],
  ReferenceGrant: ['from', 'to'],
  Service: ['ports'],
  Backend: ['endpoints'],
  Namespace: [],
  TrafficPolicy: ['targetRefs', 'rateLimit', 'concurrency', 'circuitBreaker', 'retryBudget'],
  AuthPolicy: ['targetRefs', 'apiKey', 'jwt'],
  FeatureFlag: ['mode', 'when'],
  RequestSuite: ['requests'],
};

const METADATA_SHOWN = ['name', 'namespace'];

/** What is set in the text and has no field in the form, in words. */
export function alsoSet(kind: string, body: Json): string[] {
  const found: string[] = [];
  for (const key of unshown(body, ['apiVersion', 'kind', 'metadata', 'spec'])) found.push(key);
  if (!isJsonObject(body)) return found;
  const shownOfMetadata = kind === 'Namespace' ? [...METADATA_SHOWN, 'labels'] : METADATA_SHOWN;
  for (const key of unshown(body.metadata, shownOfMetadata)) found.push(`metadata.${key}`);
  for (const key of unshown(body.spec, SHOWN[kind] ?? [])) found.push(`spec.${key}`);
  return found;
}

/** Members of an object besides those that its form shows, as people write them. */
export function unshown(value: Json | undefined, shown: readonly string[]): string[] {
  if (!isJsonObject(value)) return [];
  return Object.keys(value)
    .filter((key) => !shown.includes(key))
    .map((key) => pointerInWords(pointerTo('', key)));
}

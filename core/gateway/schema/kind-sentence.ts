import type { KnownKind } from '../kinds.ts';

const SENTENCES: Readonly<Record<KnownKind, string>> = {
  Gateway: 'Where requests come in: listeners, each with a port, a protocol and a hostname.',
  ListenerSet: 'Listeners that another team adds to a Gateway, when that Gateway admits them.',
  HTTPRoute: 'Which requests go to which backends, and what happens to them on the way.',
  ReferenceGrant: 'Lets resources of other namespaces refer to resources of this one.',
  Service: 'A Kubernetes Service that routes may send requests to.',
  Namespace: 'A namespace. Its labels decide which listeners take the routes in it.',
  Backend: 'Endpoints outside a cluster that routes may send requests to.',
  TrafficPolicy: 'Limits for what it is attached to: rate, concurrency, circuit breaker, retries.',
  AuthPolicy: 'Who may pass what it is attached to: API keys, tokens.',
  FeatureFlag: 'Turns the rules that refer to it on and off.',
  RequestSuite:
    'Requests that are tried on every change. Kept with the config, never sent to nodes.',
};

/** What a kind is for, in a sentence. */
export function kindSentence(kind: KnownKind): string {
  return SENTENCES[kind];
}

import {
  hasMember,
  integerAt,
  isJsonObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  stringAt,
} from './json.ts';
import { identityOf, type KnownKind } from './kinds.ts';

/**
 * Feature names that this version of Holdfast knows: those of the Gateway API without the `Support`
 * prefix, and `Holdfast…` for what is ours.
 */
export const ALL_FEATURES: readonly string[] = [
  'Gateway',
  'GatewayHTTPListenerIsolation',
  'GatewayHTTPSListenerDetectMisdirectedRequests',
  'GatewayListenerSet',
  'GatewayPort8080',
  'GatewayStaticAddresses',
  'HTTPRoute',
  'HTTPRoute303RedirectStatusCode',
  'HTTPRoute307RedirectStatusCode',
  'HTTPRoute308RedirectStatusCode',
  'HTTPRouteBackendProtocolH2C',
  'HTTPRouteBackendProtocolWebSocket',
  'HTTPRouteBackendRequestHeaderModification',
  'HTTPRouteBackendRequestRedirect',
  'HTTPRouteBackendTimeout',
  'HTTPRouteBackendURLRewrite',
  'HTTPRouteCORS',
  'HTTPRouteDestinationPortMatching',
  'HTTPRouteHostRewrite',
  'HTTPRouteMethodMatching',
  'HTTPRouteNamedRouteRule',
  'HTTPRouteParentRefPort',
  'HTTPRoutePathRedirect',
  'HTTPRoutePathRewrite',
  'HTTPRoutePortRedirect',
  'HTTPRouteQueryParamMatching',
  'HTTPRouteRequestMirror',
  'HTTPRouteRequestMultipleMirrors',
  'HTTPRouteRequestPercentageMirror',
  'HTTPRouteRequestTimeout',
  'HTTPRouteResponseHeaderModification',
  'HTTPRouteRetry',
  'HTTPRouteRetryBackendTimeout',
  'HTTPRouteRetryConnectionError',
  'HTTPRouteSchemeRedirect',
  'HoldfastAuthPolicy',
  'HoldfastAuthPolicyJWT',
  'HoldfastFeatureFlag',
  'HoldfastFeatureFlagCells',
  'HoldfastTrafficPolicy',
  'HoldfastTrafficPolicyCircuitBreaker',
  'HoldfastTrafficPolicyRetryBudget',
  'ReferenceGrant',
];

/**
 * What a node must support to serve a resource: feature → where it is used, in words. Empty for
 * what every node can hold (Service, Namespace, Backend) and for anything unreadable.
 */
export function requiredFeatures(body: JsonObject): ReadonlyMap<string, string> {
  const uses = new Map<string, string>();
  const identity = isJsonObject(body) ? identityOf(body) : null;
  const spec = objectAt(body, 'spec');
  if (identity?.kind === 'Gateway') gatewayFeatures(spec, uses);
  else if (identity?.kind === 'HTTPRoute') routeFeatures(spec, uses);
  else if (identity?.kind === 'ReferenceGrant') uses.set('ReferenceGrant', 'the ReferenceGrant');
  else if (identity?.kind === 'ListenerSet') uses.set('GatewayListenerSet', 'the ListenerSet');
  else if (identity !== null) policyFeatures(identity.kind, spec, uses);
  return uses;
}

function note(uses: Map<string, string>, feature: string, where: string): void {
  if (!uses.has(feature)) uses.set(feature, where);
}

function policyFeatures(
  kind: KnownKind,
  spec: JsonObject | undefined,
  uses: Map<string, string>,
): void {
  if (kind === 'TrafficPolicy') {
    uses.set('HoldfastTrafficPolicy', 'the TrafficPolicy');
    if (hasMember(spec, 'circuitBreaker')) {
      uses.set('HoldfastTrafficPolicyCircuitBreaker', 'the circuitBreaker of a TrafficPolicy');
    }
    if (hasMember(spec, 'retryBudget')) {
      uses.set('HoldfastTrafficPolicyRetryBudget', 'the retryBudget of a TrafficPolicy');
    }
  } else if (kind === 'AuthPolicy') {
    uses.set('HoldfastAuthPolicy', 'the AuthPolicy');
    if (hasMember(spec, 'jwt')) uses.set('HoldfastAuthPolicyJWT', 'the jwt of an AuthPolicy');
  } else if (kind === 'FeatureFlag') {
    uses.set('HoldfastFeatureFlag', 'the FeatureFlag');
    if (listAt(objectAt(spec, 'when'), 'cells').length === 0) return;
    uses.set('HoldfastFeatureFlagCells', 'a FeatureFlag by cells');
  }
}

function gatewayFeatures(spec: JsonObject | undefined, uses: Map<string, string>): void {
  uses.set('Gateway', 'the Gateway');
  if (listAt(spec, 'addresses').length > 0) {
    uses.set('GatewayStaticAddresses', 'the addresses of the Gateway');
  }
}

function routeFeatures(spec: JsonObject | undefined, uses: Map<string, string>): void {
  uses.set('HTTPRoute', 'the HTTPRoute');
  for (const parent of listAt(spec, 'parentRefs')) {
    if (hasMember(parent, 'port')) note(uses, 'HTTPRouteParentRefPort', 'port in a parentRef');
  }
  for (const rule of listAt(spec, 'rules')) {
    ruleFeatures(rule, uses);
    filterFeatures(listAt(rule, 'filters'), false, uses);
    for (const backend of listAt(rule, 'backendRefs')) {
      filterFeatures(listAt(backend, 'filters'), true, uses);
    }
  }
}

function ruleFeatures(rule: Json, uses: Map<string, string>): void {
  if (hasMember(rule, 'name')) note(uses, 'HTTPRouteNamedRouteRule', 'the name of a rule');
  for (const match of listAt(rule, 'matches')) {
    if (hasMember(match, 'method')) note(uses, 'HTTPRouteMethodMatching', 'a match by method');
    if (listAt(match, 'queryParams').length > 0) {
      note(uses, 'HTTPRouteQueryParamMatching', 'a match by query parameter');
    }
  }
  const timeouts = objectAt(rule, 'timeouts');
  if (hasMember(timeouts, 'request')) note(uses, 'HTTPRouteRequestTimeout', 'timeouts.request');
  if (hasMember(timeouts, 'backendRequest')) {
    note(uses, 'HTTPRouteBackendTimeout', 'timeouts.backendRequest');
  }
  if (hasMember(rule, 'retry')) {
    note(uses, 'HTTPRouteRetry', 'retry');
    if (hasMember(timeouts, 'backendRequest')) {
      note(uses, 'HTTPRouteRetryBackendTimeout', 'retry together with timeouts.backendRequest');
    }
  }
}

function filterFeatures(
  filters: readonly Json[],
  onBackend: boolean,
  uses: Map<string, string>,
): void {
  const mirrors = filters.filter((filter) => stringAt(filter, 'type') === 'RequestMirror');
  if (mirrors.length > 1) {
    note(uses, 'HTTPRouteRequestMultipleMirrors', 'several RequestMirror filters in one rule');
  }
  for (const filter of filters) {
    const type = stringAt(filter, 'type');
    if (type === 'CORS') note(uses, 'HTTPRouteCORS', 'the CORS filter');
    else if (type === 'ResponseHeaderModifier') {
      note(uses, 'HTTPRouteResponseHeaderModification', 'the ResponseHeaderModifier filter');
    } else if (type === 'RequestHeaderModifier' && onBackend) {
      const where = 'a RequestHeaderModifier filter on a backend';
      note(uses, 'HTTPRouteBackendRequestHeaderModification', where);
    } else if (type === 'RequestMirror') mirrorFeatures(filter, uses);
    else if (type === 'URLRewrite') rewriteFeatures(filter, onBackend, uses);
    else if (type === 'RequestRedirect') redirectFeatures(filter, onBackend, uses);
  }
}

function mirrorFeatures(filter: Json, uses: Map<string, string>): void {
  note(uses, 'HTTPRouteRequestMirror', 'the RequestMirror filter');
  const mirror = objectAt(filter, 'requestMirror');
  if (!hasMember(mirror, 'percent') && !hasMember(mirror, 'fraction')) return;
  note(uses, 'HTTPRouteRequestPercentageMirror', 'a RequestMirror filter of a share of requests');
}

function rewriteFeatures(filter: Json, onBackend: boolean, uses: Map<string, string>): void {
  const rewrite = objectAt(filter, 'urlRewrite');
  if (onBackend) note(uses, 'HTTPRouteBackendURLRewrite', 'a URLRewrite filter on a backend');
  if (hasMember(rewrite, 'hostname')) {
    note(uses, 'HTTPRouteHostRewrite', 'the URLRewrite filter (hostname)');
  }
  if (hasMember(rewrite, 'path'))
    note(uses, 'HTTPRoutePathRewrite', 'the URLRewrite filter (path)');
}

function redirectFeatures(filter: Json, onBackend: boolean, uses: Map<string, string>): void {
  const redirect = objectAt(filter, 'requestRedirect');
  const where = 'the RequestRedirect filter';
  if (onBackend) note(uses, 'HTTPRouteBackendRequestRedirect', `${where} on a backend`);
  if (hasMember(redirect, 'scheme')) note(uses, 'HTTPRouteSchemeRedirect', `${where} (scheme)`);
  if (hasMember(redirect, 'port')) note(uses, 'HTTPRoutePortRedirect', `${where} (port)`);
  if (hasMember(redirect, 'path')) note(uses, 'HTTPRoutePathRedirect', `${where} (path)`);
  const status = integerAt(redirect, 'statusCode');
  if (status !== 303 && status !== 307 && status !== 308) return;
  note(uses, `HTTPRoute${status}RedirectStatusCode`, `${where} (status ${status})`);
}

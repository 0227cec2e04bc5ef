import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL_FEATURES, requiredFeatures } from '../../../core/gateway/features.ts';
import { parseConfig } from '../../../core/gateway/parse-config.ts';
import { gatewayYaml, routeYaml, serviceYaml } from './sample.ts';

function featuresOf(text: string): Record<string, string> {
  const body = parseConfig(text).documents[0]?.body ?? assert.fail();
  return Object.fromEntries(requiredFeatures(body));
}

test('[FEAT1] a resource requires what it uses, and says where', () => {
  assert.deepEqual(featuresOf(gatewayYaml()), { Gateway: 'the Gateway' });
  assert.deepEqual(featuresOf(serviceYaml('a')), {});
  const rules = `- name: x
  matches: [{method: GET, queryParams: [{name: a, value: b}]}]
  filters:
    - {type: CORS, cors: {allowOrigins: ["*"]}}
    - {type: RequestMirror, requestMirror: {backendRef: {name: a, port: 80}, percent: 5}}
  backendRefs: [{name: a, port: 80, filters: [{type: URLRewrite, urlRewrite: {hostname: b.example}}]}]
  timeouts: {request: 1s}`;
  const features = featuresOf(routeYaml({ rules }));
  assert.deepEqual(Object.keys(features).sort(), [
    'HTTPRoute',
    'HTTPRouteBackendURLRewrite',
    'HTTPRouteCORS',
    'HTTPRouteHostRewrite',
    'HTTPRouteMethodMatching',
    'HTTPRouteNamedRouteRule',
    'HTTPRouteQueryParamMatching',
    'HTTPRouteRequestMirror',
    'HTTPRouteRequestPercentageMirror',
    'HTTPRouteRequestTimeout',
  ]);
  assert.equal(features.HTTPRouteCORS, 'the CORS filter');
});

test('[FEAT2] every feature that can be required is a known one, listed once', () => {
  assert.equal(new Set(ALL_FEATURES).size, ALL_FEATURES.length);
  for (const status of [303, 307, 308]) {
    const rules = `- filters: [{type: RequestRedirect, requestRedirect: {scheme: https, port: 1, statusCode: ${status}}}]`;
    for (const feature of Object.keys(featuresOf(routeYaml({ rules })))) {
      assert.ok(ALL_FEATURES.includes(feature), feature);
    }
  }
});

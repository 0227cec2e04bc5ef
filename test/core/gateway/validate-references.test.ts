import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ParsedConfig, parseConfig } from '../../../core/gateway/parse-config.ts';
import { SUGGESTIONS_MAX } from '../../../core/gateway/reference-finding.ts';
import { checkFix } from './apply-fix.ts';
import { gatewayYaml, join, type RouteParts, routeYaml, serviceYaml } from './sample.ts';

const BACKEND = 'backendRefs: [{name: a, port: 80}]';

function parseRoute(parts: Partial<RouteParts>, ...others: readonly string[]): ParsedConfig {
  const route = routeYaml({ rules: `- ${BACKEND}`, ...parts });
  return parseConfig(join(gatewayYaml(), serviceYaml('a'), ...others, route));
}

function told({ problems }: ParsedConfig): string[] {
  return problems.map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`);
}

function listenerSet(
  parent = 'edge',
  listener = '{name: own, port: 8080, protocol: HTTP}',
): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: set, namespace: shop}
spec:
  parentRef: {name: ${parent}}
  listeners: [${listener}]
`;
}

const ADMITTING = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: wide, namespace: shop}
spec:
  gatewayClassName: holdfast
  allowedListeners: {namespaces: {from: Same}}
  listeners: [{name: http, port: 80, protocol: HTTP, hostname: wide.example}]
`;

test('[REF14] a ListenerSet names a Gateway that is there and takes it', () => {
  const at = (...documents: readonly string[]) => told(parseRoute({}, ADMITTING, ...documents));
  assert.deepEqual(at(listenerSet('wide')), []);
  assert.deepEqual(at(listenerSet('edge')), ['warning not-admitted /spec/parentRef']);
  assert.deepEqual(at(listenerSet('wied')), ['error missing-gateway /spec/parentRef/name']);
  const taken = '{name: own, port: 80, protocol: HTTP, hostname: wide.example}';
  assert.deepEqual(at(listenerSet('wide', taken)), ['warning listener-conflict /spec/listeners/0']);
});

test('[REF14] a route refers to a ListenerSet as to a Gateway', () => {
  const at = (parent: string) =>
    parseRoute({ parents: `- {kind: ListenerSet, ${parent}}` }, ADMITTING, listenerSet('wide'));
  assert.deepEqual(told(at('name: set')), []);
  assert.deepEqual(told(at('name: set, sectionName: own')), []);
  const missing = at('name: sett');
  assert.deepEqual(told(missing), ['error missing-listener-set /spec/parentRefs/0/name']);
  for (const problem of missing.problems) checkFix(missing, problem);
  const section = at('name: set, sectionName: http');
  assert.deepEqual(told(section), ['error missing-listener /spec/parentRefs/0/sectionName']);
  assert.match(section.problems[0]?.message ?? '', /^ListenerSet shop\/set has no listener/);
});

const extension = (reference: string) =>
  `- filters: [{type: ExtensionRef, extensionRef: {${reference}}}]\n  ${BACKEND}`;
const FLAG = `apiVersion: holdfast.dev/v1alpha1
kind: FeatureFlag
metadata: {name: new-cart, namespace: shop}
spec: {mode: "On"}
`;

test('[REF15] an ExtensionRef leads to a FeatureFlag that is there', () => {
  const own = 'group: holdfast.dev, kind: FeatureFlag';
  const at = (reference: string) => parseRoute({ rules: extension(reference) }, FLAG);
  assert.deepEqual(told(at(`${own}, name: new-cart`)), []);
  const missing = at(`${own}, name: new-crat`);
  const pointer = '/spec/rules/0/filters/0/extensionRef';
  assert.deepEqual(told(missing), [`error missing-flag ${pointer}/name`]);
  for (const problem of missing.problems) checkFix(missing, problem);
  const foreign = [`warning foreign-extension ${pointer}`];
  assert.deepEqual(told(at('group: x.example, kind: Limiter, name: a')), foreign);
  assert.deepEqual(told(at('group: holdfast.dev, kind: TrafficPolicy, name: a')), foreign);
});

test('[REF16] a Service port that does not speak HTTP is no backend', () => {
  const raw = `apiVersion: v1
kind: Service
metadata: {name: dns, namespace: shop}
spec: {ports: [{port: 53, protocol: UDP}]}
`;
  const rules = '- backendRefs: [{name: dns, port: 53}]';
  assert.deepEqual(told(parseRoute({ rules }, raw)), [
    'error foreign-protocol /spec/rules/0/backendRefs/0/port',
  ]);
});

test('[REF17] near names are looked for in the order of the text, up to a bound', () => {
  const rule = (i: number) =>
    `- matches: [{path: {value: /${i}}}]\n  backendRefs: [{name: catalog-of-goods-${i}, port: 80}]`;
  const routes = Array.from({ length: SUGGESTIONS_MAX + 100 }, (_, i) =>
    routeYaml({ name: `r${i}`, rules: rule(i) }),
  );
  const text = join(gatewayYaml(), serviceYaml('catalog-of-goods'), ...routes);
  const near = parseConfig(text).problems.map(({ message }) => message.includes('Did you mean'));
  assert.equal(near.length, routes.length);
  assert.equal(near.indexOf(false), SUGGESTIONS_MAX);
  assert.equal(near.lastIndexOf(true), SUGGESTIONS_MAX - 1);
});

test('[MEAN25] retries that cannot happen are said to be so', () => {
  const codes = (rule: string) => told(parseRoute({ rules: `- ${rule}\n  ${BACKEND}` }));
  assert.deepEqual(codes('timeouts: {request: 1s}\n  retry: {backoff: 1s}'), [
    'warning retry-too-late /spec/rules/0/retry/backoff',
  ]);
  assert.deepEqual(codes('retry: {attempts: 0, codes: [500]}'), [
    'info no-retries /spec/rules/0/retry/attempts',
  ]);
  assert.deepEqual(codes('retry: {attempts: 2, codes: [500], backoff: 1s}'), []);
});

test('[MEAN26] what nodes do not apply is said, and blocks nothing', () => {
  const codes = (rule: string) => told(parseRoute({ rules: `- ${rule}\n  ${BACKEND}` }));
  assert.deepEqual(codes('sessionPersistence: {sessionName: s}'), [
    'info not-applied /spec/rules/0/sessionPersistence',
  ]);
  assert.deepEqual(codes('filters: [{type: ExternalAuth, externalAuth: {}}]'), [
    'warning filter-not-served /spec/rules/0/filters/0',
  ]);
});

test('[PARSE17] a problem quotes and copies no more than a person would read', () => {
  const long = 'x'.repeat(200_000);
  const { problems } = parseRoute({
    rules: `- backendRef: "${long}"\n  ${BACKEND}`,
    hostnames: [long],
  });
  assert.ok(problems.length > 1);
  for (const { message, fix } of problems) {
    assert.ok(message.length < 1_000);
    assert.ok(JSON.stringify(fix ?? null).length < 40_000);
  }
});

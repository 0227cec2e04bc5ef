import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GatewayRequest } from '../../../core/gateway/route.ts';
import { ask, compileText, inWords, join, routeYaml, serviceYaml } from './sample.ts';

const TO_A = '- backendRefs: [{name: a, port: 80}]';

interface SetParts {
  readonly name?: string;
  readonly namespace?: string;
  readonly listeners: string;
  readonly created?: string;
}

function setYaml({ name = 'extra', namespace = 'team', listeners, created }: SetParts): string {
  const stamp = created === undefined ? '' : `, creationTimestamp: "${created}"`;
  return `apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: ${name}, namespace: ${namespace}${stamp}}
spec:
  parentRef: {name: edge, namespace: shop}
  listeners: [${listeners}]
`;
}

function edgeYaml(allowed: string, listeners = '{name: http, port: 80, protocol: HTTP}'): string {
  const field = allowed === '' ? '' : `\n  allowedListeners: {namespaces: ${allowed}}`;
  return `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: holdfast
  listeners: [${listeners}]${field}
`;
}

const SERVICES = join(serviceYaml('a'), serviceYaml('a', 'team'));
const LISTENER = '{name: more, port: 8080, protocol: HTTP}';
const ROUTE = routeYaml({
  namespace: 'team',
  parents: '- {kind: ListenerSet, name: extra}',
  rules: TO_A,
});

function answer(text: string, request: Partial<GatewayRequest> = { port: 8080 }): string {
  return inWords(ask(compileText(text), request));
}

test('[ROUTE25] listeners of a ListenerSet are served only where the Gateway takes them', () => {
  const namespace =
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: team, labels: {tier: gold}}\n';
  const served = (allowed: string) =>
    answer(join(edgeYaml(allowed), namespace, SERVICES, setYaml({ listeners: LISTENER }), ROUTE));
  assert.equal(served(''), '404 no-listener');
  assert.equal(served('{from: None}'), '404 no-listener');
  assert.equal(served('{from: Same}'), '404 no-listener');
  assert.equal(served('{from: All}'), 'team/a');
  const selector = (tier: string) => `{from: Selector, selector: {matchLabels: {tier: ${tier}}}}`;
  assert.equal(served(selector('gold')), 'team/a');
  assert.equal(served(selector('silver')), '404 no-listener');
  assert.equal(answer(join(SERVICES, setYaml({ listeners: LISTENER }), ROUTE)), '404 no-listener');
});

test('[ROUTE26] there Same means the namespace of the ListenerSet', () => {
  const text = (namespace: string) => {
    const parents = '- {kind: ListenerSet, name: extra, namespace: team}';
    const route = routeYaml({ namespace, parents, rules: TO_A });
    return join(edgeYaml('{from: All}'), SERVICES, setYaml({ listeners: LISTENER }), route);
  };
  assert.equal(answer(text('team')), 'team/a');
  assert.equal(answer(text('shop')), '404 no-route');
});

test('[ROUTE27] a parentRef to the Gateway never reaches the listeners of a ListenerSet', () => {
  const text = (parent: string) => {
    const listener =
      '{name: more, port: 8080, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}';
    const set = setYaml({ listeners: listener });
    const route = routeYaml({ parents: `- ${parent}`, rules: TO_A });
    return join(edgeYaml('{from: All}'), SERVICES, set, route);
  };
  assert.equal(answer(text('{name: edge}')), '404 no-route');
  assert.equal(answer(text('{name: edge}'), { port: 80 }), 'shop/a');
  assert.equal(answer(text('{name: edge, sectionName: more}')), '404 no-route');
  const set = '{kind: ListenerSet, namespace: team, name: extra';
  assert.equal(answer(text(`${set}}`)), 'shop/a');
  assert.equal(answer(text(`${set}}`), { port: 80 }), '404 no-route');
  assert.equal(answer(text(`${set}, sectionName: more}`)), 'shop/a');
  assert.equal(answer(text(`${set}, sectionName: http}`)), '404 no-route');
});

test('[ROUTE28] whose place is taken is not served: the Gateway first, then the older set, then by name', () => {
  const route = (set: string) =>
    routeYaml({
      name: `r-${set}`,
      namespace: set === 'one' ? 'shop' : 'team',
      parents: `- {kind: ListenerSet, name: ${set}}`,
      rules: TO_A,
    });
  const both = (
    first: Partial<SetParts>,
    second: Partial<SetParts>,
    edge = edgeYaml('{from: All}'),
  ) =>
    answer(
      join(
        edge,
        SERVICES,
        setYaml({ listeners: LISTENER, name: 'one', namespace: 'shop', ...first }),
        setYaml({ listeners: LISTENER, name: 'two', ...second }),
        route('one'),
        route('two'),
      ),
    );
  assert.equal(both({}, {}), 'shop/a');
  const old = '2026-01-01T00:00:00Z';
  assert.equal(both({}, { created: old }), 'team/a');
  assert.equal(both({ created: '2025-01-01T00:00:00Z' }, { created: old }), 'shop/a');
  const taken = edgeYaml('{from: All}', '{name: http, port: 8080, protocol: HTTP}');
  assert.equal(both({}, {}, taken), '404 no-route');
  const otherScheme =
    '{name: s, port: 8080, protocol: HTTPS, hostname: s.example, tls: {certificateRefs: [{name: c}]}}';
  assert.equal(both({}, {}, edgeYaml('{from: All}', otherScheme)), '404 no-listener');
});

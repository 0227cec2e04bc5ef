import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../core/gateway/json.ts';
import { outranksByRule } from '../../../core/gateway/rule-order.ts';

const route = (...rules: Json[]) => ({ kind: 'HTTPRoute', spec: { rules } });
const prefix = (value: string, more: Record<string, Json> = {}) => ({
  matches: [{ path: { type: 'PathPrefix', value }, ...more }],
});
const exact = (value: string) => ({ matches: [{ path: { type: 'Exact', value } }] });
const header = (value: string) => ({ headers: [{ name: 'x-cart', value }] });

test('[ROUTE44] a rule says which rules before it it outranks, and by what', () => {
  const said = outranksByRule(
    route(prefix('/checkout', header('v2')), prefix('/checkout'), exact('/checkout/healthz')),
  );
  assert.deepEqual(
    [...said],
    [[2, 'Outranks rules 1 and 2 for requests that both match: exact beats prefix.']],
  );
  const longer = outranksByRule(route({}, prefix('/a/'), prefix('/a/b')));
  assert.match(longer.get(1) ?? '', /rule 1 .*the longer prefix wins/);
  assert.match(longer.get(2) ?? '', /rules 1 and 2 /);
  const headers = outranksByRule(route(prefix('/a'), prefix('/a', header('v2'))));
  assert.match(headers.get(1) ?? '', /more headers win/);
});

test('[ROUTE44] nothing is said where order explains it, or no request fits both', () => {
  assert.equal(outranksByRule(route(exact('/a/b'), prefix('/a'))).size, 0);
  assert.equal(outranksByRule(route(prefix('/a'), prefix('/ab'))).size, 0);
  assert.equal(outranksByRule(route(prefix('/a'), prefix('/a'))).size, 0);
  const apart = route(prefix('/a', header('v1')), prefix('/a/b', header('v2')));
  assert.equal(outranksByRule(apart).size, 0);
  const methods = route(prefix('/a', { method: 'GET' }), prefix('/a/b', { method: 'POST' }));
  assert.equal(outranksByRule(methods).size, 0);
  const pattern = { matches: [{ path: { type: 'RegularExpression', value: '/a.*' } }] };
  assert.equal(outranksByRule(route(prefix('/a'), pattern)).size, 0);
  assert.equal(outranksByRule({ spec: { rules: 'odd' } }).size, 0);
});

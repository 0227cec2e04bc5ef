import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  compileCors,
  isOriginAllowed,
  preflightHeaders,
  withCorsHeaders,
} from '../../../core/gateway/cors.ts';
import type { JsonObject } from '../../../core/gateway/json.ts';
import { ask, compileRules, inWords } from './sample.ts';

const ORIGIN = 'https://www.shop.example';

function preflight(cors: JsonObject, headers: Record<string, string> = {}) {
  const all: Record<string, string> = {
    origin: ORIGIN,
    'access-control-request-method': 'PUT',
    ...headers,
  };
  return preflightHeaders(compileCors(cors), (name) => all[name]);
}

test('[ROUTE18] the gateway answers a preflight; any other OPTIONS goes to the backend', () => {
  const gateway = compileRules(
    `- filters: [{type: CORS, cors: {allowOrigins: ["${ORIGIN}"]}}]\n  backendRefs: [{name: a, port: 80}]`,
  );
  const asked = (method: string, headers: Record<string, string>) =>
    inWords(ask(gateway, { method, headers }));
  const whole = { Origin: ORIGIN, 'Access-Control-Request-Method': 'PUT' };
  assert.equal(asked('OPTIONS', whole), '204 preflight');
  assert.equal(asked('OPTIONS', { Origin: ORIGIN }), 'shop/a');
  assert.equal(asked('OPTIONS', { 'Access-Control-Request-Method': 'PUT' }), 'shop/a');
  assert.equal(asked('GET', whole), 'shop/a');
  assert.equal(asked('OPTIONS', { ...whole, Origin: 'https://other.example' }), '204 preflight');
  const plain = compileRules('- backendRefs: [{name: a, port: 80}]');
  assert.equal(inWords(ask(plain, { method: 'OPTIONS', headers: whole })), 'shop/a');
});

test('[ROUTE19] an origin is compared whole; its wildcard spans labels and nothing else', () => {
  const fits = (listed: string, origin: string) =>
    isOriginAllowed(compileCors({ allowOrigins: [listed] }), origin);
  const allowed: readonly (readonly [string, string])[] = [
    ['https://a.example', 'https://a.example'],
    ['https://A.example', 'https://a.EXAMPLE'],
    ['https://a.example:443', 'https://a.example'],
    ['http://a.example', 'http://a.example:80'],
    ['https://*.a.example', 'https://x.a.example'],
    ['https://*.a.example', 'https://x.y.a.example'],
    ['https://*.a.example:8443', 'https://x.a.example:8443'],
    ['*', 'null'],
  ];
  for (const [listed, origin] of allowed) assert.ok(fits(listed, origin), `${listed} ${origin}`);
  const refused: readonly (readonly [string, string])[] = [
    ['https://a.example', 'http://a.example'],
    ['https://a.example', 'https://a.example:8443'],
    ['https://a.example', 'https://a.example.evil'],
    ['https://*.a.example', 'https://a.example'],
    ['https://*.a.example', 'https://xa.example'],
    ['https://*.a.example', 'https://.a.example'],
    ['https://*', 'https://a.example:8443'],
    ['https://*.a.example', 'https://evil.example:1/.a.example'],
    ['https://a.example', 'null'],
  ];
  for (const [listed, origin] of refused) assert.ok(!fits(listed, origin), `${listed} ${origin}`);
});

test('[ROUTE20] a preflight names what is allowed; an origin that is not gets no CORS header', () => {
  assert.deepEqual(
    preflight({
      allowOrigins: [ORIGIN],
      allowCredentials: true,
      allowMethods: ['GET', 'PUT'],
      allowHeaders: ['x-a', 'x-b'],
      exposeHeaders: ['x-c'],
      maxAge: 60,
    }),
    {
      'access-control-allow-origin': ORIGIN,
      vary: 'Origin',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, PUT',
      'access-control-allow-headers': 'x-a, x-b',
      'access-control-expose-headers': 'x-c',
      'access-control-max-age': '60',
    },
  );
  assert.deepEqual(preflight({ allowOrigins: ['https://other.example'] }), { vary: 'Origin' });
  assert.equal(preflight({ allowOrigins: [ORIGIN] })['access-control-max-age'], '5');
});

test('[ROUTE21] a wildcard is answered as one only without credentials; else what was asked is echoed', () => {
  const all = {
    allowOrigins: ['*'],
    allowMethods: ['*'],
    allowHeaders: ['*'],
    exposeHeaders: ['*'],
  };
  const asked = { 'access-control-request-headers': 'x-a, x-b' };
  assert.deepEqual(preflight(all, asked), {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': '*',
    'access-control-allow-headers': '*',
    'access-control-expose-headers': '*',
    'access-control-max-age': '5',
  });
  assert.deepEqual(preflight({ ...all, allowCredentials: true }, asked), {
    'access-control-allow-origin': ORIGIN,
    vary: 'Origin',
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'PUT',
    'access-control-allow-headers': 'x-a, x-b',
    'access-control-max-age': '5',
  });
});

test('[ROUTE22] a response to an allowed origin may be read; the filter alone speaks about CORS', () => {
  const backend = { 'X-Total': '3', 'Access-Control-Allow-Origin': 'https://backend.example' };
  const listed = compileCors({ allowOrigins: [ORIGIN], exposeHeaders: ['x-total'] });
  assert.deepEqual(withCorsHeaders(listed, ORIGIN, backend), {
    'X-Total': '3',
    'access-control-allow-origin': ORIGIN,
    vary: 'Origin',
    'access-control-expose-headers': 'x-total',
  });
  assert.deepEqual(withCorsHeaders(listed, 'https://other.example', backend), {
    'X-Total': '3',
    vary: 'Origin',
  });
  assert.deepEqual(withCorsHeaders(listed, undefined, backend), backend);
  const all = compileCors({ allowOrigins: ['*'], exposeHeaders: ['*'], allowCredentials: true });
  assert.deepEqual(withCorsHeaders(all, ORIGIN, { 'x-total': '3', Vary: 'Accept' }), {
    'x-total': '3',
    Vary: 'Accept,Origin',
    'access-control-allow-origin': ORIGIN,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'x-total, vary',
  });
});

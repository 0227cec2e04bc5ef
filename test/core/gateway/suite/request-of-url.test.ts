import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readHeader, requestOfUrl } from '../../../../core/gateway/suite/request-of-url.ts';

const get = (url: string, headers: Record<string, string> = {}) =>
  requestOfUrl({ method: 'GET', url, headers });

test('[SUITE9] the port is the scheme’s unless it is given, and https sends the server name', () => {
  const plain = get('http://Shop.example/cart?x=1#top');
  assert.deepEqual(plain, {
    ok: true,
    value: {
      method: 'GET',
      scheme: 'http',
      host: 'shop.example',
      port: 80,
      path: '/cart?x=1',
      headers: {},
    },
  });
  const secure = get('https://shop.example:8443?x');
  assert.ok(secure.ok);
  assert.deepEqual(
    [secure.value.host, secure.value.port, secure.value.path, secure.value.sni],
    ['shop.example:8443', 8443, '/?x', 'shop.example'],
  );
  const address = get('https://[2001:db8::1]/');
  assert.ok(address.ok && address.value.sni === undefined && address.value.port === 443);
});

test('[SUITE9] a Host header stands in the place of the URL’s, the server name stays', () => {
  const request = get('https://shop.example/', { HOST: 'other.example', 'x-cart': 'v2' });
  assert.ok(request.ok);
  assert.equal(request.value.host, 'other.example');
  assert.equal(request.value.sni, 'shop.example');
  assert.deepEqual(request.value.headers, { 'x-cart': 'v2' });
});

test('[SUITE10] whatever the URL, it is read as a browser reads it or refused in a sentence', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.string()),
      (url) => {
        const read = get(url);
        if (!read.ok) {
          assert.match(read.error, /^[A-Z"].*\.$/s);
          return;
        }
        const known = new URL(url);
        assert.equal(`${read.value.scheme}:`, known.protocol);
        assert.equal(read.value.host.split(':')[0], known.host.split(':')[0]);
        assert.ok(read.value.path.startsWith('/'));
      },
    ),
    { numRuns: 500 },
  );
});

test('[SUITE10] what cannot be sent is refused: users, methods and headers that are none', () => {
  assert.match(JSON.stringify(get('http://me@shop.example/')), /names a user/);
  assert.match(JSON.stringify(get('http://x/', { 'a b': '1' })), /no header name/);
  assert.match(JSON.stringify(get('http://x/', { a: 'b\r\nc: d' })), /control character/);
  assert.equal(requestOfUrl({ method: 'G T', url: 'http://x/', headers: {} }).ok, false);
  assert.equal(get(`http://x/${'a'.repeat(9_000)}`).ok, false);
  assert.deepEqual(readHeader('x-cart:  v2 '), { ok: true, value: ['x-cart', 'v2'] });
  assert.equal(readHeader('x-cart').ok, false);
});

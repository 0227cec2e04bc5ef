import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPublicJwk } from '../../../../renderer/config/form/read-public-jwk.ts';

test('[UIFORM7] a public key is taken, and a private one refused with a sentence', () => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: 'abc' };
  assert.deepEqual(readPublicJwk(JSON.stringify(jwk)), { ok: true, value: jwk });
  // What a browser adds when it exports a key has no effect, so it is left out of the text.
  const exported = { ...jwk, ext: true, key_ops: ['verify'] };
  assert.deepEqual(readPublicJwk(JSON.stringify(exported)), { ok: true, value: jwk });
  for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth']) {
    const read = readPublicJwk(JSON.stringify({ ...jwk, [member]: 'secret' }));
    assert.ok(!read.ok && read.error.includes('private key'));
  }
  for (const text of ['{', '[]', '{}', 'x'.repeat(20_000)]) assert.ok(!readPublicJwk(text).ok);
});

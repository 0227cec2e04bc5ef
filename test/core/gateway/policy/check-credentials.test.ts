import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '../../../../core/gateway/json.ts';
import { checkCredentials } from '../../../../core/gateway/policy/check-credentials.ts';
import { readJwk } from '../../../../core/gateway/policy/jwk.ts';
import { readAuthPlan } from '../../../../core/gateway/policy/read-auth-plan.ts';
import { sha256Hex } from '../../../../core/lib/sha256.ts';

const NOW_MS = 1_700_000_000_000;
const NOW_S = NOW_MS / 1_000;

const PAIRS = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2_048 }),
};
type Algorithm = keyof typeof PAIRS;
const ALGORITHMS: readonly Algorithm[] = ['ES256', 'EdDSA', 'RS256'];

function publicJwk(algorithm: Algorithm): JsonObject {
  const exported: JsonObject = JSON.parse(
    JSON.stringify(PAIRS[algorithm].publicKey.export({ format: 'jwk' })),
  );
  return { ...exported, kid: algorithm };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function signWith(algorithm: Algorithm, key: KeyObject, message: string): string {
  const data = Buffer.from(message);
  if (algorithm === 'EdDSA') return sign(null, data, key).toString('base64url');
  const options = algorithm === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' as const } : { key };
  return sign('sha256', data, options).toString('base64url');
}

function token(algorithm: Algorithm, claims: object = {}, header: object = {}): string {
  const head = encode({ alg: algorithm, kid: algorithm, ...header });
  const message = `${head}.${encode({ exp: NOW_S + 60, ...claims })}`;
  return `${message}.${signWith(algorithm, PAIRS[algorithm].privateKey, message)}`;
}

function check(jwt: JsonObject, sent: string, atMs = NOW_MS): number {
  const keys = ALGORITHMS.map(publicJwk);
  const plan = readAuthPlan('AuthPolicy/shop/a', { jwt: { keys, ...jwt } });
  const header = (name: string) => (name === 'authorization' ? `Bearer ${sent}` : undefined);
  return checkCredentials(plan, header, atMs).status;
}

test('[AUTH4] tokens signed by a key of the policy pass, for each algorithm', () => {
  for (const algorithm of ALGORITHMS) {
    assert.equal(check({}, token(algorithm)), 0, algorithm);
    assert.equal(check({}, token(algorithm, { name: 'Zoë 漢' })), 0);
  }
});

test('[AUTH5] a token changed anywhere is refused', () => {
  for (const algorithm of ALGORITHMS) {
    const good = token(algorithm);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.constantFrom('A', 'b', '7', '_', '.'), (at, by) => {
        const bad = `${good.slice(0, at)}${by}${good.slice(at + 1)}`;
        assert.equal(check({}, bad), bad === good ? 0 : 401);
      }),
      { numRuns: 40 },
    );
  }
});

test('[AUTH6] the algorithm is that of the key, whatever the token says', () => {
  for (const alg of ['none', 'HS256', 'ES256', 'RS384']) {
    assert.equal(check({}, token('RS256', {}, { alg })), 401);
  }
  assert.equal(check({}, token('EdDSA', {}, { crit: ['x'] })), 401);
  const head = encode({ alg: 'none' });
  assert.equal(check({}, `${head}.${encode({ exp: NOW_S + 60 })}.`), 401);
});

test('[AUTH7] exp, nbf and iat are judged with the skew, and exp must be there', () => {
  const skewed = { clockSkew: '10s' };
  const at = (claims: object) => check(skewed, token('EdDSA', claims));
  assert.equal(at({ exp: NOW_S - 9 }), 0);
  assert.equal(at({ exp: NOW_S - 10 }), 401);
  assert.equal(at({ nbf: NOW_S + 10 }), 0);
  assert.equal(at({ nbf: NOW_S + 11 }), 401);
  assert.equal(at({ iat: NOW_S + 11 }), 401);
  assert.equal(at({ exp: undefined }), 401);
  assert.equal(at({ exp: 'soon' }), 401);
  const once = token('EdDSA');
  const plan = { ...skewed };
  assert.equal(check(plan, once, NOW_MS), 0);
  assert.equal(check(plan, once, NOW_MS + 71_000), 401);
});

test('[AUTH8] issuer and audience must fit; a missing claim is 403', () => {
  const strict = {
    issuer: 'https://id.example',
    audiences: ['shop', 'pay'],
    requiredClaims: [{ name: 'scope', value: 'pay' }],
  };
  const good = { iss: 'https://id.example', aud: ['other', 'shop'], scope: 'read pay' };
  const at = (claims: object) => check(strict, token('ES256', { ...good, ...claims }));
  assert.equal(at({}), 0);
  assert.equal(at({ aud: 'pay', scope: ['pay'] }), 0);
  assert.equal(at({ iss: 'https://evil.example' }), 401);
  assert.equal(at({ aud: 'elsewhere' }), 401);
  assert.equal(at({ scope: 'payroll' }), 403);
  assert.equal(at({ scope: undefined }), 403);
});

test('[AUTH9] an API key passes by its hash; either kind of credential suffices', () => {
  const spec = {
    apiKey: { header: 'X-Api-Key', keys: [{ name: 'a', sha256: sha256Hex('key of a') }] },
    jwt: { keys: [publicJwk('EdDSA')] },
  };
  const plan = readAuthPlan('AuthPolicy/shop/a', spec);
  const at = (headers: Record<string, string>) =>
    checkCredentials(plan, (name) => headers[name], NOW_MS).status;
  assert.equal(at({ 'x-api-key': 'key of a' }), 0);
  assert.equal(at({ 'x-api-key': 'key of b' }), 401);
  assert.equal(at({ 'x-api-key': sha256Hex('key of a') }), 401);
  assert.equal(at({ authorization: `bearer ${token('EdDSA')}` }), 0);
  assert.equal(at({ 'x-api-key': 'no', authorization: `Bearer ${token('EdDSA')}` }), 0);
  assert.equal(at({}), 401);
});

test('[AUTH10] a policy that cannot be understood lets nobody pass, and nothing throws', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ maxLength: 200 }), (jwt, sent) => {
      const spec: JsonObject = JSON.parse(JSON.stringify({ jwt, apiKey: jwt }));
      const plan = readAuthPlan('AuthPolicy/shop/a', spec);
      const verdict = checkCredentials(plan, () => `Bearer ${sent}`, NOW_MS);
      assert.equal(verdict.status, 401);
    }),
  );
  assert.equal(check({}, 'a'.repeat(10_000)), 401);
});

test('[AUTH10] a restriction that cannot be read shuts the policy; it is not passed over', () => {
  const keys = [publicJwk('EdDSA')];
  const verdict = (jwt: JsonObject) => {
    const plan = readAuthPlan('AuthPolicy/shop/a', JSON.parse(JSON.stringify({ jwt })));
    const bearer = `Bearer ${token('EdDSA')}`;
    return checkCredentials(plan, (name) => (name === 'authorization' ? bearer : undefined), NOW_MS)
      .status;
  };
  assert.equal(verdict({ keys }), 0);
  for (const bad of [
    { issuer: 5 },
    { audiences: 'shop' },
    { audiences: ['shop', 7] },
    { requiredClaims: {} },
  ]) {
    assert.equal(verdict({ keys, ...bad }), 401, JSON.stringify(bad));
  }
});

test('[AUTH13] a key of small order, which would sign everything, signs nothing', () => {
  const point = Buffer.from(`01${'00'.repeat(31)}`, 'hex');
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') };
  const plan = readAuthPlan('AuthPolicy/shop/a', { jwt: { keys: [jwk] } });
  const signature = Buffer.concat([point, Buffer.alloc(32)]).toString('base64url');
  const forged = `${encode({ alg: 'EdDSA' })}.${encode({ exp: 9e9 })}.${signature}`;
  assert.equal(checkCredentials(plan, () => `Bearer ${forged}`, NOW_MS).status, 401);
});

test('[AUTH11] only public keys of the three kinds are read', () => {
  for (const algorithm of ALGORITHMS) {
    const reading = readJwk(publicJwk(algorithm));
    assert.equal(reading.ok && reading.value.algorithm, algorithm);
  }
  const secret = JSON.parse(JSON.stringify(PAIRS.EdDSA.privateKey.export({ format: 'jwk' })));
  for (const [jwk, member] of [
    [secret, 'd'],
    [{ kty: 'oct', k: 'abc' }, 'k'],
    [{ ...publicJwk('RS256'), e: 'AQ' }, 'e'],
    [{ ...publicJwk('RS256'), n: 'AQAB' }, 'n'],
    [{ ...publicJwk('ES256'), crv: 'P-384' }, 'crv'],
    [{ ...publicJwk('ES256'), x: 'AQAB' }, 'x'],
    [{ ...publicJwk('EdDSA'), alg: 'RS256' }, 'alg'],
  ] as const) {
    const reading = readJwk(jwk);
    assert.equal(reading.ok ? '' : reading.error.member, member);
  }
});

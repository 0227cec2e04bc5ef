import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseConfig } from '../../../core/gateway/parse-config.ts';
import { looksRandom } from '../../../core/gateway/secrets.ts';

/** Put together here, so that no scanner takes this file for a leak. */
const part = (...parts: string[]) => parts.join('');
const TOKENS = {
  aws: part('AK', 'IA', 'IOSFODNN7EXAMPLE'),
  github: part('gh', 'p_', 'a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8'),
  slack: part('xo', 'xb-', '1234567890-', 'abcdefghijkl'),
  jwt: part(
    'ey',
    'JhbGciOiJIUzI1NiJ9.',
    'ey',
    'JzdWIiOiIxMjM0NTY3ODkwIn0.',
    'dozjgNryP4J3jVmNHl0w5N',
  ),
  pem: part('-----BEGIN ', 'PRIVATE', ' KEY-----'),
  npm: part('np', 'm_', 'a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8'),
  vault: part('hv', 's.', 'a1B2c3D4e5F6g7H8i9J0a1B2c3D4'),
  sendGrid: part('S', 'G.', 'a1B2c3D4e5F6g7H8i9J0a1.', 'a1B2c3D4e5F6g7H8i9J0a'.repeat(2), 'b'),
  azure: part('Account', 'Key=', 'a1B2c3D4e5'.repeat(4), '=='),
  model: part('sk-', 'ant-', 'a1B2c3D4e5'.repeat(2)),
  url: part('postgres://shop:', 'Sup3rSecret', '@db.example.com/shop'),
};

function secretsIn(
  yaml: string,
): readonly { readonly pointer: string; readonly message: string }[] {
  return parseConfig(yaml).problems.filter(({ code, severity }) => {
    return code === 'secret' && severity === 'error';
  });
}

function backend(annotations: string, comment = ''): string {
  return `apiVersion: holdfast.dev/v1alpha1
kind: Backend${comment}
metadata:
  name: a
  annotations:
    ${annotations}
spec: {endpoints: [{host: a.example, port: 80}]}
`;
}

test('[SECRET1] well-known token shapes are refused wherever they stand, and never repeated', () => {
  for (const token of Object.values(TOKENS)) {
    const found = secretsIn(backend(`note: "see ${token} for that"`));
    assert.deepEqual(
      found.map(({ pointer }) => pointer),
      ['/metadata/annotations/note'],
      token,
    );
    assert.equal(found[0]?.message.includes(token), false);
    assert.equal(secretsIn(backend('note: b', ` # ${token}`)).length, 1, `in a comment: ${token}`);
  }
});

test('[SECRET1] a private key is refused in base64 too, a certificate is not', () => {
  for (const kind of ['', 'RSA ', 'EC ', 'OPENSSH ', 'ENCRYPTED ']) {
    const pem = part('-----BEGIN ', kind, 'PRIVATE', ' KEY-----\nMIIE');
    const text = Buffer.from(pem).toString('base64');
    assert.equal(secretsIn(backend(`key: ${text}`)).length, 1, kind);
  }
  for (const public_ of ['CERTIFICATE', 'PUBLIC KEY', 'EC PARAMETERS']) {
    const text = Buffer.from(`-----BEGIN ${public_}-----\nMIIE`).toString('base64');
    assert.deepEqual(secretsIn(backend(`ca: ${text}`)), [], public_);
  }
});

test('[SECRET2] a Secret inside a List is refused', () => {
  const item = 'apiVersion: v1, kind: Secret, metadata: {name: a}, data: {password: aHVudGVyMg==}';
  const found = secretsIn(`apiVersion: v1\nkind: List\nitems: [{${item}}]\n`);
  assert.deepEqual(
    found.map(({ pointer }) => pointer),
    ['/items/0'],
  );
});

test('[SECRET2] a Secret is refused, whatever it holds', () => {
  const found = secretsIn('apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {}\n');
  assert.deepEqual(
    found.map(({ pointer }) => pointer),
    ['/kind'],
  );
  assert.match(found[0]?.message ?? '', /take this document out/);
});

test('[SECRET3] private parts of a JWK are refused, public ones are not', () => {
  const jwk = (extra: string) => `apiVersion: example.dev/v1
kind: Keys
metadata: {name: a}
spec: {keys: [{kty: OKP, crv: Ed25519, x: 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo${extra}}]}
`;
  assert.deepEqual(secretsIn(jwk('')), []);
  assert.equal(secretsIn(jwk(', d: abc'))[0]?.pointer, '/spec/keys/0/d');
});

test('[SECRET4] a value that looks drawn by chance is refused under the name of a secret only', () => {
  const value = 'q7Zt2Lk9Xw4Rb8Vn1Hs6';
  for (const name of ['password', 'db-password', 'API_KEY', 'clientSecret', 'x-api-key']) {
    assert.equal(secretsIn(backend(`${name}: "${value}"`)).length, 1, name);
  }
  for (const name of ['sha256', 'note', 'tokenHash', 'checksum']) {
    assert.equal(secretsIn(backend(`${name}: "${value}"`)).length, 0, name);
  }
});

test('[SECRET5] names, hashes, identifiers and public keys pass', () => {
  for (const value of [
    'wildcard-linden-market-example',
    '123e4567-e89b-12d3-a456-426614174000',
    'kubernetes.io/service-account-token',
    'csrf-token-header-2026',
    'https://id.example/tokens/a1B2c3D4e5F6',
    'https://id.example:8443/a@b',
    'postgres://shop@db.example.com:5432/shop1',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the config's reader
    'postgres://shop:${DB_PASSWORD1}@db.example.com/shop',
    'correct-horse-battery-staple',
  ]) {
    assert.equal(looksRandom(value), false, value);
    assert.deepEqual(secretsIn(backend(`token: "${value}"`)), []);
  }
  assert.deepEqual(secretsIn(backend(`hash: "${'0123456789abcdef'.repeat(4)}"`)), []);
  for (const name of ['shop.yaml', 'broken.yaml']) {
    const url = new URL(`../../../examples/${name}`, import.meta.url);
    assert.deepEqual(secretsIn(readFileSync(url, 'utf8')), []);
  }
});

test('[SECRET6] hostile texts cost what their length costs', () => {
  for (const unit of ['eyJ', 'eyJ.', '-----BEGIN ', 'gh', 'xoxb-']) {
    const text = unit.repeat(300_000).slice(0, 900_000);
    assert.ok(Array.isArray(secretsIn(backend(`note: "${text} PRIVATE KEY eyJ"`))));
  }
});

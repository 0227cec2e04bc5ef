import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { looksRandom } from '../../../core/gateway/looks-random.ts';
import { parseConfig } from '../../../core/gateway/parse-config.ts';
import type { Problem } from '../../../core/gateway/problem.ts';

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

function secretsIn(yaml: string): readonly Problem[] {
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
  for (const unit of [
    'eyJ',
    'eyJ.',
    '-----BEGIN ',
    'gh',
    'xoxb-',
    'password=',
    'token : ',
    '=====',
    'Basic ',
    '://a:',
    '# ',
  ]) {
    const text = unit.repeat(300_000).slice(0, 900_000);
    assert.ok(Array.isArray(secretsIn(backend(`note: "${text} PRIVATE KEY eyJ"`))));
  }
});

/** Drawn once, and used nowhere. */
const HEX = '7f3a9c0be41d58627f0e9b3c5da81462';
const AWS_SECRET = part('wJalrXUtnF', 'EMI/K7MDENG/bPxRfi', 'CYEXAMPLEKEY');

/** A document around lines of annotations; the first of them is line 6. */
function annotated(...lines: readonly string[]): string {
  return backend(lines.join('\n    '));
}

test('[SECRET7] a secret in a comment is told at its own place, beside those in values', () => {
  const text = `# made by hand\n---\n# old: ${TOKENS.github}\n${annotated(
    `note: "${TOKENS.aws}" # and ${TOKENS.npm}`,
    `# token: ${TOKENS.vault}, then ${TOKENS.aws}`,
    'other: "a # b" # password: q8Zr5mXw2LkT9vNc',
    'tail: c',
  )}`;
  const found = secretsIn(text);
  const places = found.map(({ line, column, message }) => {
    const rest = text.split('\n')[line - 1]?.slice(column - 1) ?? '';
    return [line, rest.slice(0, 4), message.includes('in a comment')];
  });
  assert.deepEqual(places, [
    [3, TOKENS.github.slice(0, 4), true],
    [9, `"${TOKENS.aws.slice(0, 3)}`, false],
    [9, TOKENS.npm.slice(0, 4), true],
    [10, TOKENS.vault.slice(0, 4), true],
    [10, TOKENS.aws.slice(0, 4), true],
    [11, 'q8Zr', true],
  ]);
});

test('[SECRET7] what looks like a comment in a value is told once, as the value', () => {
  const found = secretsIn(annotated('note: |', `  # password: q8Zr5mXw2LkT9vNc`, '  b'));
  assert.deepEqual(
    found.map(({ pointer }) => pointer),
    ['/metadata/annotations/note'],
  );
});

test('[SECRET7] comments are told up to a bound', () => {
  const lines = Array.from({ length: 50 }, () => `# ${TOKENS.github}`);
  assert.equal(secretsIn(annotated('a: b', ...lines)).length, 10);
});

test('[SECRET8] keys and names of anchors are looked at too', () => {
  const [inKey, ...more] = secretsIn(annotated(`${TOKENS.github}: b`));
  assert.match(inKey?.message ?? '', /a GitHub token in a key/);
  assert.deepEqual([inKey?.line, more.length], [6, 0]);
  const anchor = secretsIn(annotated('a: b', `c: &${TOKENS.github} d`));
  assert.deepEqual(
    anchor.map(({ line, column }) => [line, column]),
    [[7, 9]],
  );
});

test('[SECRET9] a secret that a text names, or that stands under a name, is refused', () => {
  for (const line of [
    `secretKey: ${AWS_SECRET}`,
    `note: "aws_secret_access_key=${AWS_SECRET}"`,
    `note: "X-Api-Key: ${HEX}"`,
    `note: "http://x.example/?a=b&api_key=${HEX}&c=d"`,
    `note: '{"password": "q8Zr5mXw2LkT9vNc"}'`,
    `ci_token: {a: ${HEX}}`,
    `ci_token: {a: {b: [${HEX}]}}`,
    `auth: "Bearer ${HEX}"`,
    `note: "Bearer ${HEX}"`,
    `note: "Basic ${Buffer.from('shop:pw').toString('base64')}"`,
    'note: postgres://u:pw@h',
    `key: ${part('MIIEvQIBADANBg', 'kqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ')}`,
    `signing-key: "${HEX}"`,
  ]) {
    assert.equal(secretsIn(annotated(line)).length, 1, line);
    if (line.startsWith('note')) {
      assert.equal(secretsIn(annotated('a: b', `# ${line}`)).length, 1, `in a comment: ${line}`);
    }
  }
});

test('[SECRET10] what is near a secret and none passes', () => {
  const sha256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
  const config = Buffer.from('{"log": {"level": "info"}, "port": 8080}').toString('base64');
  const certificate = Buffer.from('-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+g').toString('base64');
  for (const line of [
    `sha256: ${sha256}`,
    `hash: ${sha256}`,
    `digest: ${sha256}`,
    `fingerprint: ${sha256}`,
    `token-sha256: ${sha256}`,
    `password_hash: ${sha256}`,
    `note: "token-sha256: ${sha256}"`,
    `note: "token: sha256:${sha256}"`,
    `image: "registry.example/shop/cart@sha256:${sha256}"`,
    `commit: ${sha256.slice(0, 40)}`,
    'token: 123e4567-e89b-12d3-a456-426614174000',
    'note: "token: 123e4567-e89b-12d3-a456-426614174000"',
    `apiKey: {header: x-api-key, keys: [{name: partner-a, sha256: ${sha256}}]}`,
    `token: {keys: [{kty: OKP, crv: Ed25519, kid: "2026", x: 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo}]}`,
    'secret: {name: wildcard-Linden-2026-market1, key: tls.key}',
    'secretName: edge-Cert-2026a-Linden7-b',
    `note: ${config}`,
    `ca: ${certificate}`,
    'key: MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAq7BFUpkGp3',
    'key: MFkwEwYHKoZIzj0DAQcDQgAEq7BFUpkGp3vUZC6q7BFUpkGp3vUZC6',
    'host: a1b2c3d4e5f6g7h8.eu-west-1.elb.amazonaws.com',
    'note: "Basic authentication, then a Bearer token: see RFC 6750"',
    'note: "Basic credentials and bearer kubernetes.io/service-account-token"',
    'note: postgres://user:password@db.example.com/shop',
    'note: "postgres://shop:$(PW)@db/shop, postgres://shop:<pw>@db/shop"',
    'note: "password: correct-horse-battery-staple"',
    'note: "var matchToToken = jsTokens.matchToToken"',
    'note: "token: see https://id.example/tokens/a1B2c3D4e5F6g7H8"',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the config's reader
    'note: "password=${DB_PASSWORD_1_A2_B3}"',
  ]) {
    assert.deepEqual(secretsIn(annotated(line)), [], line);
    assert.deepEqual(secretsIn(annotated('a: b', `# ${line}`)), [], `in a comment: ${line}`);
  }
});

test('[SECRET10] public keys in JSON stay public beside other short names', () => {
  const json = `{"apiVersion": "example.dev/v1", "kind": "Keys", "metadata": {"name": "a"}, "p": 1, "jwk":
{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}\n# "d": none\n`;
  assert.deepEqual(secretsIn(json), []);
});

test('[SECRET10] the conformance manifests hold none, where they are there', () => {
  const directory = fileURLToPath(new URL('../../../../shared/conformance/', import.meta.url));
  const names = existsSync(directory) ? readdirSync(directory, { recursive: true }) : [];
  for (const name of names.map(String).filter((path) => /\.ya?ml$/.test(path))) {
    assert.deepEqual(secretsIn(readFileSync(join(directory, name), 'utf8')), [], name);
  }
});

test('[SECRET11] a private member of a key is to be taken out, not to be spelled otherwise', () => {
  const jwk = (x: string, more: string) => `apiVersion: holdfast.dev/v1alpha1
kind: AuthPolicy
metadata: {name: a, namespace: shop}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: edge}]
  jwt: {keys: [{kty: EC, crv: P-256, x: ${x}, y: ${x}${more}}]}
`;
  const zeros = 'A'.repeat(43);
  const of = (text: string) =>
    parseConfig(text)
      .problems.filter(({ pointer }) => pointer.startsWith('/spec/jwt'))
      .map(({ code, pointer }) => [code, pointer]);
  assert.deepEqual(of(jwk(zeros, ', d: abc')), [['secret', '/spec/jwt/keys/0/d']]);
  assert.deepEqual(of(jwk(zeros, '')), [['bad-key', '/spec/jwt/keys/0']]);
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repeatedOption } from '../../../core/lib/option-problems.ts';
import { shopText } from '../../core/gateway/suite/suite-fixture.ts';
import { runCli } from '../../support/console-process.ts';
import { scratchDirectory } from '../host/host-fixture.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CLI = join(ROOT, 'main/cli/main.ts');
const SHOP = join(ROOT, 'examples/shop.yaml');
const BROKEN = join(ROOT, 'examples/broken.yaml');

test('[CLI12] validate names every problem with its place and ends with 1 when there are errors', async () => {
  assert.equal((await runCli(['validate', '-f', SHOP])).code, 0);
  const { code, stdout, stderr } = await runCli(['validate', '-f', BROKEN]);
  assert.equal(code, 1);
  assert.equal(stderr, '');
  assert.match(stdout, /broken\.yaml:16:13: error: .*808080/);
  assert.match(stdout, /\n {4}fix: /);
  assert.match(stdout, /5 errors, 0 warnings\.\n$/);
  const json = JSON.parse((await runCli(['validate', '-f', BROKEN, '--json'])).stdout);
  assert.deepEqual([json.ok, json.errors, json.rejectingNodes], [false, 5, null]);
  assert.equal(json.problems[0].line, 16);
});

test('[CLI12] with --strict a warning counts as an error', async (t) => {
  const file = join(scratchDirectory(t), 'list.yaml');
  writeFileSync(file, 'apiVersion: v1\nkind: ServiceList\nmetadata: {name: all}\n');
  assert.equal((await runCli(['validate', '-f', file])).code, 0);
  assert.equal((await runCli(['validate', '-f', file, '--strict'])).code, 1);
});

test('[CLI13] what cannot be read ends with 3 and a sentence, and is told apart from a bad config', async (t) => {
  const directory = scratchDirectory(t);
  const binary = join(directory, 'binary');
  writeFileSync(binary, Buffer.from([0x61, 0x0a, 0]));
  const latin = join(directory, 'latin');
  writeFileSync(latin, Buffer.from([0xff, 0xe9]));
  const large = join(directory, 'large');
  writeFileSync(large, Buffer.alloc(8 * 1024 * 1024 + 1, 0x23));
  const empty = join(directory, 'empty');
  writeFileSync(empty, '');
  const url = ['--url', 'http://shop.example/'];
  for (const [args, why] of [
    [['validate', '-f', join(directory, 'none')], /there is no such file/],
    [['validate', '-f', directory], /it is a directory/],
    [['validate', '-f', binary], /binary:2: this is a binary file/],
    [['validate', '-f', latin], /not UTF-8/],
    [['validate', '-f', large], /over 8 MiB/],
    [['validate', '-f', SHOP, '--nodes', '--data', directory], /No console runs/],
    [['validate', '-f', empty], /holds no document/],
    [['route', '-f', empty, ...url], /holds no resource/],
    [['route', '-f', SHOP, '--vectors', SHOP], /not JSON/],
    [['route', '-f', SHOP, '--vectors', directory], /it is a directory/],
    [['suite', 'run', '-f', empty], /holds no resource/],
    [['suite', 'run', '--data', directory], /No console runs/],
  ] as const) {
    const { code, stderr, stdout } = await runCli(args);
    assert.equal(code, 3, args.join(' '));
    assert.match(stderr, why);
    assert.doesNotMatch(stderr, /\n {4}at /);
    assert.equal(stdout, '');
  }
});

test('[CLI14] route says where a request goes and why, and --json has all of it', async () => {
  const args = ['route', '-f', SHOP, '--url', 'https://www.linden-market.example/cart'];
  const { code, stdout, stderr } = await runCli(args);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^cart\n.*checkout\/cart:8080/s);
  assert.match(stdout, /rule {6}HTTPRoute\/checkout\/cart-pages, rule 1/);
  const preview = await runCli([
    ...args.slice(0, 4),
    'https://www.linden-market.example/',
    '--json',
    '-H',
    'x-preview: winter',
  ]);
  const json = JSON.parse(preview.stdout);
  assert.equal(json.winner.route, 'HTTPRoute/storefront/shop-preview');
  assert.ok(json.runnersUp.length > 0 && json.shares.length > 0);
});

test('[CLI14] a config with errors still answers, and that is said', async () => {
  const { code, stderr, stdout } = await runCli([
    ...['route', '-f', BROKEN, '--url', 'http://www.shop.example/'],
  ]);
  assert.equal(code, 0);
  assert.match(stderr, /has 5 errors and cannot be published/);
  assert.match(stdout, /^\d{3} /);
});

test('[CLI15] vectors pass or fail case by case, with the outcome got', async (t) => {
  const directory = scratchDirectory(t);
  const manifests = join(directory, 'manifests.yaml');
  writeFileSync(manifests, shopText({ v2: 0 }));
  const file = join(directory, 'vectors.json');
  const vector = (name: string, path: string, expect: object) => ({
    name,
    listenerPort: 80,
    request: { method: 'GET', scheme: 'http', host: 'shop.example', path, headers: {} },
    expect,
  });
  const cases = [
    vector('cart', '/cart', { backend: 'shop/cart-v1' }),
    vector('nothing', '/none', { status: 404 }),
  ];
  const write = (list: readonly object[]) =>
    writeFileSync(file, JSON.stringify({ test: 't', gateway: 'shop/edge', cases: list }));
  write(cases);
  const args = ['route', '-f', manifests, '--vectors', file];
  const good = await runCli(args);
  assert.deepEqual([good.code, good.stderr], [0, '']);
  assert.match(good.stdout, /^pass {2}cart .*2 of 2 cases pass\.\n$/s);
  write([...cases, vector('wrong', '/cart', { backend: 'shop/cart-v2' })]);
  const bad = await runCli([...args, '--json']);
  assert.equal(bad.code, 1);
  const json = JSON.parse(bad.stdout);
  assert.deepEqual([json.ok, json.passed, json.failed], [false, 2, 1]);
  assert.match(json.cases[2].got, /cart-v1/);
});

test('[CLI16] suite run judges expectations, compares two configs, and gates on either', async (t) => {
  const directory = scratchDirectory(t);
  const split = join(directory, 'split.yaml');
  const whole = join(directory, 'whole.yaml');
  writeFileSync(split, shopText());
  writeFileSync(whole, shopText({ v2: 0 }));
  const failing = await runCli(['suite', 'run', '-f', split]);
  assert.equal(failing.code, 1);
  assert.match(failing.stdout, /FAIL shop\/smoke: one-backend: Expected only shop\/cart-v1, got/);
  assert.match(failing.stdout, /2 pass, 1 fail, 1 without an expectation\.\n$/);
  assert.equal((await runCli(['suite', 'run', '-f', whole])).code, 0);
  const compare = ['suite', 'run', '-f', whole, '--compare', split];
  const compared = await runCli(compare);
  assert.equal(compared.code, 0);
  assert.match(compared.stdout, /cart-v1 75 %, cart-v2 25 % → cart-v1\n/);
  assert.match(compared.stdout, /2 of 4 requests change their outcome\./);
  assert.equal((await runCli([...compare, '--fail-on-change', '--json'])).code, 1);
  const same = await runCli(['suite', 'run', '-f', whole, '--compare', whole, '--fail-on-change']);
  assert.equal(same.code, 0);
});

test('[CLI17] wrong usage of the offline commands ends with 2 before anything is read', async () => {
  const url = ['--url', 'http://x/'];
  for (const args of [
    ['validate'],
    ['validate', SHOP],
    ['validate', '-f', ''],
    ['suite', 'run', '-f', ''],
    ['route', '-f', SHOP],
    ['route', '-f', SHOP, '--url', 'shop.example'],
    ['route', '-f', SHOP, ...url, '-H', 'no colon'],
    ['route', '-f', SHOP, ...url, '--method', 'G T'],
    ['route', '-f', SHOP, ...url, '--vectors', 'v.json'],
    ['route', '-f', '-', '--vectors', '-'],
    ['suite', 'run', '--against', 'yesterday'],
    ['suite', 'run', '-f', SHOP, '--fail-on-change'],
    ['suite'],
    ['validate', '-f', SHOP, '-f', BROKEN],
    ['validate', '-f', SHOP, '--file', BROKEN],
    ['route', '-f', SHOP, ...url, '--cell', 'a', '--cell=b'],
    ['serve', '--port', '0', '--port', '1'],
    ['export', '--draft', '--revision', '1'],
    ['export', '--revision', 'one'],
    ['import'],
    ['import', '-f', SHOP, '--merge', '--replace'],
    ['import', '-f', SHOP, '-m', ' '],
  ]) {
    const { code, stderr, stdout } = await runCli(args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, /Usage: holdfast/, args.join(' '));
    assert.equal(stdout, '');
  }
});

test('[CLI18] each command explains itself, and help ends with 0', async () => {
  const { stdout } = await runCli(['help']);
  for (const name of ['validate', 'export', 'import', 'suite run', 'route']) {
    assert.ok(stdout.includes(`\n  ${name} `), name);
    const help = await runCli([...name.split(' '), '--help']);
    assert.equal(help.code, 0, name);
    assert.match(help.stdout, new RegExp(`^Usage: holdfast ${name} `));
  }
});

test('[CLI19] a reader that goes away ends the output quietly', async () => {
  const child = spawn(process.execPath, [
    CLI,
    'route',
    '-f',
    '-',
    '--url',
    'http://shop.example/cart',
    '--json',
  ]);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdout.destroy();
  const closed = once(child, 'close');
  child.stdin.end(shopText());
  const [code] = await closed;
  assert.deepEqual([code, stderr], [0, '']);
});

test('[CLI13] a file of the name of a directory beside it is not taken for it', async (t) => {
  const directory = join(scratchDirectory(t), 'config.yaml');
  mkdirSync(directory);
  const { code, stderr } = await runCli(['suite', 'run', '-f', directory]);
  assert.equal(code, 3);
  assert.match(stderr, /config\.yaml: it is a directory; name a file\.\n$/);
});

test('[CLI22] a second value is named as such, and lists are lists', async () => {
  const { stderr } = await runCli(['validate', '-f', SHOP, '-f', BROKEN]);
  assert.match(stderr, /^-f is given more than once; give it once\n/);
  const tokens = [
    { kind: 'option', name: 'header' },
    { kind: 'option', name: 'header' },
    { kind: 'positional' },
    { kind: 'positional' },
  ];
  assert.equal(repeatedOption(tokens, { header: { type: 'string', multiple: true } }), null);
  assert.equal(repeatedOption(tokens, {}), 'header is given more than once; give it once');
});

test('[CLI23] the first word of a two-word command names what may follow it', async () => {
  const { code, stderr } = await runCli(['suite']);
  assert.equal(code, 2);
  assert.match(stderr, /^“suite” takes a second word: suite run\.\n/);
  assert.match((await runCli(['node', 'stop', 'x'])).stderr, /: node restart, node retire\.\n/);
});

test('[CLI24] a cell that no flag names is said to make no difference', async () => {
  const args = ['route', '-f', SHOP, '--url', 'https://www.linden-market.example/cart'];
  const { code, stderr } = await runCli([...args, '--cell', 'nowhere']);
  assert.equal(code, 0);
  assert.match(
    stderr,
    /^No FeatureFlag of .* names the cell nowhere, so --cell makes no difference\.\n$/,
  );
});

test('[CLI25] a config of which no suite can be read is bad news, not a bad job', async (t) => {
  const file = join(scratchDirectory(t), 'torn.yaml');
  writeFileSync(file, 'kind: [\n');
  for (const path of [file, BROKEN]) {
    const { code, stdout, stderr } = await runCli(['suite', 'run', '-f', path]);
    assert.deepEqual([code, stderr], [1, ''], path);
    assert.match(stdout, /no request of a suite could be read\.\n$/);
    const json = JSON.parse((await runCli(['suite', 'run', '-f', path, '--json'])).stdout);
    assert.equal(json.ok, false);
    assert.ok(json.errors.length > 0);
  }
});

test('[CLI26] help says where an answer and a refusal are told', async () => {
  const { stdout } = await runCli(['--help']);
  assert.match(stdout, /An answer is on the standard output, also one that is bad news/);
  assert.doesNotMatch(stdout, /not fine \(the reason is on the error output\)/);
});

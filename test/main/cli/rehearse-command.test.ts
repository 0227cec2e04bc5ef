import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import type { Revision } from '../../../core/config/ids.ts';
import { runCli, startConsole } from '../../support/console-process.ts';
import { scratchDirectory } from '../host/host-fixture.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CLI = join(ROOT, 'main/cli/main.ts');
const SHOP = join(ROOT, 'examples/shop.yaml');
/** What older agents reject. */
const CORS_ROUTE = `
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: cors, namespace: storefront}
spec:
  parentRefs: [{name: public, namespace: platform}]
  rules:
  - matches: [{path: {type: PathPrefix, value: /cors}}]
    backendRefs: [{name: web, port: 8080}]
    filters: [{type: CORS, cors: {allowOrigins: ["https://shop.example.com"]}}]
`;
const PLANNED = ['--nodes', '12', '--cells', '2', '--seeds', '3', '--for', '5s'];

test('[REH14] a planned fleet is rehearsed without a console: bands, limits and the same again', async () => {
  const args = ['rehearse', '-f', SHOP, ...PLANNED];
  const text = await runCli(args);
  assert.equal(text.code, 0, text.stderr);
  for (const line of [
    /^Rehearsed 3 seeds from seed 1 on 12 nodes, 5\.00 s after the publish each, in /,
    /^over the seeds +least +middle +most$/m,
    /^50 % acknowledge it after +\d+ ms +\d+ ms +\d+ ms$/m,
    /^99 % +\d+ ms +\d+ ms +\d+ ms$/m,
    /^nodes that acknowledged it, of 12 +12 +12 +12$/m,
    /^requests lost +0 of /m,
    /^pushes +0 delta, 12 full$/m,
    /^within {2}99 % of the nodes acknowledge it after .*; the limit is 5\.00 s\.$/m,
    /^within {2}No node rejects it; at most 0 may\.$/m,
  ]) {
    assert.match(text.stdout, line);
  }
  const [first, second] = await Promise.all([
    runCli([...args, '--json']),
    runCli([...args, '--json']),
  ]);
  const report = JSON.parse(first.stdout);
  assert.deepEqual(report.seeds, JSON.parse(second.stdout).seeds);
  assert.deepEqual([report.isWithin, report.isStopped, report.seedsAsked], [true, false, 3]);
  assert.equal(report.forecast.seeds, 3);
  assert.equal(report.limits.length, 3);
  assert.match(report.seeds[2].traceHash, /^[0-9a-f]{16}$/);
});

test('[REH14] what is beyond a limit ends with 1 and says which; a wider limit takes it', async (t) => {
  const draft = join(scratchDirectory(t), 'draft.yaml');
  writeFileSync(draft, readFileSync(SHOP, 'utf8').replaceAll('port: 8080', 'port: 8081'));
  const args = ['rehearse', '-f', draft, '--base', SHOP, ...PLANNED];
  const lost = await runCli(args);
  assert.equal(lost.code, 1, lost.stderr);
  assert.match(lost.stdout, /^BEYOND {2}.* requests are lost; at most 0 may\.$/m);
  assert.match(lost.stdout, /^pushes +12 delta, 0 full$/m);
  const allowed = await runCli([...args, '--lost', '100000']);
  assert.equal(allowed.code, 0);
  const late = await runCli([...args, '--lost', '100000', '--t99', '1ms', '--lag', '1ms']);
  assert.equal(late.code, 1);
  assert.match(late.stdout, /^BEYOND {2}99 % of the nodes acknowledge it after/m);
  assert.match(late.stdout, /^BEYOND {2}A node serves without a published revision for at most/m);
});

test('[REH14] a text that the base holds already passes: there is nothing to publish', async () => {
  const { code, stdout } = await runCli(['rehearse', '-f', SHOP, '--base', SHOP, ...PLANNED]);
  assert.equal(code, 0);
  assert.equal(stdout, 'Nothing to rehearse: the head holds just this already.\n');
});

test('[REH15] wrong usage, and what cannot be used, end with 2 before a seed is run', async (t) => {
  const missing = join(scratchDirectory(t), 'none.yaml');
  const broken = join(ROOT, 'examples/broken.yaml');
  for (const [args, why] of [
    [[], /-f FILE is missing/],
    [['-f', SHOP, '--base', SHOP], /--base is for a planned fleet; say its size with --nodes N/],
    [['-f', '-', '--base', '-', '--nodes', '2'], /cannot both be the standard input/],
    [['-f', SHOP, '--nodes', '2', '--cells', '3'], /--cells 3 is more than the fleet has nodes/],
    [['-f', SHOP, '--nodes', '2', '--seeds', '0'], /--seeds takes a whole number from 1 to 10,000/],
    [
      ['-f', SHOP, '--nodes', '2', '--seeds', '2', '--seed', '4294967295'],
      /the last seed would be over 4294967295; choose a smaller --seed or --seeds/,
    ],
    [['-f', SHOP, '--nodes', '2', '--for', '2h'], /--for is too long; at most 1h/],
    [['-f', SHOP, '--nodes', '2', '--t99', 'soon'], /--t99 takes a length of time/],
    [['-f', missing, '--nodes', '2'], /-f .*there is no such file/],
    [['-f', SHOP, '--nodes', '2', '--base', missing], /--base .*there is no such file/],
    [
      ['-f', SHOP, '--nodes', '2', '--faults', broken],
      /^--faults \S*broken\.yaml: The faults cannot be read: this is not JSON/,
    ],
    [
      ['-f', SHOP, '--nodes', '2', '--base', broken],
      /^--base cannot be used\. The text of r1 would be refused: The config has 5 errors/m,
    ],
    [
      ['-f', SHOP, '--nodes', '2', '--for', '5s', '--t99', '6s'],
      /--t99 6s is not less than what is rehearsed .*; choose a longer --for/,
    ],
    [['-f', SHOP, '--nodes', '2', '--lag', '60s'], /--lag 60s is not less than what is rehearsed/],
  ] as const) {
    const { code, stdout, stderr } = await runCli(['rehearse', ...args]);
    assert.equal(code, 2, args.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, why);
  }
});

test('[REH34] a draft that would be refused is bad news and not wrong usage: 1, on the standard output', async () => {
  const planned = ['--nodes', '2', '--seeds', '1', '--for', '5s'];
  const broken = ['rehearse', '-f', join(ROOT, 'examples/broken.yaml'), ...planned];
  const { code, stdout, stderr } = await runCli(broken);
  assert.equal(code, 1);
  assert.doesNotMatch(stderr, /Usage:/);
  assert.match(stdout, /^The draft would be refused: The config has 5 errors: line/);
  const json = await runCli([...broken, '--json']);
  assert.equal(json.code, 1);
  const { isWithin, forecast, refusal } = JSON.parse(json.stdout);
  assert.deepEqual([isWithin, forecast, refusal.reason], [false, null, 'invalid-config']);
});

test('[REH33] the command rehearses a draft without resources when --allow-empty is given', async (t) => {
  const empty = join(scratchDirectory(t), 'empty.yaml');
  writeFileSync(empty, '# nothing\n');
  const planned = ['rehearse', '-f', empty, '--nodes', '2', '--seeds', '1', '--for', '5s'];
  for (const base of [[], ['--base', SHOP]]) {
    const refused = await runCli([...planned, ...base]);
    assert.equal(refused.code, 1, refused.stderr);
    assert.match(refused.stdout, /^The draft .*\nSay --allow-empty to mean it\.$/m);
    const meant = await runCli([...planned, ...base, '--lost', '100000', '--allow-empty']);
    assert.equal(meant.code, 0, `${meant.stdout}${meant.stderr}`);
  }
});

test('[REH31] nodes that may reject it do not keep a draft beyond its times', async (t) => {
  const draft = join(scratchDirectory(t), 'draft.yaml');
  writeFileSync(draft, `${readFileSync(SHOP, 'utf8')}${CORS_ROUTE}`);
  const args = ['rehearse', '-f', draft, '--base', SHOP, '--nodes', '100', '--seeds', '1'];
  const allowed = await runCli([...args, '--for', '5s', '--reject', '100']);
  assert.equal(allowed.code, 0, `${allowed.stdout}${allowed.stderr}`);
  assert.match(allowed.stdout, /^within {2}99 % of the nodes that take it acknowledge it after/m);
  assert.match(allowed.stdout, /^within {2}\d+ nodes reject it; at most 100 may\.$/m);
  const strict = await runCli([...args, '--for', '5s']);
  assert.equal(strict.code, 1);
  assert.match(strict.stdout, /^BEYOND {2}99 % of the nodes acknowledge it after more than/m);
});

test('[REH15] without a console and without a planned fleet nobody can tell: 3', async (t) => {
  const { code, stderr } = await runCli(['rehearse', '-f', SHOP, '--data', scratchDirectory(t)]);
  assert.equal(code, 3);
  assert.match(stderr, /^No console runs on .*\nWith --nodes N no console is needed\.$/m);
});

test('[REH16] Ctrl-C ends it with what was done by then, and does not pass', async () => {
  const args = ['rehearse', '-f', SHOP, '--nodes', '12', '--seeds', '10000', '--json'];
  const child = spawn(process.execPath, [CLI, ...args]);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    // Said when there is something to report.
    if (/reports what was done by then/.test(text)) child.kill('SIGINT');
  });
  const [code] = await once(child, 'close');
  assert.equal(code, 3, stderr);
  const report = JSON.parse(stdout);
  assert.deepEqual([report.isStopped, report.isWithin], [true, true]);
  assert.equal(report.forecast.seeds, report.seeds.length);
});

test('[REH16] a twin that is killed loses no seed that was done, and is told of', async () => {
  const args = ['rehearse', '-f', SHOP, '--nodes', '12', '--seeds', '10000', '--json'];
  const child = spawn(process.execPath, [CLI, ...args]);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    if (/reports what was done by then/.test(text)) process.kill(childOf(child.pid), 'SIGKILL');
  });
  const [code] = await once(child, 'close');
  assert.equal(code, 3, stderr);
  assert.match(stderr, /^The twin failed: its process was ended by SIGKILL\.$/m);
  const report = JSON.parse(stdout);
  assert.deepEqual([report.isStopped, report.isWithin], [true, true]);
  assert.equal(report.forecast.seeds, report.seeds.length);
});

/** The one process that a command has started. */
function childOf(pid: number | undefined): number {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = processes.split('\n').map((line) => line.trim().split(/ +/).map(Number));
  const found = rows.find(([, parent]) => parent === pid)?.[0];
  assert.ok(found !== undefined);
  return found;
}

test('[REH17] with a console it is tried on a copy of its fleet, which is not touched', async (t) => {
  const console = await startConsole({ args: ['--nodes', '12', '--cells', '2'] });
  t.after(() => console.stop());
  await console.until('the first config everywhere', ({ fleet }) => fleet.acknowledged === 12);
  const { text } = await console.must('get-config', {});
  const draft = join(console.dataDir, 'draft.yaml');
  writeFileSync(
    draft,
    `${text}---\napiVersion: v1\nkind: Service\nmetadata: {name: more}\nspec: {ports: [{name: http, port: 80, protocol: TCP}]}\n`,
  );
  const { code, stdout, stderr } = await console.cli(
    'rehearse',
    '-f',
    draft,
    '--seeds',
    '2',
    '--for',
    '5s',
  );
  assert.equal(code, 0, `${stdout}${stderr}`);
  assert.match(stdout, /^nodes that acknowledged it, of 12 +12 +12 +12$/m);
  assert.match(stdout, /^pushes +12 delta, 0 full$/m);
  assert.equal((await console.status()).head?.revision, 1);
  const published = `${text}# published\n---\napiVersion: v1\nkind: Service\nmetadata: {name: other}\nspec: {ports: [{name: http, port: 80, protocol: TCP}]}\n`;
  await console.must('rehearse', { text: published, seedsMax: 1 });
  await console.must('publish', { text: published, message: 'as rehearsed' });
  await console.until(
    'it is everywhere',
    ({ head, fleet }) => head?.revision === 2 && fleet.acknowledged === 12,
  );
  await console.must('get-forecast', { revision: 2 as Revision });
  await console.must('kill-control-plane', {});
  const down = await console.cli('rehearse', '-f', draft, '--seeds', '2', '--for', '5s');
  assert.equal(down.code, 0, `${down.stdout}${down.stderr}`);
  assert.match(down.stderr, /^The control plane is down: .*as the console knows it\.$/m);
  assert.match(down.stderr, /^The last rehearsed publish took .* as predicted\.$/m);
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import type { Lineage, RootHash } from '../../../core/config/ids.ts';
import { ForecastKeeper } from '../../../main/host/forecast-keeper.ts';
import {
  CONSOLE_APPLICATION_ID,
  CONSOLE_MIGRATIONS,
} from '../../../main/host/store/console-migrations.ts';
import type { ConsoleStore } from '../../../main/host/store/console-store.ts';
import { FORECASTS_KEPT_MAX } from '../../../main/host/store/forecast-table.ts';
import { factsOn, forecastOf, openStore, publishedHead, reportOf } from './forecast-fixture.ts';
import { scratchDirectory } from './host-fixture.ts';
import { LINEAGE, scriptedHash } from './scripted-control-plane.ts';

/** The history that is looked at: what is after `head` is undone, and only other contents have their hashes told. */
interface History {
  head: number;
  readonly rootHashes: Map<number, RootHash>;
}

function start(t: TestContext) {
  const path = join(scratchDirectory(t), 'console.sqlite');
  let store = openStore(path);
  t.after(() => store.close());
  const lost: string[] = [];
  const history: History = { head: Number.POSITIVE_INFINITY, rootHashes: new Map() };
  const keeperOn = (held: ConsoleStore) =>
    new ForecastKeeper({
      store: held,
      isOfHistory: ({ revision, rootHash }) =>
        revision <= history.head && (history.rootHashes.get(revision) ?? rootHash) === rootHash,
      onLost: (revision, why) => lost.push(`r${revision}: ${why}`),
    });
  return {
    path,
    lost,
    history,
    keeper: keeperOn(store),
    store,
    reopened() {
      store.close();
      store = openStore(path);
      return keeperOn(store);
    },
  };
}

const ON_R1 = { text: 'text of r2', forecast: forecastOf(), facts: factsOn(1), atMs: 7 };

test('[FORE10] a forecast is kept with the revision that was published from exactly its text', (t) => {
  const { keeper, reopened } = start(t);
  keeper.rehearsed(ON_R1);
  keeper.published(publishedHead(2));
  keeper.published(publishedHead(3, { text: 'text of r2 ' }));
  const kept = { revision: 2, forecast: ON_R1.forecast, rehearsedAtMs: 7, changedSince: [] };
  for (const each of [keeper, reopened()]) {
    assert.deepEqual(each.read(LINEAGE, 2)?.kept, kept, 'also after a restart');
    assert.equal(each.read(LINEAGE, 3), null, 'another text');
    assert.equal(each.read('ff'.repeat(16) as Lineage, 2), null, 'another history');
    assert.equal(each.read(null, 2), null);
  }
});

test('[FORE10] what changed between rehearsal and publish is told in sentences', (t) => {
  const { keeper } = start(t);
  const cut = new Map([['f1', 'links cut, cell a']]);
  const before = factsOn(1, { nodeIds: new Set(['a/0', 'a/1', 'a/2']), faults: cut });
  const late = new Map([['f2', 'latency 400 ms, the whole fleet']]);
  const after = factsOn(4, { nodeIds: new Set(['a/0', 'a/8', 'a/9']), down: 1, faults: late });
  keeper.rehearsed({ ...ON_R1, facts: before });
  keeper.published(publishedHead(5, { text: ON_R1.text, facts: after }));
  assert.deepEqual(keeper.read(LINEAGE, 5)?.kept.changedSince, [
    'It was rehearsed on r1 and published on r4.',
    '2 nodes were retired since.',
    '2 nodes were provisioned since.',
    '0 nodes were down then, 1 at the publish.',
    'A fault began since: latency 400 ms, the whole fleet.',
    'A fault ended since: links cut, cell a.',
  ]);
});

test('[FORE10] however much changed, the sentences are bounded', (t) => {
  const { keeper } = start(t);
  const faults = new Map(Array.from({ length: 64 }, (_, i) => [`f${i}`, 'links cut'] as const));
  keeper.rehearsed({ ...ON_R1, facts: factsOn(null) });
  keeper.published(publishedHead(2, { facts: factsOn(1, { faults }) }));
  const changed = keeper.read(LINEAGE, 2)?.kept.changedSince ?? [];
  assert.equal(changed.length, 13);
  assert.equal(changed[0], 'It was rehearsed on an empty history and published on r1.');
  assert.equal(changed.at(-1), 'And 53 more.');
});

test('[FORE10] of several rehearsals of a text, that of the very head without faults of one’s own counts', (t) => {
  const { keeper } = start(t);
  const faulty = forecastOf({ faults: ['links cut, cell a'] });
  keeper.rehearsed({ ...ON_R1, atMs: 1 });
  keeper.rehearsed({ ...ON_R1, atMs: 2, facts: factsOn(0) });
  keeper.rehearsed({ ...ON_R1, atMs: 3, forecast: faulty });
  keeper.published(publishedHead(2));
  assert.equal(keeper.read(LINEAGE, 2)?.kept.rehearsedAtMs, 1);
  keeper.rehearsed({ ...ON_R1, text: 'text of r3', atMs: 4, forecast: faulty });
  keeper.published(publishedHead(3));
  const kept = keeper.read(LINEAGE, 3)?.kept;
  assert.deepEqual(
    kept?.forecast.faults,
    ['links cut, cell a'],
    'better than none, and it says so',
  );
});

test('[FORE10] only the newest rehearsals wait for their publish', (t) => {
  const { keeper } = start(t);
  for (let revision = 2; revision <= 10; revision += 1) {
    keeper.rehearsed({ ...ON_R1, text: `text of r${revision}` });
  }
  keeper.published(publishedHead(2));
  keeper.published(publishedHead(3));
  assert.equal(keeper.read(LINEAGE, 2), null);
  assert.notEqual(keeper.read(LINEAGE, 3), null);
});

test('[FORE17] how far publishes were from their forecasts is told of the newest, also after a restart', (t) => {
  const { keeper, reopened } = start(t);
  const publish = (revision: number, ms: number | null, faults: string[] = []) => {
    const text = `text of r${revision}`;
    keeper.rehearsed({ ...ON_R1, text, forecast: forecastOf({ faults }) });
    keeper.published(publishedHead(revision));
    const row = keeper.read(LINEAGE, revision);
    assert.ok(row !== null);
    return () => keeper.ended(row, { ...reportOf(revision, ms), nodesRejecting: 0 });
  };
  const ends = [publish(2, 42), publish(3, 210), publish(4, null), publish(5, 9_000, ['killed'])];
  publish(6, 1);
  assert.equal(keeper.record(), null, 'none has come to its end');
  for (const end of ends) end();
  const record = { publishes: 2, ratioLow: 1, ratioHigh: 5 };
  for (const each of [keeper, reopened()]) assert.deepEqual(each.record(), record);
  for (let revision = 7; revision <= 16; revision += 1) publish(revision, 84)();
  assert.deepEqual(keeper.record(), { publishes: 10, ratioLow: 2, ratioHigh: 2 });
  keeper.forget();
  assert.equal(keeper.record(), null);
});

test('[FORE11] the newest forecasts are kept and no more, each bounded in size', (t) => {
  const { keeper, reopened } = start(t);
  const long = { key: 'k'.repeat(600), detail: 'x'.repeat(100_000), nodes: 1 };
  const forecast = forecastOf({
    rejections: Array.from({ length: 50 }, () => long),
    faults: Array.from({ length: 1_000 }, () => 'f'.repeat(1_000)),
  });
  const revisionMax = FORECASTS_KEPT_MAX + 3;
  for (let revision = 1; revision <= revisionMax; revision += 1) {
    const text = `text of r${revision}`;
    keeper.rehearsed({
      ...ON_R1,
      text,
      forecast: revision === revisionMax ? forecast : ON_R1.forecast,
    });
    keeper.published(publishedHead(revision));
  }
  for (const each of [keeper, reopened()]) {
    assert.equal(each.read(LINEAGE, 3), null);
    assert.notEqual(each.read(LINEAGE, 4), null);
    const kept = JSON.stringify(each.read(LINEAGE, revisionMax)?.kept);
    assert.ok(kept.length > 10_000 && kept.length < 150_000, `${kept.length} characters`);
    assert.equal(each.open(LINEAGE).length, FORECASTS_KEPT_MAX);
  }
});

test('[FORE11] a file of an older format gets the table, and what cannot be read is left out', (t) => {
  const path = join(scratchDirectory(t), 'console.sqlite');
  const raw = new Database(path);
  for (const migration of CONSOLE_MIGRATIONS.slice(0, 2)) raw.exec(migration);
  raw.pragma(`application_id = ${CONSOLE_APPLICATION_ID}`);
  raw.pragma('user_version = 2');
  raw.close();
  openStore(path).close();
  const migrated = new Database(path);
  migrated
    .prepare('INSERT INTO forecasts (lineage, revision, root_hash, kept) VALUES (?, 1, ?, ?)')
    .run(LINEAGE, scriptedHash(1), '{"of":"another version"}');
  migrated
    .prepare('INSERT INTO forecasts (lineage, revision, root_hash, kept) VALUES (?, 2, ?, ?)')
    .run(LINEAGE, scriptedHash(2), '{"cut off in the m');
  migrated.close();
  const store = openStore(path);
  assert.deepEqual(store.forecasts(), []);
  store.close();
});

test('[FORE11] a file of the format before keeps its forecasts, and has room for two of one number', (t) => {
  const { keeper, path, store, history, reopened } = start(t);
  keeper.rehearsed(ON_R1);
  keeper.published(publishedHead(2));
  store.close();
  const raw = new Database(path);
  raw.exec('DROP INDEX forecast_by_content');
  raw.exec('CREATE UNIQUE INDEX forecast_by_revision ON forecasts (lineage, revision)');
  raw.pragma('user_version = 3');
  raw.close();
  const again = reopened();
  assert.equal(again.read(LINEAGE, 2)?.kept.revision, 2);
  again.rehearsed({ ...ON_R1, text: 'another', atMs: 8 });
  const rootHash = scriptedHash(20);
  again.published(publishedHead(2, { text: 'another', rootHash }));
  const once = reopened();
  assert.equal(once.read(LINEAGE, 2)?.rootHash, rootHash, 'the newest');
  history.rootHashes.set(2, scriptedHash(2));
  assert.equal(once.read(LINEAGE, 2)?.kept.rehearsedAtMs, 7);
});

test('[FORE11] a file that would not take it is said, and the forecast is there until the end', (t) => {
  const { keeper, store, lost } = start(t);
  store.close();
  keeper.rehearsed(ON_R1);
  keeper.published(publishedHead(2));
  assert.equal(lost.length, 1);
  assert.match(lost[0] ?? '', /^r2: .+[^.]$/);
  assert.equal(keeper.read(LINEAGE, 2)?.kept.revision, 2);
  keeper.forget();
  assert.equal(keeper.read(LINEAGE, 2), null);
});

test('[FORE15] what an older backup undoes is not told, and told again when it is put back', (t) => {
  const { keeper, reopened, history } = start(t);
  for (const revision of [2, 3, 4]) {
    keeper.rehearsed({ ...ON_R1, text: `text of r${revision}` });
    keeper.published(publishedHead(revision));
  }
  history.head = 3;
  assert.equal(keeper.read(LINEAGE, 4), null);
  assert.deepEqual(
    keeper.open(LINEAGE).map(({ revision }) => revision),
    [3, 2],
  );
  history.head = 4;
  for (const each of [keeper, reopened()]) assert.equal(each.read(LINEAGE, 4)?.revision, 4);
});

test('[FORE15] a number that is used again has its own forecast, and the former waits with what it was of', (t) => {
  const { keeper, reopened, history } = start(t);
  keeper.rehearsed({ ...ON_R1, text: 'text of r3', atMs: 3 });
  keeper.published(publishedHead(3));
  const former = keeper.read(LINEAGE, 3);
  assert.ok(former !== null);
  const rootHash = scriptedHash(30);
  keeper.published(publishedHead(3, { text: 'not rehearsed', rootHash }));
  history.rootHashes.set(3, rootHash);
  assert.equal(keeper.read(LINEAGE, 3), null, 'published anew without a rehearsal');
  keeper.ended(former, { ...reportOf(3, 42), nodesRejecting: 0 });
  keeper.rehearsed({ ...ON_R1, text: 'text of r30', atMs: 30 });
  keeper.published(publishedHead(3, { text: 'text of r30', rootHash }));
  const again = reopened();
  assert.equal(again.read(LINEAGE, 3)?.kept.rehearsedAtMs, 30);
  history.rootHashes.clear();
  history.rootHashes.set(3, scriptedHash(3));
  assert.equal(again.read(LINEAGE, 3)?.kept.rehearsedAtMs, 3);
  assert.equal(again.read(LINEAGE, 3)?.actual, null, 'what came of the later is nothing of it');
});

test('[FORE15] the same content published anew without a rehearsal has no forecast', (t) => {
  const { keeper, reopened } = start(t);
  keeper.rehearsed(ON_R1);
  keeper.published(publishedHead(2));
  keeper.published(publishedHead(2, { text: 'text of r2 # and a remark' }));
  for (const each of [keeper, reopened()]) assert.equal(each.read(LINEAGE, 2), null);
});

test('[FORE15] a reset forgets rehearsals and forecasts', (t) => {
  const { keeper, reopened } = start(t);
  keeper.rehearsed(ON_R1);
  keeper.published(publishedHead(2));
  keeper.rehearsed({ ...ON_R1, text: 'text of r3' });
  keeper.forget();
  keeper.published(publishedHead(3));
  assert.equal(keeper.read(LINEAGE, 3), null);
  assert.equal(reopened().read(LINEAGE, 2), null);
});

test('[FORE14] a row of the history says in short whether T99 came to lie in its band', (t) => {
  const { keeper } = start(t);
  keeper.rehearsed(ON_R1);
  keeper.published(publishedHead(2));
  const t99 = { low: 41, median: 42, high: 43 };
  assert.equal(keeper.inShort(LINEAGE, 1, reportOf(1, 42)), null);
  assert.deepEqual(keeper.inShort(LINEAGE, 2, null), { t99, withinT99: null });
  const going = { ...reportOf(2, null), late: false };
  assert.deepEqual(keeper.inShort(LINEAGE, 2, going), { t99, withinT99: null });
  assert.deepEqual(keeper.inShort(LINEAGE, 2, reportOf(2, 42)), { t99, withinT99: true });
  assert.deepEqual(keeper.inShort(LINEAGE, 2, reportOf(2, 61)), { t99, withinT99: false });
  assert.deepEqual(keeper.inShort(LINEAGE, 2, reportOf(2, null)), { t99, withinT99: false });
  const row = keeper.read(LINEAGE, 2);
  assert.ok(row !== null);
  keeper.ended(row, { ...reportOf(2, 42), nodesRejecting: 0 });
  assert.deepEqual(keeper.inShort(LINEAGE, 2, null), { t99, withinT99: true });
});

test('[FORE18] a row of the history gives no verdict on a rehearsal with faults of one’s own', (t) => {
  const { keeper } = start(t);
  const forecast = forecastOf({ faults: ['control plane killed'] });
  keeper.rehearsed({ ...ON_R1, forecast });
  keeper.published(publishedHead(2));
  const short = { t99: forecast.t99, withinT99: null, withFaults: true };
  for (const report of [null, reportOf(2, 42), reportOf(2, 900)]) {
    assert.deepEqual(keeper.inShort(LINEAGE, 2, report), short);
  }
});

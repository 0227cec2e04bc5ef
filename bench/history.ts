import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { computeDelta } from '../core/config/delta.ts';
import type { Lineage, Revision } from '../core/config/ids.ts';
import { loadText } from '../core/control-plane/publisher.ts';
import { micros } from '../core/ports/clock.ts';
import type { ConfigStore } from '../core/ports/store.ts';
import { openSqliteConfigStore } from '../main/control-plane/store/sqlite-config-store.ts';
import { ChangingConfig } from './changing-config.ts';
import { type BenchRow, quantile } from './statistics.ts';

const HISTORY_REVISIONS = 10_000;
const SAMPLES = 100;
const PAGE = 100;

/**
 * What the history is asked, at 10,000 revisions of 1,000 resources: each against a bare SQLite read
 * of the same bytes from a file of their own, in turns. Revisions are drawn all over the history, so
 * that hardly any is at hand from the one before.
 */
export function benchHistory(): BenchRow[] {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-bench-history-'));
  try {
    const path = join(dir, 'control-plane.sqlite');
    const bytesBefore = fillHistory(path);
    const store = openStore(path);
    const rows = [...readRows(store, join(dir, 'bare.sqlite')), sizeRow(path, bytesBefore)];
    store.close();
    return rows;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function openStore(path: string): ConfigStore {
  const opened = openSqliteConfigStore({
    path,
    now: micros(1),
    newLineage: () => '0123456789abcdef' as Lineage,
  });
  if (!opened.ok) throw new Error(opened.error.detail);
  return opened.value;
}

/** Returns what the file has after the first revision. */
function fillHistory(path: string): number {
  const workload = new ChangingConfig();
  let store = openStore(path);
  let firstBytes = 0;
  for (let i = 0; i < HISTORY_REVISIONS; i += 1) {
    const { documents, rootHash } = workload.change(i);
    const result = store.publish({
      base: store.head()?.revision ?? null,
      documents,
      rootHash,
      author: `operator-${i % 7}`,
      message: `change ${i}`,
      at: micros(i + 2),
      origin: { kind: 'publish' },
    });
    if (!result.ok) throw new Error(result.error.reason);
    if (i > 0) continue;
    store.close();
    firstBytes = statSync(path).size;
    store = openStore(path);
  }
  store.close();
  return firstBytes;
}

function readRows(store: ConfigStore, barePath: string): BenchRow[] {
  const anyRevision = (i: number) => (1 + ((i * 7_919) % HISTORY_REVISIONS)) as Revision;
  const text = loadText(store, anyRevision(1)) ?? '';
  const page = JSON.stringify(store.revisions({ limit: PAGE }));
  const bare = openBare(barePath, { text, two: `${text}${text}`, page });
  const measure = (name: string, bytes: 'text' | 'two' | 'page', run: (i: number) => unknown) => {
    const measured: number[] = [];
    const baseline: number[] = [];
    for (let i = 0; i < SAMPLES; i += 1) {
      measured.push(timed(() => run(i)));
      baseline.push(timed(() => bare.read(bytes)));
    }
    return row(name, measured, baseline);
  };
  const rows = [
    measure(`a page of ${PAGE} revisions, anywhere`, 'page', (i) =>
      store.revisions({ before: anyRevision(i), limit: PAGE }),
    ),
    measure('search, words that hardly anything has', 'page', (i) =>
      store.searchRevisions({ search: `operator-3 change ${anyRevision(i)}`, limit: PAGE }),
    ),
    measure('any revision with its text', 'text', (i) => loadText(store, anyRevision(i))),
    measure('any two compared, with their texts', 'two', (i) =>
      compare(store, anyRevision(2 * i), anyRevision(3 * i + 5_000)),
    ),
    measure('blame of any revision', 'text', (i) => store.touches(anyRevision(5 * i + 11))),
  ];
  bare.close();
  return rows;
}

function compare(store: ConfigStore, from: Revision, to: Revision): unknown {
  const before = store.manifest(from);
  const after = store.manifest(to);
  if (before === null || after === null) throw new Error('a revision of the history is missing');
  return [computeDelta(before, after), loadText(store, from), loadText(store, to)];
}

function timed(run: () => unknown): number {
  const startedAt = performance.now();
  run();
  return performance.now() - startedAt;
}

function openBare(path: string, blobs: Readonly<Record<string, string>>) {
  const db = new Database(path);
  db.exec('CREATE TABLE bare (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT');
  const insert = db.prepare('INSERT INTO bare (name, body) VALUES (?, ?)');
  for (const [name, body] of Object.entries(blobs)) insert.run(name, body);
  const select = db.prepare('SELECT body FROM bare WHERE name = ?').pluck();
  return {
    read: (name: string) => select.get(name),
    close: () => db.close(),
  };
}

function row(name: string, samples: readonly number[], bares: readonly number[]): BenchRow {
  const measured = quantile(samples, 0.95);
  const baseline = quantile(bares, 0.95);
  return {
    name: `history of ${HISTORY_REVISIONS.toLocaleString('en')} revisions, 1,000 resources: ${name}, p95`,
    measured,
    unit: 'ms',
    baseline,
    baselineName: 'one bare SQLite read of as many bytes',
    ratio: measured / baseline,
    bar: '≤ 50 ms',
    samples: samples.length,
  };
}

function sizeRow(path: string, firstBytes: number): BenchRow {
  return {
    name: 'bytes of the file for each further revision, one resource of about 0.8 kB changed',
    measured: (statSync(path).size - firstBytes) / (HISTORY_REVISIONS - 1),
    unit: 'bytes',
    baseline: firstBytes,
    baselineName: 'bytes of the file after the first revision, with all 1,000 resources',
    ratio: null,
    bar: '',
    samples: HISTORY_REVISIONS - 1,
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Lineage } from '../core/config/ids.ts';
import { micros } from '../core/ports/clock.ts';
import { openSqliteConfigStore } from '../main/control-plane/store/sqlite-config-store.ts';
import { ChangingConfig } from './changing-config.ts';
import { type BenchRow, quantile } from './statistics.ts';

const HISTORY_REVISIONS = 10_000;
/** Enough that a handful of slow syncs of a shared disk does not decide the 99th percentile. */
const SAMPLES = 3_000;

/**
 * The publish transaction at 10,000 revisions of history against one bare SQLite transaction of the
 * same sync level, taken in turns so that both see the same machine.
 */
export function benchPublishStore(): BenchRow[] {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-bench-store-'));
  try {
    const opened = openSqliteConfigStore({
      path: join(dir, 'control-plane.sqlite'),
      now: micros(1),
      newLineage: () => '0123456789abcdef' as Lineage,
    });
    if (!opened.ok) throw new Error(opened.error.detail);
    const store = opened.value;
    const bare = openBare(join(dir, 'bare.sqlite'));
    const workload = new ChangingConfig();
    const publish = (i: number): number => {
      const { documents, rootHash } = workload.change(i);
      const startedAt = performance.now();
      const result = store.publish({
        base: store.head()?.revision ?? null,
        documents,
        rootHash,
        author: 'bench',
        message: `change ${i}`,
        at: micros(i + 2),
        origin: { kind: 'publish' },
      });
      const tookMs = performance.now() - startedAt;
      if (!result.ok) throw new Error(result.error.reason);
      return tookMs;
    };
    for (let i = 0; i < HISTORY_REVISIONS; i += 1) publish(i);
    const publishes: number[] = [];
    const bares: number[] = [];
    for (let i = 0; i < SAMPLES; i += 1) {
      publishes.push(publish(HISTORY_REVISIONS + i));
      bares.push(bare.once());
    }
    bare.close();
    store.close();
    return [row('p99', 0.99, publishes, bares), row('p50', 0.5, publishes, bares)];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function row(name: string, share: number, publishes: number[], bares: number[]): BenchRow {
  const measured = quantile(publishes, share);
  const baseline = quantile(bares, share);
  return {
    name: `publish transaction, ${HISTORY_REVISIONS.toLocaleString('en')} revisions, ${name}`,
    measured,
    unit: 'ms',
    baseline,
    baselineName: 'one bare SQLite transaction, synchronous=FULL',
    ratio: measured / baseline,
    bar: name === 'p99' ? '≤ 3 ×' : '',
    samples: publishes.length,
  };
}

function openBare(path: string): { once(): number; close(): void } {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE bare (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT');
  const insert = db.prepare('INSERT INTO bare (body) VALUES (?)');
  const body = 'x'.repeat(800);
  return {
    once() {
      const startedAt = performance.now();
      insert.run(body);
      return performance.now() - startedAt;
    },
    close: () => db.close(),
  };
}

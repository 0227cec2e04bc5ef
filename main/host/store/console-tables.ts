import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { RosterNode } from '../../../core/fleet/roster.ts';
import type { Alert, ConsoleEvent, RevisionRow } from '../../../core/protocol/console-model.ts';
import {
  alertRowSchema,
  blameCopySchema,
  eventRowSchema,
  headCopySchema,
  headRowSchema,
  revisionRowSchema,
  rosterRowSchema,
} from './console-rows.ts';
import type { ConsoleStore } from './console-store.ts';

/** Events kept; older ones are dropped. */
export const EVENTS_KEPT_MAX = 10_000;
/** Alerts kept, open and cleared together. */
export const ALERTS_KEPT_MAX = 1_000;
/** Revisions remembered for when the control plane is down. */
export const REVISIONS_KEPT_MAX = 500;

type Value = string | number | null;

/** Reads rows and decodes each. */
export function rowsOf<S extends z.ZodType>(
  database: Database.Database,
  schema: S,
  sql: string,
  ...values: readonly Value[]
): z.output<S>[] {
  return z.array(schema).parse(database.prepare(sql).all(...values));
}

/** Prepares once, runs often. */
export function runner(database: Database.Database, sql: string) {
  const statement = database.prepare(sql);
  return (...values: readonly Value[]) => statement.run(...values);
}

export function settingTables(
  database: Database.Database,
): Pick<ConsoleStore, 'setting' | 'setSetting' | 'deleteSetting'> {
  const set = runner(database, 'INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)');
  return {
    setting(name) {
      const value = database.prepare('SELECT value FROM settings WHERE name = ?').pluck().get(name);
      return typeof value === 'string' ? value : null;
    },
    setSetting(name, value) {
      set(name, value);
    },
    deleteSetting(name) {
      database.prepare('DELETE FROM settings WHERE name = ?').run(name);
    },
  };
}

export function eventTable(
  database: Database.Database,
): Pick<ConsoleStore, 'eventIdMax' | 'appendEvents' | 'events'> {
  const insert = runner(
    database,
    'INSERT OR IGNORE INTO events (id, at_ms, kind, severity, title, detail, subject) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const trim = runner(database, 'DELETE FROM events WHERE id <= ?');
  const idMax = () =>
    z.number().parse(database.prepare('SELECT coalesce(max(id), 0) FROM events').pluck().get());
  return {
    eventIdMax: idMax,
    appendEvents: database.transaction((events: readonly ConsoleEvent[]) => {
      for (const event of events) {
        const { id, atMs, kind, severity, title, detail, subject } = event;
        insert(id, atMs, kind, severity, title, detail, subject);
      }
      trim(idMax() - EVENTS_KEPT_MAX);
    }),
    events({ before, limit }) {
      return rowsOf(
        database,
        eventRowSchema,
        'SELECT id, at_ms AS atMs, kind, severity, title, detail, subject FROM events WHERE id < ? ORDER BY id DESC LIMIT ?',
        before ?? Number.MAX_SAFE_INTEGER,
        limit,
      );
    },
  };
}

export function alertTable(
  database: Database.Database,
): Pick<ConsoleStore, 'saveAlerts' | 'clearOpenAlerts' | 'alerts'> {
  const save = runner(
    database,
    'INSERT OR REPLACE INTO alerts (id, raised_at_ms, kind, title, detail, cleared_at_ms) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const trim = runner(
    database,
    'DELETE FROM alerts WHERE rowid NOT IN (SELECT rowid FROM alerts ORDER BY raised_at_ms DESC LIMIT ?)',
  );
  return {
    saveAlerts: database.transaction((alerts: readonly Alert[]) => {
      for (const { id, raisedAtMs, kind, title, detail, clearedAtMs } of alerts) {
        save(id, raisedAtMs, kind, title, detail, clearedAtMs);
      }
      trim(ALERTS_KEPT_MAX);
    }),
    clearOpenAlerts(atMs) {
      database.prepare('UPDATE alerts SET cleared_at_ms = ? WHERE cleared_at_ms IS NULL').run(atMs);
    },
    alerts(limit) {
      return rowsOf(
        database,
        alertRowSchema,
        'SELECT id, kind, title, detail, raised_at_ms AS raisedAtMs, cleared_at_ms AS clearedAtMs FROM alerts ORDER BY raised_at_ms DESC LIMIT ?',
        limit,
      );
    },
  };
}

export function historyTables(
  database: Database.Database,
): Pick<ConsoleStore, 'head' | 'saveHead' | 'revisions' | 'replaceRevisions' | 'saveRevision'> {
  const insert = runner(database, 'INSERT OR REPLACE INTO revisions (revision, row) VALUES (?, ?)');
  const trim = runner(
    database,
    'DELETE FROM revisions WHERE revision NOT IN (SELECT revision FROM revisions ORDER BY revision DESC LIMIT ?)',
  );
  const saveHead = runner(
    database,
    'INSERT OR REPLACE INTO head (slot, record, lineage, text, manifest) VALUES (1, ?, ?, ?, ?)',
  );
  return {
    head() {
      const sql = 'SELECT record, lineage, text, manifest FROM head WHERE slot = 1';
      const row = rowsOf(database, headRowSchema, sql)[0];
      if (row === undefined) return null;
      return headCopySchema.parse({
        ...row,
        record: JSON.parse(row.record),
        manifest: row.manifest === null ? null : JSON.parse(row.manifest),
      });
    },
    saveHead(head) {
      if (head === null) {
        database.prepare('DELETE FROM head').run();
        return;
      }
      const manifest = head.manifest === null ? null : JSON.stringify(head.manifest);
      saveHead(JSON.stringify(head.record), head.lineage, head.text, manifest);
    },
    revisions() {
      const sql = 'SELECT row FROM revisions ORDER BY revision DESC';
      const rows = rowsOf(database, z.object({ row: z.string() }), sql);
      return rows.map(({ row }) => revisionRowSchema.parse(JSON.parse(row)));
    },
    replaceRevisions: database.transaction((list: readonly RevisionRow[]) => {
      database.prepare('DELETE FROM revisions').run();
      for (const row of list.slice(0, REVISIONS_KEPT_MAX))
        insert(row.revision, JSON.stringify(row));
    }),
    saveRevision: database.transaction((row: RevisionRow) => {
      insert(row.revision, JSON.stringify(row));
      trim(REVISIONS_KEPT_MAX);
    }),
  };
}

export function rosterTable(
  database: Database.Database,
): Pick<ConsoleStore, 'roster' | 'saveRoster'> {
  const insert = runner(database, 'INSERT INTO roster (position, node_id, cell) VALUES (?, ?, ?)');
  return {
    roster() {
      const sql = 'SELECT node_id AS nodeId, cell FROM roster ORDER BY position';
      return rowsOf(database, rosterRowSchema, sql);
    },
    saveRoster: database.transaction((nodes: readonly RosterNode[]) => {
      database.prepare('DELETE FROM roster').run();
      nodes.forEach((node, position) => {
        insert(position, node.nodeId, node.cell);
      });
    }),
  };
}

export function blameTable(database: Database.Database): Pick<ConsoleStore, 'blame' | 'saveBlame'> {
  const save = runner(database, 'INSERT OR REPLACE INTO blame (slot, blame) VALUES (1, ?)');
  return {
    blame() {
      const text = database.prepare('SELECT blame FROM blame WHERE slot = 1').pluck().get();
      return typeof text === 'string' ? blameCopySchema.parse(JSON.parse(text)) : null;
    },
    saveBlame(blame) {
      if (blame === null) database.prepare('DELETE FROM blame').run();
      else save(JSON.stringify(blame));
    },
  };
}

import { existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Revision } from '../../../core/config/ids.ts';
import type { RosterNode } from '../../../core/fleet/roster.ts';
import { err, ok, type Result } from '../../../core/lib/result.ts';
import type {
  Alert,
  ConsoleEvent,
  Draft,
  DraftSummary,
  RevisionRow,
} from '../../../core/protocol/console-model.ts';
import { CONSOLE_APPLICATION_ID, CONSOLE_MIGRATIONS } from './console-migrations.ts';
import type { BlameCopy, HeadCopy } from './console-rows.ts';
import {
  alertTable,
  blameTable,
  eventTable,
  historyTables,
  rosterTable,
  settingTables,
} from './console-tables.ts';
import { draftTable } from './draft-table.ts';
import type { ForecastRow } from './forecast-rows.ts';
import { forecastTable } from './forecast-table.ts';

const BUSY_TIMEOUT_MS = 2_000;

export interface ConsoleStoreError {
  readonly reason: 'read-only' | 'newer-version' | 'damaged' | 'not-a-store' | 'open-failed';
  /** One plain sentence that names the file. */
  readonly detail: string;
}

/** The console host's own SQLite file. Synchronous; each method is one transaction. */
export interface ConsoleStore {
  setting(name: string): string | null;
  setSetting(name: string, value: string): void;
  deleteSetting(name: string): void;

  /** Newest first, without their texts. */
  drafts(operator: string): DraftSummary[];
  /** Of one base: null is that from before anything was published. */
  draft(operator: string, base: Revision | null): Draft | null;
  /** Replaces the one of the same base, and is the newest now. */
  saveDraft(operator: string, draft: Draft): void;
  discardDraft(operator: string, base: Revision | null): boolean;
  discardDrafts(operator: string): boolean;

  eventIdMax(): number;
  appendEvents(events: readonly ConsoleEvent[]): void;
  /** Newest first. */
  events(query: { before?: number; limit: number }): ConsoleEvent[];

  saveAlerts(alerts: readonly Alert[]): void;
  /** Marks alerts that a former run left open. */
  clearOpenAlerts(atMs: number): void;
  /** Newest first. */
  alerts(limit: number): Alert[];

  head(): HeadCopy | null;
  saveHead(head: HeadCopy | null): void;
  /** What was last told of who touched the head's resources. */
  blame(): BlameCopy | null;
  saveBlame(blame: BlameCopy | null): void;
  /** Of every lineage, newest first; what cannot be read is left out. */
  forecasts(): ForecastRow[];
  /** Replaces what was kept of the same revision and content; beyond `FORECASTS_KEPT_MAX` the oldest goes. */
  saveForecast(row: ForecastRow): void;
  dropForecast(row: Pick<ForecastRow, 'lineage' | 'revision' | 'rootHash'>): void;
  /** Of every history. */
  deleteForecasts(): void;
  /** Newest first. */
  revisions(): RevisionRow[];
  replaceRevisions(rows: readonly RevisionRow[]): void;
  saveRevision(row: RevisionRow): void;
  roster(): RosterNode[];
  saveRoster(nodes: readonly RosterNode[]): void;
  /** Why what is written now would be gone with this process, in words; null while it is kept. */
  whyLost(): string | null;
  close(): void;
}

/** Opens or creates the file. Never throws for what a file can hold. */
export function openConsoleStore(path: string): Result<ConsoleStore, ConsoleStoreError> {
  const isNew = !existsSync(path);
  let database: Database.Database | null = null;
  try {
    database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
    const refused = prepare(database, path, isNew);
    if (refused !== null) {
      database.close();
      return err(refused);
    }
    return ok(createStore(database));
  } catch (error) {
    database?.close();
    return err(openError(error, path));
  }
}

function prepare(
  database: Database.Database,
  path: string,
  isNew: boolean,
): ConsoleStoreError | null {
  const applicationId = Number(database.pragma('application_id', { simple: true }));
  const version = Number(database.pragma('user_version', { simple: true }));
  if (
    !isNew &&
    applicationId !== CONSOLE_APPLICATION_ID &&
    !(applicationId === 0 && isEmpty(database))
  ) {
    return { reason: 'not-a-store', detail: `${path} is not a Holdfast console file.` };
  }
  if (version > CONSOLE_MIGRATIONS.length) {
    return {
      reason: 'newer-version',
      detail: `${path} was written by a newer Holdfast (format ${version}, this one knows ${CONSOLE_MIGRATIONS.length}); use that one, or another --data directory.`,
    };
  }
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  // A draft may be discarded because of a secret in it: what is deleted is written over with zeros.
  database.pragma('secure_delete = ON');
  database.transaction(() => {
    database.pragma(`application_id = ${CONSOLE_APPLICATION_ID}`);
    CONSOLE_MIGRATIONS.slice(version).forEach((migration, index) => {
      database.exec(migration);
      database.pragma(`user_version = ${version + index + 1}`);
    });
  })();
  const check = database.pragma('quick_check(1)', { simple: true });
  if (check !== 'ok') return damaged(path);
  return null;
}

function isEmpty(database: Database.Database): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}

function damaged(path: string): ConsoleStoreError {
  return {
    reason: 'damaged',
    detail: `${path} is damaged; move it away to start with an empty one (drafts and the event log are in it).`,
  };
}

/** Turns what SQLite says into one plain sentence. */
export function openError(error: unknown, path: string): ConsoleStoreError {
  const code = error instanceof Database.SqliteError ? error.code : '';
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return damaged(path);
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_PERM')) {
    return { reason: 'read-only', detail: `${path} cannot be written.` };
  }
  const why = error instanceof Error ? error.message : String(error);
  return { reason: 'open-failed', detail: `${path} cannot be opened: ${why}.` };
}

function createStore(database: Database.Database): ConsoleStore {
  const { name } = database;
  const inode = inodeOf(name);
  return {
    ...settingTables(database),
    ...draftTable(database),
    ...eventTable(database),
    ...alertTable(database),
    ...historyTables(database),
    ...rosterTable(database),
    ...blameTable(database),
    ...forecastTable(database),
    whyLost() {
      // SQLite goes on writing to a file that was deleted or replaced under its name.
      if (inodeOf(name) === inode) return null;
      return `${name} was removed or replaced while it was in use`;
    },
    close() {
      database.close();
    },
  };
}

/** Null when there is no such file. */
function inodeOf(path: string): bigint | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? null;
}

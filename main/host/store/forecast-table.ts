import type Database from 'better-sqlite3';
import type { ConsoleStore } from './console-store.ts';
import { rowsOf, runner } from './console-tables.ts';
import { type ForecastRow, forecastRowSchema, forecastTextsSchema } from './forecast-rows.ts';

/** Forecasts kept, of all histories together; each is at most about 100 kB. */
export const FORECASTS_KEPT_MAX = 200;

type ForecastMethods = 'forecasts' | 'saveForecast' | 'dropForecast' | 'deleteForecasts';

/** What was predicted for revisions that had been rehearsed. */
export function forecastTable(database: Database.Database): Pick<ConsoleStore, ForecastMethods> {
  const save = runner(
    database,
    'INSERT INTO forecasts (lineage, revision, root_hash, kept, actual) VALUES (?, ?, ?, ?, ?) ON CONFLICT (lineage, revision, root_hash) DO UPDATE SET kept = excluded.kept, actual = excluded.actual',
  );
  const trim = runner(
    database,
    'DELETE FROM forecasts WHERE kept_seq NOT IN (SELECT kept_seq FROM forecasts ORDER BY kept_seq DESC LIMIT ?)',
  );
  const drop = runner(
    database,
    'DELETE FROM forecasts WHERE lineage = ? AND revision = ? AND root_hash = ?',
  );
  return {
    forecasts() {
      const sql =
        'SELECT lineage, revision, root_hash AS rootHash, kept, actual FROM forecasts ORDER BY kept_seq DESC';
      return rowsOf(database, forecastTextsSchema, sql).flatMap((row) => {
        const decoded = forecastRowSchema.safeParse({
          ...row,
          kept: parsed(row.kept),
          actual: row.actual === null ? null : parsed(row.actual),
        });
        return decoded.success ? [decoded.data] : [];
      });
    },
    saveForecast: database.transaction((row: ForecastRow) => {
      const actual = row.actual === null ? null : JSON.stringify(row.actual);
      save(row.lineage, row.revision, row.rootHash, JSON.stringify(row.kept), actual);
      trim(FORECASTS_KEPT_MAX);
    }),
    dropForecast({ lineage, revision, rootHash }) {
      drop(lineage, revision, rootHash);
    },
    deleteForecasts() {
      database.prepare('DELETE FROM forecasts').run();
    },
  };
}

/** What is no JSON any more keeps no console from starting: it is undefined, which no row takes. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

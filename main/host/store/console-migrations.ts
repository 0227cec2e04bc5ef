/** "HFCN": tells the console's file from any other SQLite file. */
export const CONSOLE_APPLICATION_ID = 0x4846434e;

/** Forward only. Entry n brings a file from format n to n + 1; none is ever edited. */
export const CONSOLE_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE drafts (
    operator TEXT PRIMARY KEY,
    base INTEGER,
    text TEXT NOT NULL,
    saved_at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    title TEXT NOT NULL,
    detail TEXT NOT NULL,
    subject TEXT
  ) STRICT;
  CREATE TABLE alerts (
    id TEXT NOT NULL,
    raised_at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    detail TEXT NOT NULL,
    cleared_at_ms INTEGER,
    PRIMARY KEY (id, raised_at_ms)
  ) STRICT;
  CREATE INDEX alerts_by_age ON alerts (raised_at_ms);
  CREATE TABLE head (
    slot INTEGER PRIMARY KEY CHECK (slot = 1),
    record TEXT NOT NULL,
    lineage TEXT NOT NULL,
    text TEXT NOT NULL,
    manifest TEXT
  ) STRICT;
  CREATE TABLE revisions (revision INTEGER PRIMARY KEY, row TEXT NOT NULL) STRICT;
  CREATE TABLE roster (position INTEGER PRIMARY KEY, node_id TEXT NOT NULL, cell TEXT NOT NULL) STRICT;
  `,
  // One draft for each operator and base; `saved_seq` orders them where two were saved in one instant.
  `
  CREATE TABLE draft (
    saved_seq INTEGER PRIMARY KEY AUTOINCREMENT,
    operator TEXT NOT NULL,
    base INTEGER,
    text TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    saved_at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX draft_by_base ON draft (operator, coalesce(base, -1));
  INSERT INTO draft (operator, base, text, bytes, saved_at_ms)
    SELECT operator, base, text, octet_length(text), saved_at_ms FROM drafts;
  DROP TABLE drafts;
  CREATE TABLE blame (slot INTEGER PRIMARY KEY CHECK (slot = 1), blame TEXT NOT NULL) STRICT;
  `,
  // What was predicted for a revision, and, once its convergence has ended, what came of it.
  `
  CREATE TABLE forecasts (
    kept_seq INTEGER PRIMARY KEY AUTOINCREMENT,
    lineage TEXT NOT NULL,
    revision INTEGER NOT NULL,
    root_hash TEXT NOT NULL,
    kept TEXT NOT NULL,
    actual TEXT
  ) STRICT;
  CREATE UNIQUE INDEX forecast_by_revision ON forecasts (lineage, revision);
  `,
  // A number that is used again after a restore takes nothing from the revision that had it before.
  `
  DROP INDEX forecast_by_revision;
  CREATE UNIQUE INDEX forecast_by_content ON forecasts (lineage, revision, root_hash);
  `,
];

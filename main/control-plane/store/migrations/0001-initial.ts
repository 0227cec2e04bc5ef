import type { Migration } from '../migrate.ts';

const APPEND_ONLY_TABLES = [
  'body',
  'source',
  'document',
  'revision',
  'revision_change',
  'checkpoint',
  'audit',
] as const;

/**
 * Texts are kept once, by their hash. A document row ties a key to its texts and is shared by all
 * revisions that have it. A revision is its changes against the one before, or a checkpoint: the ids
 * of all its documents in order, unsigned 32-bit little-endian.
 */
const SCHEMA = `
CREATE TABLE body (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
  canonical TEXT NOT NULL
) STRICT;

CREATE TABLE source (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
  bytes INTEGER NOT NULL CHECK (bytes >= 0),
  text TEXT NOT NULL
) STRICT;

CREATE TABLE document (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  body INTEGER REFERENCES body (id),
  source INTEGER NOT NULL REFERENCES source (id)
) STRICT;

CREATE TABLE revision (
  revision INTEGER PRIMARY KEY CHECK (revision > 0),
  parent INTEGER REFERENCES revision (revision) CHECK (parent < revision),
  generation INTEGER NOT NULL CHECK (generation > 0),
  root_hash TEXT NOT NULL CHECK (length(root_hash) = 64),
  author TEXT NOT NULL,
  message TEXT NOT NULL,
  created_at_us INTEGER NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('publish', 'rollback', 'adopt')),
  origin_of INTEGER CHECK ((origin = 'publish') = (origin_of IS NULL)),
  resources INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  source_bytes INTEGER NOT NULL
) STRICT;

CREATE TABLE revision_change (
  revision INTEGER NOT NULL REFERENCES revision (revision),
  ordinal INTEGER NOT NULL,
  op TEXT NOT NULL CHECK (op IN ('insert', 'replace', 'remove')),
  position INTEGER NOT NULL CHECK (position >= 0),
  document INTEGER REFERENCES document (id) CHECK ((op = 'remove') = (document IS NULL)),
  PRIMARY KEY (revision, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoint (
  revision INTEGER PRIMARY KEY REFERENCES revision (revision),
  documents BLOB NOT NULL CHECK (length(documents) % 4 = 0)
) STRICT;

CREATE TABLE store (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  lineage TEXT NOT NULL,
  created_at_us INTEGER NOT NULL,
  generation INTEGER NOT NULL CHECK (generation >= 0),
  head INTEGER REFERENCES revision (revision)
) STRICT;

CREATE TABLE node (
  node_id TEXT PRIMARY KEY,
  cell TEXT NOT NULL,
  provisioned_at_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE retired_node (
  node_id TEXT PRIMARY KEY,
  retired_at_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE node_word (
  node_id TEXT PRIMARY KEY REFERENCES node (node_id) ON DELETE CASCADE,
  lineage TEXT NOT NULL,
  generation INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  hash TEXT NOT NULL CHECK (length(hash) = 64),
  heard_at_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE convergence (
  revision INTEGER PRIMARY KEY REFERENCES revision (revision),
  nodes INTEGER NOT NULL,
  reached INTEGER NOT NULL,
  t50_us INTEGER,
  t95_us INTEGER,
  t99_us INTEGER,
  t100_us INTEGER,
  bytes INTEGER NOT NULL
) STRICT;

CREATE TABLE superseded_lineage (
  id INTEGER PRIMARY KEY,
  lineage TEXT NOT NULL UNIQUE,
  actor TEXT NOT NULL,
  at_us INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at_us INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
`;

/** The first form of the file. */
export const initial: Migration = {
  version: 1,
  name: 'initial',
  up(db) {
    db.exec(SCHEMA);
    for (const table of APPEND_ONLY_TABLES) {
      for (const verb of ['UPDATE', 'DELETE']) {
        db.exec(
          `CREATE TRIGGER ${table}_no_${verb.toLowerCase()} BEFORE ${verb} ON ${table}
           BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;`,
        );
      }
    }
  },
};

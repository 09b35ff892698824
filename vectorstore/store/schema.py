"""Tables of the one SQLite file, and how an older file becomes a current one.

`PRAGMA user_version` counts the migrations applied. A migration is SQL that never changes once
released; a later version appends one. Design: design/store.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vectorstore.errors import SchemaError

if TYPE_CHECKING:
    from vectorstore.store.database import Connection

__all__ = ["MIGRATIONS", "migrate"]

_FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES
  ('generation', 0), ('purge_due', 0), ('total_chunks', 0), ('total_words', 0);

CREATE TABLE reports (
  rid INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  org TEXT NOT NULL,
  year INTEGER,
  is_annual INTEGER NOT NULL,
  title TEXT NOT NULL,
  path TEXT NOT NULL,
  format TEXT NOT NULL,
  addressee TEXT NOT NULL,
  signoff_org TEXT NOT NULL,
  signoff_date TEXT NOT NULL,
  parts TEXT NOT NULL,
  notes TEXT NOT NULL,
  n_chunks INTEGER NOT NULL,
  n_quantities INTEGER NOT NULL,
  ingested_at TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX reports_scope ON reports (org, year);
CREATE INDEX reports_year ON reports (year);

CREATE TABLE paths (
  rid INTEGER NOT NULL REFERENCES reports ON DELETE CASCADE,
  path TEXT NOT NULL,
  PRIMARY KEY (rid, path)
) WITHOUT ROWID;

CREATE TABLE sections (
  rid INTEGER NOT NULL REFERENCES reports ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  level INTEGER NOT NULL,
  number TEXT NOT NULL,
  heading TEXT NOT NULL,
  part TEXT,
  parent INTEGER,
  start INTEGER NOT NULL,
  heading_start INTEGER NOT NULL,
  heading_end INTEGER NOT NULL,
  body_start INTEGER NOT NULL,
  end INTEGER NOT NULL,
  PRIMARY KEY (rid, ordinal)
) WITHOUT ROWID;

CREATE TABLE chunks (
  cid INTEGER PRIMARY KEY,
  rid INTEGER NOT NULL REFERENCES reports ON DELETE CASCADE,
  id TEXT NOT NULL UNIQUE,
  ordinal INTEGER NOT NULL,
  section INTEGER NOT NULL,
  part TEXT,
  start INTEGER NOT NULL,
  end INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  text_hash TEXT NOT NULL,
  heading_path TEXT NOT NULL,
  text TEXT NOT NULL
);
-- Covers what scopes and vectors ask, so that neither reads the text.
CREATE INDEX chunks_report ON chunks (rid, part, id, text_hash);
CREATE INDEX chunks_part ON chunks (part, rid);
CREATE INDEX chunks_text ON chunks (text_hash);

CREATE TABLE vectors (
  vid INTEGER PRIMARY KEY,
  text_hash TEXT NOT NULL,
  model TEXT NOT NULL,
  dim INTEGER NOT NULL,
  data BLOB NOT NULL,
  UNIQUE (model, text_hash)
);

-- Words of a chunk, already segmented and folded, joined by spaces; rowid = chunks.cid.
CREATE VIRTUAL TABLE chunk_words USING fts5(words, tokenize = "ascii tokenchars '.%'");
-- In how many chunks a word occurs: full-text search asks this before it ranks.
CREATE TABLE words (word TEXT PRIMARY KEY, chunks INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE quantities (
  qid INTEGER PRIMARY KEY,
  rid INTEGER NOT NULL REFERENCES reports ON DELETE CASCADE,
  scope_org TEXT NOT NULL,
  scope_year INTEGER,
  part TEXT,
  sentence TEXT NOT NULL,
  text TEXT NOT NULL,
  start INTEGER NOT NULL,
  end INTEGER NOT NULL,
  kind TEXT NOT NULL,
  value TEXT,
  value_max TEXT,
  unit TEXT NOT NULL,
  dimension TEXT NOT NULL,
  hedge TEXT NOT NULL,
  indicator TEXT NOT NULL,
  canonical TEXT NOT NULL,
  org TEXT NOT NULL,
  year INTEGER,
  modality TEXT NOT NULL,
  heading TEXT NOT NULL,
  sentence_start INTEGER NOT NULL,
  sentence_end INTEGER NOT NULL
);
CREATE INDEX quantities_report ON quantities (rid, start);
CREATE INDEX quantities_canonical ON quantities (canonical, scope_year, scope_org);
CREATE INDEX quantities_org ON quantities (scope_org, scope_year);
CREATE INDEX quantities_year ON quantities (scope_year);
"""

# The file a report was read from (vectorstore.originals), and with which rules its figures were.
_ORIGINALS = """
CREATE TABLE originals (
  rid INTEGER PRIMARY KEY REFERENCES reports ON DELETE CASCADE,
  digest TEXT NOT NULL,
  name TEXT NOT NULL,
  size INTEGER NOT NULL
);
ALTER TABLE reports ADD COLUMN rules TEXT NOT NULL DEFAULT '';
"""

MIGRATIONS: tuple[str, ...] = (_FIRST, _ORIGINALS)


def migrate(connection: Connection, migrations: Sequence[str] = MIGRATIONS) -> None:
    """Bring the file up to `len(migrations)`, all in one transaction or not at all.

    Raises SchemaError when the file is newer than the software.
    """
    if _version(connection) == len(migrations):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)  # again: another process may have migrated meanwhile
        if version > len(migrations):
            raise SchemaError(f"数据文件的版本是 {version}，本软件只认识到版本 {len(migrations)}。")
        for script in migrations[version:]:
            for statement in _statements(script):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _version(connection: Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _statements(script: str) -> list[str]:
    """Split at semicolons that end a line: `executescript` would commit on its own."""
    return [part for part in (piece.strip() for piece in script.split(";\n")) if part]

"""Full-text search over segmented words: BM25 by FTS5, with the cost of a query bounded."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from vectorstore.store import chunks as chunk_rows
from vectorstore.store.database import Connection
from vectorstore.tokens import segment
from vectorstore.types import Chunk, Scope

__all__ = ["forget", "insert", "purge", "search"]

# Ranking costs about 1.5 µs a matching chunk, so this many keep a query near 15 ms. Rare words are
# kept first: a word that every chunk has tells them apart by nothing.
_MOST_MATCHES = 10_000


def insert(connection: Connection, rids_chunks: Sequence[tuple[int, Chunk]]) -> None:
    """Make chunks (row number, chunk) searchable by their words and those of their headings."""
    counts: Counter[str] = Counter()
    rows = []
    for cid, chunk in rids_chunks:
        words = segment(chunk.embedding_text)
        counts.update(set(words))
        rows.append((cid, " ".join(words)))
    connection.executemany("INSERT INTO chunk_words (rowid, words) VALUES (?, ?)", rows)
    connection.executemany(
        "INSERT INTO words VALUES (?, ?)"
        " ON CONFLICT DO UPDATE SET chunks = chunks + excluded.chunks",
        counts.items(),
    )


def forget(connection: Connection, rids: Sequence[int]) -> None:
    """Take the chunks of reports `rids` out of the index (before the chunks are deleted)."""
    condition = "rowid IN (SELECT cid FROM chunks WHERE rid IN (SELECT value FROM json_each(?)))"
    which = (json.dumps(list(rids)),)
    counts: Counter[str] = Counter()
    for (words,) in connection.execute(f"SELECT words FROM chunk_words WHERE {condition}", which):
        counts.update(set(words.split(" ")))
    connection.execute(f"DELETE FROM chunk_words WHERE {condition}", which)
    connection.executemany(
        "UPDATE words SET chunks = chunks - ? WHERE word = ?",
        [(count, word) for word, count in counts.items()],
    )
    connection.executemany(
        "DELETE FROM words WHERE word = ? AND chunks <= 0", [(word,) for word in counts]
    )


def purge(connection: Connection) -> None:
    """Rewrite the index without the words of deleted chunks, which FTS5 only marks."""
    connection.execute("INSERT INTO chunk_words (chunk_words) VALUES ('optimize')")


def search(
    connection: Connection, words: Sequence[str], scope: Scope, k: int
) -> list[tuple[str, float]]:
    """The `k` best (chunk id, BM25); higher is better. Words unknown to the store are skipped."""
    kept = _worth_asking(connection, words)
    if not kept:
        return []
    condition, values = chunk_rows.where(scope)
    query = " OR ".join('"' + word.replace('"', '""') + '"' for word in kept)
    return connection.execute(
        "SELECT c.id, -bm25(chunk_words) AS score FROM chunk_words"
        " JOIN chunks c ON c.cid = chunk_words.rowid JOIN reports r USING (rid)"
        f" WHERE chunk_words MATCH ? AND {condition} ORDER BY score DESC, c.cid LIMIT ?",
        (query, *values, k),
    ).fetchall()


def _worth_asking(connection: Connection, words: Sequence[str]) -> list[str]:
    """The rarest words, as many as `_MOST_MATCHES` allows, at least one."""
    rows = connection.execute(
        "SELECT word, chunks FROM words WHERE word IN (SELECT value FROM json_each(?))"
        " ORDER BY chunks",
        (json.dumps(list(words)),),
    ).fetchall()
    kept: list[str] = []
    matches = 0
    for word, count in rows:
        matches += count
        if kept and matches > _MOST_MATCHES:
            break
        kept.append(word)
    return kept

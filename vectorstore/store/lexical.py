"""Full-text search over segmented words, BM25, with the cost of a query bounded.

Ranking inside FTS5 costs about a microsecond a matching chunk and word, and in these reports every
second chunk has 法治 or 建设. So FTS5 finds and ranks candidates by the words (and conjunctions of
words) that few chunks have, and the candidates are then scored exactly, by every word asked.
Measurements: design/store.md.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log

from vectorstore.store import chunks as chunk_rows
from vectorstore.store.database import Connection
from vectorstore.tokens import segment
from vectorstore.types import Chunk, Scope

__all__ = ["forget", "insert", "purge", "search"]

_MOST_MATCHES = 2_000  # chunks FTS5 may rank for the rarest words, and again for a conjunction
_CANDIDATES = 150  # chunks scored exactly for the rarest words, and again for a conjunction
_CONJUNCTION = 4  # common words asked for together, at most

# Robertson's BM25 with the usual constants (FTS5 has the same). The idf is Lucene's, which stays
# positive: in a store of one report most words are in more than half of the chunks.
_K1, _B = 1.2, 0.75


def insert(connection: Connection, chunks: Sequence[tuple[int, Chunk]]) -> None:
    """Make chunks (row number, chunk) searchable by their words and those of their headings."""
    counts: Counter[str] = Counter()
    rows = []
    for cid, chunk in chunks:
        words = segment(chunk.embedding_text)
        counts.update(set(words))
        rows.append((cid, " ".join(words)))
    connection.executemany("INSERT INTO chunk_words (rowid, words) VALUES (?, ?)", rows)
    connection.executemany(
        "INSERT INTO words VALUES (?, ?)"
        " ON CONFLICT DO UPDATE SET chunks = chunks + excluded.chunks",
        counts.items(),
    )
    _count(connection, len(rows), sum(_length(words) for _, words in rows))


def forget(connection: Connection, rids: Sequence[int]) -> None:
    """Take the chunks of reports `rids` out of the index (before the chunks are deleted)."""
    condition = "rowid IN (SELECT cid FROM chunks WHERE rid IN (SELECT value FROM json_each(?)))"
    which = (json.dumps(list(rids)),)
    rows = connection.execute(f"SELECT words FROM chunk_words WHERE {condition}", which).fetchall()
    counts: Counter[str] = Counter()
    for (words,) in rows:
        counts.update(set(words.split()))
    connection.execute(f"DELETE FROM chunk_words WHERE {condition}", which)
    connection.executemany(
        "UPDATE words SET chunks = chunks - ? WHERE word = ?",
        [(count, word) for word, count in counts.items()],
    )
    connection.executemany(
        "DELETE FROM words WHERE word = ? AND chunks <= 0", [(word,) for word in counts]
    )
    _count(connection, -len(rows), -sum(_length(words) for (words,) in rows))


def purge(connection: Connection) -> None:
    """Rewrite the index without the words of deleted chunks, which FTS5 only marks."""
    connection.execute("INSERT INTO chunk_words (chunk_words) VALUES ('optimize')")


def search(
    connection: Connection, words: Sequence[str], scope: Scope, k: int
) -> list[tuple[str, float]]:
    """The `k` best (chunk id, BM25); higher is better. Words unknown to the store are skipped."""
    totals = dict(connection.execute("SELECT key, value FROM meta WHERE key LIKE 'total_%'"))
    known = dict(
        connection.execute(
            "SELECT word, chunks FROM words WHERE word IN (SELECT value FROM json_each(?))"
            " ORDER BY chunks, word",
            (json.dumps(list(words)),),
        ).fetchall()
    )
    if not known:
        return []
    source, values = _candidates(connection, known, scope, totals["total_chunks"], k)
    found = connection.execute(
        "SELECT c.id, w.words FROM chunks c JOIN chunk_words w ON w.rowid = c.cid"
        f" WHERE c.cid IN ({source})",
        values,
    )
    scored = _scored(found, known, totals["total_chunks"], totals["total_words"])
    return sorted(scored, key=lambda hit: (-hit[1], hit[0]))[:k]


def _candidates(
    connection: Connection, known: Mapping[str, int], scope: Scope, chunks: int, k: int
) -> tuple[str, list[str | int]]:
    """A query for the row numbers of the chunks to score: all of a small scope, else the likely.

    Likely are those with any of the rarest words, and those with all of the next rarest; of each
    the best by FTS5's ranking, of the latest stored when there are more than it may rank.
    """
    size = chunk_rows.at_most(connection, scope) if scope else chunks
    condition, values = chunk_rows.where(scope)
    within = f"FROM chunks c JOIN reports r USING (rid) WHERE {condition}"
    limit = max(_CANDIDATES, k)
    if size <= limit:
        return f"SELECT c.cid {within}", values
    inside = f" AND +rowid IN (SELECT c.cid {within})" if scope else ""
    values = values if scope else []
    rare, common = _split(known, _MOST_MATCHES * chunks / size)
    # `ORDER BY rank` would rank every match before looking at the scope and the limit.
    best = (
        "SELECT rowid FROM (SELECT rowid FROM (SELECT rowid, bm25(chunk_words) AS score"
        f" FROM chunk_words WHERE chunk_words MATCH ?{inside} ORDER BY rowid DESC LIMIT ?)"
        " ORDER BY score LIMIT ?)"
    )
    asked = [query for query in (" OR ".join(rare), " AND ".join(common)) if query]
    arguments = [[query, *values, _MOST_MATCHES, limit] for query in asked]
    return " UNION ".join([best] * len(asked)), [value for row in arguments for value in row]


def _split(known: Mapping[str, int], budget: float) -> tuple[list[str], list[str]]:
    """The rarest words (quoted for FTS5) that `budget` matches allow, and the next ones."""
    rare: list[str] = []
    common: list[str] = []
    matches = 0
    for word, count in known.items():
        matches += count
        quoted = '"' + word.replace('"', '""') + '"'
        (common if matches > budget else rare).append(quoted)
    return rare, common[:_CONJUNCTION]


def _scored(
    found: Iterable[tuple[str, str]], known: Mapping[str, int], chunks: int, words: int
) -> list[tuple[str, float]]:
    mean = words / chunks
    idf = {word: log(1 + (chunks - n + 0.5) / (n + 0.5)) for word, n in known.items()}
    scored = []
    for chunk_id, text in found:
        present = text.split()
        norm = _K1 * (1 - _B + _B * len(present) / mean)
        counts = Counter([word for word in present if word in idf])
        score = sum(idf[word] * n * (_K1 + 1) / (n + norm) for word, n in counts.items())
        if counts:
            scored.append((chunk_id, score))
    return scored


def _count(connection: Connection, chunks: int, words: int) -> None:
    connection.executemany(
        "UPDATE meta SET value = value + ? WHERE key = ?",
        [(chunks, "total_chunks"), (words, "total_words")],
    )


def _length(words: str) -> int:
    return len(words.split())

"""Rows of chunks, and the condition that keeps a query inside a scope."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from vectorstore.store import reports
from vectorstore.store.database import Connection
from vectorstore.store.records import StoredChunk
from vectorstore.types import Chunk, Part, Scope

__all__ = ["at_most", "by_ids", "count", "hashes", "insert", "of_report", "text_hash", "where"]

_CHUNK = (
    "c.id, r.id, c.ordinal, c.section, c.heading_path, c.part, c.start, c.end, c.text, c.tokens"
)


def text_hash(text: str) -> str:
    """What names an embedding: the first 32 hex digits of the SHA-256 of the embedded text."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def insert(connection: Connection, rid: int, chunks: Sequence[Chunk]) -> list[int]:
    """Store the chunks of report `rid`; returns their row numbers, in order."""
    return [
        connection.execute(
            "INSERT INTO chunks (rid, id, ordinal, section, heading_path, part, start, end, text,"
            " tokens, text_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING cid",
            (
                rid,
                chunk.id,
                chunk.ordinal,
                chunk.section,
                json.dumps(chunk.heading_path, ensure_ascii=False),
                chunk.part,
                chunk.start,
                chunk.end,
                chunk.text,
                chunk.tokens,
                text_hash(chunk.embedding_text),
            ),
        ).fetchone()[0]
        for chunk in chunks
    ]


def where(scope: Scope) -> tuple[str, list[str | int]]:
    """A condition on `chunks c JOIN reports r` for organisations, years and parts."""
    condition, values = reports.where(scope)
    if scope.parts:
        condition += " AND c.part IN (SELECT value FROM json_each(?))"
        values.append(json.dumps(scope.parts))
    return condition, values


def count(connection: Connection, scope: Scope) -> int:
    """How many chunks `scope` holds."""
    condition, values = where(scope)
    row = connection.execute(
        f"SELECT count(*) FROM chunks c JOIN reports r USING (rid) WHERE {condition}", values
    ).fetchone()
    return int(row[0])


def at_most(connection: Connection, scope: Scope) -> int:
    """How many chunks the reports of `scope` hold, whatever its parts; cheaper than `count`."""
    condition, values = reports.where(scope)
    row = connection.execute(
        f"SELECT total(r.n_chunks) FROM reports r WHERE {condition}", values
    ).fetchone()
    return int(row[0])


def of_report(connection: Connection, report_id: str) -> list[Chunk]:
    """The chunks of a report in order. Raises NotFoundError."""
    rows = connection.execute(
        f"SELECT {_CHUNK} FROM chunks c JOIN reports r USING (rid) WHERE c.rid = ?"
        " ORDER BY c.ordinal",
        (reports.require(connection, report_id),),
    )
    return [_chunk(row) for row in rows]


def by_ids(connection: Connection, ids: Sequence[str]) -> dict[str, StoredChunk]:
    """Those of `ids` that exist, in the order asked for."""
    rows = connection.execute(
        f"SELECT {_CHUNK}, r.org, r.year, r.title FROM json_each(?) j"
        " JOIN chunks c ON c.id = j.value JOIN reports r USING (rid) ORDER BY j.key",
        (json.dumps(list(ids)),),
    )
    return {row[0]: StoredChunk(_chunk(row), row[10], row[11], row[12]) for row in rows}


def _chunk(row: Sequence[Any]) -> Chunk:
    return Chunk(
        id=row[0],
        report_id=row[1],
        ordinal=row[2],
        section=row[3],
        heading_path=tuple(json.loads(row[4])),
        part=Part(row[5]) if row[5] else None,
        start=row[6],
        end=row[7],
        text=row[8],
        tokens=row[9],
    )


def hashes(connection: Connection, rids: Sequence[int]) -> list[tuple[str]]:
    """The distinct text hashes of the chunks of reports `rids`."""
    return connection.execute(
        "SELECT DISTINCT text_hash FROM chunks WHERE rid IN (SELECT value FROM json_each(?))",
        (json.dumps(list(rids)),),
    ).fetchall()

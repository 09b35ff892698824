"""Vectors by hash of the embedded text, so that the same text is never embedded twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vectorstore.errors import EmbeddingError
from vectorstore.store import chunks as chunk_rows
from vectorstore.store.database import Connection
from vectorstore.store.records import VectorBatch
from vectorstore.types import Scope

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["drop_orphans", "load", "pending", "pending_count", "put"]

_LACKING = "NOT EXISTS (SELECT 1 FROM vectors v WHERE v.text_hash = c.text_hash AND v.model = ?)"


def pending(connection: Connection, model: str, limit: int) -> list[tuple[str, str]]:
    """Up to `limit` (text hash, text to embed) that lack a vector of `model`, oldest first."""
    ids = [
        row[0]
        for row in connection.execute(
            f"SELECT min(c.id) FROM chunks c WHERE {_LACKING} GROUP BY c.text_hash"
            " ORDER BY min(c.cid) LIMIT ?",
            (model, limit),
        )
    ]
    found = chunk_rows.by_ids(connection, ids)
    texts = [stored.chunk.embedding_text for stored in found.values()]
    return [(chunk_rows.text_hash(text), text) for text in texts]


def pending_count(connection: Connection, model: str) -> int:
    """How many distinct texts lack a vector of `model`."""
    row = connection.execute(
        f"SELECT count(DISTINCT c.text_hash) FROM chunks c WHERE {_LACKING}", (model,)
    ).fetchone()
    return int(row[0])


def put(
    connection: Connection, model: str, vectors: Sequence[tuple[str, NDArray[np.float32]]]
) -> None:
    """Store vectors, scaled to length 1. Raises EmbeddingError for a vector that cannot be."""
    import numpy as np

    rows = []
    for key, vector in vectors:
        flat = np.asarray(vector, dtype="<f4").reshape(-1)
        length = float(np.linalg.norm(flat))
        if not np.isfinite(length) or length == 0.0:
            raise EmbeddingError(f"向量模型 {model} 给出了无效的向量。")
        rows.append((key, model, flat.size, (flat / length).astype("<f4").tobytes()))
    row = connection.execute("SELECT dim FROM vectors WHERE model = ? LIMIT 1", (model,)).fetchone()
    dims = {size for _, _, size, _ in rows} | ({row[0]} if row else set())
    if len(dims) > 1:
        raise EmbeddingError(f"向量模型 {model} 的维度前后不一致：{sorted(dims)}。")
    connection.executemany(
        "INSERT INTO vectors (text_hash, model, dim, data) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET dim = excluded.dim, data = excluded.data",
        rows,
    )


def load(connection: Connection, model: str, scope: Scope) -> VectorBatch:
    """The vectors of every chunk of `scope` that has one, in the order of storing."""
    import numpy as np

    condition, values = chunk_rows.where(scope)
    rows = connection.execute(
        "SELECT c.id, v.data, v.dim FROM chunks c JOIN reports r USING (rid)"
        " JOIN vectors v ON v.text_hash = c.text_hash AND v.model = ?"
        f" WHERE {condition} ORDER BY c.cid",
        (model, *values),
    ).fetchall()
    data = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4")
    matrix = data.reshape(len(rows), rows[0][2] if rows else 0)
    return VectorBatch([row[0] for row in rows], matrix)


def drop_orphans(connection: Connection, hashes: Sequence[tuple[str]]) -> None:
    """Delete those of `hashes` that no chunk uses any more."""
    connection.executemany(
        "DELETE FROM vectors WHERE text_hash = ?1"
        " AND NOT EXISTS (SELECT 1 FROM chunks WHERE text_hash = ?1)",
        hashes,
    )

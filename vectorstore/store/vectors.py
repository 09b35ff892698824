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

__all__ = [
    "drop_orphans",
    "keep_only",
    "load",
    "models",
    "pending",
    "pending_by_report",
    "pending_count",
    "put",
]

_LACKING = "NOT EXISTS (SELECT 1 FROM vectors v WHERE v.text_hash = c.text_hash AND v.model = ?)"


def pending(connection: Connection, model: str, limit: int) -> list[tuple[str, str]]:
    """Up to `limit` (text hash, text to embed) that lack a vector of `model`, oldest first."""
    rows = connection.execute(
        f"SELECT c.id, c.text_hash FROM chunks c WHERE {_LACKING} ORDER BY c.cid LIMIT ?",
        (model, limit),
    )
    one_each = {key: chunk_id for chunk_id, key in rows}
    found = chunk_rows.by_ids(connection, list(one_each.values()))
    texts = [stored.chunk.embedding_text for stored in found.values()]
    return [(chunk_rows.text_hash(text), text) for text in texts]


def pending_count(connection: Connection, model: str) -> int:
    """How many distinct texts lack a vector of `model`."""
    row = connection.execute(
        f"SELECT count(DISTINCT c.text_hash) FROM chunks c WHERE {_LACKING}", (model,)
    ).fetchone()
    return int(row[0])


def pending_by_report(connection: Connection, model: str) -> dict[str, int]:
    """How many chunks of each report lack a vector of `model`; whole reports are left out."""
    rows = connection.execute(
        f"SELECT r.id, count(*) FROM chunks c JOIN reports r USING (rid) WHERE {_LACKING}"
        " GROUP BY r.rid",
        (model,),
    )
    return dict(rows.fetchall())


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
    # Only while a chunk uses the text: it may have been deleted while it was being embedded.
    connection.executemany(
        "INSERT INTO vectors (text_hash, model, dim, data) SELECT ?1, ?2, ?3, ?4"
        " WHERE EXISTS (SELECT 1 FROM chunks WHERE text_hash = ?1)"
        " ON CONFLICT DO UPDATE SET dim = excluded.dim, data = excluded.data",
        rows,
    )


def load(connection: Connection, model: str, scope: Scope) -> VectorBatch:
    """The vectors of every chunk of `scope` that has one, report by report."""
    import numpy as np

    condition, values = chunk_rows.where(scope)
    rows = connection.execute(
        # CROSS JOIN keeps SQLite from starting with all vectors of the model.
        "SELECT c.id, v.data, v.dim FROM reports r CROSS JOIN chunks c ON c.rid = r.rid"
        " CROSS JOIN vectors v ON v.model = ? AND v.text_hash = c.text_hash"
        f" WHERE {condition} ORDER BY r.rid",
        (model, *values),
    ).fetchall()
    data = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4")
    matrix = data.reshape(len(rows), rows[0][2] if rows else 0)
    return VectorBatch([row[0] for row in rows], matrix)


def models(connection: Connection) -> list[str]:
    """The models that have vectors here, by one index step each instead of a scan."""
    found: list[str] = []
    last = ""
    while True:
        (last,) = connection.execute(
            "SELECT min(model) FROM vectors WHERE model > ?", (last,)
        ).fetchone()
        if last is None:
            return found
        found.append(last)


def keep_only(connection: Connection, model: str) -> None:
    """Delete the vectors of every other model."""
    connection.execute("DELETE FROM vectors WHERE model <> ?", (model,))


def drop_orphans(connection: Connection, hashes: Sequence[tuple[str]]) -> None:
    """Delete the vectors of those of `hashes` that no chunk uses any more."""
    for model in models(connection):
        connection.executemany(
            "DELETE FROM vectors WHERE model = ?2 AND text_hash = ?1"
            " AND NOT EXISTS (SELECT 1 FROM chunks WHERE text_hash = ?1)",
            [(key, model) for (key,) in hashes],
        )

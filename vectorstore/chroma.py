"""Chroma as a dense index over the store's vectors: a cache that can be thrown away at any time.

Chroma holds chunk ids and vectors, never text, so deleting a report leaves none of its words here.
Each vector's id carries a checksum of it, so a vector that changed is noticed and replaced. Two
processes on one folder corrupt it and damaged files can crash the process that opens them; so the
caller owns the folder (`lock.OwnerLock`), and a child process tries the folder first.

This is the only module that imports chromadb.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import threading
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from vectorstore.dense import ExactIndex
from vectorstore.errors import IndexBrokenError, StorageFullError
from vectorstore.private import make_private
from vectorstore.store import Store, VectorBatch
from vectorstore.types import Scope

if TYPE_CHECKING:
    from chromadb.api.client import Client  # noqa: TID251 - the one module that imports chromadb
    from chromadb.api.models.Collection import Collection  # noqa: TID251 - as above

__all__ = ["ChromaIndex", "try_folder"]

_LOGGER = logging.getLogger(__name__)
_EVERYTHING = Scope()
_COLLECTION = "chunks"
_STATE = "state.json"
# HNSW's candidate list. Chroma's own 100 finds fewer of the true neighbours; 200 costs 2 ms more at
# 50,000 vectors. More than this many hits are not asked of it.
_EF_SEARCH = 200
_BATCH = 1000
_PROBES = 8
_TRIAL_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _State:
    """What the folder held when it was last in step with the store (state.json)."""

    model: str
    generation: int
    count: int


class ChromaIndex:
    """Unscoped queries by HNSW, scoped ones exactly from the store.

    While it is behind the store, or Chroma fails, every query is answered exactly, so results are
    never out of date. Safe to share between threads of the process that owns the folder.
    """

    def __init__(self, folder: Path, store: Store, model: str) -> None:
        self._folder = folder / "chroma"
        self._store = store
        self._model = model
        self._exact = ExactIndex(store, model)
        self._lock = threading.RLock()
        self._client: Client | None = None
        self._collection: Collection | None = None
        self._generation: int | None = None

    @classmethod
    def open(cls, folder: Path, store: Store, model: str) -> ChromaIndex:
        """Open `folder`/chroma, rebuild it if it is unusable, and bring it into step.

        `folder` is the data folder, owned by the caller. Takes about 2 s, and 1 ms for each vector
        to add. Raises StorageFullError when the index cannot be written.
        """
        index = cls(folder, store, model)
        state = index._recorded()
        if index._folder.exists() and not index._usable(state):
            _LOGGER.warning("the Chroma folder is unusable and is rebuilt from the store")
            index._remove()
            state = None
        if state is not None and state.generation == store.generation():
            index._generation = state.generation
        index.sync()
        return index

    def close(self) -> None:
        """Release Chroma's files; searches go on exactly."""
        with self._lock:
            self._collection = None
            self._generation = None
            if self._client is not None:
                self._client.close()
                self._client = None

    def search(
        self, vector: NDArray[np.float32], k: int, scope: Scope = _EVERYTHING
    ) -> list[tuple[str, float]]:
        """Up to `k` (chunk id, cosine), best first. Raises EmbeddingError, StoreError."""
        collection = self._collection
        current = collection is not None and self._generation == self._store.generation()
        if scope or not current or not 0 < k <= _EF_SEARCH or collection is None:
            return self._exact.search(vector, k, scope)
        try:
            found = collection.query(
                query_embeddings=vector.reshape(1, -1), n_results=k, include=["distances"]
            )
        except _failures() as exc:
            _LOGGER.warning("Chroma query failed, answering exactly: %s", type(exc).__name__)
            return self._exact.search(vector, k, scope)
        distances = (found["distances"] or [[]])[0]
        return [
            (key.partition(":")[0], 1.0 - float(distance))
            for key, distance in zip(found["ids"][0], distances, strict=True)
        ]

    def sync(self) -> int:
        """Add and delete what changed in the store; returns how many vectors that was.

        A folder that fails on the way is rebuilt once. Raises StorageFullError.
        """
        with self._lock:
            if self._collection is not None and self._generation == self._store.generation():
                return 0
            try:
                return self._sync()
            except _failures() as exc:
                _LOGGER.warning("the Chroma folder failed (%s) and is rebuilt", type(exc).__name__)
                self._remove()
            try:
                return self._sync()
            except _failures() as exc:
                self.close()
                raise StorageFullError("向量索引无法写入数据目录。") from exc

    def _sync(self) -> int:
        if self._collection is None:
            self._connect()
        assert self._collection is not None
        generation = self._store.generation()
        if self._generation == generation:
            return 0
        self._generation = None
        (self._folder / _STATE).unlink(missing_ok=True)
        batch = self._store.vectors(self._model)
        changed = _bring_into_step(self._collection, batch)
        state = _State(self._model, generation, len(batch.chunk_ids))
        temporary = self._folder / (_STATE + ".new")
        temporary.write_text(json.dumps(asdict(state)), "utf-8")
        temporary.replace(self._folder / _STATE)
        self._generation = generation
        return changed

    def _connect(self) -> None:
        make_private(self._folder)
        self._client = _client(self._folder)
        self._collection = self._client.get_or_create_collection(
            _COLLECTION,
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "ef_search": _EF_SEARCH}},
        )

    def _recorded(self) -> _State | None:
        """What the last sync wrote, if it was of this model."""
        try:
            state = _State(**json.loads((self._folder / _STATE).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return state if state.model == self._model else None

    def _usable(self, state: _State | None) -> bool:
        """Let a child process open the folder and answer queries whose result is known."""
        if state is None:  # interrupted, damaged or of another model: cheaper to start again
            return False
        probes = self._probes() if state.generation == self._store.generation() else {}
        order = json.dumps({"count": state.count, "probes": probes})
        code = "import sys; from vectorstore.chroma import try_folder as t; t(sys.argv[1])"
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-c", code, str(self._folder)],
                input=order,
                text=True,
                encoding="utf-8",
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                capture_output=True,
                timeout=_TRIAL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
        if done.returncode != 0:
            _LOGGER.info("trial of the Chroma folder: %s %s", done.returncode, done.stderr[-500:])
        return done.returncode == 0

    def _probes(self) -> dict[str, list[float]]:
        """Some vectors as Chroma should hold them, from the first and the last organisation."""
        names = [row.org for row in self._store.reports()]
        batch = self._store.vectors(self._model, Scope(orgs=tuple({*names[:1], *names[-1:]})))
        step = max(1, len(batch.chunk_ids) // _PROBES)
        return {
            _key(batch.chunk_ids[row], batch.matrix[row]): batch.matrix[row].tolist()
            for row in range(0, len(batch.chunk_ids), step)
        }

    def _remove(self) -> None:
        self.close()
        try:
            shutil.rmtree(self._folder)
        except FileNotFoundError:
            pass
        except NotADirectoryError:
            self._folder.unlink()
        except OSError as exc:
            raise StorageFullError("损坏的向量索引无法删除。") from exc


def try_folder(folder: str) -> None:
    """Run in a child: exit 0 only if the index in `folder` opens, is whole and answers correctly.

    Standard input is `{"count", "probes": {key: vector}}`. May crash on damaged files, which is why
    it runs in a child.
    """
    order = json.loads(sys.stdin.read())
    client = _client(Path(folder))
    collection = client.get_collection(_COLLECTION, embedding_function=None)
    if collection.count() != order["count"]:
        sys.exit("count differs")
    for key, vector in order["probes"].items():
        found: Any = collection.query(
            query_embeddings=[vector], n_results=min(10, order["count"]), include=["distances"]
        )
        nearest = found["distances"][0][0] if found["ids"][0] else 2.0
        held: Any = collection.get(ids=[key], include=["embeddings"])["embeddings"]
        if nearest > 1e-3 or len(held) != 1 or not np.allclose(held[0], vector, atol=1e-4):
            sys.exit("a stored vector was not found")


def _client(folder: Path) -> Client:
    """A client on `folder` that reports nothing to anyone and reads no `.env`."""
    import chromadb  # noqa: TID251 - the one module that imports chromadb
    from chromadb.config import Settings  # noqa: TID251 - as above

    settings = Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]
    return cast("Client", chromadb.PersistentClient(path=str(folder), settings=settings))


def _failures() -> tuple[type[Exception], ...]:
    """What chromadb 1.5 raises when its files are not as it left them."""
    from chromadb.errors import ChromaError  # noqa: TID251 - the one module that imports chromadb

    return (ChromaError, IndexBrokenError, OSError, ValueError, RuntimeError, TypeError, KeyError)


def _key(chunk_id: str, vector: NDArray[np.float32]) -> str:
    """Chroma's id of a vector: the chunk's id and a checksum of the vector."""
    return f"{chunk_id}:{zlib.crc32(vector.tobytes()):08x}"


def _bring_into_step(collection: Collection, batch: VectorBatch) -> int:
    """Make `collection` hold exactly the vectors of `batch`; returns how many changed."""
    rows = {_key(cid, batch.matrix[row]): row for row, cid in enumerate(batch.chunk_ids)}
    held = set(collection.get(include=[])["ids"])
    gone = sorted(held - rows.keys())
    new = [key for key in rows if key not in held]
    for at in range(0, len(gone), _BATCH):
        collection.delete(ids=gone[at : at + _BATCH])
    for at in range(0, len(new), _BATCH):
        keys = new[at : at + _BATCH]
        collection.add(ids=keys, embeddings=batch.matrix[[rows[key] for key in keys]])
    if collection.count() != len(rows):
        raise IndexBrokenError("向量索引写入后数目不符。")
    return len(gone) + len(new)

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from made import make_parts, make_report

from vectorstore.errors import EmbeddingError
from vectorstore.store import Store
from vectorstore.types import Part, Scope

MODEL = "test-model"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path) as opened:
        yield opened


def embed_all(store: Store, model: str = MODEL, dim: int = 4) -> int:
    """Give every text a vector that depends on it; returns how many lacked one."""
    done = 0
    while batch := store.pending_embeddings(model, 3):
        pairs = []
        for key, _ in batch:
            vector = np.random.default_rng(int(key[:8], 16)).standard_normal(dim)
            pairs.append((key, vector.astype(np.float32)))
        store.put_vectors(model, pairs)
        done += len(batch)
    return done


def test_pending_gives_each_lacking_text_once(store: Store) -> None:
    report, chunks, quantities = make_parts(make_report())
    store.add(report, chunks, quantities)
    texts = [text for _, text in store.pending_embeddings(MODEL, 99)]
    assert texts == [chunk.embedding_text for chunk in chunks]
    assert len(store.pending_embeddings(MODEL, 2)) == 2
    assert store.pending_count(MODEL) == len(chunks)
    assert embed_all(store) == len(chunks)
    assert store.pending_count(MODEL) == 0
    assert store.pending_count("another") == len(chunks)


def test_the_same_text_in_two_reports_is_embedded_once(store: Store) -> None:
    store.add(*make_parts(make_report()))
    embed_all(store)
    second = make_parts(make_report("白石县卫生健康局"))
    store.add(*second)
    assert embed_all(store) == 1  # the lead names the bureau, the rest is the same
    assert len(store.vectors(MODEL).chunk_ids) == 2 * len(second[1])


def test_replacing_keeps_vectors_of_unchanged_chunks(store: Store) -> None:
    store.add(*make_parts(make_report(lead="旧。")))
    embed_all(store)
    store.add(*make_parts(make_report(lead="新。")))
    assert embed_all(store) == 1


def test_vectors_come_back_as_unit_rows_beside_their_chunks(store: Store) -> None:
    report, chunks, quantities = make_parts(make_report())
    store.add(report, chunks, quantities)
    pairs = [(key, np.array([3, 4], np.float32)) for key, _ in store.pending_embeddings(MODEL, 1)]
    store.put_vectors(MODEL, pairs)
    batch = store.vectors(MODEL)
    assert batch.chunk_ids == [chunks[0].id]
    assert batch.matrix.dtype == np.float32
    np.testing.assert_allclose(batch.matrix, [[0.6, 0.8]], rtol=1e-6)


def test_vectors_are_scoped(store: Store) -> None:
    store.add(*make_parts(make_report()))
    store.add(*make_parts(make_report("白石县卫生健康局", 2024)))
    embed_all(store)
    scope = Scope(orgs=("白石县卫生健康局",), years=(2024,), parts=(Part.NEXT_YEAR,))
    (chunk_id,) = store.vectors(MODEL, scope).chunk_ids
    stored = store.chunks([chunk_id])[chunk_id]
    assert (stored.org, stored.chunk.part) == ("白石县卫生健康局", Part.NEXT_YEAR)


def test_no_vectors_is_an_empty_matrix(store: Store) -> None:
    batch = store.vectors(MODEL)
    assert (batch.chunk_ids, len(batch.matrix)) == ([], 0)


@pytest.mark.parametrize("bad", [[0.0, 0.0], [float("nan"), 1.0], [float("inf"), 1.0]])
def test_a_vector_without_direction_is_refused(store: Store, bad: list[float]) -> None:
    store.add(*make_parts(make_report()))
    (key, _), *_ = store.pending_embeddings(MODEL, 1)
    with pytest.raises(EmbeddingError):
        store.put_vectors(MODEL, [(key, np.array(bad, np.float32))])
    assert store.models() == []


def test_a_model_keeps_its_dimension(store: Store) -> None:
    store.add(*make_parts(make_report()))
    first, second = store.pending_embeddings(MODEL, 2)
    store.put_vectors(MODEL, [(first[0], np.ones(4, np.float32))])
    with pytest.raises(EmbeddingError, match="维度"):
        store.put_vectors(MODEL, [(second[0], np.ones(8, np.float32))])


def test_vectors_of_deleted_text_go_with_it_and_do_not_come_back(store: Store) -> None:
    report, chunks, quantities = make_parts(make_report())
    store.add(report, chunks, quantities)
    batch = store.pending_embeddings(MODEL, 99)
    embed_all(store)
    store.delete(report.id)
    assert store.models() == []
    store.put_vectors(MODEL, [(key, np.ones(4, np.float32)) for key, _ in batch])
    assert store.models() == []


def test_models_are_listed_and_dropped(store: Store) -> None:
    store.add(*make_parts(make_report()))
    for model in ("b", "a"):
        embed_all(store, model)
    before = store.generation()
    assert store.models() == ["a", "b"]
    store.keep_only_model("b")
    assert store.models() == ["b"]
    assert store.generation() != before

"""What every DenseIndex promises, run against exact search and against Chroma."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.embedding_server import CharacterEmbedder
from tests.small_library import HEALTH, JUSTICE, JUSTICE_OUTLINE, add, embed_all, fill
from tests.vectorstore.made import make_report
from vectorstore.chroma import ChromaIndex
from vectorstore.dense import DenseIndex, ExactIndex
from vectorstore.errors import EmbeddingError
from vectorstore.store import Store
from vectorstore.types import Part, Scope

EMBEDDER = CharacterEmbedder()


@pytest.fixture(params=["exact", "chroma"])
def parts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Store, DenseIndex]]:
    with fill(tmp_path) as store:
        if request.param == "exact":
            yield store, ExactIndex(store, EMBEDDER.name)
            return
        index = ChromaIndex.open(tmp_path, store, EMBEDDER.name)
        yield store, index
        index.close()


def expected(store: Store, question: str, k: int, scope: Scope) -> list[tuple[str, float]]:
    """By the definition: the cosine with every vector in scope, sorted."""
    batch = store.vectors(EMBEDDER.name, scope)
    if not batch.chunk_ids:
        return []
    scores = batch.matrix @ EMBEDDER.query(question)
    order = np.argsort(-scores, kind="stable")[:k]
    return [(batch.chunk_ids[i], float(scores[i])) for i in order]


@pytest.mark.parametrize(
    "scope",
    [
        Scope(),
        Scope(orgs=(JUSTICE,)),
        Scope(years=(2024,)),
        Scope(parts=(Part.SHORTCOMINGS,)),
        Scope(orgs=(HEALTH, JUSTICE), years=(2025,), parts=(Part.NEXT_YEAR, Part.MEASURES)),
        Scope(orgs=("没有这个局",)),
        Scope(years=(1999,)),
        Scope(orgs=(*(f"第{i}局" for i in range(20)), HEALTH)),
    ],
    ids=str,
)
@pytest.mark.parametrize("k", [1, 3, 500])
def test_the_nearest_in_scope_with_their_cosine_best_first(
    parts: tuple[Store, DenseIndex], scope: Scope, k: int
) -> None:
    store, index = parts
    for _ in range(2):  # the second time from whatever is cached
        found = index.search(EMBEDDER.query("执法力量薄弱"), k, scope)
        wanted = expected(store, "执法力量薄弱", k, scope)
        assert [score for _, score in found] == pytest.approx([s for _, s in wanted], abs=1e-4)
        true = dict(expected(store, "执法力量薄弱", 500, scope))  # equal texts tie
        assert [true[cid] for cid, _ in found] == pytest.approx([s for _, s in found], abs=1e-4)
        assert len({cid for cid, _ in found}) == len(found)


def test_nothing_is_asked_for(parts: tuple[Store, DenseIndex]) -> None:
    assert parts[1].search(EMBEDDER.query("立案"), 0, Scope()) == []


def test_what_was_added_is_found_and_what_was_deleted_is_not(
    parts: tuple[Store, DenseIndex],
) -> None:
    store, index = parts
    question = EMBEDDER.query("新建公共法律服务站")
    gone = index.search(question, 1, Scope())[0][0]
    store.delete(store.chunks([gone])[gone].chunk.report_id)
    assert gone not in [cid for cid, _ in index.search(question, 500, Scope())]
    outline = [*JUSTICE_OUTLINE[:2], (1, "三、", "下一年度安排", None, "新建公共法律服务站9个。")]
    report_id = add(store, make_report("白石县司法局", 2025, outline))
    embed_all(store)
    best = index.search(question, 1, Scope())[0][0]
    assert store.chunks([best])[best].chunk.report_id == report_id


def test_a_vector_of_another_length_is_refused(parts: tuple[Store, DenseIndex]) -> None:
    wrong = np.ones(3, dtype=np.float32)
    for scope in (Scope(), Scope(orgs=(HEALTH,))):
        with pytest.raises(EmbeddingError, match="维"):
            parts[1].search(wrong, 3, scope)


def test_an_empty_store_finds_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        index = ChromaIndex.open(tmp_path, store, EMBEDDER.name)
        for one in (index, ExactIndex(store, EMBEDDER.name)):
            assert one.search(EMBEDDER.query("立案"), 5, Scope()) == []
        index.close()

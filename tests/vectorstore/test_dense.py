from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.embedding_server import CharacterEmbedder
from tests.small_library import HEALTH, fill
from vectorstore.dense import ExactIndex, _top
from vectorstore.store import Store
from vectorstore.types import Scope

EMBEDDER = CharacterEmbedder()
EVERYTHING = Scope()


@given(st.lists(st.integers(-5, 5), max_size=40), st.integers(0, 50))
def test_the_top_is_the_head_of_a_stable_sort(values: list[int], k: int) -> None:
    scores = np.array(values, dtype=np.float32)
    found = _top(scores, k)
    wanted = sorted(range(len(values)), key=lambda row: -values[row])[:k]
    assert [row for row, _ in found] == wanted
    assert [score for _, score in found] == [values[row] for row in wanted]


def test_vectors_of_another_model_are_not_seen(tmp_path: Path) -> None:
    with fill(tmp_path) as store:
        assert ExactIndex(store, "another").search(EMBEDDER.query("立案"), 5, Scope()) == []


def test_the_matrix_is_read_once_a_generation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fill(tmp_path) as store:
        index = ExactIndex(store, EMBEDDER.name)
        read: list[Scope] = []
        vectors = Store.vectors

        def counted(self: Store, model: str, scope: Scope = EVERYTHING) -> object:
            read.append(scope)
            return vectors(self, model, scope)

        monkeypatch.setattr(Store, "vectors", counted)
        by_year = Scope(years=(2025,))
        for _ in range(3):
            index.search(EMBEDDER.query("立案"), 5, Scope())
            index.search(EMBEDDER.query("立案"), 5, by_year)
        assert read == [Scope(), by_year]
        store.delete(store.reports()[0].id)
        index.search(EMBEDDER.query("立案"), 5, Scope())
        assert read == [Scope(), by_year, Scope()]


def test_searching_while_reports_are_deleted_gives_whole_answers(tmp_path: Path) -> None:
    with fill(tmp_path) as store:
        index = ExactIndex(store, EMBEDDER.name)
        done: list[bool] = []

        def ask() -> None:
            for _ in range(30):
                index.search(EMBEDDER.query("立案"), 5, Scope())
                index.search(EMBEDDER.query("立案"), 5, Scope(years=(2025,)))
                index.search(EMBEDDER.query("立案"), 5, Scope(orgs=(HEALTH,)))
            done.append(True)

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for row in store.reports():
            store.delete(row.id)
        for thread in threads:
            thread.join()
        assert len(done) == 3

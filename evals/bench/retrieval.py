"""Retrieval over 10,000 and 50,000 chunks, with the query's own embedding left out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.bench.library import MODEL, fill
from evals.bench.measure import Figure, percentile, times_ms
from vectorstore.chroma import ChromaIndex
from vectorstore.retrieve import Retriever
from vectorstore.store import Store
from vectorstore.types import Report, Scope

__all__ = ["measure"]

_ASKED = (
    "执法力量薄弱的原因是什么",
    "行政处罚立案多少件",
    "法治政府建设下一步打算",
    "双随机抽查完成情况",
    "普法宣传活动针对性不强",
    "法律顾问参与合法性审查",
    "应急演练开展情况",
    "医疗纠纷调解成功率",
)
_RUNS = 80


class _RandomEmbedder:
    """Stands in for the model: its time is not what is measured here."""

    name = MODEL
    dim = 384

    def __init__(self) -> None:
        self._rng = np.random.default_rng(1)

    def passages(self, texts: object) -> NDArray[np.float32]:
        raise NotImplementedError(f"{texts!r}: passages have vectors already")

    def query(self, text: str) -> NDArray[np.float32]:
        vector = self._rng.standard_normal(self.dim).astype(np.float32)
        unit: NDArray[np.float32] = vector / np.linalg.norm(vector)
        return unit


def measure(sources: list[Report], folder: Path) -> Iterator[Figure]:
    """p50 and p95, unscoped (Chroma) and scoped to one organisation and year (exact)."""
    for size in (10_000, 50_000):
        store = Store.open(folder)
        try:
            fill(store, sources, size)
            index = ChromaIndex.open(folder, store, MODEL)
            retriever = Retriever(store, index, _RandomEmbedder())
            orgs = sorted({row.org for row in store.reports()})
            yield from _both(retriever, orgs, size)
        finally:
            store.close()


def _both(retriever: Retriever, orgs: list[str], size: int) -> Iterator[Figure]:
    rng = random.Random(3)

    def unscoped() -> object:
        return retriever.search(rng.choice(_ASKED))

    def scoped() -> object:
        return retriever.search(rng.choice(_ASKED), Scope((rng.choice(orgs),), (2025,)))

    for name, work in (("unscoped", unscoped), ("scoped", scoped)):
        times_ms(work, 5)  # warm the caches
        taken = times_ms(work, _RUNS)
        label = f"retrieval {name}, {size // 1000}k chunks"
        yield Figure(f"{label}, p50", percentile(taken, 0.5), "ms")
        yield Figure(f"{label}, p95", percentile(taken, 0.95), "ms", 30)

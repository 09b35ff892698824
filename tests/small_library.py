"""A store of fictional reports whose vectors count characters: small, real and repeatable."""

from __future__ import annotations

from pathlib import Path

from tests.embedding_server import CharacterEmbedder
from tests.vectorstore.made import PLAIN, Outline, make_parts, make_report
from vectorstore.store import Store
from vectorstore.types import Part, Report

HEALTH, JUSTICE = "青禾县卫生健康局", "赤岭县司法局"
JUSTICE_OUTLINE: Outline = [
    (1, "一、", "主要举措和成效", Part.MEASURES, "调解矛盾纠纷86件，成功率98%。"),
    (1, "二、", "存在的不足和原因", Part.SHORTCOMINGS, "基层司法所人手紧张，信息化水平不高。"),
    (1, "三、", "下一年度工作安排", Part.NEXT_YEAR, "新建公共法律服务站3个。"),
]


def embed_all(store: Store) -> None:
    embedder = CharacterEmbedder()
    while batch := store.pending_embeddings(embedder.name, 50):
        rows = embedder.passages([text for _, text in batch])
        store.put_vectors(
            embedder.name, [(key, row) for (key, _), row in zip(batch, rows, strict=True)]
        )


def add(store: Store, report: Report) -> str:
    store.add(*make_parts(report))
    return report.id


def fill(folder: Path) -> Store:
    """Three reports, two organisations, two years, every vector present."""
    store = Store.open(folder)
    add(store, make_report(HEALTH, 2025, PLAIN))
    earlier = [(a, b, c, d, e.replace("14起", "9起")) for a, b, c, d, e in PLAIN]
    store.add(*_without_figures(make_report(HEALTH, 2024, earlier)))
    add(store, make_report(JUSTICE, 2025, JUSTICE_OUTLINE))
    embed_all(store)
    return store


def _without_figures(report: Report) -> tuple[Report, tuple, tuple]:  # type: ignore[type-arg]
    report, chunks, _ = make_parts(report)
    return report, chunks, ()

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from made import make_parts, make_report

from vectorstore.store import Store
from vectorstore.store import lexical as lexical_module
from vectorstore.tokens import segment
from vectorstore.types import Part, Scope


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path) as opened:
        yield opened


def add(store: Store, org: str, *sentences: str, year: int = 2025) -> None:
    outline = [(1, "一、", f"第{n}项", Part.MEASURES, text) for n, text in enumerate(sentences)]
    store.add(*make_parts(make_report(org, year, outline)))


def texts(store: Store, question: str, scope: Scope | None = None, k: int = 10) -> list[str]:
    found = store.lexical(segment(question), scope or Scope(), k)
    assert found == sorted(found, key=lambda hit: -hit[1])
    chunks = store.chunks([chunk_id for chunk_id, _ in found])
    return [stored.chunk.text for stored in chunks.values()]


@pytest.fixture
def crowded(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """More chunks than are scored exactly, every one with 法治 and 建设."""
    monkeypatch.setattr(lexical_module, "_CANDIDATES", 10)
    monkeypatch.setattr(lexical_module, "_MOST_MATCHES", 15)
    for number in range(8):
        add(
            store,
            f"第{number}县",
            *(f"法治建设扎实推进，事项{n}。" for n in range(5)),
            *(f"法治建设培训，宣传第{n}期。" for n in range(2)),
            year=2020 + number % 2,
        )
    add(store, "青禾县", "法治建设中妥善处置疫苗冷链故障。")
    return store


def test_rare_word_wins_over_common_ones(crowded: Store) -> None:
    assert "冷链" in texts(crowded, "法治建设 冷链故障")[0]


def test_common_words_together_find_what_none_finds_alone(crowded: Store) -> None:
    assert all("培训" in text for text in texts(crowded, "法治建设 培训 宣传", k=3))


def test_words_that_every_chunk_has_still_answer(crowded: Store) -> None:
    assert len(texts(crowded, "法治建设")) == 10


def test_scope_holds_among_many(crowded: Store) -> None:
    scope = Scope(years=(2021,))
    found = crowded.lexical(segment("法治建设培训"), scope, 8)
    stored = crowded.chunks([chunk_id for chunk_id, _ in found])
    assert len(stored) == 8
    assert {hit.year for hit in stored.values()} == {2021}
    assert texts(crowded, "冷链", scope) == []


def test_headings_are_searched_too(store: Store) -> None:
    add(store, "青禾县", "全部完成。", "没有发生。")
    assert len(texts(store, "第1项")) >= 1


def test_better_match_scores_higher_in_a_tiny_store(store: Store) -> None:
    add(store, "青禾县", "立案查处。", "立案十四起，罚没款二十万元。")
    assert "罚没款" in texts(store, "立案 罚没款")[0]


def test_figures_are_found_as_printed(store: Store) -> None:
    add(store, "青禾县", "罚没款24.162万元。", "覆盖率98.5%。")
    assert texts(store, "24.162万元") == ["罚没款24.162万元。"]
    assert texts(store, "98.5％") == ["覆盖率98.5%。"]


@pytest.mark.parametrize("words", [[], ["没有这个词"], ['"', "OR", "*", "a NEAR b"], [""]])
def test_words_without_a_match_find_nothing(store: Store, words: list[str]) -> None:
    add(store, "青禾县", "全部完成。")
    assert store.lexical(words, Scope(), 5) == []


def test_query_syntax_in_a_word_is_text(store: Store) -> None:
    report, chunks, quantities = make_parts(make_report())
    store.add(report, (replace(chunks[0], text="or and not near"),), quantities)
    assert len(store.lexical(["not", "near"], Scope(), 5)) == 1


def test_scores_after_deletion_are_those_of_a_store_that_never_had_it(
    store: Store, tmp_path: Path
) -> None:
    kept = ("青禾县", "冷链设备维护。", "全部完成，立案两起。")
    add(store, "白石县", "冷链设备维护。", "立案十四起。" * 20)
    add(store, *kept)
    (gone,) = store.reports(Scope(orgs=("白石县",)))
    store.delete(gone.id)
    with Store.open(tmp_path / "fresh") as fresh:
        add(fresh, *kept)
        expected = fresh.lexical(["冷链", "立案"], Scope(), 5)
    assert len(expected) == 2
    assert store.lexical(["冷链", "立案"], Scope(), 5) == expected

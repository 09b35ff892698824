"""Pairs print what they expect, ranks are scored by hand, shuffled rankings score less."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.settings import Settings
from evals.questions import found
from evals.retrieval import score
from evals.retrieval.pairs import Pair, derive, pool
from evals.retrieval.rgb import RgbError, load, rgb_files
from evals.retrieval.score import Ranked
from evals.retrieval.suite import run
from evals.session import Session
from vectorstore.store import StoredChunk


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with Session(Settings(), "extractive", tmp_path_factory.mktemp("evals")) as opened:
        yield opened


@pytest.fixture(scope="module")
def passages(session: Session) -> dict[str, StoredChunk]:
    return pool(session.indexed.store)


@pytest.fixture(scope="module")
def pairs(passages: dict[str, StoredChunk]) -> list[Pair]:
    return derive(passages)


def test_there_are_many_pairs_of_both_halves_and_always_the_same(
    pairs: list[Pair], passages: dict[str, StoredChunk]
) -> None:
    scored = [pair for pair in pairs if pair.groups]
    assert len(scored) >= 300
    assert len({pair.id for pair in pairs}) == len(pairs)
    assert {pair.split for pair in scored} == {"dev", "test"}
    assert sum(len(pair.groups) > 1 for pair in scored) >= 40
    assert derive(passages) == pairs


def test_most_queries_have_one_passage_a_group(pairs: list[Pair]) -> None:
    assert max(len(group) for pair in pairs for group in pair.groups) <= 8
    single = [len(group) == 1 for pair in pairs for group in pair.groups]
    assert sum(single) / len(single) > 0.85


def test_every_passage_has_its_hard_negatives_in_the_pool(
    pairs: list[Pair], passages: dict[str, StoredChunk]
) -> None:
    scopes = {(stored.org, stored.year) for stored in passages.values()}
    for pair in pairs:
        for cid in pair.relevant:
            org, year = passages[cid].org, passages[cid].year
            assert any(o == org and y != year for o, y in scopes)
            assert any(o != org and y == year for o, y in scopes)


def test_a_manifest_pair_points_to_the_figure_of_its_own_report(
    pairs: list[Pair], passages: dict[str, StoredChunk]
) -> None:
    (pair,) = [p for p in pairs if p.id == "jiyuan-health-2024-01"]  # 立案412件
    (cid,) = pair.relevant
    assert found("412件", passages[cid].chunk.text)
    assert (passages[cid].org, passages[cid].year) == ("霁原市卫生健康委员会", 2024)


A, B, C = frozenset({"a"}), frozenset({"b", "b2"}), frozenset({"c"})


def test_scores_by_hand() -> None:
    ranked = [
        Ranked(("a", "x", "y"), (A,)),  # first
        Ranked(("x", "y", "z", "b2"), (B,)),  # fourth
        Ranked(("x", "y"), (C,)),  # not found
        Ranked(("x", "b", "a"), (A, B)),  # second, both groups
        Ranked(("a", "x"), (A, C)),  # first, one group of two
    ]
    assert (score.hit(ranked, 1).hits, score.hit(ranked, 5).hits) == (2, 4)
    assert score.reciprocal_rank(ranked).value == pytest.approx((1 + 1 / 4 + 0 + 1 / 2 + 1) / 5)
    assert (score.all_groups(ranked).hits, score.all_groups(ranked).total) == (1, 2)


def test_finding_nothing_is_not_perfect_and_neither_is_no_query() -> None:
    assert score.hit([Ranked((), (A,))], 5).value == 0
    assert score.reciprocal_rank([Ranked((), (A,))]).value == 0
    assert score.hit([], 5).value is None


def test_shuffled_sources_drop_the_score(session: Session, pairs: list[Pair]) -> None:
    retriever = session.indexed.retriever
    scored = [pair for pair in pairs if pair.groups][::6]
    ranked = [
        Ranked(tuple(h.chunk.id for h in retriever.search(p.query, k=10)), p.groups) for p in scored
    ]
    groups = [one.groups for one in ranked]
    random.Random(1).shuffle(groups)
    shuffled = [Ranked(one.found, g) for one, g in zip(ranked, groups, strict=True)]
    true, chance = score.hit(ranked, 10), score.hit(shuffled, 10)
    assert true.interval.low > chance.interval.high


def test_a_run_without_vectors_scores_words_only_and_shows_dev_cases_only(
    session: Session, pairs: list[Pair]
) -> None:
    result = run(session)
    assert list(result.metrics["ways"]) == ["words"]
    assert sum(result.unscored.values()) == sum(not pair.groups for pair in pairs)
    split = {pair.id: pair.split for pair in pairs}
    assert {split[row[0]] for row in result.worst[0].plain} == {"dev"}


# the RGB benchmark's files


LINES = [
    {"id": 0, "query": "甲市2025年举办了什么展会", "answer": ["花展"],
     "positive": ["甲市2025年举办了花展。\n观众众多。"], "negative": ["乙市举办了车展。"]},
    {"id": 1, "query": "甲市花展和乙市车展的日期", "answer": ["1日", "2日"],
     "positive": [["甲市花展1日开幕。", "花展定于1日。"], ["乙市车展2日开幕。"]], "negative": []},
]  # fmt: skip


@pytest.fixture
def rgb(tmp_path: Path) -> Path:
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in LINES)
    (tmp_path / "zh.json").write_text(text + "\n", "utf-8")
    return tmp_path


def test_rgb_lists_are_one_group_and_nested_lists_one_each(rgb: Path) -> None:
    flat, nested = load(rgb / "zh.json")
    assert flat.groups == (("甲市2025年举办了花展。 观众众多。",),)
    assert flat.negative == ("乙市举办了车展。",)
    assert [len(group) for group in nested.groups] == [2, 1]


def test_rgb_is_measured_from_a_folder_of_the_users(rgb: Path, session: Session) -> None:
    session.rgb = rgb
    try:
        metrics = run(session).metrics["rgb"]["zh"]
    finally:
        session.rgb = None
    assert metrics["hit_5"]["total"] == 2
    assert metrics["hit_5"]["hits"] == 2
    assert metrics["all_groups_10"]["total"] == 1


def test_a_folder_without_the_files_or_with_others_is_a_user_error(tmp_path: Path) -> None:
    with pytest.raises(RgbError):
        rgb_files(tmp_path)
    (tmp_path / "zh_int.json").write_text('{"query": "甲"}', "utf-8")
    with pytest.raises(RgbError):
        load(tmp_path / "zh_int.json")

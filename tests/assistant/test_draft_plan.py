"""The standalone plan: tasks tied to shortcomings and commitments, targets nobody made up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.draft import Draft, Request, draft
from assistant.draft.proof import prove
from assistant.gongwen import Figure, Paragraph, TableBlock, unfinished
from assistant.gongwen.model import walk
from tests.assistant.draft_library import FILES, HEALTH, LEXICON, MARKET, SAMPLES, URBAN, fill
from vectorstore.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = fill(tmp_path_factory.mktemp("plan"), [SAMPLES / name for name in FILES])
    yield store
    store.close()


def make(store: Store, org: str, year: int = 2026, notes: Path | None = None) -> Draft:
    return draft(store, LEXICON, Request("plan", org, year, notes=notes))


def text_of(made: Draft) -> str:
    return "".join(span.text for span in walk(made.document))


@pytest.mark.parametrize("org", [HEALTH, MARKET, URBAN])
def test_every_task_says_why_and_asks_who_and_when(store: Store, org: str) -> None:
    made = make(store, org)
    assert [c.quantity.text for c in prove(made, LEXICON).checked if not c.good] == []
    tied = [
        "".join(s.text for s in block.spans)
        for block in made.document.body
        if isinstance(block, Paragraph) and "责任股室" in "".join(s.text for s in block.spans)
    ]
    tasks = [t for t in tied if "【待填：责任股室】" in t]
    assert tasks
    assert all("2025年度报告" in t and "【待填：完成时限】" in t for t in tasks)


def test_targets_of_the_report_stand_in_the_plan_for_its_year(store: Store) -> None:
    made = make(store, HEALTH)
    table = next(b for b in made.document.body if isinstance(b, TableBlock))
    rows = [
        ["".join(s.text for s in c) if not isinstance(c, str) else c for c in r] for r in table.rows
    ]
    assert ["1", "法治培训", "11场", "计划不少于12场"] in [row[:4] for row in rows]
    assert all("2025年度" in s.comment for s in walk(made.document) if isinstance(s, Figure))


def test_a_later_plan_has_no_targets_but_blanks(store: Store) -> None:
    made = make(store, HEALTH, 2027)
    assert "不少于12场" not in text_of(made).replace("（2026年计划：不少于12场）", "")
    assert "【待填：目标（2026年计划：不少于12场）】" in unfinished(made.document)
    assert [c.quantity.text for c in prove(made, LEXICON).checked if not c.good] == []


def test_the_writers_own_targets_go_in(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "n.txt"
    path.write_text("举办法治培训不少于16场\n新建普法长廊1处\n", "utf-8")
    made = make(store, HEALTH, notes=path)
    assert "举办法治培训不少于16场" in text_of(made)
    assert "新建普法长廊1处" in text_of(made)
    assert [c.quantity.text for c in prove(made, LEXICON).checked if not c.good] == []


def test_an_unanswered_shortcoming_becomes_a_task(store: Store) -> None:
    headings = [
        b.heading.text
        for b in make(store, MARKET).document.body
        if isinstance(b, Paragraph) and b.heading
    ]
    assert any("执法力量薄弱" in heading for heading in headings)

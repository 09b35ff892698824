"""The brief suite: planted faults are found, other reports score less, an empty one nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.brief import NOT_MENTIONED, Brief, Cell, Coverage, make_brief
from assistant.gongwen import Figure, OfficialDocument, Paragraph, TableBlock, Text
from assistant.gongwen.model import Block, Span
from assistant.settings import Settings
from evals.brief import score
from evals.brief.cases import BriefCase, Expected, expected, load_cases, prepare
from evals.brief.suite import run, score_brief
from evals.session import Session
from evals.stats import Rate
from vectorstore.indicators import load_lexicon
from vectorstore.store import Store
from vectorstore.types import Report

CASES = {case.id: case for case in load_cases()}
SMALL = CASES["brief-01"]
NAMES = {key: i.name for key, i in load_lexicon().indicators.items()}
EMPTY = Brief(OfficialDocument("简报", ()), Coverage(0, 0), (), ())


@dataclass(frozen=True)
class Made:
    brief: Brief
    reports: dict[str, Report]
    wanted: Expected


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[[BriefCase], Made]:
    done: dict[str, Made] = {}

    def made(case: BriefCase) -> Made:
        if case.id not in done:
            folder, lexicon = tmp_path_factory.mktemp(case.id), load_lexicon()
            with Store.open(folder) as store:
                request = prepare(case, store, lexicon)
                brief = make_brief(store, lexicon, request, folder)
                reports = {row.id: store.report(row.id) for row in store.reports()}
            done[case.id] = Made(brief, reports, expected(case))
        return done[case.id]

    return made


@pytest.fixture
def small(make: Callable[[BriefCase], Made]) -> Made:
    return make(SMALL)


def with_cell(brief: Brief, at: int, **changes: object) -> Brief:
    """The brief with the first cell that has a value, from `at` on, changed."""
    first, *rest = brief.tables
    n = next(n for n, c in enumerate(first.cells) if n >= at and c.value is not None)
    cells = list(first.cells)
    cells[n] = replace(cells[n], **changes)  # type: ignore[arg-type]
    return replace(brief, tables=(replace(first, cells=tuple(cells)), *rest))


def with_body(brief: Brief, edit: Callable[[Block], Block | None]) -> Brief:
    body = tuple(b for block in brief.document.body if (b := edit(block)) is not None)
    return replace(brief, document=replace(brief.document, body=body))


def with_words(brief: Brief, *spans: Span) -> Brief:
    body = (*brief.document.body, Paragraph(spans))
    return replace(brief, document=replace(brief.document, body=body))


def wrong(found: tuple[Rate, list[str]]) -> int:
    rate, faults = found
    assert len(faults) == rate.total - rate.hits
    return len(faults)


def test_cases_are_of_both_halves_and_both_kinds() -> None:
    kinds = {(c.split, c.kind) for c in CASES.values()}
    assert kinds == {(s, k) for s in ("dev", "test") for k in ("synthetic", "samples")}
    synthetic = [c for c in CASES.values() if c.kind == "synthetic"]
    assert all((c.half == "held_out") == (c.split == "test") for c in synthetic)


def test_a_good_brief_scores_well_and_an_empty_one_does_not(small: Made) -> None:
    good = score_brief(SMALL, small.brief, small.reports)
    full = (good.cells, good.empty, good.sourced, good.computed, good.covered, good.bound)
    assert [rate.value for rate in full] == [1] * 6
    assert good.told.value is not None
    assert good.told.value > 0.9
    none = score_brief(SMALL, EMPTY, small.reports)
    assert [r.value for r in (none.cells, none.empty, none.covered, none.told)] == [0] * 4
    assert none.practices.value == 0
    assert [r.value for r in (none.sourced, none.computed, none.true, none.bound)] == [None] * 4


def test_a_wrong_cell_is_found_three_ways(small: Made) -> None:
    planted = with_cell(small.brief, 0, value=Decimal(4711), text="4711件")
    assert wrong(score.cells(small.wanted, planted, NAMES)) == 1
    assert wrong(score.sourced(planted, small.reports)) == 1
    assert wrong(score.computed(planted)) >= 1


def test_a_figure_of_the_neighbour_is_found(small: Made) -> None:
    """The value and source of another bureau's cell, shuffled into this one."""
    first = small.brief.tables[0]
    width = len(first.columns) - 1
    told = [c for c in first.cells[::width] if c.value is not None]
    other = next(c for c in told[1:] if c.value != told[0].value)
    planted = with_cell(small.brief, 0, value=other.value, text=other.text, source=other.source)
    assert wrong(score.cells(small.wanted, planted, NAMES)) == 1
    assert wrong(score.sourced(planted, small.reports)) == 1


def test_silence_and_absence_are_told_apart(make: Callable[[BriefCase], Made]) -> None:
    made = make(CASES["brief-07"])  # one bureau asked for has sent no report
    absent = made.wanted.absent[0]

    def muddled(cell: Cell) -> Cell:
        return replace(cell, text=NOT_MENTIONED) if cell.org == absent else cell

    right, _ = score.empty_cells(made.wanted, made.brief, NAMES)
    tables = tuple(replace(t, cells=tuple(map(muddled, t.cells))) for t in made.brief.tables)
    planted, faults = score.empty_cells(made.wanted, replace(made.brief, tables=tables), NAMES)
    assert right.hits - planted.hits >= 10
    assert any("未报送" in fault for fault in faults)


def test_a_value_where_nothing_was_said_is_found(small: Made) -> None:
    place, _ = next((p, v) for p, v in small.wanted.cells.items() if v is None)

    def invented(cell: Cell) -> Cell:
        here = (cell.org, cell.indicator) == (place[0], NAMES[place[1]])
        return replace(cell, value=Decimal(7), text="7件") if here else cell

    tables = tuple(replace(t, cells=tuple(map(invented, t.cells))) for t in small.brief.tables)
    assert wrong(score.empty_cells(small.wanted, replace(small.brief, tables=tables), NAMES)) == 1


def test_a_bureau_left_out_is_found(small: Made) -> None:
    org = small.wanted.orgs[0]

    def without(block: Block) -> Block | None:
        if isinstance(block, Paragraph):
            return None if org in repr(block) else block
        if isinstance(block, TableBlock):
            rows = tuple(r for r in block.rows if org not in repr(r))
            return replace(block, rows=rows)
        return block

    planted = with_body(small.brief, without)
    attachments = tuple(
        replace(a, body=tuple(b for block in a.body if (b := without(block)) is not None))
        for a in planted.document.attachments
    )
    document = replace(planted.document, attachments=attachments)
    planted = replace(planted, document=document, coverage=Coverage(12, 11))
    rate, faults = score.coverage(small.wanted, planted)
    assert (rate.total - rate.hits, faults) == (2, [f"没有提到 {org}"])


def test_a_theme_lost_or_invented_moves_recall_or_precision(small: Made) -> None:
    recall, precision, _ = score.themes(small.wanted, small.brief)

    def cut(block: Block) -> Block:
        if isinstance(block, TableBlock) and block.columns[1] == "不足":
            return replace(block, rows=block.rows[1:])
        return block

    lost, _, faults = score.themes(small.wanted, with_body(small.brief, cut))
    assert lost.hits < recall.hits
    assert any("shortcoming" in fault for fault in faults)
    fewer = replace(small.wanted, themes=frozenset(list(small.wanted.themes)[:20]))
    _, less, _ = score.themes(fewer, small.brief)
    assert less.value is not None
    assert precision.value is not None
    assert less.value < precision.value


def test_a_practice_without_its_bureau_is_not_told(small: Made) -> None:
    assert score.practices(small.wanted, small.brief)[0].value == 1
    moved = replace(small.wanted, practices=dict.fromkeys(small.wanted.practices, "别的局"))
    assert score.practices(moved, small.brief)[0].value == 0


@pytest.mark.parametrize(
    "spans",
    [
        (Text("全县共约谈企业4711家。"),),
        (Figure("4711件", "来源：某局2025年报告。原文：立案36件。"),),
        (Text("罚没款98765.4万元。"),),
    ],
)
def test_a_figure_without_its_source_is_found(small: Made, spans: tuple[Span, ...]) -> None:
    assert wrong(score.bound(small.brief, small.reports)) == 0
    assert wrong(score.bound(with_words(small.brief, *spans), small.reports)) == 1


def test_counts_of_bureaus_need_no_source(small: Made) -> None:
    told = with_words(small.brief, Text("2025年，12个单位提到，占33.3%，收到报告12份。"))
    assert score.bound(told, small.reports) == score.bound(small.brief, small.reports)


def test_the_brief_of_other_reports_scores_less(
    small: Made, make: Callable[[BriefCase], Made]
) -> None:
    other = make(CASES["brief-04"])
    assert score.cells(small.wanted, other.brief, NAMES)[0].value == 0
    assert score.themes(small.wanted, other.brief)[0].value == 0
    assert score.sourced(small.brief, other.reports)[0].value == 0
    assert score.bound(small.brief, other.reports)[0].value is not None


def test_a_run_counts_every_case_and_one_that_fails_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = SMALL.model_copy(update={"id": "broken", "year": 2031, "kind": "samples"})
    monkeypatch.setattr("evals.brief.suite.load_cases", lambda: [SMALL, broken])
    with Session(Settings(), "extractive", tmp_path) as session:
        result = run(session)
    assert result.metrics["cases"] == 1
    assert sum(result.unscored.values()) == 1
    assert result.metrics["cells"]["all"]["value"] == 1
    assert result.metrics["cells"]["test"]["total"] == 0
    assert result.metrics["theme_precision"]["all"]["better"] == ""
    assert result.metrics["format"]["all"]["value"] == 1

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from evals.page import page
from evals.provenance import Provenance
from evals.quantities.suite import run
from evals.report import write
from evals.results import Curve, Exhibit, Gallery, Row, SuiteResult, Table
from evals.stats import Rate
from evals.suites import Run

FACTS = Provenance("extractive", "", 7, None, "abc", "一台机器", {"s": "0" * 16}, ())


def _run(row: Row, plain: str = "") -> Run:
    tables = (Table("得分", [row]),)
    worst = (Table("有误", [], [[plain]], ("文中",)),)
    result = SuiteResult(
        name="s",
        title="标题",
        metrics={"a": row.rate.to_json()},
        tables=tables,
        worst=worst,
        files={"c.jsonl": [{"x": 1}]},
        curves=(Curve("曲线", "x", "y", [(0.1, 0.0), (0.8, 0.2)]),),
        unscored={"<断网>": 3},
    )
    return Run("s", [result], FACTS)


def test_marks_follow_the_target() -> None:
    assert Row("a", "", Rate(97, 100), 0.97).mark == "✓"
    assert Row("a", "", Rate(96, 100), 0.97).mark == "✗"
    assert Row("a", "", Rate(0, 0), 0.97).mark == "✗"
    assert Row("a", "", Rate(0, 0), 0.97).cells()[2] == "不适用"
    assert Row("a", "", Rate(1, 1)).mark == ""


def test_the_page_is_inert_and_fetches_nothing() -> None:
    shown = page(_run(Row("<b>", "", Rate(1, 2), 0.9), "<script>alert(1)</script>"))
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert "http://" not in shown
    assert "https://" not in shown
    assert "default-src 'none'" in shown


def test_the_page_shows_the_curve_what_was_measured_and_the_cases_without_a_score() -> None:
    shown = page(_run(Row("a", "", Rate(1, 2))))
    assert '<polyline class="curve"' in shown
    assert "extractive" in shown
    assert "&lt;断网&gt;</td><td>3" in shown


def test_files_hold_what_was_measured(tmp_path: Path) -> None:
    paths = write(_run(Row("a", "", Rate(1, 2), 0.9)), tmp_path / "new" / "folder")
    assert {path.name for path in paths} == {"s.json", "s.html", "c.jsonl"}
    recorded = json.loads(paths[0].read_text("utf-8"))
    assert recorded["metrics"]["s"]["a"]["total"] == 2
    assert recorded["metrics"]["s"]["unscored"] == {"<断网>": 3}
    assert recorded["provenance"]["commit"] == "abc"
    assert json.loads((tmp_path / "new" / "folder" / "c.jsonl").read_text("utf-8")) == {"x": 1}


def test_a_small_run_has_every_table_and_shows_only_the_half_that_may_be_looked_at() -> None:
    result = run(seed=1, per_half=2)
    assert len(result.tables) == 3
    held_out = {case["org"] for case in result.files["mutations.jsonl"] if case["split"] == "test"}
    shown = page(Run("s", [SuiteResult("s", "t", {}, (), result.worst)], FACTS))
    assert not [org for org in held_out if org in shown]


def _page_of(**fields: Any) -> str:
    return page(Run("s", [SuiteResult(name="s", title="标题", metrics={}, **fields)], FACTS))


def test_a_case_stands_beside_its_sources_with_its_figures_marked() -> None:
    shown = Exhibit(
        "q1",
        "一个数据：<错>",
        asked=[("问题", "2025年立案多少件？")],
        told=[("模型原话", "立案99件[1]。"), ("核对之后", "立案36件[1]。")],
        sources=[("[1] 某局", "立案36件，罚没1,800元。")],
    )
    told = _page_of(tables=(), galleries=(Gallery("错题", [shown], left_out=4),))
    assert '立案<mark class="lost">99</mark>件[1]' in told
    assert told.count('<mark class="found">36</mark>') == 2, "in the answer and in its source"
    assert "1,800" in told
    assert ">1,800</mark>" not in told, "nobody said it"
    assert "2025年立案多少件？" in told, "the question's own year is not marked"
    assert "&lt;错&gt;" in told
    assert "另有 4 题未列出" in told


def test_scores_are_drawn_with_interval_and_target() -> None:
    rows = [Row("甲", "可调半", Rate(90, 100), 0.95), Row("乙", "", Rate(0, 0), 0.9)]
    told = _page_of(tables=(Table("按题型", rows, plot=True),))
    assert told.count("<figure>") == 1, "of two halves the held-out one stands in the overview"
    plot = told[told.rindex("<figure>") : told.rindex("</figure>")]
    assert plot.count("<circle") == 1, "no trials, no dot"
    assert 'class="dot missed"' in plot
    assert 'class="target"' in plot
    assert "甲（可调半）" in plot
    assert "90.0%" in plot


def test_the_page_can_be_read_in_the_dark_on_paper_and_on_a_phone() -> None:
    told = _page_of(tables=())
    for words in ("prefers-color-scheme: dark", "@media print", "max-width: 42em", "viewport"):
        assert words in told


def test_several_suites_have_a_table_of_contents() -> None:
    results = [SuiteResult(name, name, {}, ()) for name in ("a", "b")]
    told = page(Run("all", results, FACTS))
    assert '<a href="#a">' in told
    assert '<section id="b">' in told

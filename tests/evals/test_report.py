from __future__ import annotations

import json
from pathlib import Path

from evals.provenance import Provenance
from evals.quantities.suite import run
from evals.report import page, write
from evals.results import Curve, Row, SuiteResult, Table
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
    assert "<polyline" in shown
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

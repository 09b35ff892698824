"""The brief over the samples and the real reports, held against the ledger and the texts."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assistant.brief import NOT_MENTIONED, NOT_SUBMITTED, Brief, write_brief
from tests.assistant.brief_library import REAL, ROOT, brief_of, library, words_of
from vectorstore.types import Modality

EMPTY = {NOT_MENTIONED, NOT_SUBMITTED}


@pytest.fixture(scope="module", params=["samples", "real"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    source = ROOT / "samples" if request.param == "samples" else REAL
    if not source.is_dir():
        pytest.skip("the real reports are not beside the project")
    home = tmp_path_factory.mktemp(request.param)
    with library(home, [source]) as store:
        yield request.param, store, brief_of(store, home)


def sourced(brief: Brief) -> list[dict[str, Any]]:
    cells = [cell for table in brief.to_json(Path("x"))["tables"] for cell in table["cells"]]
    return [cell for cell in cells if cell["source"]]


def test_every_report_is_covered(made: Any) -> None:
    name, store, brief = made
    assert brief.coverage.reports == brief.coverage.covered == {"samples": 12, "real": 5}[name]
    assert brief.coverage.reports == len(store.reports())


def test_every_cell_is_a_figure_of_the_ledger_at_its_exact_place(made: Any) -> None:
    _, store, brief = made
    cells = sourced(brief)
    assert len(cells) > 20
    for cell in cells:
        source = cell["source"]
        report = store.report(source["report_id"])
        assert cell["text"] == report.text[source["start"] : source["end"]]
        assert (source["org"], source["year"]) == (report.org, report.year)
        assert (cell["org"], cell["year"]) == (report.org, report.year)
        assert source["sentence"] in report.text
        assert cell["text"] in source["sentence"]
        rows = store.quantities(report_id=report.id, modality=Modality.ACTUAL)
        assert any(
            str(row.quantity.value) == cell["value"]
            and row.quantity.start == source["start"]
            and row.quantity.unit == cell["unit"]
            and row.org == report.org
            for row in rows
        )


def test_cells_without_a_figure_say_why(made: Any) -> None:
    name, store, brief = made
    present = {(row.org, row.year) for row in store.reports()}
    tables = [t for t in brief.to_json(Path("x"))["tables"] if t["columns"][0] == "单位"]
    empty = [cell for table in tables for cell in table["cells"] if cell["text"] in EMPTY]
    assert empty
    for cell in empty:
        assert cell["value"] is None
        assert cell["source"] is None
        assert (cell["text"] == NOT_SUBMITTED) == ((cell["org"], cell["year"]) not in present)
    assert (NOT_SUBMITTED in {cell["text"] for cell in empty}) == (name == "real")


def test_totals_and_medians_are_those_of_the_cells(made: Any) -> None:
    _, _, brief = made
    tables = brief.to_json(Path("x"))["tables"]
    (summary,) = [table for table in tables if table["title"] == "主要指标汇总"]
    main = [t for t in tables if t["columns"][0] == "单位" and "对比" not in t["title"]]
    checked = 0
    for cell in summary["cells"]:
        values = [
            Decimal(c["value"])
            for table in main
            for c in table["cells"]
            if c["indicator"] == cell["indicator"] and c["value"] is not None
        ]
        if cell["value"] is None:
            assert all(v <= 100 for v in values)  # only rates are not added up
            continue
        expected = sum(values) if cell["org"] == "合计" else statistics.median(values)
        assert Decimal(cell["value"]) == pytest.approx(expected, abs=Decimal("0.005"))
        checked += 1
    assert checked > 10


def test_shortcomings_are_quoted_from_the_part_on_shortcomings(made: Any) -> None:
    from assistant.brief.notes import read_notes
    from assistant.brief.themes import load_themes
    from vectorstore.types import Part

    _, store, _ = made
    for row in store.reports():
        report = store.report(row.id)
        notes = [n for n in read_notes(report, load_themes()) if n.kind == "shortcoming"]
        assert notes
        for note in notes:
            assert report.section_at(note.start).part is Part.SHORTCOMINGS


def test_samples_show_what_was_hidden_in_them(tmp_path: Path) -> None:
    """The traps of samples/manifest.yaml: a split that does not add up, a stale year, a part."""
    with library(tmp_path, [ROOT / "samples"]) as store:
        told = words_of(brief_of(store, tmp_path))
    for expected in ("10件＋9件＝19件", "报告年度是2025年", "缺少规定部分：党政主要负责人"):
        assert expected in told
    assert "杏林法苑" in told  # a practice with a coined name


def test_years_are_compared_bureau_by_bureau(tmp_path: Path) -> None:
    with library(tmp_path, [ROOT / "samples"]) as store:
        brief = brief_of(store, tmp_path)
        tables = [t for t in brief.tables if "对比" in t.title]
        (first,) = [t for t in tables if "行政处罚立案" in t.title]
        lanbo = [c for c in first.cells if c.org == "岚泊县卫生健康局"][:3]
        assert [(c.year, c.text) for c in lanbo] == [
            (2024, "32件"),
            (2025, "36件"),
            (2025, "+12.5"),
        ]
        assert not any("对比" in t.title for t in brief_of(store, tmp_path, year=2024).tables)


def test_word_carries_each_source_as_a_comment_and_markdown_as_a_footnote(tmp_path: Path) -> None:
    from zipfile import ZipFile

    with library(tmp_path, [ROOT / "samples"]) as store:
        brief = brief_of(store, tmp_path)
    write_brief(brief, tmp_path / "简报.docx")
    write_brief(brief, tmp_path / "简报.md")
    with ZipFile(tmp_path / "简报.docx") as package:
        comments = package.read("word/comments.xml").decode()
        assert any(name.endswith(".png") for name in package.namelist())
    text = (tmp_path / "简报.md").read_text("utf-8")
    plain = re.sub("<[^>]*>", "", comments)
    for cell in sourced(brief):
        source = cell["source"]
        words = re.split(r"\s", source["sentence"])  # a table's row has tabs
        around = next(word for word in words if cell["text"] in word)
        at = around.index(cell["text"])
        assert around[max(at - 15, 0) : at + len(cell["text"])] in plain
        assert f"{source['org']}{source['year']}年报告" in plain
    assert text.count("\n[^") > 50


def test_the_command_prints_the_contract(tmp_path: Path) -> None:
    with library(tmp_path, [ROOT / "samples"]):
        pass
    out = tmp_path / "简报.md"
    run = [sys.executable, "-c", "from assistant.cli import main; main()", "brief"]
    env = {**os.environ, "FAZHI_HOME": str(tmp_path)}
    command = [
        *run,
        "--orgs",
        "岚泊县卫健局",
        "青禾县司法局",
        "--year",
        "2025",
        "-o",
        str(out),
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, env=env, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr.decode()
    document = json.loads(done.stdout)
    assert set(document) == {"path", "coverage", "tables"}
    assert document["coverage"] == {"reports": 1, "covered": 1}
    cell = document["tables"][0]["cells"][0]
    assert set(cell) == {"org", "year", "indicator", "value", "unit", "text", "source"}
    fields = {"report_id", "org", "year", "heading", "sentence", "start", "end"}
    assert set(cell["source"]) == fields
    assert out.is_file()
    for wrong in ([*run, "-o", "x.pdf"], [*run, "--year", "1999", "-o", str(out)]):
        failed = subprocess.run(wrong, capture_output=True, env=env, cwd=ROOT, check=False)
        assert failed.returncode == 1
        assert "建议" in failed.stderr.decode()


def test_the_same_library_gives_the_same_bytes(tmp_path: Path) -> None:
    with library(tmp_path, [ROOT / "samples"]) as store:
        for name in ("a.docx", "b.docx"):
            write_brief(brief_of(store, tmp_path), tmp_path / name)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()

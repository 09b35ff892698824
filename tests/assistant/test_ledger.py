"""Ledger rows found, printed, exported; the command itself."""

from __future__ import annotations

import io
import json
import re
from decimal import Decimal
from pathlib import Path

import openpyxl  # noqa: TID251 - tests look at sheets with the library people's programs resemble
import pytest
from typer.testing import CliRunner

from assistant import sheet
from assistant.build import Services
from assistant.cells import Page, SheetError
from assistant.cli import app
from assistant.cli.main import main
from assistant.ledger import LedgerError, find_rows, ledger_json, printed, save_ledger
from tests.assistant.ledger_library import LEXICON
from vectorstore.store import Store
from vectorstore.types import Dimension, Quantity, QuantityKind, Scope

MARKET = "岚泊县市场监督管理局"
FIELDS = [
    *("report_id", "org", "year", "kind", "indicator", "canonical", "text", "value", "value_max"),
    *("unit", "dimension", "modality", "hedge", "heading", "start", "end", "sentence"),
]


@pytest.fixture(scope="session")
def store(sample_services: Services) -> Store:
    return sample_services.store


def test_rows_keep_the_contract_and_quote_the_stored_text(store: Store) -> None:
    rows = ledger_json(find_rows(store, LEXICON))["quantities"]
    assert rows
    texts = {row.id: store.report(row.id).text for row in store.reports()}
    for row in rows:
        assert list(row) == FIELDS
        assert texts[row["report_id"]][row["start"] : row["end"]] == row["text"]
        assert row["text"] in row["sentence"]
        for name in ("value", "value_max"):
            assert row[name] is None or "E" not in row[name]
    assert {row["kind"] for row in rows} == {"quantity", "date", "phrase"}
    order = [(row["org"], row["year"] or 0) for row in rows]
    assert order == sorted(order)


@pytest.mark.parametrize("asked", ["fines_confiscations", "罚没款", "罚没金额", "罚没"])
def test_an_indicator_has_many_names(store: Store, asked: str) -> None:
    scope = Scope((MARKET,), (2025,))
    values = {row.quantity.value for row in find_rows(store, LEXICON, scope, asked)}
    assert Decimal(1_540_000) in values  # samples/manifest.yaml: 罚没款154万元


def test_words_of_a_phrase_find_what_no_indicator_names(store: Store) -> None:
    rows = find_rows(store, LEXICON, Scope((MARKET,), (2025,)), "新设 经营主体")
    assert Decimal(2484) in {row.quantity.value for row in rows}
    assert all("新设" in row.quantity.indicator for row in rows)
    assert find_rows(store, LEXICON, indicator="没有这样的指标") == []


@pytest.mark.parametrize(
    ("text", "value", "unit", "dimension", "expected"),
    [
        ("15.6万元", "156000", "元", Dimension.MONEY, "15.6万元"),
        ("61.20", "612000", "元", Dimension.MONEY, "61.20万元"),
        ("2.4", "240000000", "元", Dimension.MONEY, "2.4亿元"),
        ("50", "50", "元", Dimension.MONEY, "50元"),
        ("0", "0", "元", Dimension.MONEY, "0元"),
        ("24", "24", "件", Dimension.CASE, "24件"),
        ("1.2万余份", "12000", "份", Dimension.COPY, "1.2万余份"),
        ("百分之九十八", "98", "%", Dimension.PERCENT, "百分之九十八"),
        ("164", "164", "", Dimension.OTHER, "164"),
    ],
)
def test_a_figure_from_a_table_is_printed_with_the_unit_of_its_header(
    text: str, value: str, unit: str, dimension: Dimension, expected: str
) -> None:
    quantity = Quantity(
        text, 0, len(text), QuantityKind.QUANTITY, Decimal(value), None, unit, dimension
    )
    assert printed(quantity) == expected


def exported(store: Store, path: Path, indicator: str = "") -> list[object]:
    rows = find_rows(store, LEXICON, indicator=indicator)
    save_ledger(path, rows, LEXICON)
    return rows  # type: ignore[return-value]


def test_workbook_has_everything_and_a_sheet_an_indicator(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    rows = exported(store, path)
    book = openpyxl.load_workbook(path)
    first = book.worksheets[0]
    assert first.title == "总表"
    assert first.max_row == len(rows) + 1
    used = {row.quantity.canonical for row in rows} - {""}  # type: ignore[attr-defined]
    assert book.sheetnames[1:] == [i.name[:31] for k, i in LEXICON.indicators.items() if k in used]
    header = {cell.value: cell.column for cell in first[1]}
    found = [
        row
        for row in book["罚没款"].iter_rows(min_row=2)
        if row[header["单位"] - 1].value == MARKET and row[header["年度"] - 1].value == 2025
    ]
    value, text = header["数值"] - 1, header["原文数字"] - 1
    assert (1_540_000, "154万元") in [(row[value].value, row[text].value) for row in found]
    again = tmp_path / "again.xlsx"
    exported(store, again)
    assert again.read_bytes() == path.read_bytes()


def test_csv_has_the_same_rows(store: Store, tmp_path: Path) -> None:
    rows = exported(store, tmp_path / "台账.csv", "罚没款")
    text = (tmp_path / "台账.csv").read_bytes().decode("utf-8-sig")
    assert len(text.splitlines()) == len(rows) + 1
    assert ",1540000," in text


def test_other_file_types_and_missing_folders_leave_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="不能写成"):
        exported(store, tmp_path / "台账.xls")
    with pytest.raises(Exception, match="无法写入"):
        exported(store, tmp_path / "没有" / "台账.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_too_many_rows_for_excel_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "_MAX_ROWS", 3)
    with pytest.raises(SheetError, match="超过 Excel"):
        sheet.to_xlsx([Page("总表", ("列",), [("a",), ("b",), ("c",)])])


@pytest.fixture
def run(sample_services: Services, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("FAZHI_HOME", str(sample_services.settings.home))
    monkeypatch.setenv("COLUMNS", "100")
    return CliRunner()


def test_command_prints_one_json_document(run: CliRunner) -> None:
    args = ["ledger", "--org", MARKET, "--year", "2025", "--indicator", "立案", "--json"]
    rows = json.loads(run.invoke(app, args).stdout)["quantities"]
    assert "217件" in [row["text"] for row in rows]
    assert {(row["org"], row["year"], row["canonical"]) for row in rows} == {
        (MARKET, 2025, "penalty_filed")
    }


def test_command_prints_a_table_for_people(run: CliRunner) -> None:
    out = run.invoke(app, ["ledger", "--org", MARKET, "--year", "2025"]).stdout
    assert f"{MARKET} 2025" in out
    assert out.index("行政处罚立案") < out.index("新设经营主体")  # shared indicators first
    figures = re.search(r"共 (\d+) 个数字", out)
    assert figures
    assert int(figures[1]) > 50
    assert "日期和固定提法" in out


def test_command_writes_the_fill_in_sheet(run: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "填报.xlsx"
    args = ["ledger", "--template", "--org", MARKET, "--year", "2026", "-o", str(path), "--json"]
    done = json.loads(run.invoke(app, args).stdout)
    assert (done["org"], done["year"], done["base"]["year"]) == (MARKET, 2026, 2025)
    assert openpyxl.load_workbook(io.BytesIO(path.read_bytes())).sheetnames == [
        "指标填报表",
        "填写说明",
    ]


def test_template_needs_one_bureau_one_year_and_a_file(run: CliRunner) -> None:
    assert run.invoke(app, ["ledger", "--template", "--org", MARKET]).exit_code == 2


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--template", "--org", MARKET, "--year", "2024", "-o", "x.xlsx"], "没有岚泊县市场监督"),
        (["--org", "清河县卫生健康局"], "资料库里没有"),
        (["-o", "x.doc"], "不能写成"),
    ],
)
def test_user_errors_are_one_line_and_a_hint(
    run: CliRunner,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    args: list[str],
    said: str,
) -> None:
    monkeypatch.setattr("sys.argv", ["fazhi", "ledger", *args])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 1
    error = capsys.readouterr().err.splitlines()
    assert said in error[0]
    assert error[1].startswith("建议：")

"""Workbooks and .csv written for people, and read back from them."""

from __future__ import annotations

import datetime
import io
import tempfile
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl  # noqa: TID251 - tests look at sheets with the library people's programs resemble
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.cells import Cell, Page, SheetError, to_csv
from assistant.sheet import read_sheet, to_xlsx

FORMULAS = ("=1+1", "+86", "-5", "@SUM(A1)", "\t=1", "＝1+1")


def page(title: str = "总表", rows: list[list[object]] | None = None) -> Page:
    return Page(title, ("单位", "数值"), rows or [["青禾县", Decimal("241620")]])  # type: ignore[arg-type]


def load(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def saved(tmp_path: Path, data: bytes, name: str = "表.xlsx") -> Path:
    (tmp_path / name).write_bytes(data)
    return tmp_path / name


def test_header_is_frozen_and_filtered_and_numbers_are_numbers() -> None:
    sheet = load(to_xlsx([page(rows=[["青禾县", Decimal("135195.8")], ["赤岭县", 3]])])).active
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet["B2"].value == 135195.8
    assert sheet["B2"].number_format == "#,##0.0"
    assert sheet["A2"].font.name == "宋体"
    assert sheet.column_dimensions["A"].width >= len("青禾县") * 2


def test_the_same_pages_give_the_same_bytes() -> None:
    assert to_xlsx([page()]) == to_xlsx([page()])


def test_titles_fit_excel() -> None:
    long = "重大行政执法决定法制审核和行政执法全过程记录制度落实情况统计汇总表"
    names = load(to_xlsx([page(n) for n in ("A/B:[c]?", long, long, "总表", "History", "'")]))
    titles = names.sheetnames
    assert len({title.casefold() for title in titles}) == 6
    assert all(len(title) <= 31 and not set(title) & set("[]:*?/\\") for title in titles)
    assert not any(title.startswith("'") or title.casefold() == "history" for title in titles)


@pytest.mark.parametrize("text", FORMULAS)
def test_text_is_never_a_formula(text: str) -> None:
    cell = load(to_xlsx([page(rows=[[text, None]])])).active["A2"]
    assert cell.value == text
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert to_csv(page(rows=[[text, None]])).decode("utf-8-sig").splitlines()[1][:2] in (
        f"'{text[0]}",
        "\"'",
    )


def test_control_characters_and_long_text_do_not_break_the_file() -> None:
    cell = load(to_xlsx([page(rows=[["青\x0b禾\x00" + "县" * 40_000, None]])])).active["A2"]
    assert cell.value.startswith("青禾县")
    assert len(cell.value) == 32_767


def test_csv_opens_in_excel(tmp_path: Path) -> None:
    data = to_csv(page(rows=[["青禾县，“甲”\n乙", Decimal("1E+3")]]))
    assert data.startswith(b"\xef\xbb\xbf")
    (rows,) = read_sheet(saved(tmp_path, data, "表.csv")).values()
    assert [[cell.text for cell in row] for row in rows][1] == ["青禾县，“甲”\n乙", "1000"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_of_any_office_program_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = f"指标{delimiter}本年数值\r\n行政处罚立案{delimiter}15\r\n"
    path = saved(tmp_path, text.encode(encoding), "表.csv")
    (rows,) = read_sheet(path).values()
    assert [[cell.text for cell in row] for row in rows] == [
        ["指标", "本年数值"],
        ["行政处罚立案", "15"],
    ]


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_marks_against_formulas_are_taken_off_again(tmp_path: Path, text: str) -> None:
    (rows,) = read_sheet(saved(tmp_path, to_csv(page(rows=[[text, None]])), "表.csv")).values()
    assert rows[1][0].value == text


def read_one(folder: Path, value: object, form: str = "") -> Cell:
    book = openpyxl.Workbook()
    book.active["A1"] = value
    book.active["A1"].number_format = form or book.active["A1"].number_format
    book.save(folder / "一.xlsx")
    ((row,),) = read_sheet(folder / "一.xlsx").values()
    return row[0]


@settings(max_examples=50)
@given(st.integers(1, 10**15 - 1), st.integers(-12, 3))
def test_a_number_typed_in_excel_comes_back_exactly(digits: int, exponent: int) -> None:
    """Excel keeps 15 significant digits."""
    number = Decimal(digits).scaleb(exponent)
    with tempfile.TemporaryDirectory() as folder:
        assert read_one(Path(folder), float(number)).value == number


def test_percent_cells_are_recognised(tmp_path: Path) -> None:
    cell = read_one(tmp_path, 0.981, "0.0%")
    assert (cell.value, cell.percent, cell.text) == (Decimal("0.981"), True, "98.1%")
    assert not read_one(tmp_path, 0.98, '0.00"%"').percent


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("=A2+1", "公式"),
        (True, "逻辑值"),
        (datetime.datetime(2025, 3, 5), "日期"),  # noqa: DTZ001 - Excel has no time zones
    ],
)
def test_what_is_no_number_says_why(tmp_path: Path, value: object, why: str) -> None:
    assert why in read_one(tmp_path, value).fault


def test_a_formula_with_a_result_gives_the_result(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "=1+2"
    book.save(tmp_path / "一.xlsx")
    data = (tmp_path / "一.xlsx").read_bytes()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<v></v>", b"<v>3</v>").replace(b"<v />", b"<v>3</v>")
            new.writestr(name, content)
    ((row,),) = read_sheet(saved(tmp_path, out.getvalue())).values()
    assert row[0] == Cell(Decimal(3))


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), bytes(range(256)) * 9],
)
def test_what_is_no_sheet_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(SheetError):
        read_sheet(saved(tmp_path, data))


def test_a_missing_file_is_a_plain_error(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="无法读取"):
        read_sheet(tmp_path / "没有.xlsx")


def test_a_sheet_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(3):
            archive.writestr(f"xl/{n}.xml", bytes(80_000_000))
    with pytest.raises(SheetError, match="过大"):
        read_sheet(saved(tmp_path, out.getvalue()))


def test_a_sheet_of_countless_columns_is_read_as_far_as_anybody_writes(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page["A1"], page["B1"] = "指标", "2026年"
    page["XFD2"] = "远处"
    path = tmp_path / "宽.xlsx"
    book.save(path)
    (rows,) = read_sheet(path).values()
    assert [cell.text for cell in rows[0][:2]] == ["指标", "2026年"]
    assert max(len(row) for row in rows) <= 64

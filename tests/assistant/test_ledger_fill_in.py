"""The fill-in sheet: made from last year's report, filled, read back exactly or refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl  # noqa: TID251 - tests look at sheets with the library people's programs resemble
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.build import Services
from assistant.cells import Cell
from assistant.ledger import (
    FillIn,
    FillInError,
    LedgerError,
    NoEarlierReportError,
    Template,
    make_template,
    one_org,
    read_fill_in,
    require_clean,
    save_template,
)
from assistant.ledger.figure_cell import UnreadableError, read_figure, read_unit
from assistant.ledger.items import own_key
from tests.assistant.ledger_library import LEXICON, ORGS, columns, edit
from vectorstore.quantities import Style, render
from vectorstore.store import Store
from vectorstore.types import Dimension, Hedge, Modality, QuantityKind

HEALTH = "岚泊县卫生健康局"
YEAR = 2026


@pytest.fixture(scope="session")
def store(sample_services: Services) -> Store:
    return sample_services.store


def written(store: Store, path: Path, org: str = HEALTH) -> Template:
    template = make_template(store, org, YEAR)
    save_template(path, template)
    return template


# --- the sheet


@pytest.mark.parametrize("org", ORGS)
def test_every_actual_figure_of_last_year_is_in_exactly_one_row(store: Store, org: str) -> None:
    template = make_template(store, org, YEAR)
    base = template.base
    assert base.year == 2025
    asked = sorted(
        row.quantity.start
        for row in store.quantities(report_id=base.id)
        if row.quantity.kind is QuantityKind.QUANTITY
        and row.quantity.modality is Modality.ACTUAL
        and (row.org, row.year) == (org, 2025)
    )
    assert asked
    assert sorted(m.quantity.start for i in template.items for m in i.mentions) == asked
    keys = [item.key for item in template.items]
    assert len(set(keys)) == len(keys)
    starts = [item.mentions[0].quantity.start for item in template.items if item.mentions]
    assert starts == sorted(starts)
    assert make_template(store, org, YEAR).items == template.items


def test_targets_stand_beside_their_indicator_or_in_rows_of_their_own(store: Store) -> None:
    items = {item.indicator: item for item in make_template(store, HEALTH, 2025).items}
    trainings = items["法治培训"]  # samples: 9场 in 2024, 不少于10场 planned
    assert trainings.target
    assert (trainings.source.quantity.text, trainings.target.quantity.text) == ("9场", "不少于10场")
    planned = [item for item in items.values() if not item.mentions]
    assert planned
    assert all(item.target for item in planned)


def test_sheet_is_ready_to_fill(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "填报.xlsx"
    template = written(store, path)
    book = openpyxl.load_workbook(path)
    sheet, help_ = book.worksheets
    assert (sheet.title, help_.title) == ("指标填报表", "填写说明")
    assert sheet.freeze_panes == "A2"
    assert sheet.max_row == len(template.items) + 1
    at = columns(sheet)
    assert {"指标", "上年数值", "本年数值", "单位", "备注", "原文出处", "指标键"} <= set(at)
    (rule,) = sheet.data_validations.dataValidation
    letter = sheet.cell(2, at["本年数值"]).coordinate
    assert letter in rule.sqref
    assert (rule.type, rule.errorStyle) == ("decimal", "warning")
    assert not any(sheet.cell(n, at["本年数值"]).value for n in range(2, sheet.max_row + 1))
    again = tmp_path / "again.xlsx"
    written(store, again)
    assert again.read_bytes() == path.read_bytes()


def test_without_an_earlier_report_there_is_a_clear_error(store: Store) -> None:
    with pytest.raises(NoEarlierReportError, match="2024年以前") as caught:
        make_template(store, HEALTH, 2024)
    assert "fazhi ingest" in caught.value.hint


def test_a_short_name_must_mean_one_bureau(store: Store) -> None:
    assert one_org(store, "岚泊县卫健局") == HEALTH
    with pytest.raises(LedgerError, match="可能指"):
        one_org(store, "卫生健康局")


# --- filled and read back


def fill_all(path: Path, template: Template) -> dict[str, Decimal]:
    """Type a different number into every row, in the unit the sheet prints."""
    typed = {
        item.key: Decimal(n + 3) if item.dimension is not Dimension.PERCENT else Decimal("97.25")
        for n, item in enumerate(template.items)
    }

    def change(sheet: Any) -> None:
        at = columns(sheet)
        for row in range(2, sheet.max_row + 1):
            key = sheet.cell(row, at["指标键"]).value
            sheet.cell(row, at["本年数值"]).value = float(typed[key])
            sheet.cell(row, at["数据来源/提供科室"]).value = "法规科"

    edit(path, change)
    return typed


@pytest.mark.parametrize("with_items", [True, False])
@pytest.mark.parametrize("org", ORGS)
def test_a_filled_sheet_comes_back_exactly(
    store: Store, tmp_path: Path, org: str, with_items: bool
) -> None:
    path = tmp_path / "填报.xlsx"
    template = written(store, path, org)
    typed = fill_all(path, template)
    fill_in = require_clean(read_fill_in(path, LEXICON, YEAR, template.items if with_items else ()))
    assert [row.key for row in fill_in.rows] == [item.key for item in template.items]
    for row, item in zip(fill_in.rows, template.items, strict=True):
        scale = (read_unit(item.unit) or read_unit("个")).scale  # type: ignore[union-attr]
        assert row.value == typed[item.key] * scale
        assert (row.indicator, row.year, row.source) == (item.indicator, YEAR, "法规科")
        assert row.canonical == item.canonical
        if with_items or item.unit:
            assert row.dimension is item.dimension
        assert row.hedge is Hedge.EXACT
        assert row.evidence == f"来自指标填报表 第{row.row}行"
    assert [row.row for row in fill_in.rows] == list(range(2, len(template.items) + 2))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "utf-16"])
def test_the_same_sheet_as_csv(store: Store, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "填报.csv"
    template = written(store, path)
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
    value = next(n for n, header in enumerate(rows[0]) if header.startswith("本年数值"))
    rows[1][value] = "2500余"
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding, "replace"))
    fill_in = require_clean(read_fill_in(path, LEXICON, YEAR, template.items))
    (row,) = fill_in.rows
    assert (row.key, row.value, row.value_max) == (template.items[0].key, 2500, 2600)
    assert {problem.level for problem in fill_in.problems} == {"blank"}
    assert len(fill_in.problems) == len(template.items) - 1


# --- one row at a time: a sheet made by hand

HEADERS = ("指标", "上年数值（2025年）", "本年数值（2026年）", "单位", "指标键")


def sheet_of(tmp_path: Path, *rows: tuple[object, ...], headers: tuple[str, ...] = HEADERS) -> Path:
    book = openpyxl.Workbook()
    for row in (headers, *rows):
        book.active.append(row)
    for cells in book.active.iter_rows(min_row=2):
        for cell in cells:
            if isinstance(cell.value, str) and cell.value.startswith("percent:"):
                cell.value = float(cell.value.removeprefix("percent:"))
                cell.number_format = "0.00%"
    book.save(tmp_path / "填报.xlsx")
    return tmp_path / "填报.xlsx"


def read_rows(tmp_path: Path, *rows: tuple[object, ...]) -> FillIn:
    return read_fill_in(sheet_of(tmp_path, *rows), LEXICON, YEAR)


FILED = ("行政处罚立案", "32件")


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (15, "件", ("15", None, "", "件", "15件")),
        ("１５", "件", ("15", None, "", "件", "15件")),
        ("15件", "件", ("15", None, "", "件", "15件")),
        ("15起", "件", ("15", None, "", "起", "15起")),
        ("十五", "件", ("15", None, "", "件", "十五件")),
        ("一", "件", ("1", None, "", "件", "一件")),
        ("2,500", "件", ("2500", None, "", "件", "2,500件")),
        ("2 500", "件", ("2500", None, "", "件", "2500件")),
        ("0015", "件", ("15", None, "", "件", "15件")),
        ("2500余", "件", ("2500", "2600", "余", "件", "2500余件")),
        ("近100", "件", ("90", "100", "近", "件", "近100件")),
        ("1.3万余", "件", ("13000", "14000", "余", "件", "1.3万余件")),
        ("20左右", "件", ("19", "21", "约", "件", "20件左右")),
        (0, "件", ("0", None, "", "件", "0件")),
    ],
)
def test_counts_as_people_write_them(
    tmp_path: Path, value: object, unit: str, expected: tuple[object, ...]
) -> None:
    fill_in = require_clean(read_rows(tmp_path, (*FILED, value, unit, "penalty_filed")))
    (row,) = fill_in.rows
    high = None if row.value_max is None else str(row.value_max)
    assert (str(row.value), high, row.hedge.value, row.unit, row.text) == expected
    assert (row.canonical, row.dimension) == ("penalty_filed", Dimension.CASE)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (24.162, "万元", "241620"),
        ("24.162", "万元", "241620"),
        ("24.162万", "元", "241620"),
        ("24.162万元", "万元", "241620"),
        ("241620元", "万元", "241620"),
        ("伍万", "元", "50000"),
        ("贰拾叁万伍仟元", "", "235000"),
        (1.2, "亿元", "120000000"),
        (135195.8, "元", "135195.8"),
    ],
)
def test_money_becomes_yuan_exactly(
    tmp_path: Path, value: object, unit: str, expected: str
) -> None:
    (row,) = require_clean(
        read_rows(tmp_path, ("罚没款", "15.6万元", value, unit, "fines_confiscations"))
    ).rows
    assert (row.value, row.unit) == (Decimal(expected), "元")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (98.5, "98.5"),
        ("98.5%", "98.5"),
        ("98.5％", "98.5"),
        ("percent:0.985", "98.5"),
        (100, "100"),
        ("百分之98.5", "98.5"),
        ("percent:0.0098", "0.98"),
        ("0.98%", "0.98"),
    ],
)
def test_percentages_as_excel_and_people_write_them(
    tmp_path: Path, value: object, expected: str
) -> None:
    (row,) = require_clean(
        read_rows(tmp_path, ("群众满意度", "99.2%", value, "%", "satisfaction"))
    ).rows
    assert (row.value, row.dimension) == (Decimal(expected), Dimension.PERCENT)


BAD: list[tuple[tuple[object, ...], str]] = [
    ((*FILED, "已完成", "件", "penalty_filed"), "不是"),
    ((*FILED, "无", "件", "penalty_filed"), "没有发生请填 0"),
    ((*FILED, "3件、5件", "件", "penalty_filed"), "不是一个数字"),
    ((*FILED, -5, "件", "penalty_filed"), "不能为负数"),
    ((*FILED, "-5", "件", "penalty_filed"), "不能为负数"),
    ((*FILED, "－5件", "件", "penalty_filed"), "不能为负数"),
    ((*FILED, 14.5, "件", "penalty_filed"), "应为整数"),
    ((*FILED, 15, "万元", "penalty_filed"), "不能换算"),
    ((*FILED, "15万元", "件", "penalty_filed"), "不一致"),
    ((*FILED, "12 13", "件", "penalty_filed"), "中间有空格"),
    ((*FILED, "12\t13", "件", "penalty_filed"), "中间有空格"),
    ((*FILED, "9" * 40, "件", "penalty_filed"), "不是一个数字"),
    ((*FILED, 1e300, "件", "penalty_filed"), "大得不合常理"),
    ((*FILED, "percent:0.15", "件", "penalty_filed"), "不一致"),
    ((*FILED, "不少于15", "件", "penalty_filed"), "目标"),
    ((*FILED, True, "件", "penalty_filed"), "逻辑值"),
    ((*FILED, "=A1+1", "件", "penalty_filed"), "公式"),
    ((*FILED, "15", "件", "penalty_filled"), "不认识"),
    (("普法参加人员", "320人次", 15, "人", "own_1"), "不能换算"),
    (("罚没款", "15.6万元", "24万", "万元", "fines_confiscations"), "只写一处"),
    (("罚没款", "15.6万元", 24, "", "fines_confiscations"), "没有写单位"),
    (("罚没款", "", 24, "件", "fines_confiscations"), "不能用于"),
    (("群众满意度", "99.2%", 105, "%", "satisfaction"), "超过 100%"),
    (("群众满意度", "99.2%", 0.98, "%", "satisfaction"), "如为 98% 请填 98"),
    (("某测评", "", 105, "%", "satisfaction"), "超过 100%"),
    (("", "", 15, "件", ""), "没有写是什么指标"),
]


@pytest.mark.parametrize(("row", "reason"), BAD)
def test_a_bad_row_is_named_with_its_reason(
    tmp_path: Path, row: tuple[object, ...], reason: str
) -> None:
    fill_in = read_rows(tmp_path, ("结案率", "97.2%", 98, "%", "closing_rate"), row)
    (problem,) = fill_in.errors
    assert problem.row == 3
    assert reason in str(problem)
    assert str(problem).startswith("第3行")
    assert [good.key for good in fill_in.rows] == ["closing_rate"]
    with pytest.raises(FillInError, match="第3行"):
        require_clean(fill_in)


def test_every_bad_row_is_listed_at_once(tmp_path: Path) -> None:
    fill_in = read_rows(
        tmp_path,
        (*FILED, 15, "件", "penalty_filed"),
        (*FILED, 15, "件", "penalty_filed"),
        ("结案率", "97.2%", "很高", "%", "closing_rate"),
    )
    with pytest.raises(FillInError) as caught:
        require_clean(fill_in)
    lines = str(caught.value).splitlines()
    assert "有 2 行需要改正" in lines[0]
    assert "第2行已经填过" in lines[1]
    assert "“很高”" in lines[2]


def test_a_year_among_the_figures_is_pointed_out(tmp_path: Path) -> None:
    rows = [(*FILED, 2026, "件", "penalty_filed"), ("普法活动", "18场", 2024, "场", None)]
    told = require_clean(read_rows(tmp_path, *rows)).problems
    assert [(p.row, p.level) for p in told if "与年份相同" in p.reason] == [(2, "warning")]


def test_added_rows_keep_their_own_name_with_a_warning(tmp_path: Path) -> None:
    fill_in = require_clean(
        read_rows(
            tmp_path,
            (*FILED, 15, "件", "penalty_filed"),
            ("智慧监管平台接入", None, 163, "家", None),
            ("没收违法所得", None, 1.2, "万元", None),
        )
    )
    filed, own, gains = fill_in.rows
    assert filed.key == "penalty_filed"
    assert own.key == own_key("智慧监管平台接入", Dimension.HOUSEHOLD)
    assert gains.key == gains.canonical == "confiscated_gains"
    assert [(p.row, p.level) for p in fill_in.problems] == [(3, "warning")]


def test_what_may_pass_a_hundred_percent_is_only_pointed_out(tmp_path: Path) -> None:
    row = ("罚没款较上年增幅", "17.3%", 120, "%", "own_1")
    fill_in = require_clean(read_rows(tmp_path, row))
    assert [problem.level for problem in fill_in.problems] == ["warning"]
    assert fill_in.rows[0].value == 120


def test_an_added_row_may_not_repeat_one_of_the_sheet(tmp_path: Path) -> None:
    fill_in = read_rows(
        tmp_path, (*FILED, 15, "件", "penalty_filed"), ("行政处罚立案", None, 16, "件", None)
    )
    assert "重复" in str(fill_in.errors[0])


def test_columns_in_any_order_below_a_title(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["某局 2026 年数据"])
    book.active.append(["备注", "单位", "本年数值", "指标"])
    book.active.append(["初步数", "件", 15, "行政处罚立案"])
    book.active.append([None, None, None, None])
    book.active.merge_cells("A5:D5")
    book.save(tmp_path / "填报.xlsx")
    (row,) = require_clean(read_fill_in(tmp_path / "填报.xlsx", LEXICON, YEAR)).rows
    assert (row.row, row.key, row.value, row.remark) == (3, "penalty_filed", 15, "初步数")


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        (("指标", "数"), "没有"),
        (("指标", "本年数值", "本年数值"), "两列"),
        (("指标", "本年数值（2025年）"), "2025年的数据"),
    ],
)
def test_a_sheet_of_another_form_or_year_is_refused(
    tmp_path: Path, headers: tuple[str, ...], said: str
) -> None:
    path = sheet_of(tmp_path, ("行政处罚立案", 15), headers=headers)
    with pytest.raises(FillInError, match=said):
        read_fill_in(path, LEXICON, YEAR)


def test_two_filled_sheets_in_one_file_are_refused(tmp_path: Path) -> None:
    path = sheet_of(tmp_path, (*FILED, 15, "件", "penalty_filed"))
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book.worksheets[0])
    book.save(path)
    with pytest.raises(FillInError, match="2 个工作表"):
        read_fill_in(path, LEXICON, YEAR)


def test_keys_of_another_bureau_are_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "填报.xlsx"
    fill_all(path, written(store, path, ORGS[3]))
    fill_in = read_fill_in(path, LEXICON, YEAR, make_template(store, HEALTH, YEAR).items)
    assert "不认识" in str(fill_in.errors[0])


# --- properties

TYPED: list[Callable[[Decimal], str]] = [
    lambda value, style=style: render(value, style)  # type: ignore[misc]
    for style in (Style.ARABIC, Style.GROUPED, Style.FULL_WIDTH, Style.CHINESE, Style.FINANCIAL)
]


@given(st.integers(0, 10**10), st.sampled_from(TYPED), st.sampled_from(["件", "元", "人次"]))
def test_a_number_in_any_style_is_read_exactly(
    number: int, style: Callable[[Decimal], str], unit: str
) -> None:
    figure = read_figure(Cell(style(Decimal(number))), read_unit(unit))
    assert (figure.value, figure.value_max, figure.unit) == (number, None, unit)


@given(st.decimals(0, 10**8, places=4), st.sampled_from(["元", "万元", "亿元"]))
def test_money_is_scaled_without_loss(number: Decimal, unit: str) -> None:
    scale = {"元": 1, "万元": 10**4, "亿元": 10**8}[unit]
    assert read_figure(Cell(number), read_unit(unit)).value == number * scale


@given(st.text(max_size=12), st.sampled_from(["件", "%", "万元", ""]))
def test_no_text_breaks_reading(text: str, unit: str) -> None:
    with suppress(UnreadableError):
        assert read_figure(Cell(text), read_unit(unit)).value >= 0

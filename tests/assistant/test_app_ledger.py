"""The ledger tab's functions over three sample reports, and its HTML, without Gradio."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.aggregate import Operand, Series
from assistant.app.downloads import PATH, Downloads
from assistant.app.ledger import bars, grid
from assistant.app.ledger.compare import Compared, Course, YearPoint
from assistant.app.ledger.desk import PAGE_ROWS, LedgerDesk, Query, turned
from assistant.app.notices import problem_html
from assistant.build import Services
from assistant.session_ids import new_session_id
from assistant.settings import Settings
from tests.assistant.test_app_cards import HOSTILE, OURS, Tags
from tests.conftest import SAMPLES
from tests.holding import hold
from vectorstore.indicators import load_lexicon
from vectorstore.outline import outline
from vectorstore.store import LedgerRow, Store
from vectorstore.types import Block, Dimension, Document, Hedge, Quantity, QuantityKind, Report

HEALTH, MARKET = "岚泊县卫生健康局", "岚泊县市场监督管理局"
NAMES = ("lanbo-health-2024.txt", "lanbo-health-2025.docx", "lanbo-market-2025.docx")


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("home")
    with Store.open(folder) as store:
        made = Services(Settings(home=folder), store)
        hold(store, *(SAMPLES / name for name in NAMES))
        yield made


@pytest.fixture
def desk(services: Services) -> LedgerDesk:
    return LedgerDesk(services, Downloads())


@pytest.fixture
def session() -> str:
    return new_session_id()


def column(html: str, name: str) -> list[str]:
    cells = re.findall(rf'<td class="(?:num )?{name}[^"]*">(.*?)</td>', html)
    return [re.sub("<[^>]+>", "", cell) for cell in cells]


def assert_drawn(html: str) -> Tags:
    """Only elements of ours, no handler, no address elsewhere."""
    tags = Tags(html)
    assert {tag for tag, _ in tags.found} <= OURS | {"ol", "svg", "rect", "nav", "line"}
    for _, attrs in tags.found:
        assert not [name for name in attrs if name.startswith("on") or name in ("src", "style")]
        assert (attrs.get("href") or "#").startswith(("#", PATH))
    return tags


def test_without_filters_every_figure_is_shown_a_page_at_a_time(
    desk: LedgerDesk, session: str
) -> None:
    view = desk.view(session, Query())
    total = int(re.search(r"共 ([\d,]+) 个数字，2 个单位", view.head)[1].replace(",", ""))  # type: ignore[index]
    assert view.bars == ""
    assert "选一个指标" in view.head
    seen = 0
    for page in range(-(-total // PAGE_ROWS)):
        seen += len(column(desk.grid(Query(page=page)), "org"))
    assert seen == total
    beyond = desk.grid(Query(page=99_999))
    assert column(beyond, "org") == column(desk.grid(Query(page=total // PAGE_ROWS)), "org")


def test_a_year_gives_bars_across_organisations_and_each_row_its_sentence(
    desk: LedgerDesk, session: str
) -> None:
    view = desk.view(session, Query(years=("2025年",), indicator="行政处罚立案"))
    assert re.findall(r'class="amount">([^<]+)', view.bars) == ["217件", "36件"]  # manifest.yaml
    assert re.findall(r'class="who">([^<]+)', view.bars) == [MARKET, HEALTH]
    assert 'width="100.00"' in view.bars
    assert "全年行政处罚立案<b>36件</b>" in view.grid
    assert set(column(view.grid, "year")) == {"2025"}


def test_one_organisation_gives_a_column_a_year_with_its_targets(
    desk: LedgerDesk, session: str
) -> None:
    view = desk.view(session, Query(orgs=("岚泊县卫健局",), indicator="行政处罚立案"))
    assert re.findall(r'class="who">([^<]+)', view.bars) == ["2024年", "2025年"]
    assert re.findall(r'class="amount">([^<]+)', view.bars) == ["32件", "36件"]
    view = desk.view(session, Query(orgs=("岚泊县卫健局",), indicator="法治培训"))
    assert re.findall(r'class="amount">([^<]+)', view.bars) == ["9场", "11场", "尚无报告"]
    assert re.findall(r'class="aim">目标 ([^<]+)', view.bars) == ["不少于10场", "不少于12场"]
    assert "2025年目标" in view.bars
    assert "举办法治培训<b>11场</b>" in view.bars  # a press on the column shows it
    assert_drawn(view.bars)


def test_years_without_a_value_or_a_report_are_gaps(tmp_path: Path) -> None:
    figures = {2021: "举办法治培训4期。", 2023: "工作有序推进。", 2024: "举办法治培训8期。"}
    with Store.open(tmp_path) as store:
        desk = LedgerDesk(Services(Settings(home=tmp_path), store), Downloads())
        for year, said in figures.items():
            lines = (
                f"青禾县水务局{year}年法治政府建设年度报告", "一、主要举措和成效", said,
                "二、下一年度工作安排", "举办法治培训不少于5场。",
            )  # fmt: skip
            blocks = tuple(Block(line) for line in lines)
            hold(store, outline(Document(blocks, "txt"), f"{year}.txt"))
        drawn = desk.view("", Query(orgs=("青禾县水务局",), indicator="法治培训")).bars
    assert re.findall(r'class="who">([^<]+)', drawn) == [f"{y}年" for y in range(2021, 2025)]
    assert re.findall(r'class="amount">([^<]+)', drawn) == ["4期", "未报送", "未提及", "8期"]
    assert "目标" not in drawn  # of another unit: nothing to draw beside
    heights = re.findall(r'<rect y="[^"]+" width="10" height="([^"]+)"', drawn)
    assert heights == ["50.00", "0.00", "0.00", "100.00"]


def test_sorting_turns_round_on_a_second_press_and_ignores_what_is_no_column(
    desk: LedgerDesk,
) -> None:
    query = turned(Query(page=2), "sort", "value")
    assert (query.sort, query.descending, query.page) == ("value", True, 0)
    values = [Decimal(v.replace(",", "")) for v in column(desk.grid(query), "value")]
    assert values == sorted(values, reverse=True)
    assert not turned(query, "sort", "value").descending
    assert not turned(query, "sort", "year").descending
    for asked, value in (("sort", "text"), ("sort", "; DROP"), ("page", "-1"), ("page", "٣")):
        assert turned(query, asked, value) == query
    assert turned(query, "page", "3").page == 3


def test_indicators_shared_by_reports_come_before_phrases(desk: LedgerDesk) -> None:
    offered = desk.indicators()
    names = [indicator.name for indicator in desk.services.lexicon.indicators.values()]
    shared = [name for name in offered if name in names]
    assert offered[: len(shared)] == shared
    assert shared[0] == "行政处罚立案"
    assert len(offered) == len(set(offered)) > len(shared)
    for phrase in offered[:: len(offered) // 12]:
        assert "没有符合条件" not in desk.grid(Query(indicator=phrase)), phrase


def test_the_export_holds_every_row_that_fits_whatever_page_is_shown(
    desk: LedgerDesk, session: str
) -> None:
    view = desk.view(session, Query(orgs=(HEALTH,), years=("2025",), page=1))
    links = dict(re.findall(r'href="([^"]+)">下载 (xlsx|csv)', view.head))
    addresses = {suffix: address.removeprefix(PATH) for address, suffix in links.items()}
    taken = desk.downloads.take(session, addresses["csv"])
    assert taken is not None
    table = list(csv.reader(io.StringIO(taken[1].decode("utf-8-sig"))))
    assert len(table) - 1 == len(
        [r for r in desk.services.store.quantities() if (r.org, r.year) == (HEALTH, 2025)]
    )
    workbook = desk.downloads.take(session, addresses["xlsx"])
    assert workbook is not None
    assert workbook[1].startswith(b"PK")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        (Query(), "指标台账"),
        (Query(orgs=(HEALTH,)), f"{HEALTH}指标台账"),
        (Query(orgs=(HEALTH, MARKET), years=("2025年",)), "2025年指标台账"),
        (
            Query((HEALTH,), ("2025年", "2024"), "行政处罚立案"),
            f"{HEALTH}2024—2025年行政处罚立案指标台账",
        ),
    ],
)
def test_a_download_is_called_by_what_was_chosen(
    desk: LedgerDesk, session: str, query: Query, name: str
) -> None:
    view = desk.view(session, query)
    names = []
    for address in re.findall(r'href="([^"]+)">下载', view.head):
        taken = desk.downloads.take(session, address.removeprefix(PATH))
        assert taken is not None
        names.append(taken[0])
    assert names == [f"{name}.xlsx", f"{name}.csv"]


def test_what_cannot_be_shown_says_what_to_do(
    desk: LedgerDesk, session: str, tmp_path: Path
) -> None:
    unknown = desk.view(session, Query(orgs=("青禾县水务局",)))
    assert "资料库里没有“青禾县水务局”的报告" in unknown.grid
    assert "在“资料库”中查看" in unknown.grid
    assert unknown.head == ""
    assert "没有符合条件的数字" in desk.view(session, Query(indicator="没有这样的指标")).grid
    with Store.open(tmp_path) as store:
        empty = LedgerDesk(Services(Settings(home=tmp_path), store), Downloads())
        assert "打开“资料库”导入" in empty.view(session, Query()).grid
        assert empty.indicators() == []


def made_row(**changes: object) -> LedgerRow:
    values: dict[str, object] = {
        "text": "约480人次", "start": 2, "end": 8, "kind": QuantityKind.QUANTITY,
        "value": Decimal(480), "unit": "人次", "dimension": Dimension.PERSON_TIME,
        "hedge": Hedge.ABOUT, "indicator": "培训", "heading": "一、举措", "sentence_end": 9,
    }  # fmt: skip
    quantity = Quantity(**{**values, **changes})  # type: ignore[arg-type]
    return LedgerRow(quantity, "r1", "甲县司法局", 2025, None, "培训约480人次。")


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_report_becomes_markup(text: str) -> None:
    row = made_row(indicator=text, heading=text, unit=text, text=text)
    row = replace(row, org=text, sentence=text)
    report = Report("r1", "a", text, 2025, text, f"{text}\n{text}", ())
    lexicon = load_lexicon()
    html = grid.grid_html([row], lexicon, lambda _: report, "org", False)
    operand = Operand(text, 2025, row, (row,))
    series = Series("x", "人次", (operand,), (), (row,))
    drawn = bars.bars_html(Compared(series, (operand,), 2025), text, lambda _: report)
    drawn += bars.course_html(
        Course(text, series, (YearPoint(2025, operand, row, True, False),)), text, lambda _: report
    )
    for shown in (html, drawn, problem_html(text, text)):
        assert text.replace("__i18n__", "") in assert_drawn(shown).text.replace("__i18n__", "")


def test_a_hedged_value_is_drawn_as_printed_and_a_zero_has_no_length() -> None:
    zero = made_row(value=Decimal(0), text="0人次", hedge=Hedge.EXACT)
    operands = (Operand("甲", 2025, made_row()), Operand("乙", 2025, zero))
    report = Report("r1", "a", "甲", 2025, "题", "培训约480人次。", ())
    compared = Compared(Series("x", "人次", operands, ()), operands, 2025)
    drawn = bars.bars_html(compared, "培训", lambda _: report)
    assert re.findall(r'class="amount">([^<]+)', drawn) == ["约480人次", "0人次"]
    assert re.findall(r'rect width="([^"]+)', drawn) == ["100.00", "0.00"]

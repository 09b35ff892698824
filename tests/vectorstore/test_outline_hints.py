"""What Word and web pages say about headings: styles, bold, centred lines, tables."""

from __future__ import annotations

import pytest

from vectorstore.indicators import load_lexicon
from vectorstore.outline import outline
from vectorstore.quantities import extract
from vectorstore.types import Block, Document, Part, QuantityKind, Report

BODY = "各项任务按月推进并逐条销号，台账资料齐全，群众评价较好，基层反映的事情件件有回音。"


def docx(*blocks: Block) -> Report:
    return outline(Document(blocks, "docx"), "a.docx")


def levels(report: Report) -> list[tuple[int, str]]:
    return [(s.level, s.number + s.heading) for s in report.sections[1:]]


def test_heading_styles_carry_the_tree_when_word_numbers_by_itself() -> None:
    report = docx(
        Block("云岭县林业局", centered=True),
        Block("2025年法治政府建设工作报告", centered=True),
        Block("2025年，我局" + BODY),
        Block("主要举措和成效", level=1),
        Block("巡护", level=2),
        Block(BODY),
        Block("审批", level=2),
        Block(BODY),
        Block("存在的不足", level=1),
        Block(BODY),
        Block("2026年工作安排", level=1),
        Block(BODY),
    )
    assert levels(report) == [
        (1, "主要举措和成效"),
        (2, "巡护"),
        (2, "审批"),
        (1, "存在的不足"),
        (1, "2026年工作安排"),
    ]
    assert report.parts == (Part.MEASURES, Part.SHORTCOMINGS, Part.NEXT_YEAR)
    assert report.title == "云岭县林业局2025年法治政府建设工作报告"


def test_a_styled_heading_without_number_joins_its_numbered_siblings() -> None:
    report = docx(
        Block("云岭县林业局2025年法治政府建设工作报告", level=0),
        Block("2025年，我局" + BODY),
        Block("一、主要举措和成效", level=1),
        Block("（一）巡护有力", level=2),
        Block(BODY),
        Block("审批提速", level=2),
        Block(BODY),
        Block("（三）防火有招", level=2),
        Block(BODY),
        Block("二、存在的不足", level=1),
        Block(BODY),
    )
    assert [level for level, _ in levels(report)] == [1, 2, 2, 2, 1]


def test_bold_short_lines_are_headings_under_the_numbered_one() -> None:
    report = docx(
        Block("云岭县林业局2025年法治政府建设工作报告", centered=True, bold=True),
        Block("2025年，我局" + BODY),
        Block("一、主要举措和成效", bold=True),
        Block("巡护责任到人", bold=True),
        Block(BODY),
        Block(BODY),
        Block("二、存在的不足", bold=True),
        Block(BODY),
    )
    assert levels(report) == [(1, "一、主要举措和成效"), (2, "巡护责任到人"), (1, "二、存在的不足")]


def test_table_rows_and_captions_are_no_headings_and_stay_in_the_text() -> None:
    table = "一、案件\t12\n二、罚款\t3"
    report = docx(
        Block("云岭县林业局2025年法治政府建设工作报告"),
        Block("一、主要举措和成效"),
        Block(BODY),
        Block("2025年行政处罚统计表"),
        Block(table, kind="table"),
        Block("二、存在的不足"),
        Block(BODY),
    )
    assert levels(report) == [(1, "一、主要举措和成效"), (1, "二、存在的不足")]
    section = report.sections[1]
    assert table in report.text[section.body_start : section.end]


def test_a_web_page_takes_its_title_from_the_page_not_from_the_menu() -> None:
    report = outline(
        Document(
            (
                Block("首页 > 政务公开 > 法治政府建设年度报告"),
                Block("云岭县应急管理局2025年度法治政府建设情况报告", level=1),
                Block("2025年，云岭县应急管理局" + BODY),
                Block("一、工作开展情况", level=2),
                Block("（一）抓早抓小", level=3),
                Block(BODY),
                Block("二、困难和不足", level=2),
                Block(BODY),
            ),
            "html",
        ),
        "page.html",
    )
    assert report.title == "云岭县应急管理局2025年度法治政府建设情况报告"
    assert levels(report) == [(1, "一、工作开展情况"), (2, "（一）抓早抓小"), (1, "二、困难和不足")]


def test_a_series_of_short_lines_needs_no_style() -> None:
    report = outline(
        Document(
            tuple(
                Block(text)
                for text in (
                    "云岭县林业局2025年法治政府建设工作报告",
                    "一、主要举措和成效",
                    BODY,
                    "巡护责任全面压实",
                    BODY,
                    "审批时限大幅缩短",
                    BODY,
                    "二、存在的不足",
                    BODY,
                )
            ),
            "txt",
        ),
        "a.txt",
    )
    assert [level for level, _ in levels(report)] == [1, 2, 2, 1]


@pytest.mark.parametrize(
    "title", ["附件：2025年行政执法情况统计表", "附表1 行政执法情况", "附：数据表"]
)
def test_an_attached_table_is_no_part_of_the_plan(title: str) -> None:
    blocks = (
        Block("石桥县水利局2025年法治政府建设年度报告"),
        Block("一、主要成效"),
        Block("立案12件，办结11件，罚款3万元。"),
        Block("二、2026年工作安排"),
        Block("全年培训执法人员200人次以上。"),
        Block(title),
        Block("项目\t2024年\t2025年\n立案\t10\t12", kind="table"),
        Block("石桥县水利局"),
        Block("2026年1月9日"),
    )
    report = outline(Document(blocks, "docx"), "报告.docx")
    assert [s.part for s in report.sections if s.level == 1] == [
        Part.MEASURES,
        Part.NEXT_YEAR,
        None,
    ]
    figures = extract(report, load_lexicon())
    told = [(q.text, q.year, q.modality.value) for q in figures if q.kind is QuantityKind.QUANTITY]
    assert told[-3:] == [
        ("200人次以上", 2026, "target"),
        ("10", 2024, "actual"),
        ("12", 2025, "actual"),
    ]
    assert report.signoff_org == "石桥县水利局"


def test_another_report_tells_its_problems_and_its_plan() -> None:
    report = docx(
        Block("石桥县司法局2025年行政复议工作情况报告"),
        Block("一、收结案情况"),
        Block("审结案件40件。"),
        Block("二、存在的主要问题"),
        Block("人员力量不足。"),
        Block("三、下步打算"),
        Block("审结案件45件以上。"),
    )
    assert not report.is_annual
    assert report.parts == (Part.SHORTCOMINGS, Part.NEXT_YEAR)
    found = extract(report, load_lexicon())
    told = [(q.text, q.year, q.modality.value) for q in found if q.kind is QuantityKind.QUANTITY]
    assert told == [("40件", 2025, "actual"), ("45件以上", 2026, "target")]


def test_the_arrangements_of_a_plan_are_of_its_own_year() -> None:
    report = docx(
        Block("石桥县水务局2026年依法治水工作计划"),
        Block("一、工作思路"),
        Block("全年培训执法人员200人次。"),
        Block("二、主要安排"),
        Block("开展检查12次，宣传8场。"),
    )
    assert (report.year, report.parts) == (2026, ())
    found = extract(report, load_lexicon())
    assert {q.year for q in found if q.kind is QuantityKind.QUANTITY} == {2026}

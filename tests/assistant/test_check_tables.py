"""Tables edited by hand: a row moved, a caption of last year left in."""

from __future__ import annotations

import pytest

from assistant.check.tables import check_tables
from assistant.check.years import check_years
from vectorstore.outline import outline
from vectorstore.types import Block, Document, Report

ROWS = ("1\t法治培训\t13场", "2\t案卷评查\t4次", "3\t监测点位\t36个")


def report(rows: tuple[str, ...], caption: str = "2026年工作安排落实情况表") -> Report:
    table = Block("\n".join(("序号\t工作安排\t完成情况", *rows)), kind="table")
    lines = (
        "甲县水务局2026年法治政府建设年度报告",
        "一、主要举措和成效",
        "落实情况如下。",
        caption,
    )
    return outline(Document((*map(Block, lines), table), "docx"), "a.docx")


@pytest.mark.parametrize(
    ("order", "said"),
    [((2, 0, 1), "应为1，这里是3"), ((0, 2), "应为2，这里是3"), ((0, 0, 1), "应为2，这里是1")],
)
def test_a_row_moved_or_missing_is_seen_by_its_number(order: tuple[int, ...], said: str) -> None:
    (found,) = check_tables(report(tuple(ROWS[n] for n in order)))
    assert said in found.message


@pytest.mark.parametrize("rows", [ROWS, ROWS[:1], ("—\t法治培训\t13场", "甲\t案卷评查\t4次")])
def test_numbers_in_order_or_none_are_fine(rows: tuple[str, ...]) -> None:
    assert list(check_tables(report(rows))) == []


@pytest.mark.parametrize(
    ("caption", "stale"),
    [
        ("2025年工作安排落实情况表", True),
        ("2026年工作安排落实情况表", False),
        ("2025年与2026年行政执法情况表", False),
        ("行政执法情况与2025年比较表", False),
    ],
)
def test_last_years_caption_is_told(caption: str, stale: bool) -> None:
    found = [f for f in check_years(report(ROWS, caption)) if "表题" in f.message]
    assert [f.quote for f in found] == ([caption] if stale else [])

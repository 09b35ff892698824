"""Which documents are yearly reports on the rule of law, by title and by content."""

from __future__ import annotations

import pytest

from vectorstore.outline.kind import Kind, kind_of

DUTY = "主要负责人履行推进法治建设第一责任人职责情况"
PARTS = ("工作开展情况", "存在的问题", DUTY, "下一步打算")


@pytest.mark.parametrize(
    "title",
    [
        "石桥县教育和体育局关于2025年度依法治教情况的报告",
        "石桥县第一中学2025年依法治校工作总结",
        "石桥县水务局2025年依法治水工作情况报告",
        "石桥县林业局2025年度依法治林年度报告",
        "石桥县税务局2025年度依法治税工作汇报",
        "石桥县交通运输局2025年法治交通工作报告",
        "石桥县公安局2025年法治公安情况报告",
        "石桥县2025年度全面依法治县工作总结",
        "石桥县中医院2025年度依法办医情况报告",
    ],
)
def test_each_trade_has_a_name_for_it(title: str) -> None:
    assert kind_of(title, (), (), titled=True) is Kind.ANNUAL


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("石桥县教育局2025年法治宣传教育工作总结", Kind.OTHER),
        ("石桥县城管局2025年依法治理违法建设情况报告", Kind.OTHER),
        ("石桥县法治督察反馈问题整改情况报告", Kind.OTHER),
        ("石桥县水务局2026年依法治水工作计划", Kind.OTHER),
        ("石桥县水务局2025年上半年依法治水情况报告", Kind.PERIODIC),
        ("石桥县应急管理局2025年安全生产工作总结", Kind.OTHER),
    ],
)
def test_what_only_sounds_like_it(title: str, kind: Kind) -> None:
    assert kind_of(title, (), PARTS[:2], titled=True) is kind


def test_the_official_parts_tell_whatever_the_title() -> None:
    title = "石桥县交通运输局2025年度执法监督情况报告"
    assert kind_of(title, (), PARTS, titled=True) is Kind.ANNUAL
    assert kind_of(title, (), PARTS[:2], titled=True) is Kind.OTHER
    assert kind_of(title.replace("年度", "年上半年"), (), PARTS, titled=True) is not Kind.ANNUAL


def test_the_duty_must_be_about_the_law() -> None:
    title = "石桥县应急管理局2025年安全生产工作总结"
    safe = ("工作情况", "存在问题", "主要负责人履行安全生产第一责任人职责情况", "下一步打算")
    assert kind_of(title, ("一年来，狠抓安全生产。",), safe, titled=True) is Kind.OTHER


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("青桥街道2025年法治建设工作总结和2026年工作计划", Kind.ANNUAL),
        ("石桥县司法局2025年法治政府建设情况及2026年工作打算", Kind.ANNUAL),
        ("石桥县司法局法治政府建设2026年工作计划", Kind.OTHER),
        ("石桥县水务局2025年防汛工作总结及2026年工作计划", Kind.OTHER),
    ],
)
def test_a_report_may_name_its_plan_in_the_title(title: str, kind: Kind) -> None:
    assert kind_of(title, (), (), titled=True) is kind


def test_a_plain_title_over_the_work_of_governing_by_law() -> None:
    headings = ("依法行政工作开展情况", "不足之处", "下一年工作思路")
    assert kind_of("2025年度工作总结", (), headings, titled=True) is Kind.ANNUAL
    other = ("重点工作", "推进依法行政", "不足之处")
    assert kind_of("2025年度工作总结", (), other, titled=True) is Kind.OTHER

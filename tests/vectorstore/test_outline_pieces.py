"""The outline's building blocks, each on a table of cases."""

from __future__ import annotations

from datetime import date

import pytest

from vectorstore.outline.dates import is_date_line, last_date, report_year_of_day, years
from vectorstore.outline.headings import heading_length
from vectorstore.outline.kind import Kind, kind_of
from vectorstore.outline.numbering import Style, chinese_number, read_marker
from vectorstore.outline.organisation import (
    is_organisation,
    organisation_in_lead,
    organisation_in_title,
    prefer,
)
from vectorstore.outline.parts import assign_parts, classify
from vectorstore.types import Part


@pytest.mark.parametrize(
    ("line", "style", "value"),
    [
        ("一、主要做法", Style.CHINESE, 1),
        ("十二、其他", Style.CHINESE, 12),
        ("二十一、其他", Style.CHINESE, 21),
        ("一 、主要做法", Style.CHINESE, 1),
        ("三.主要做法", Style.CHINESE, 3),
        ("四，主要做法", Style.CHINESE, 4),
        ("（一）党建", Style.CHINESE_PAREN, 1),
        ("(十)党建", Style.CHINESE_PAREN, 10),
        ("二）党建", Style.CHINESE_PAREN, 2),
        ("㈢党建", Style.CHINESE_PAREN, 3),
        ("1.党建", Style.ARABIC, 1),
        ("２．党建", Style.ARABIC, 2),
        ("3、党建", Style.ARABIC, 3),
        ("⒋党建", Style.ARABIC, 4),
        ("1.2025年工作回顾", Style.ARABIC, 1),
        ("（1）党建", Style.ARABIC_PAREN, 1),
        ("2)党建", Style.ARABIC_PAREN, 2),
        ("⑶党建", Style.ARABIC_PAREN, 3),
        ("④党建", Style.CIRCLED, 4),
        ("1.2 党建", Style.DECIMAL, 2),
        ("第三部分 党建", Style.PART, 3),
        ("第二章　党建", Style.PART, 2),
        ("第一条 为了规范", Style.ARTICLE, 1),
        ("附件2", Style.ATTACHMENT, 2),
    ],
)
def test_outline_numbers(line: str, style: Style, value: int) -> None:
    marker = read_marker(line)
    assert marker is not None
    assert (marker.style, marker.value) == (style, value)


@pytest.mark.parametrize(
    "line",
    [
        "一是抓学习",
        "1.2亿元资金到位",
        "2025.1月以来",
        "2025年工作",
        "第三条规定的情形",
        "一、二级医疗机构",
        "附件：清单",
        "十分重视",
        "",
    ],
)
def test_what_only_looks_like_an_outline_number(line: str) -> None:
    assert read_marker(line) is None


def test_chinese_numbers() -> None:
    texts = ["一", "十", "十二", "二十", "九十九", "7", "１２", ""]
    assert [chinese_number(text) for text in texts] == [1, 10, 12, 20, 99, 7, 12, 0]


@pytest.mark.parametrize(
    ("rest", "heading"),
    [
        ("抓学习，强本领。一是办班。", "抓学习，强本领"),
        ("抓学习：成立专班，开展培训。", "抓学习"),
        ("抓学习,强本领.一是办班.", "抓学习,强本领"),
        ("抓学习，一是办班，二是比武。", "抓学习"),
        ("落实“谁执法。谁普法”责任。全年开展", "落实“谁执法。谁普法”责任"),
        ("存在问题：", "存在问题"),
        ("抓学习  全年组织集中学习和交流研讨多次，干部的本领得到了提升。", "抓学习"),
        ("力争早上9:30前办结事项", "力争早上9:30前办结事项"),
    ],
)
def test_where_a_heading_ends(rest: str, heading: str) -> None:
    assert rest[: heading_length(rest)] == heading


@pytest.mark.parametrize(
    ("title", "org"),
    [
        ("云岭县卫生健康局关于2025年法治政府建设情况的报告", "云岭县卫生健康局"),
        ("关于云岭县卫生健康局2025年法治政府建设情况的报告", "云岭县卫生健康局"),
        ("2025年度云岭县卫生健康委员会法治政府建设工作报告", "云岭县卫生健康委员会"),
        ("云岭县2025年法治政府建设年度报告", "云岭县"),
        ("2020年临江区法治政府建设情况报告", "临江区"),
        ("临江区人民政府青桥街道办事处2025年度法治报告", "临江区人民政府青桥街道办事处"),
        (
            "中共云岭县委全面依法治县委员会办公室2025年工作总结",
            "中共云岭县委全面依法治县委员会办公室",
        ),
        ("中共云岭县教育局党组2025年度法治政府建设报告", "云岭县教育局"),
        ("中共云岭县委云岭县人民政府关于2025年法治政府建设情况的报告", "云岭县人民政府"),
        ("国家税务总局云岭县税务局2025年度法治政府建设情况报告", "国家税务总局云岭县税务局"),
        ("石门市公安局交通警察支队2025年法治建设工作总结", "石门市公安局交通警察支队"),
        ("石门市综合行政执法局推进法治政府建设情况报告", "石门市综合行政执法局"),
        (
            "石门高新技术产业开发区管理委员会二〇二五年法治政府建设年度报告",
            "石门高新技术产业开发区管理委员会",
        ),
        ("河湾镇2023年法治政府建设年度报告", "河湾镇"),
        ("东海大学2024年依法治校工作报告", "东海大学"),
        ("关于2025年度法治政府建设情况的报告", ""),
        ("法治政府建设年度报告", ""),
        ("政府工作报告", ""),
    ],
)
def test_organisation_in_a_title(title: str, org: str) -> None:
    assert organisation_in_title(title) == org


@pytest.mark.parametrize(
    ("lead", "org"),
    [
        ("2025年，云岭县卫生健康局坚持以人民为中心，", "云岭县卫生健康局"),
        ("2024年,前进区教育局深入开展法治建设,", "前进区教育局"),
        ("2025年，青桥街道在区委的带领下，", "青桥街道"),
        ("2025年，在县委的带领下，我局认真履职，", ""),
        ("2025年，区教育局严格落实各项部署，", ""),
        ("2025年，我县坚持依法治县，", ""),
    ],
)
def test_organisation_in_a_lead(lead: str, org: str) -> None:
    assert organisation_in_lead(lead) == org


def test_the_fuller_name_wins_but_a_full_title_stays() -> None:
    assert prefer("市卫生健康委", "石门市卫生健康委") == "石门市卫生健康委"
    assert prefer("云岭县", "云岭县人民政府") == "云岭县人民政府"
    assert prefer("云岭县", "云岭县司法局") == "云岭县"
    assert prefer("云岭县教育局", "云岭县教育局办公室") == "云岭县教育局"
    assert prefer("临江区教育局", "石门市临江区教育局") == "临江区教育局"
    assert prefer("", "", "青桥街道") == "青桥街道"
    assert prefer("", "") == ""


def test_a_short_name_without_its_place_gives_way_to_the_full_one() -> None:
    full = "青岭市城市管理综合行政执法局"
    assert prefer("市城管局", full) == full
    assert prefer("市城管局", "青岭市北湖区城市管理局") == "市城管局"
    assert prefer("市司法局", full) == "市司法局"


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("工作措施及成效", Part.MEASURES),
        ("下步工作措施", Part.NEXT_YEAR),
        ("学校主要负责人推进法治建设情况", Part.FIRST_RESPONSIBLE),
        ("推进法治建设情况", Part.MEASURES),
    ],
)
def test_headings_of_other_styles(heading: str, part: Part) -> None:
    assert classify(heading, 2025) == part


def test_lines_that_are_an_organisation() -> None:
    assert is_organisation("云岭县林业局")
    assert is_organisation("临江区青桥街道办事处（盖章）")
    assert not is_organisation("健全行政执法工作体系")
    assert not is_organisation("推进数字法治政府建设")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025年法治政府建设", [2025]),
        ("2025年度和2026年工作打算", [2025, 2026]),
        ("二〇二五年", [2025]),
        ("二○二四年度", [2024]),
        ("实施纲要（2021—2025年）", []),
        ("落实《要点（2024年）》，2025年", [2025]),
        ("2021-2025年", []),
        ("监督检查2025户次", []),
    ],
)
def test_years(text: str, expected: list[int]) -> None:
    assert years(text) == expected


def test_days() -> None:
    assert last_date("2026年1月10日") == date(2026, 1, 10)
    assert last_date("二〇二六年十二月三十一日") == date(2026, 12, 31)
    assert last_date("2026年13月40日") is None
    assert is_date_line("（2026年1月15日）")
    assert is_date_line("2026-01-15 09:30")
    assert not is_date_line("2026年1月15日起施行")
    assert report_year_of_day(date(2026, 3, 1)) == 2025
    assert report_year_of_day(date(2025, 12, 20)) == 2025


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("主要工作开展情况", Part.MEASURES),
        ("基本情况", Part.MEASURES),
        ("重点任务安排部署情况", None),
        ("2025年工作计划完成情况", Part.MEASURES),
        ("上年度存在问题整改情况", None),
        ("存在的短板弱项", Part.SHORTCOMINGS),
        ("面临的困难和挑战", Part.SHORTCOMINGS),
        ("问题及原因分析", Part.SHORTCOMINGS),
        ("聚焦突出问题，强化执法", None),
        ("坚持问题导向，补齐短板", None),
        ("下步打算", Part.NEXT_YEAR),
        ("2026年重点工作", Part.NEXT_YEAR),
        ("明年工作思路", Part.NEXT_YEAR),
        ("努力方向", Part.NEXT_YEAR),
        ("主要工作安排", Part.NEXT_YEAR),
        ("存在问题及下一步打算", Part.SHORTCOMINGS),
        ("主要做法及存在问题", Part.MEASURES),
        ("党政主要负责人履行推进法治建设第一责任人职责情况", Part.FIRST_RESPONSIBLE),
        ("主要领导履职情况", Part.FIRST_RESPONSIBLE),
        ("压实第一责任人责任，强化领导", None),
        ("其他需要报告的事项", Part.OTHER),
        ("意见建议", Part.OTHER),
        ("强化行政执法", None),
    ],
)
def test_which_part_a_heading_opens(heading: str, part: Part | None) -> None:
    assert classify(heading, 2025) == part


def test_headings_that_name_no_part_are_measures_before_the_shortcomings() -> None:
    headings = ["党政主要负责人履职情况", "强化学习", "规范执法", "存在问题", "下步打算", "结语"]
    assert assign_parts(headings, 2025) == [
        Part.FIRST_RESPONSIBLE,
        Part.MEASURES,
        Part.MEASURES,
        Part.SHORTCOMINGS,
        Part.NEXT_YEAR,
        Part.NEXT_YEAR,
    ]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("云岭县2025年法治政府建设年度报告", Kind.ANNUAL),
        ("云岭县民政局2025年依法行政工作总结", Kind.ANNUAL),
        ("二〇二五年度法治建设情况汇报", Kind.ANNUAL),
        ("2025年第三季度法治政府建设情况报告", Kind.PERIODIC),
        ("云岭县民政局主要负责人2025年度述法报告", Kind.PERIODIC),
        ("2026年法治政府建设工作要点", Kind.OTHER),
        ("关于做好2025年法治政府建设年度报告工作的通知", Kind.OTHER),
        ("云岭县2025年法治政府建设报告解读", Kind.OTHER),
        ("政府工作报告", Kind.OTHER),
        ("2025年政府信息公开工作年度报告", Kind.OTHER),
    ],
)
def test_kind_of_document(title: str, kind: Kind) -> None:
    assert kind_of(title, ["正文。"], [], titled=True) is kind


def test_a_vague_title_is_decided_by_the_lead() -> None:
    lead = ["现将2025年法治政府建设情况报告如下："]
    assert kind_of("2025年度工作报告", lead, [], titled=True) is Kind.ANNUAL
    assert (
        kind_of("scan", [], ["党政主要负责人履行第一责任人职责情况"], titled=False) is Kind.ANNUAL
    )

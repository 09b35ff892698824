"""Year words move with the year; what a person must decide is marked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.draft.edits import fill, verify_mark
from assistant.draft.years import Years, retimed

YEARS = Years.to_report(2025, 2026)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2025年，我局推进法治建设", "2026年，我局推进法治建设"),
        ("2026年度工作安排", "2027年度工作安排"),
        ("２０２５年度", "2026年度"),
        ("二〇二五年度", "二〇二六年度"),
        ("比2024年增加", "比2025年增加"),
        ("截至2025年12月31日", "截至2026年12月31日"),
        ("监督检查2025户次", "监督检查2025户次"),
        ("到2030年建成", "到2030年建成"),
        ("（青政规〔2020〕18号）", "（青政规〔2020〕18号）"),
        ("（青政规〔2025〕3号）", "（青政规【待核实：〔2025〕3号】）"),
        ("《实施纲要（2021—2025年）》", "【待核实：《实施纲要（2021—2025年）》】"),
        ("《实施纲要(2026-2030年)》", "《实施纲要(2026-2030年)》"),
        ("《2025年普法要点》", "【待核实：《2026年普法要点》】"),
        ("《学习纲要（2025年版）》", "【待核实：《学习纲要（2025年版）》】"),
        ("《行政处罚法》", "《行政处罚法》"),
        ("2025年1—11月", "【待核实：2026年1—11月】"),
        ("2025年1-11月", "【待核实：2026年1-11月】"),
        ("2025年3月15日召开", "【待核实：日期（2025年报告为2025年3月15日）】召开"),
        ("11月底前完成", "【待核实：11月底前】完成"),
        ("12月4日国家宪法日", "12月4日国家宪法日"),
        ("“八五”普法规划", "【待核实：“九五”】普法规划"),
        ("“十四五”规划", "【待核实：“十五五”】规划"),
        ("党的二十届三中全会精神", "【待核实：党的二十届三中全会】精神"),
        ("第十二个国家宪法日", "【待核实：第十三个】国家宪法日"),
        ("建局20周年", "建局【待核实：21周年】"),
        ("2024年，局主要负责人", "【待核实：2026年（2025年报告此处为2024年）】，局主要负责人"),
        ("自2019年起", "自【待核实：2019年】起"),
    ],
)
def test_year_words(before: str, after: str) -> None:
    assert retimed(before, YEARS) == after


def test_a_plan_period_that_still_runs_stays() -> None:
    years = Years.to_report(2024, 2025)
    assert retimed("《实施纲要（2021—2025年）》", years) == "《实施纲要（2021—2025年）》"
    assert retimed("“八五”普法", years) == "“八五”普法"


def test_a_plan_keeps_the_years_of_the_plan_it_is_made_from() -> None:
    assert retimed("2026年建成平台", Years.to_plan(2025, 2026)) == "2026年建成平台"


@given(st.text(alphabet="2025年度、，（）《》—-月日第十四五一二三普法比〔〕号【】\n", max_size=40))
def test_marks_are_never_nested(text: str) -> None:
    """Whatever the text, what is added can be found again as whole blanks."""
    plain = text.replace("【", "").replace("】", "")
    found = retimed(plain, YEARS)
    assert found.count("【") == found.count("】") == len(re.findall("【待核实：[^【】]*】", found))


@given(st.text(max_size=400))
def test_a_blank_is_one_blank_whatever_it_says(text: str) -> None:
    for blank in (fill(text), verify_mark(text)):
        assert re.fullmatch("【待(?:填|核实)：[^【】\n]{0,180}】", blank.text)


def test_marks_within_a_blank_are_full_width() -> None:
    assert verify_mark("参评案卷均合格,无投诉").text == "【待核实：参评案卷均合格，无投诉】"
    assert fill("罚款(2025年:1,234.5元)").text == "【待填：罚款（2025年：1,234.5元）】"

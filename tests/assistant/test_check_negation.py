"""A word of negation lost or gained since last year's report."""

from __future__ import annotations

import pytest

from assistant.check.negation import check_negation
from tests.conftest import SAMPLES
from vectorstore.outline import outline
from vectorstore.parse import parse
from vectorstore.types import Block, Document, Report

LAST_YEAR = "对未予采纳的意见注明理由，不合格的限期补考。全年未发生行政复议案件3件以上的情形。"


def report(text: str) -> Report:
    lines = ("甲县水务局年度法治政府建设报告", "一、主要举措和成效", text)
    return outline(Document(tuple(Block(line) for line in lines), "txt"), "a.txt")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("对未予", "对予", "现在没有“未”"),
        ("不合格", "合格", "现在没有“不”"),
        ("未发生行政复议案件3件", "发生行政复议案件5件", "现在没有“未”"),
        ("的意见注明理由", "的意见不注明理由", "上年报告此处没有“不”"),
    ],
)
def test_the_clause_that_says_the_opposite_is_found(old: str, new: str, said: str) -> None:
    (found,) = check_negation(report(LAST_YEAR.replace(old, new)), report(LAST_YEAR))
    assert said in found.message
    assert found.rule == "negation"
    assert new.partition("5")[0] in found.quote


@pytest.mark.parametrize(
    "text",
    [
        LAST_YEAR,
        LAST_YEAR.replace("3件", "8件"),
        "建立意见采纳台账。" + LAST_YEAR,
        "【待核实：全年未发生行政复议案件3件以上的情形】",
        "合格的限期补考，不合格的限期补考。",  # both stand in the text
    ],
)
def test_what_says_the_same_or_something_else_is_left_alone(text: str) -> None:
    assert list(check_negation(report(text), report(LAST_YEAR))) == []


def test_without_last_years_report_nothing_is_said() -> None:
    assert list(check_negation(report(LAST_YEAR), None)) == []


@pytest.mark.parametrize("org", ["lanbo-health", "lanbo-market", "yanzhu-urban", "jiyuan-health"])
def test_two_years_of_the_samples_are_quiet(org: str) -> None:
    earlier, later = sorted(SAMPLES.glob(f"{org}-*"))
    assert list(check_negation(parse(later), parse(earlier))) == []

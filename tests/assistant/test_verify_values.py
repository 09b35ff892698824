"""How printed values relate, and what no edit may turn into an error."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.verify import SourceLedger, Verdict, verify_report
from assistant.verify.values import Relation, base_of, compare, near, step_of
from tests.assistant.verify_sources import parsed
from vectorstore.quantities import Style, extract_text, render
from vectorstore.types import Quantity, QuantityKind


def figure(text: str) -> Quantity:
    found = [q for q in extract_text(f"受理{text}。") if q.kind is QuantityKind.QUANTITY]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("claim", "source", "relation"),
    [
        ("36件", "36件", Relation.EQUAL),
        ("13.52万元", "135200元", Relation.EQUAL),
        ("伍万元", "50000元", Relation.EQUAL),
        ("13.52万元", "135195.8元", Relation.ROUNDED),
        ("13.6万元", "135195.8元", Relation.OTHER),
        ("135195.8元", "13.52万元", Relation.OTHER),  # finer than its source
        ("98%", "97.6%", Relation.ROUNDED),
        ("100%", "99.6%", Relation.OTHER),
        ("1060份", "1060余份", Relation.HEDGE),
        ("1060多份", "1060余份", Relation.EQUAL),
        ("1000余份", "1063份", Relation.ROUNDED),
        ("1000余份", "1060余份", Relation.ROUNDED),
        ("1070余份", "1063份", Relation.OTHER),
        ("近1100份", "1063份", Relation.ROUNDED),
        ("约1060份", "1063份", Relation.ROUNDED),
        ("约1501份", "约1500份", Relation.OTHER),
        ("超过500份", "500余份", Relation.ROUNDED),
        ("近500份", "500余份", Relation.HEDGE),
        ("36余件", "36件", Relation.HEDGE),
        ("10场", "不少于10场", Relation.HEDGE),
        ("18.3元", "18.3万元", Relation.SCALE),
        ("360件", "36件", Relation.SCALE),
        ("3-5件", "3件", Relation.OTHER),
    ],
)
def test_relations(claim: str, source: str, relation: Relation) -> None:
    assert compare(figure(claim), figure(source)) is relation


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("13.52万元", "100"),
        ("135195.8元", "0.1"),
        ("13万元", "10000"),
        ("97.4%", "0.1"),
        ("36件", "1"),
    ],
)
def test_the_step_is_one_of_the_last_digit_printed(text: str, step: str) -> None:
    assert step_of(figure(text)) == Decimal(step)


@given(st.integers(10, 99_999_999), st.sampled_from(["件", "份", "元", "人次"]))
def test_a_value_is_equal_to_itself_however_it_is_written(number: int, unit: str) -> None:
    plain = figure(f"{number}{unit}")
    written = figure(f"{render(Decimal(number), Style.CHINESE)}{unit}")
    assert compare(written, plain) is Relation.EQUAL


@given(st.decimals(min_value=10_000, max_value=9_999_999, places=1), st.integers(0, 3))
def test_every_rounding_is_recognised_and_looked_up(amount: Decimal, places: int) -> None:
    exact = figure(f"{amount}元")
    rounded = (amount / 10_000).quantize(Decimal(1).scaleb(-places))
    claim = figure(f"{rounded}万元")
    assert compare(claim, exact) in (Relation.EQUAL, Relation.ROUNDED)
    low, high = near(claim)
    assert low <= base_of(exact) <= high


_NAMES = st.sampled_from(
    [
        "行政处罚立案",
        "办结行政许可",
        "受理投诉举报",
        "化解信访积案",
        "调解医疗纠纷",
        "审查合同",
        "排查隐患",
    ]
)
_UNITS = st.sampled_from(["件", "起", "宗"])
_FIGURES = st.lists(
    st.tuples(_NAMES, st.integers(2, 5000), _UNITS, st.sampled_from(["", "余", "近", "约"])),
    min_size=1,
    max_size=12,
)


@given(_FIGURES)
def test_a_report_never_contradicts_itself(figures: list[tuple[str, int, str, str]]) -> None:
    """Whatever a report says, and however often it repeats a value or a name."""
    told = []
    for name, number, unit, hedge in figures:
        before, after = ("", hedge) if hedge == "余" else (hedge, "")
        told.append(f"{name}{before}{number}{after}{unit}")
    text = "丹溪县司法局2025年法治政府建设年度报告\n一、主要举措和成效\n" + "；".join(told) + "。"
    report = parsed(text, "own.txt")
    checked = verify_report(report, SourceLedger.of_reports([report]))
    assert {c.verdict for c in checked} == {Verdict.SUPPORTED}

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal

import pytest

from assistant.verify import SourceLedger, Verdict
from evals.quantities.cases import ERRORS, HARMLESS, Case
from evals.quantities.edits import chinese, financial, other_scale, rounded
from evals.quantities.facts import Fact, Library, libraries
from evals.quantities.labelled import load
from evals.quantities.score import Outcome, generate, judge, rates
from evals.quantities.sums import true_sums
from vectorstore.indicators import Lexicon, load_lexicon
from vectorstore.quantities import extract_text
from vectorstore.types import Dimension, Hedge, Modality

SEED = 7


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="module")
def halves(lexicon: Lexicon) -> tuple[Library, Library]:
    return libraries(load(), lexicon)


@pytest.fixture(scope="module")
def cases(halves: tuple[Library, Library]) -> list[Case]:
    return [case for half in halves for case in generate(half, SEED, 150)]


def _fact(text: str, value: str, unit: str, dimension: Dimension) -> Fact:
    sentence = f"全年某项工作{text}。"
    return Fact(
        "r", "甲局", 2025, sentence, 6, text, Decimal(value), None, unit, dimension,
        Hedge.EXACT, "某项工作", Modality.ACTUAL,
    )  # fmt: skip


def test_every_family_has_two_hundred_cases(cases: list[Case]) -> None:
    counts = Counter(case.family for case in cases)
    assert set(counts) == {*ERRORS, *HARMLESS}
    assert min(counts.values()) >= 200, counts


def test_no_organisation_is_in_both_halves(cases: list[Case]) -> None:
    dev, test = ({c.org for c in cases if c.split == split} for split in ("dev", "test"))
    assert dev
    assert test
    assert not dev & test


def test_the_seed_decides_the_cases(halves: tuple[Library, Library]) -> None:
    assert generate(halves[0], 3, 10) == generate(halves[0], 3, 10)
    assert generate(halves[0], 3, 10) != generate(halves[0], 4, 10)


def test_the_edited_span_is_where_the_case_says(cases: list[Case]) -> None:
    for case in cases:
        new = case.text[case.start : case.end]
        assert new
        if case.family == "verbatim":
            assert new == case.was
        if case.family in {"fabricated", "wrong_scale_or_unit", "wrong_indicator", "hedge_lost"}:
            assert new != case.was


def test_no_invented_figure_happens_to_be_true(
    cases: list[Case], halves: tuple[Library, Library], lexicon: Lexicon
) -> None:
    library = halves[0]
    for case in (c for c in cases if c.split == "dev" and c.family == "fabricated"):
        found = [q for q in extract_text(case.text, lexicon=lexicon) if q.start == case.start]
        for quantity in found:
            assert quantity.value is not None
            group = quantity.dimension
            if group is not Dimension.OTHER:
                assert not library.states(quantity.value, group.value)


def test_sums_are_right(halves: tuple[Library, Library], lexicon: Lexicon) -> None:
    """The total of “A，B，合计C” is what the extractor's own values add up to."""
    checked = 0
    for case in true_sums(halves[0], random.Random(1)):
        if "合计" in case.text and "其中" not in case.text:
            found = [q for q in extract_text(case.text, lexicon=lexicon) if q.unit]
            last = next((q for q in found if q.start == case.start), None)
            parts = [q.value for q in found if last and q.unit == last.unit and q is not last]
            if last and len(parts) == 2 and None not in parts:
                assert sum(v for v in parts if v is not None) == last.value, case.text
                checked += 1
    assert checked > 20


@pytest.mark.parametrize(
    ("text", "value", "unit", "dimension", "other"),
    [
        ("24.162万元", "241620", "元", Dimension.MONEY, "241620元"),
        ("18500份", "18500", "份", Dimension.COPY, "1.85万份"),
        ("1.2亿元", "120000000", "元", Dimension.MONEY, "12000万元"),
        ("12件", "12", "件", Dimension.CASE, None),
        ("96.5%", "96.5", "%", Dimension.PERCENT, None),
    ],
)
def test_scales(text: str, value: str, unit: str, dimension: Dimension, other: str | None) -> None:
    assert other_scale(_fact(text, value, unit, dimension)) == other


@pytest.mark.parametrize(
    ("text", "value", "unit", "lower", "money"),
    [
        ("5万元", "50000", "元", "五万元", "伍万元"),
        ("102件", "102", "件", "一百零二件", None),
        ("15件", "15", "件", "十五件", None),
        ("2010件", "2010", "件", "二千零一十件", None),
        ("1.5万元", "15000", "元", None, None),
    ],
)
def test_numerals(text: str, value: str, unit: str, lower: str | None, money: str | None) -> None:
    fact = _fact(text, value, unit, Dimension.MONEY if unit == "元" else Dimension.CASE)
    assert (chinese(fact), financial(fact)) == (lower, money)


def test_rounding_is_half_up_and_small() -> None:
    money = _fact("24.162万元", "241620", "元", Dimension.MONEY)
    assert rounded(money, approximate=False) == ("24.16万元", Decimal("241600.00"))
    assert rounded(_fact("12件", "12", "件", Dimension.CASE), approximate=True) is None
    assert rounded(_fact("1.5万元", "15000", "元", Dimension.MONEY), approximate=True) is None


def test_an_unseen_span_counts_against_whoever_missed_it(cases: list[Case]) -> None:
    error = next(c for c in cases if c.family == "fabricated")
    harmless = next(c for c in cases if c.family == "verbatim")
    assert not Outcome(error, ()).passed
    assert not Outcome(harmless, ()).passed
    assert Outcome(error, (Verdict.WRONG_YEAR,)).passed
    assert not Outcome(error, (Verdict.WRONG_YEAR,)).exact
    assert not Outcome(harmless, (Verdict.SUPPORTED, Verdict.FABRICATED)).passed


def test_without_sources_or_with_those_of_others_nothing_harmless_is_kept(
    cases: list[Case], halves: tuple[Library, Library], lexicon: Lexicon
) -> None:
    dev = [c for c in cases if c.split == "dev" and c.family == "verbatim"][:60]
    for sources in (
        SourceLedger.of_rows([]),
        SourceLedger.of_reports(halves[1].reports, lexicon),
    ):
        assert rates(judge(dev, sources, lexicon))["verbatim"]["passed"].hits <= 2
    own = SourceLedger.of_reports(halves[0].reports, lexicon)
    assert rates(judge(dev, own, lexicon))["verbatim"]["passed"].hits >= 55

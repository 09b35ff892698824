"""Arithmetic over the ledger, recomputed here from the manifest's and the texts' own figures."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from assistant import aggregate
from assistant.answer.types import Answerer
from assistant.build import Services

LANBO = "岚泊县卫生健康局"
MARKET = "岚泊县市场监督管理局"


def gathered(sample_services: Services, canonical: str, year: int) -> dict[str, Decimal]:
    rows = [r for r in sample_services.store.reports() if r.year == year]
    series = aggregate.gather(sample_services.store, rows, canonical)
    return {o.org: o.value for o in series.operands}


def test_one_value_a_report_and_it_is_the_whole(sample_services: Services) -> None:
    # The figures as the texts of samples/ print them.
    assert gathered(sample_services, "penalty_filed", 2025) == {
        LANBO: 36,
        MARKET: 217,  # beside parts of 24, 6, 1 … and a part of 18
        "砚渚县卫生健康局": 24,
        "砚渚县综合行政执法局": 1395,
        "霁原市交通运输局": 798,
        "霁原市卫生健康委员会": 387,  # beside 88 of the city level
    }


def test_money_in_different_units_is_added_in_yuan(
    sample_services: Services, extractive: Answerer
) -> None:
    values = gathered(sample_services, "fines_confiscations", 2025)
    assert values["砚渚县卫生健康局"] == 81240
    assert values[MARKET] == 1_540_000
    text = extractive.answer("2025年各单位罚没款合计多少？").text
    assert aggregate.amount(sum(values.values(), Decimal(0)), "元") in text
    assert "未提及：霁原市交通运输局2025年" in text


def test_the_most_comes_first_with_every_operand_cited(extractive: Answerer) -> None:
    answer = extractive.answer("2025年哪个单位立案最多？")
    assert answer.text.startswith("2025年行政处罚立案最多的是砚渚县综合行政执法局：1395宗。[1]")
    assert len(answer.citations) == 6
    assert "最少的是砚渚县卫生健康局：24起" in extractive.answer("2025年哪个单位立案最少？").text


def test_years_are_not_mixed(extractive: Answerer) -> None:
    answer = extractive.answer("哪个单位立案最多？")
    assert {c.year for c in answer.citations} == {2025}
    assert any("2024年" in note for note in answer.notes)


def test_change_between_years(extractive: Answerer) -> None:
    text = extractive.answer("岚泊县卫生健康局立案比上年增长多少？").text
    assert "2024年32件，2025年36件，增加4件，增长12.5%" in text


def test_share_of_one_indicator_in_another(extractive: Answerer) -> None:
    text = extractive.answer("岚泊县卫生健康局2025年简易程序占立案的比例是多少？").text
    assert "14件" in text
    assert "38.9%" in text  # 14 ÷ 36


def test_rates_are_not_added(extractive: Answerer) -> None:
    assert "不能相加" in extractive.answer("2025年各单位结案率合计多少？").text


@given(st.decimals(min_value=1, max_value=10**9, places=2), st.decimals(0, 10**9, places=2))
def test_growth_gives_the_value_back(before: Decimal, after: Decimal) -> None:
    rate = aggregate.growth(before, after)
    assert rate is not None
    assert abs(before + before * rate / 100 - after) <= before * Decimal("0.0005") + Decimal("0.01")


@given(st.decimals(min_value=0, max_value=10**12, places=4))
def test_an_amount_reads_back_exactly(value: Decimal) -> None:
    text = aggregate.amount(value, "元")
    scale = 10_000 if text.endswith("万元") else 1
    assert Decimal(text.removesuffix("元").removesuffix("万")) * scale == value


def test_nothing_grows_from_zero() -> None:
    assert aggregate.growth(Decimal(0), Decimal(5)) is None
    assert aggregate.share(Decimal(1), Decimal(0)) is None

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.stats import Rate, wilson


# R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in
# Medicine 17 (1998), table I, method 3.
@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(
    hits: int, total: int, low: float, high: float
) -> None:
    found = wilson(hits, total)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_in_bounds(pair: tuple[int, int]) -> None:
    hits, total = pair
    found = wilson(hits, total)
    assert 0 <= found.low <= hits / total + 1e-12
    assert hits / total - 1e-12 <= found.high <= 1
    assert found.low < found.high


def test_no_trials_is_not_applicable_never_perfect() -> None:
    nothing = Rate(0, 0)
    assert nothing.value is None
    assert not nothing.reaches(0.0)
    assert nothing.to_json()["value"] is None
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)


def test_more_hits_than_trials_is_refused() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)

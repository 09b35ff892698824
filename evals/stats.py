"""Rates with their counts and intervals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, sqrt
from typing import Any

__all__ = ["Balanced", "Interval", "Mean", "Rate", "Score", "differs", "wilson"]

_Z95 = 1.959963984540054  # 97.5 % quantile of the standard normal distribution


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds of a proportion, both in [0, 1]."""

    low: float
    high: float


def wilson(hits: int, total: int, z: float = _Z95) -> Interval:
    """The score interval of a proportion, 95 % by default.

    Formula: E. B. Wilson, Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22 (1927), 209–212. Unlike p ± z·s it stays in
    [0, 1] and keeps a width when `hits` is 0 or `total`. With no trials nothing is known: [0, 1].
    """
    if not 0 <= hits <= total:
        raise ValueError(f"{hits} of {total}")
    if total == 0:
        return Interval(0.0, 1.0)
    share, square = hits / total, z * z
    centre = share + square / (2 * total)
    half = z * sqrt(share * (1 - share) / total + square / (4 * total * total))
    scale = 1 + square / total
    return Interval(max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale))


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `total`; with no trials the rate is not applicable, never 0 or 1."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        """The share in [0, 1]; `None` without trials."""
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> Interval:
        """The 95 % Wilson interval."""
        return wilson(self.hits, self.total)

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.hits + other.hits, self.total + other.total)

    def reaches(self, target: float) -> bool:
        """Whether the share is at least `target`; not without trials."""
        return self.value is not None and self.value >= target

    @property
    def counts(self) -> str:
        """Hits of trials, as printed."""
        return f"{self.hits}/{self.total}"

    @property
    def variance(self) -> float:
        """Of the share as an estimate: p(1 − p)/n."""
        share = self.value or 0.0
        return share * (1 - share) / self.total if self.total else inf

    def to_json(self) -> dict[str, Any]:
        """The share with its counts and interval; shares rounded to 4 decimals."""
        return _document(self.value, self.interval) | {"hits": self.hits, "total": self.total}


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of `n` values in [0, 1] that are no yes or no, such as reciprocal ranks.

    `square` is the sum of the values' squares, `total` their sum.
    """

    total: float
    square: float
    n: int

    @classmethod
    def of(cls, values: Iterable[float]) -> Mean:
        """The mean of `values`."""
        kept = list(values)
        return cls(sum(kept), sum(value * value for value in kept), len(kept))

    @property
    def value(self) -> float | None:
        """The mean; `None` without values."""
        return self.total / self.n if self.n else None

    @property
    def variance(self) -> float:
        """Of the mean: the sample variance (n − 1) over n."""
        if self.n < 2:
            return inf
        spread = max(0.0, self.square - self.total * self.total / self.n)
        return spread / (self.n - 1) / self.n

    @property
    def interval(self) -> Interval:
        """Mean ± 1.96 standard errors, kept in [0, 1]: an approximation, good for n ≥ 30."""
        if self.value is None or self.n < 2:
            return Interval(0.0, 1.0)
        half = _Z95 * sqrt(self.variance)
        return Interval(max(0.0, self.value - half), min(1.0, self.value + half))

    @property
    def counts(self) -> str:
        """How many values, as printed."""
        return f"n={self.n}"

    def reaches(self, target: float) -> bool:
        """Whether the mean is at least `target`; not without values."""
        return self.value is not None and self.value >= target

    def to_json(self) -> dict[str, Any]:
        """The mean with its count, variance and interval."""
        found = _document(self.value, self.interval)
        return found | {"n": self.n, "variance": round(self.variance, 8) if self.n > 1 else None}


@dataclass(frozen=True, slots=True)
class Balanced:
    """The mean of two rates over different cases, each counting the same however many cases.

    Interval: Newcombe's square-and-add of the two Wilson intervals (G. Y. Zou and A. Donner,
    Statistics in Medicine 27 (2008), 1693–1702), halved.
    """

    first: Rate
    second: Rate

    @property
    def value(self) -> float | None:
        """The mean of both; `None` when either has no trials."""
        if self.first.value is None or self.second.value is None:
            return None
        return (self.first.value + self.second.value) / 2

    @property
    def variance(self) -> float:
        """Of the mean of two independent rates."""
        return (self.first.variance + self.second.variance) / 4

    @property
    def interval(self) -> Interval:
        """95 %."""
        if self.first.value is None or self.second.value is None or self.value is None:
            return Interval(0.0, 1.0)
        parts = [(rate.value or 0.0, rate.interval) for rate in (self.first, self.second)]
        below = sqrt(sum((share - bound.low) ** 2 for share, bound in parts)) / 2
        above = sqrt(sum((bound.high - share) ** 2 for share, bound in parts)) / 2
        return Interval(max(0.0, self.value - below), min(1.0, self.value + above))

    @property
    def counts(self) -> str:
        """Both counts, as printed."""
        return f"{self.first.counts}，{self.second.counts}"

    def reaches(self, target: float) -> bool:
        """Whether the mean is at least `target`."""
        return self.value is not None and self.value >= target

    def to_json(self) -> dict[str, Any]:
        """The mean with both counts, variance and interval."""
        n = 0 if self.value is None else self.first.total + self.second.total
        found = _document(self.value, self.interval)
        return found | {"n": n, "variance": round(self.variance, 8) if n else None}


Score = Rate | Mean | Balanced


def differs(old: float, new: float, variance: float) -> bool:
    """Whether two independent estimates differ beyond noise: |z| > 1.96.

    z = (new − old) / √variance, where `variance` is that of the difference. Two shares take the
    two-proportion test with the pooled share p: variance = p(1 − p)(1/n₁ + 1/n₂). The cases are
    the same in both runs, so their answers go together and the test is cautious: what it reports
    is real, small changes may pass it.
    """
    return variance > 0 and abs(new - old) > _Z95 * sqrt(variance)


def _document(value: float | None, interval: Interval) -> dict[str, Any]:
    shown = None if value is None else round(value, 4)
    return {"value": shown, "low": round(interval.low, 4), "high": round(interval.high, 4)}

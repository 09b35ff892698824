"""Rates with their counts and intervals."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

__all__ = ["Interval", "Rate", "wilson"]

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

    def to_json(self) -> dict[str, float | int | None]:
        """The share with its counts and interval; shares rounded to 4 decimals."""
        low, high = self.interval.low, self.interval.high
        value = None if self.value is None else round(self.value, 4)
        return {
            "value": value,
            "hits": self.hits,
            "total": self.total,
            "low": round(low, 4),
            "high": round(high, 4),
        }

"""Intervals for shares."""

from __future__ import annotations

from math import sqrt

__all__ = ["wilson"]

_Z = 1.959963984540054  # the 97.5 % quantile of the standard normal: a two-sided 95 % interval


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a share of `n`, within [0, 1]; (0, 1) when n is 0.

    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference,
    JASA 22, 209-212. Raises ValueError unless 0 <= successes <= n.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n}")
    if n == 0:
        return 0.0, 1.0
    share, square = successes / n, _Z * _Z
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = _Z / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)

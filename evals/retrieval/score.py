"""Scores of ranked passages; every one is a mean over queries, each counting the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evals.stats import Mean, Rate

__all__ = ["DEPTH", "Ranked", "all_groups", "hit", "reciprocal_rank"]

DEPTH = 10  # passages looked at


@dataclass(frozen=True, slots=True)
class Ranked:
    """What was found for one query, best first, and what should have been."""

    found: tuple[str, ...]
    groups: tuple[frozenset[str], ...]

    @property
    def rank(self) -> int | None:
        """The place of the first relevant passage, from 1; None when there is none."""
        relevant = frozenset[str]().union(*self.groups)
        return next((at for at, cid in enumerate(self.found, start=1) if cid in relevant), None)


def hit(ranked: Iterable[Ranked], k: int) -> Rate:
    """Hit@k: queries with a relevant passage among the first k ÷ queries."""
    hits = [one.rank is not None and one.rank <= k for one in ranked]
    return Rate(sum(hits), len(hits))


def reciprocal_rank(ranked: Iterable[Ranked], k: int = DEPTH) -> Mean:
    """MRR@k: the mean of 1 ÷ rank of the first relevant passage, 0 beyond k.

    Source: E. M. Voorhees, The TREC-8 question answering track report, 1999.
    """
    return Mean.of(1 / one.rank if one.rank and one.rank <= k else 0.0 for one in ranked)


def all_groups(ranked: Sequence[Ranked], k: int = DEPTH) -> Rate:
    """All-groups@k: queries each of whose groups has a passage among the first k ÷ queries.

    Only queries of two groups or more count: with one it is Hit@k.
    """
    several = [one for one in ranked if len(one.groups) > 1]
    met = [all(group & set(one.found[:k]) for group in one.groups) for one in several]
    return Rate(sum(met), len(met))

"""What a case of the mutation set is, and the choice of a fixed number of them."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.verify import Verdict
from evals.quantities.facts import Fact

__all__ = ["ERRORS", "HARMLESS", "Case", "pick", "put"]

ERRORS = (
    "fabricated",
    "wrong_scale_or_unit",
    "wrong_indicator",
    "wrong_org",
    "wrong_year",
    "stale",
    "target_as_actual",
    "derived_wrong",
    "hedge_lost",
    "phrase_altered",
)
HARMLESS = (
    "verbatim",
    "wan_yuan",
    "numerals",
    "full_width",
    "rounding",
    "reordering",
    "aliases",
    "sums",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A text of `org` on `year` in which `text[start:end]` was edited in the manner of `family`.

    `sources` are ids of the reports of its half, all of which may be quoted. `expected` are the
    verdicts that name the edit exactly; `was` is the figure as its source prints it.
    """

    family: str
    split: str
    org: str
    year: int
    text: str
    start: int
    end: int
    was: str
    expected: tuple[Verdict, ...]
    sources: tuple[str, ...] = ()


def put(
    family: str, fact: Fact, text: str, start: int, new: str, *expected: Verdict, year: int = 0
) -> Case:
    """A case about `fact` whose text holds `new` at `start`; `year` if not the fact's own."""
    assert text[start : start + len(new)] == new, (text, start, new)
    end = start + len(new)
    return Case(family, "", fact.org, year or fact.year, text, start, end, fact.text, expected)


def pick(cases: Iterable[Case], count: int, rng: random.Random) -> list[Case]:
    """At most `count` different cases at random."""
    distinct = list({(case.text, case.start): case for case in cases}.values())
    rng.shuffle(distinct)
    return distinct[:count]

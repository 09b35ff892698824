"""Edits that keep every figure true: other forms of a number, other words, another order."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from assistant.verify import Verdict
from evals.quantities.cases import Case, put
from evals.quantities.edits import chinese, financial, full_width, other_scale, rounded
from evals.quantities.facts import Fact, Library
from evals.quantities.sums import true_sums
from evals.quantities.wording import reworded

__all__ = ["EDITS"]

Edit = Callable[[Library, random.Random], Iterator[Case]]


def verbatim(library: Library, rng: random.Random) -> Iterator[Case]:
    """The source's own sentence."""
    for fact in library.plain:
        yield _in_place("verbatim", fact, fact.text, Verdict.SUPPORTED)


def wan_yuan(library: Library, rng: random.Random) -> Iterator[Case]:
    """The same value with another of 万, 亿 or no scale."""
    for fact in library.plain:
        if new := other_scale(fact):
            yield _in_place("wan_yuan", fact, new, Verdict.SUPPORTED)
            yield _in_clause("wan_yuan", fact, new, Verdict.SUPPORTED)


def numerals(library: Library, rng: random.Random) -> Iterator[Case]:
    """The same number in Chinese or financial numerals."""
    for fact in library.plain:
        for new in (chinese(fact), financial(fact)):
            if new:
                yield _in_place("numerals", fact, new, Verdict.SUPPORTED)


def wide(library: Library, rng: random.Random) -> Iterator[Case]:
    """Digits, point and percent sign in full width."""
    for fact in library.plain:
        yield _in_place("full_width", fact, full_width(fact.text), Verdict.SUPPORTED)


def rounding(library: Library, rng: random.Random) -> Iterator[Case]:
    """A coarser precision, bare and with 约, where the sources state no such figure."""
    for fact in library.plain:
        for approximate in (False, True):
            coarse = rounded(fact, approximate)
            if coarse and not library.states(coarse[1], fact.group, fact.org):
                yield _in_place("rounding", fact, coarse[0], Verdict.ROUNDED)
                yield _in_clause("rounding", fact, coarse[0], Verdict.ROUNDED)


def reordering(library: Library, rng: random.Random) -> Iterator[Case]:
    """Clauses of one report, each complete, in another order."""
    by_report: dict[str, list[Fact]] = defaultdict(list)
    for fact in library.standalone:
        by_report[fact.report].append(fact)
    for facts in by_report.values():
        rng.shuffle(facts)
        for at in range(0, len(facts) - 2, 2):
            yield _listed(facts[at : at + 3])


def aliases(library: Library, rng: random.Random) -> Iterator[Case]:
    """Another word for what is counted."""
    for fact in library.standalone:
        for lead, clause, at in reworded(fact, fact.text):
            yield put("aliases", fact, lead + clause, at, fact.text, Verdict.SUPPORTED)


def _listed(facts: Sequence[Fact]) -> Case:
    lead = f"{facts[0].year}年，"
    text = lead + "；".join(fact.clause for fact in facts) + "。"
    first = facts[0]
    return put(
        "reordering", first, text, len(lead) + first.clause_at, first.text, Verdict.SUPPORTED
    )


def _in_place(family: str, fact: Fact, new: str, verdict: Verdict) -> Case:
    return put(family, fact, fact.sentence_with(new), fact.at, new, verdict)


def _in_clause(family: str, fact: Fact, new: str, verdict: Verdict) -> Case:
    lead = f"{fact.year}年，{fact.org}"
    text = f"{lead}{fact.clause_with(new)}。"
    return put(family, fact, text, len(lead) + fact.clause_at, new, verdict)


EDITS: dict[str, Edit] = {
    "verbatim": verbatim,
    "wan_yuan": wan_yuan,
    "numerals": numerals,
    "full_width": wide,
    "rounding": rounding,
    "reordering": reordering,
    "aliases": aliases,
    "sums": true_sums,
}

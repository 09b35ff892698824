"""Runs the mutation set through verification and counts what was caught and what was kept."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from assistant.verify import GOOD, SourceLedger, Verdict, verify_text
from evals.quantities.cases import ERRORS, HARMLESS, Case, pick
from evals.quantities.facts import Library
from evals.quantities.harmless import EDITS
from evals.quantities.mutate import MUTATIONS
from evals.stats import Rate
from vectorstore.indicators import Lexicon

__all__ = ["Outcome", "generate", "judge", "rates", "target"]

# QUANTITIES, “Proof”.
_DETECTION, _SCOPED_DETECTION, _KEPT = 0.95, 0.90, 0.97
_SCOPED = ("wrong_indicator", "wrong_org", "wrong_year")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case with the verdicts on its edited span; none means it was not even seen."""

    case: Case
    verdicts: tuple[Verdict, ...]

    @property
    def accepted(self) -> bool:
        """Whether the span was seen and every verdict on it is good."""
        return bool(self.verdicts) and all(verdict in GOOD for verdict in self.verdicts)

    @property
    def caught(self) -> bool:
        """Whether some verdict on the span is an error; an unseen span is not caught."""
        return any(verdict not in GOOD for verdict in self.verdicts)

    @property
    def exact(self) -> bool:
        """Whether some verdict on the span names the edit."""
        return any(verdict in self.case.expected for verdict in self.verdicts)

    def to_json(self) -> dict[str, Any]:
        """The record as `mutations.jsonl` holds it."""
        return {**asdict(self.case), "verdicts": self.verdicts, "passed": self.passed}

    @property
    def passed(self) -> bool:
        """What its family asks for: errors caught, harmless edits accepted."""
        return self.caught if self.case.family in ERRORS else self.accepted


def generate(library: Library, seed: int, count: int) -> list[Case]:
    """At most `count` cases of every family from one half; the same for the same seed."""
    sources = tuple(report.id for report in library.reports)
    cases = []
    for family, make in {**MUTATIONS, **EDITS}.items():
        rng = random.Random(f"{seed} {library.split} {family}")
        for case in pick(make(library, rng), count, rng):
            cases.append(replace(case, split=library.split, sources=sources))
    return cases


def judge(cases: Iterable[Case], sources: SourceLedger, lexicon: Lexicon) -> list[Outcome]:
    """Verdicts on the edited spans of `cases`, with the whole half as sources."""
    outcomes = []
    for case in cases:
        found = verify_text(case.text, sources, org=case.org, year=case.year, lexicon=lexicon)
        verdicts = tuple(
            c.verdict for c in found if c.quantity.start < case.end and case.start < c.quantity.end
        )
        outcomes.append(Outcome(case, verdicts))
    return outcomes


def rates(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Rate]]:
    """For each family `passed` (errors caught, edits kept) and `exact` (the verdict expected)."""
    table = {}
    for family in (*ERRORS, *HARMLESS):
        own = [outcome for outcome in outcomes if outcome.case.family == family]
        table[family] = {
            "passed": Rate(sum(outcome.passed for outcome in own), len(own)),
            "exact": Rate(sum(outcome.exact for outcome in own), len(own)),
        }
    return table


def target(family: str) -> float:
    """The least share that must pass."""
    if family in HARMLESS:
        return _KEPT
    return _SCOPED_DETECTION if family in _SCOPED else _DETECTION

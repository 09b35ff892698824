"""What a brief will take, told before it is begun: reports, tokens of a model, time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from assistant.brief.batch import select_batch
from assistant.brief.budget import BriefModel, Outlay
from assistant.brief.cache import NoteCache
from assistant.brief.engine import outlay
from assistant.brief.reading import read_all, rule_version, without_twins
from assistant.brief.run import Request
from assistant.brief.themes import load_themes
from assistant.brief.watch import Watch
from vectorstore.store import Store

__all__ = ["Plan", "plan_brief"]

_BASE, _A_REPORT = 2.0, 0.03  # seconds; twice what 300 reports take on two idle cores
_FAST = (2000, 60)  # tokens read and written a second: a service on graphics processors
_SLOW = (100, 8)  # a small model on the processor of an office computer


@dataclass(frozen=True, slots=True)
class Plan:
    """The reports of `year` of `bureaus` organisations, `absent` of which sent none.

    `outlay` is what a model will do, None without one.
    """

    year: int | None
    bureaus: int
    reports: int
    absent: tuple[str, ...]
    outlay: Outlay | None = None

    @property
    def seconds(self) -> tuple[int, int]:
        """At least and at most, as far as can be told; they differ with a model only."""
        rules = _BASE + _A_REPORT * self.reports
        if self.outlay is None:
            return math.ceil(rules), math.ceil(rules)
        cost = self.outlay.cost
        fast, slow = (cost.read / read + cost.written / write for read, write in (_FAST, _SLOW))
        return math.ceil(rules + fast), math.ceil(rules + slow)


def plan_brief(store: Store, request: Request, home: Path, model: BriefModel | None = None) -> Plan:
    """What `make_brief` with the same arguments will take. Raises NothingToTellError.

    With a `model` the reports are read by the rules, which are what it is asked to complete; the
    model is not called.
    """
    batch = select_batch(store, request.orgs, request.year)
    needed = None
    if model:
        themes = load_themes()
        rules = rule_version(themes)
        readings = read_all(store, batch, themes, NoteCache(home, rules), Watch())
        batch, readings, _ = without_twins(batch, readings)
        needed = outlay(readings, model, themes, home, rules)
    absent = tuple(b.name for b in batch.bureaus if b.report is None)
    return Plan(batch.year, len(batch.bureaus), len(batch.reports), absent, needed)

"""The same clause in other words, from our own list of words for one thing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from evals.quantities.facts import Fact

__all__ = ["ALIASES", "reworded"]

ALIASES = Path(__file__).parent.parent / "data" / "quantities" / "aliases.yaml"


def reworded(fact: Fact, figure: str) -> list[tuple[str, str, int]]:
    """Lead, clause and the place of `figure` in both, for every other word for what is counted."""
    head, tail = fact.clause[: fact.clause_at], fact.clause[fact.clause_at + len(fact.text) :]
    lead = f"{fact.year}年，"
    found = []
    for line in _aliases():
        word = max((w for w in line if w in head), key=len, default="")
        for other in line:
            if word and other != word and other not in head:
                said = head.replace(word, other, 1)
                found.append((lead, f"{said}{figure}{tail}。", len(lead + said)))
    return found


@cache
def _aliases() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line) for line in yaml.safe_load(ALIASES.read_text("utf-8")))

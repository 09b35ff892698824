"""Measure words: the table in units.yaml as one anchored pattern and a dimension for each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from vectorstore.quantities.words import read_data
from vectorstore.types import Dimension

__all__ = ["Units", "load_units"]


@dataclass(frozen=True, slots=True)
class Units:
    """`pattern` is a regular expression source that takes the longest fitting unit.

    `bare` are units too ambiguous to follow a Chinese numeral.
    """

    pattern: str
    dimension: dict[str, Dimension]
    bare: frozenset[str]


@cache
def load_units() -> Units:
    """Read the table that ships with the package."""
    table = read_data("units.yaml")
    bare = frozenset(table.pop("bare"))
    dimension: dict[str, Dimension] = {}
    sources: dict[str, str] = {}
    for name, entries in table.items():
        for entry in entries:
            unit, _, barred = entry.partition(" ≠ ")
            dimension[unit] = Dimension(name)
            stop = "|".join(map(re.escape, barred.split())) if barred else ""
            sources[unit] = re.escape(unit) + (f"(?!{stop})" if stop else "")
    longest_first = sorted(sources, key=len, reverse=True)
    return Units("|".join(sources[unit] for unit in longest_first), dimension, bare)

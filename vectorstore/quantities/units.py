"""Measure words: the table in units.yaml as one anchored pattern and a dimension for each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from vectorstore.quantities.words import alternation, read_data
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
    entries = [(entry, Dimension(name)) for name, many in table.items() for entry in many]
    dimension = {entry.partition(" ≠ ")[0]: kind for entry, kind in entries}
    return Units(alternation(entry for entry, _ in entries), dimension, bare)

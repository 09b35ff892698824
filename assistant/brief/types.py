"""The records of one brief: what was asked for, cells with their source, tables, and the result."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from assistant.gongwen import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from assistant.brief.chart import Bar
    from assistant.gongwen import OfficialDocument, TableBlock

__all__ = [
    "NOT_MENTIONED",
    "NOT_SUBMITTED",
    "Brief",
    "Cell",
    "Cited",
    "Coverage",
    "Source",
    "Table",
]

NOT_MENTIONED = "未提及"
"""The report of that organisation and year says nothing on the indicator."""
NOT_SUBMITTED = "未报送"
"""There is no report of that organisation and year."""


_BEFORE, _AFTER = 40, 40  # characters of a sentence shown around a quote


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement stands.

    `sentence` is the report's text around `report.text[start:end]`, the exact span, which is
    `quote` where more than a figure is meant.
    """

    report_id: str
    org: str
    year: int | None
    heading: str
    sentence: str
    start: int
    end: int
    quote: str = ""

    @property
    def comment(self) -> str:
        """The source in words, for a Word comment or a footnote."""
        year = f"{self.year}年" if self.year else ""
        heading = f"“{self.heading}”" if self.heading else ""
        return f"来源：{self.org or '（单位不明）'}{year}报告{heading}。原文：{self._around()}"

    def _around(self) -> str:
        """The sentence, of a long one what stands around the quote.

        A brief over hundreds of reports has thousands of comments, and Word's XML spends an
        element on every change between Chinese and digits.
        """
        at = max(self.sentence.find(self.quote), 0)
        start = max(at - _BEFORE, 0)
        end = max(at + len(self.quote), start) + _AFTER
        before = "……" if start else ""
        after = "……" if end < len(self.sentence) else ""
        return f"{before}{self.sentence[start:end]}{after}"

    def to_json(self) -> dict[str, Any]:
        """As in the contract of `fazhi brief --json`."""
        record = asdict(self)
        del record["quote"]
        return record


@dataclass(frozen=True, slots=True)
class Cited(Figure):
    """Words of a brief with every place they rest on; `comment` tells the same in words."""

    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table.

    `value` is in the base unit `unit` (元, 件, %) as in the ledger and `text` what the report
    prints; both empty values where there is nothing to show (`text` says why) and no `source`
    where code computed the value from other cells.
    """

    org: str
    year: int | None
    indicator: str
    text: str
    value: Decimal | None = None
    unit: str = ""
    source: Source | None = None

    def to_json(self) -> dict[str, Any]:
        """As in the contract of `fazhi brief --json`."""
        return {
            "org": self.org,
            "year": self.year,
            "indicator": self.indicator,
            "value": None if self.value is None else f"{self.value:f}",
            "unit": self.unit,
            "text": self.text,
            "source": None if self.source is None else self.source.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Table:
    """A table as data: the first of `columns` names the rows, `cells` stand row by row."""

    title: str
    columns: tuple[str, ...]
    cells: tuple[Cell, ...]

    def to_json(self) -> dict[str, Any]:
        """As in the contract of `fazhi brief --json`."""
        return {
            "title": self.title,
            "columns": list(self.columns),
            "cells": [cell.to_json() for cell in self.cells],
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many reports the brief had to take in and how many it did; equal, or there is a bug."""

    reports: int
    covered: int


@dataclass(frozen=True, slots=True)
class Brief:
    """A finished brief; `notes` are plain Chinese sentences for whoever ran the command.

    `reports` are the ids of those it accounts for; `unfolded`, by caption, the tables that have
    one comment a row in the document, with one a figure; `bars` what the document's chart shows.
    """

    document: OfficialDocument
    coverage: Coverage
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()
    reports: frozenset[str] = frozenset()
    unfolded: Mapping[str, TableBlock] = field(default_factory=dict)
    bars: tuple[Bar, ...] = ()

    def to_json(self, path: Path) -> dict[str, Any]:
        """The document of `fazhi brief --json`."""
        return {
            "path": str(path),
            "coverage": asdict(self.coverage),
            "tables": [table.to_json() for table in self.tables],
        }

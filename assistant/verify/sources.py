"""The figures a text may use: ledger rows of reports, of a sheet, of anything with a source.

Whatever can be told as `LedgerRow`s is a source: `SourceLedger.of_rows` takes them, so a sheet of
this year's figures or an evidence file joins the reports without a change here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property

from assistant.verify.features import Features, features
from assistant.verify.values import base_of
from vectorstore.indicators import Lexicon, load_lexicon
from vectorstore.store import LedgerRow
from vectorstore.types import Quantity, QuantityKind, Report

__all__ = ["Entry", "SourceLedger", "rows_of"]


class Entry:
    """One source figure with what it is about, read when first needed."""

    def __init__(self, row: LedgerRow) -> None:
        self.row = row

    @property
    def quantity(self) -> Quantity:
        """The figure itself."""
        return self.row.quantity

    @cached_property
    def features(self) -> Features:
        """What the figure is about."""
        return features(self.row.quantity, self.row.sentence)

    @cached_property
    def base(self) -> Decimal:
        """The number printed."""
        return base_of(self.row.quantity)


class SourceLedger:
    """Source figures by organisation and by value; build it with `of_rows` or `of_reports`."""

    def __init__(self, rows: Iterable[LedgerRow]) -> None:
        figures: list[Entry] = []
        self.dates: list[Entry] = []
        self.phrases: list[Entry] = []
        by_org: dict[str, list[Entry]] = defaultdict(list)
        for row in rows:
            entry = Entry(row)
            if row.quantity.kind is QuantityKind.DATE:
                self.dates.append(entry)
            elif row.quantity.kind is QuantityKind.PHRASE:
                self.phrases.append(entry)
            elif row.quantity.value is not None:
                figures.append(entry)
                by_org[row.org].append(entry)
        self._by_org = dict(by_org)
        self._by_value = sorted(figures, key=lambda entry: entry.base)
        self._values = [entry.base for entry in self._by_value]
        everything = (*figures, *self.dates, *self.phrases)
        self.orgs = tuple(sorted({e.row.org for e in everything if e.row.org}))
        self.years = tuple(sorted({e.row.year for e in everything if e.row.year is not None}))

    @classmethod
    def of_rows(cls, rows: Iterable[LedgerRow]) -> SourceLedger:
        """From rows of the store, of a sheet, of any other source."""
        return cls(rows)

    @classmethod
    def of_reports(cls, reports: Iterable[Report], lexicon: Lexicon | None = None) -> SourceLedger:
        """From parsed reports that need not be in the library."""
        lexicon = lexicon or load_lexicon()
        return cls(row for report in reports for row in rows_of(report, lexicon))

    def __len__(self) -> int:
        return len(self._by_value)

    def of_org(self, org: str) -> Sequence[Entry]:
        """The figures of one organisation, in the order given."""
        return self._by_org.get(org, ())

    def between(self, low: Decimal, high: Decimal) -> Sequence[Entry]:
        """The figures whose printed number lies in [low, high]."""
        start = bisect_left(self._values, low)
        return self._by_value[start : bisect_right(self._values, high)]

    @property
    def figures(self) -> Sequence[Entry]:
        """All figures, by value."""
        return self._by_value


def rows_of(report: Report, lexicon: Lexicon) -> list[LedgerRow]:
    """The rows the store would hold for `report`."""
    from vectorstore.quantities import extract

    return [
        LedgerRow(
            quantity=q,
            report_id=report.id,
            org=q.org or report.org,
            year=report.year if q.year is None else q.year,
            part=report.section_at(q.start).part,
            sentence=report.text[q.sentence_start : q.sentence_end],
        )
        for q in extract(report, lexicon)
    ]

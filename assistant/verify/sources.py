"""The figures a text may use: ledger rows of reports, of a sheet, of anything with a source.

Whatever can be told as `LedgerRow`s is a source: `SourceLedger.of_rows` takes them, so a sheet of
this year's figures or an evidence file joins the reports without a change here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cached_property

from assistant.verify.features import Features, features
from assistant.verify.values import base_of, family, near
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


class _ByValue:
    """Entries in the order of the number printed."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = sorted(entries, key=lambda entry: entry.base)
        self._values = [entry.base for entry in self.entries]

    def between(self, low: Decimal, high: Decimal) -> Sequence[Entry]:
        start = bisect_left(self._values, low)
        return self.entries[start : bisect_right(self._values, high)]


class SourceLedger:
    """Source figures by organisation, unit and value; build it with `of_rows` or `of_reports`."""

    def __init__(self, rows: Iterable[LedgerRow]) -> None:
        self.figures: list[Entry] = []
        self.dates: list[Entry] = []
        self.phrases: list[Entry] = []
        for row in rows:
            entry = Entry(row)
            if row.quantity.kind is QuantityKind.DATE:
                self.dates.append(entry)
            elif row.quantity.kind is QuantityKind.PHRASE:
                self.phrases.append(entry)
            elif row.quantity.value is not None:
                self.figures.append(entry)
        everything = (*self.figures, *self.dates, *self.phrases)
        self.orgs = tuple(sorted({e.row.org for e in everything if e.row.org}))
        self.years = tuple(sorted({e.row.year for e in everything if e.row.year is not None}))
        self._by_org = _grouped(self.figures, lambda entry: entry.row.org)
        self._of_unit = {
            org: _grouped(entries, lambda entry: family(entry.quantity))
            for org, entries in self._by_org.items()
        }
        self._of_value = {
            unit: _ByValue(entries)
            for unit, entries in _grouped(self.figures, lambda e: family(e.quantity)).items()
        }
        self._own_value = {org: _ByValue(entries) for org, entries in self._by_org.items()}

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
        return len(self.figures)

    def of_org(self, org: str) -> Sequence[Entry]:
        """The figures of one organisation, in the order given."""
        return self._by_org.get(org, ())

    def rivals(self, org: str, claim: Quantity) -> list[Entry]:
        """The figures of `org` of the unit of `claim` or of no unit, and those of its number."""
        if org not in self._by_org:
            return []
        unit, base = family(claim), base_of(claim)
        if not unit:
            return list(self._by_org[org])
        units = self._of_unit[org]
        same = self._own_value[org].between(base, base)
        others = (e for e in same if family(e.quantity) not in (unit, ""))
        return [*units.get(unit, ()), *units.get("", ()), *others]

    def near(self, claim: Quantity) -> list[Entry]:
        """The figures of all organisations that may equal `claim` or round to it."""
        low, high = near(claim)
        units = (family(claim), "") if claim.unit else tuple(self._of_value)
        return [
            entry
            for unit in dict.fromkeys(units)
            if unit in self._of_value
            for entry in self._of_value[unit].between(low, high)
        ]


def _grouped(entries: Iterable[Entry], key: Callable[[Entry], str]) -> dict[str, list[Entry]]:
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[key(entry)].append(entry)
    return dict(groups)


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

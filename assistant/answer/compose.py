"""Build an answer line by line, each claim with the exact span it was taken from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.aggregate import amount
from assistant.answer.types import Answer, CheckedQuantity, Citation
from vectorstore.sentences import Span
from vectorstore.store import LedgerRow, Store
from vectorstore.types import Report

__all__ = ["Composer", "named", "printed"]

_BARE = re.compile(r"[\d.,，]+")


def named(org: str, year: int | None) -> str:
    """How an organisation and year are printed: 甲县司法局2025年."""
    return f"{org}{year}年" if year else org


def printed(row: LedgerRow) -> str:
    """The figure as the report prints it; a bare number of a table gets its column's unit."""
    quantity = row.quantity
    if quantity.value is None or not _BARE.fullmatch(quantity.text):
        return quantity.text
    return amount(quantity.value, quantity.unit)


@dataclass
class Composer:
    """Collects lines and numbers their sources in the order first cited."""

    store: Store
    lines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _citations: list[Citation] = field(default_factory=list)
    _quantities: list[CheckedQuantity] = field(default_factory=list)
    _reports: dict[str, Report] = field(default_factory=dict)

    def report(self, report_id: str) -> Report:
        """The report, loaded once."""
        if report_id not in self._reports:
            self._reports[report_id] = self.store.report(report_id)
        return self._reports[report_id]

    def cite(self, report_id: str, span: Span) -> int:
        """The number of this span, a new one if it was not cited before."""
        report = self.report(report_id)
        for known in self._citations:
            if (known.report_id, known.start, known.end) == (report_id, span.start, span.end):
                return known.n
        path = report.heading_path(report.section_at(span.start).ordinal)
        citation = Citation(
            n=len(self._citations) + 1,
            report_id=report_id,
            org=report.org,
            year=report.year,
            heading=" > ".join(path),
            quote=report.text[span.start : span.end],
            start=span.start,
            end=span.end,
        )
        self._citations.append(citation)
        return citation.n

    def cite_row(self, row: LedgerRow) -> int:
        """Cite the sentence a ledger row stands in and record its figure as bound to it."""
        quantity = row.quantity
        n = self.cite(row.report_id, Span(quantity.sentence_start, quantity.sentence_end))
        self._quantities.append(CheckedQuantity(quantity.text, "supported", n))
        return n

    def add(self, text: str, cites: Iterable[int] = ()) -> None:
        """Add one line followed by the marks of its sources."""
        self.lines.append(text + "".join(f"[{n}]" for n in dict.fromkeys(cites)))

    def answer(self, *, engine: str, refused: bool = False, nearest: Iterable[str] = ()) -> Answer:
        """The finished record."""
        return Answer(
            text="\n".join(self.lines),
            refused=refused,
            engine=engine,
            citations=tuple(self._citations),
            quantities=tuple(self._quantities),
            notes=tuple(self.notes),
            nearest=tuple(nearest),
        )

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

__all__ = ["NOT_SAID", "Composer", "named", "printed"]

NOT_SAID = "已入库的报告没有写明这一点。"

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
        """Cite the sentence a ledger row stands in."""
        quantity = row.quantity
        return self.cite(row.report_id, Span(quantity.sentence_start, quantity.sentence_end))

    def add(self, text: str, cites: Iterable[int] = ()) -> None:
        """Add one line followed by the marks of its sources, unless it was added before."""
        line = text + "".join(f"[{n}]" for n in dict.fromkeys(cites))
        if line not in self.lines:
            self.lines.append(line)

    def answer(self, *, engine: str, refused: bool = False, nearest: Iterable[str] = ()) -> Answer:
        """The finished record: a line with a figure that no cited source carries is left out."""
        quantities = self._verified()
        return Answer(
            text="\n".join(self.lines) or NOT_SAID,
            refused=refused or not self.lines,
            engine=engine,
            citations=tuple(self._citations),
            quantities=quantities,
            notes=tuple(self.notes),
            nearest=tuple(nearest),
        )

    def _verified(self) -> tuple[CheckedQuantity, ...]:
        from assistant.verify.answers import verify_lines
        from assistant.verify.verdicts import GOOD

        if not self._citations:
            return ()
        checked = verify_lines(self.store, self.lines, self._citations)
        kept = [all(quantity.verdict in GOOD for quantity in line) for line in checked]
        if not all(kept):
            self.notes.append(f"有 {kept.count(False)} 行的数字与原文对不上，已略去。")
            self.lines = [line for line, good in zip(self.lines, kept, strict=True) if good]
        lines = [line for line, good in zip(checked, kept, strict=True) if good]
        return tuple(quantity for line in lines for quantity in line)

"""Everything a draft rests on, gathered from the store and the writer's files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.draft.apart import apart, told_key
from assistant.draft.evidence import digest
from assistant.draft.figures import Supplied, Supply
from assistant.draft.given import sheet_row
from assistant.draft.notes import Note, read_notes
from assistant.draft.peers import practices
from assistant.draft.types import Basis, Request, Source
from assistant.draft.years import Years
from assistant.ledger import earlier_report, one_org, sheet_items
from vectorstore.types import Modality, Part, Report

if TYPE_CHECKING:
    from assistant.ledger.items import SheetItem
    from vectorstore.indicators import Lexicon
    from vectorstore.store import Store

__all__ = ["Gathered", "gather"]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The basis with its sources, and what the writer should know about them."""

    basis: Basis
    sources: tuple[Source, ...]
    remarks: tuple[str, ...]


def gather(store: Store, lexicon: Lexicon, request: Request) -> Gathered:
    """Read the newest earlier report, the sheet, the notes, and the peers where asked.

    Raises UnknownScopeError, NoEarlierReportError, SheetError, FillInError (naming every bad row),
    ReadError.
    """
    org = one_org(store, request.org)
    base = earlier_report(store, org, request.year)
    assert base.year is not None
    report = store.report(base.id)
    rows = tuple(store.quantities(report_id=base.id))
    items = apart(sheet_items(base, rows))
    desk = _Desk(lexicon, request, org)
    desk.take_report("report", report)
    if request.year - base.year > 1:
        desk.remarks.append(f"资料库里最近的一份是{base.year}年的报告，已据此起草，请注意核对。")
    sheet, notes = desk.sheet(items), desk.notes()
    noted = [figure for note in notes for figure in note.figures]
    peers = practices(store, report) if request.peers else ()
    for report_id in dict.fromkeys(practice.report_id for practice in peers):
        desk.take_report("peer", store.report(report_id))
    if request.peers and not peers:
        desk.remarks.append("资料库里没有找到可供参考的其他单位做法。")
    basis = Basis(
        report=report,
        rows=rows,
        items=items,
        supply=Supply(items, sheet, noted, aims=desk.planned),
        notes=notes,
        years=(Years.to_plan if desk.planned else Years.to_report)(base.year, request.year),
        practices=peers,
    )
    return Gathered(basis, tuple(desk.sources), tuple(desk.remarks))


class _Desk:
    """What is laid out for one draft: sources with their hashes, and remarks about them."""

    def __init__(self, lexicon: Lexicon, request: Request, org: str) -> None:
        self.planned = request.kind == "plan"
        self.sources: list[Source] = []
        self.remarks: list[str] = []
        self._lexicon = lexicon
        self._request = request
        self._org = org

    def take_report(self, kind: str, report: Report) -> None:
        """Record a report of the library as a source."""
        name = f"{report.org}{report.year or ''}年：{report.title}"
        text = report.text.encode()
        self.sources.append(Source(kind, name, digest(text), report.org, report.year))

    def sheet(self, items: Sequence[SheetItem]) -> tuple[Supplied, ...]:
        """The figures of the fill-in sheet; for a plan they are targets."""
        path = self._request.figures
        if path is None:
            return ()
        from assistant.ledger.fill_in import read_fill_in, require_clean

        found = require_clean(read_fill_in(path, self._lexicon, self._request.year, items))
        self.remarks += [f"填报表{p}" for p in found.problems if p.level == "warning"]
        self._take_file("figures", path)
        modality = Modality.TARGET if self.planned else Modality.ACTUAL
        return tuple(
            Supplied(sheet_row(row, self._org, modality), row.evidence, told_key(row, items))
            for row in found.rows
        )

    def notes(self) -> tuple[Note, ...]:
        """The writer's notes; for a plan they are what is planned."""
        path = self._request.notes
        if path is None:
            return ()
        year = self._request.year - 1 if self.planned else self._request.year
        part = Part.NEXT_YEAR if self.planned else None
        notes = read_notes(path, self._org, year, self._lexicon, part=part)
        self._take_file("notes", path)
        return notes

    def _take_file(self, kind: str, path: Path) -> None:
        data = path.read_bytes()
        self.sources.append(Source(kind, path.name, digest(data), self._org, self._request.year))

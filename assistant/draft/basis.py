"""Everything a draft rests on, gathered from the store and the writer's files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.draft.evidence import digest
from assistant.draft.figures import Supplied, Supply
from assistant.draft.notes import Note, read_notes
from assistant.draft.peers import practices
from assistant.draft.types import Basis, Request, Source
from assistant.draft.years import Years
from assistant.ledger import earlier_report, one_org, sheet_items
from vectorstore.store import LedgerRow
from vectorstore.types import Modality, Part, Quantity, QuantityKind, Report

if TYPE_CHECKING:
    from assistant.ledger.fill_in import FillRow
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
    report = store.report(base.id)
    rows = tuple(store.quantities(report_id=base.id))
    items = sheet_items(base, rows)
    assert base.year is not None
    planned = request.kind == "plan"
    years = (Years.to_plan if planned else Years.to_report)(base.year, request.year)
    sources = [_of_report("report", report)]
    remarks: list[str] = []
    if years.new - years.old > 1:
        remarks.append(f"资料库里最近的一份是{years.old}年的报告，已据此起草，请注意核对。")
    sheet = _sheet(request, lexicon, items, org, sources, remarks)
    notes = _notes(request, lexicon, org, sources)
    noted = [figure for note in notes for figure in note.figures]
    supply = Supply(items, sheet, noted, aims=planned)
    peers = practices(store, report) if request.peers else ()
    for practice in peers:
        sources.append(_of_report("peer", store.report(practice.report_id)))
    if request.peers and not peers:
        remarks.append("资料库里没有找到可供参考的其他单位做法。")
    basis = Basis(report, rows, items, supply, notes, years, peers)
    return Gathered(basis, tuple(dict.fromkeys(sources)), tuple(remarks))


def _of_report(kind: str, report: Report) -> Source:
    name = f"{report.org}{report.year or ''}年：{report.title}"
    return Source(kind, name, digest(report.text.encode()), report.org, report.year)


def _sheet(
    request: Request,
    lexicon: Lexicon,
    items: tuple[SheetItem, ...],
    org: str,
    sources: list[Source],
    remarks: list[str],
) -> tuple[Supplied, ...]:
    if request.figures is None:
        return ()
    from assistant.ledger.fill_in import read_fill_in, require_clean

    path = request.figures
    found = require_clean(read_fill_in(path, lexicon, request.year, items))
    remarks += [f"填报表{p}" for p in found.problems if p.level == "warning"]
    sources.append(Source("figures", path.name, digest(path.read_bytes()), org, request.year))
    aimed = Modality.TARGET if request.kind == "plan" else Modality.ACTUAL
    return tuple(Supplied(_row(row, org, aimed), row.evidence, row.key) for row in found.rows)


def _row(row: FillRow, org: str, modality: Modality) -> LedgerRow:
    """A row of the sheet as a ledger row, its sentence the indicator and the figure."""
    sentence = f"{row.indicator}{row.text}"
    at = len(row.indicator)
    quantity = Quantity(
        text=row.text,
        start=at,
        end=len(sentence),
        kind=QuantityKind.QUANTITY,
        value=row.value,
        value_max=row.value_max,
        unit=row.unit,
        dimension=row.dimension,
        hedge=row.hedge,
        indicator=row.indicator,
        canonical=row.canonical,
        org=org,
        year=row.year,
        modality=modality,
        heading=row.evidence,
        sentence_end=len(sentence),
    )
    return LedgerRow(quantity, f"figures:{row.row}", org, row.year, None, sentence)


def _notes(request: Request, lexicon: Lexicon, org: str, sources: list[Source]) -> tuple[Note, ...]:
    path = request.notes
    if path is None:
        return ()
    plan = Part.NEXT_YEAR if request.kind == "plan" else None
    year = request.year - 1 if plan else request.year
    notes = read_notes(path, org, year, lexicon, part=plan)
    sources.append(Source("notes", path.name, digest(path.read_bytes()), org, request.year))
    return notes

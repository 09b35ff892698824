"""Reports that need a second look before the brief goes up, each with the reason and its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.brief.batch import Batch, name_of
from assistant.brief.copies import Copy, copied_before
from assistant.brief.tally import Reading
from assistant.brief.types import Source
from assistant.check import Finding, Severity, consistency
from vectorstore.store import LedgerRow, ReportRow, Store
from vectorstore.types import PART_NAMES, Modality, Part, QuantityKind, Report

__all__ = ["Look", "Reason", "second_looks"]

_REQUIRED = (Part.MEASURES, Part.SHORTCOMINGS, Part.FIRST_RESPONSIBLE, Part.NEXT_YEAR)
_FEW_FIGURES = 3
_COPIES = 3  # told of one report
_FINDINGS = 5  # told of one report; `fazhi check` shows all
_COSMETIC = frozenset({"residue", "web_chrome", "encoding", "control_characters"})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why; `source` is the place in the report, where there is one."""

    text: str
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """A report and everything that should be looked at in it."""

    name: str
    row: ReportRow
    reasons: tuple[Reason, ...]


def second_looks(
    store: Store, batch: Batch, readings: Sequence[Reading], copies: Sequence[Copy]
) -> list[Look]:
    """Every report of the batch with a reason to look again, those not counted first."""
    before = {b.report.id: b.before for b in batch.bureaus if b.report and b.before}
    looks = [
        Look(name_of(row), row, (Reason(_not_counted(row, batch)),))
        for row in (*batch.extra, *batch.elsewhere)
    ]
    for reading in readings:
        reasons = tuple(_reasons(store, batch, reading, before, copies))
        if reasons:
            looks.append(Look(reading.name, reading.row, reasons))
    return looks


def _not_counted(row: ReportRow, batch: Batch) -> str:
    if row in batch.extra:
        kept = next((r for r in batch.reports if row.org and r.org == row.org), None)
        told = f"，本次采用《{kept.title}》" if kept and kept.title else ""
        title = row.title or Path(row.path).name
        return f"同一单位同一年度还有一份《{title}》{told}，这一份没有计入，避免重复。"
    return f"报送的是{row.year}年度报告，不是{batch.year}年度，没有计入；请补报。"


def _reasons(
    store: Store,
    batch: Batch,
    reading: Reading,
    before: Mapping[str, ReportRow],
    copies: Sequence[Copy],
) -> Iterator[Reason]:
    row, report = reading.row, reading.report
    ledger = store.quantities(report_id=row.id)
    yield from map(Reason, _about_file(batch, row))
    lacking = [PART_NAMES[part] for part in _REQUIRED if part not in row.parts]
    if lacking:
        yield Reason(f"缺少规定部分：{'、'.join(lacking)}。")
    if few := _few_figures(ledger):
        yield Reason(few)
    yield from map(Reason, _copies(reading, copies))
    older = before.get(row.id)
    last_year: Sequence[LedgerRow] = ()
    if older is not None:
        last_year = store.quantities(report_id=older.id)
        if share := copied_before(report, store.report(older.id)):
            yield Reason(
                f"约{share:.0%}的文字（含数字）与本单位{older.year}年报告相同，疑似未更新。"
            )
    findings = consistency(report, [r.quantity for r in ledger], [r.quantity for r in last_year])
    yield from _findings(reading, report, findings)


def _about_file(batch: Batch, row: ReportRow) -> Iterator[str]:
    if row.year is None and batch.year:
        yield f"没有写明年度，暂按{batch.year}年度处理，请核实。"
    if not row.org:
        yield "没有写明报送单位，请核实。"
    if not row.is_annual:
        yield "不像年度报告（缺少年度报告的标题或结构），请核实报送的文件。"
    if row.other_paths:
        same = "、".join(row.other_paths)
        yield f"同样内容的文件重复报送（{same}），只计一次。"
    yield from (note.message for note in row.notes if note.code not in _COSMETIC)


def _few_figures(ledger: Sequence[LedgerRow]) -> str:
    told = sum(
        row.quantity.kind is QuantityKind.QUANTITY and row.quantity.modality is Modality.ACTUAL
        for row in ledger
    )
    if not told:
        return "全文没有数字，成效无法核对。"
    return f"全文只有{told}个数字，内容偏空。" if told < _FEW_FIGURES else ""


def _copies(reading: Reading, copies: Sequence[Copy]) -> Iterator[str]:
    mine = [copy for copy in copies if reading in (copy.one, copy.other)]
    for copy in mine[:_COPIES]:
        other = copy.other if copy.one is reading else copy.one
        figures = "，数字也相同" if copy.figures_too else "，但数字不同"
        yield f"约{copy.share:.0%}的文字与{other.name}报告相同{figures}，请核实是否照搬。"
    if len(mine) > _COPIES:
        yield f"另与{len(mine) - _COPIES}个单位的报告大段相同，可能出自同一范本。"


def _findings(reading: Reading, report: Report, findings: Sequence[Finding]) -> Iterator[Reason]:
    grave = [f for f in findings if f.severity is not Severity.INFO]
    for finding in grave[:_FINDINGS]:
        section = report.section_at(finding.start)
        path = " > ".join(report.heading_path(section.ordinal))
        place = (reading.row.id, reading.name, reading.row.year, path)
        source = Source(*place, finding.quote, finding.start, finding.end, finding.quote)
        yield Reason(finding.message, source)
    if len(grave) > _FINDINGS:
        yield Reason(f"另有{len(grave) - _FINDINGS}处，见该报告的校核清单。")

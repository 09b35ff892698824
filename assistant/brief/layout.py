"""The brief as an official document: sections in order, tables upright and readable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.aggregate import Operand, amount, total
from assistant.answer.compose import named, printed
from assistant.brief.batch import Batch, name_of
from assistant.brief.tables import Column, bare, middle, shown, source_of, sources_of, whole
from assistant.brief.types import NOT_MENTIONED, NOT_SUBMITTED, Cell, Cited, Table
from assistant.brief.words import names, operands_comment
from assistant.gongwen import Paragraph, Span, TableBlock, Text
from assistant.gongwen.model import Align
from vectorstore.types import PART_NAMES, Hedge, Part

__all__ = ["main_block", "main_table", "overview", "summary_block", "summary_table"]

_RIGHT: tuple[Align, ...] = ("right",)
_KEY_TOTALS = 6  # sums told in the overview
_NOTES = 6  # footnotes of one table; the comments on the figures hold all of it


def overview(batch: Batch, columns: Sequence[Column]) -> list[Paragraph]:
    """What was received, which official parts are there, and the totals most bureaus give."""
    reports = batch.reports
    absent = [b.name for b in batch.bureaus if b.report is None]
    spans: list[Span] = [
        Text(f"本次汇总共涉及{len(batch.bureaus)}个单位，收到{_year(batch)}报告{len(reports)}份")
    ]
    if absent:
        spans += [Text("，未报送的"), Text(f"{len(absent)}个：") if len(absent) > 1 else Text("是")]
        spans.append(names(absent, "未报送单位"))
    spans.append(Text("。"))
    return [Paragraph(tuple(spans)), _parts(batch), *_totals(columns)]


def _year(batch: Batch) -> str:
    return f"{batch.year}年度" if batch.year else ""


def _parts(batch: Batch) -> Paragraph:
    spans: list[Span] = [Text("从内容看，")]
    for n, part in enumerate(p for p in Part if p is not Part.OTHER):
        lacking = [name_of(r) for r in batch.reports if part not in r.parts]
        have = len(batch.reports) - len(lacking)
        spans.append(Text(f"{'，' if n else ''}写明“{PART_NAMES[part]}”的{have}份"))
        if lacking:
            spans += [Text("（缺："), names(lacking, "缺少该部分的单位"), Text("）")]
    return Paragraph((*spans, Text("。")))


def _totals(columns: Sequence[Column]) -> list[Paragraph]:
    told = [c for c in columns if c.summable and not c.indicator.parent][:_KEY_TOTALS]
    if not told:
        return []
    spans: list[Span] = [Text("据报告中写明的数字汇总，")]
    for n, column in enumerate(told):
        operands = column.series.operands
        least = "" if column.series.exact else "不少于"
        figure = amount(total(operands), column.series.unit)
        spans += [
            Text(f"{'；' if n else ''}{column.indicator.name}{least}"),
            Cited(figure, operands_comment(operands, column.series.unit), sources_of(operands)),
            Text(f"（{len(operands)}个单位）"),
        ]
    return [Paragraph((*spans, Text("。未写明数字的单位不在合计之内。")))]


def main_table(title: str, columns: Sequence[Column], batch: Batch) -> Table:
    """Bureaus by indicators, as data."""
    cells = [column.cells[n] for n in range(len(batch.bureaus)) for column in columns]
    return Table(title, ("单位", *(c.heading for c in columns)), tuple(cells))


def main_block(title: str, columns: Sequence[Column], batch: Batch) -> TableBlock:
    """The same for the document, with 合计 and 中位数 below."""
    by_report = [{o.row.report_id: o for o in c.series.operands} for c in columns]
    rows: list[tuple[str | tuple[Span, ...], ...]] = []
    for n, bureau in enumerate(batch.bureaus):
        row: list[str | tuple[Span, ...]] = [bureau.name]
        for column, operands in zip(columns, by_report, strict=True):
            operand = operands.get(bureau.report.id) if bureau.report else None
            row.append((_figure(operand, column),) if operand else column.cells[n].text)
        rows.append(tuple(row))
    if len(batch.reports) > 1:
        rows.append(("合计", *(_total(c) for c in columns)))
        rows.append(("中位数", *(_middle(c) for c in columns)))
    notes = tuple(_notes(columns, batch))
    headings = ("单位", *(c.heading for c in columns))
    return TableBlock(
        title, headings, tuple(rows), align=("left", *_RIGHT * len(columns)), notes=notes
    )


def _figure(operand: Operand, column: Column) -> Cited:
    source = source_of(operand.row)
    comment = source.comment
    if operand.others:
        more = "、".join(printed(row) for row in operand.others)
        comment += f"\n同一报告另有：{more}，本表取“{printed(operand.row)}”。"
    return Cited(shown(operand, column.unit), comment, (source,))


def _total(column: Column) -> str | tuple[Span, ...]:
    value = whole(column)
    if value is None:
        return "—"
    operands = column.series.operands
    comment = operands_comment(operands, column.series.unit)
    return (Cited(bare(value, column.unit), comment, sources_of(operands)),)


def _middle(column: Column) -> str:
    return bare(middle(column.series.operands), column.unit)


def _notes(columns: Sequence[Column], batch: Batch) -> Iterable[str]:
    """Hedges, several values in one report, values of another unit, mere targets."""
    every = [o for column in columns for o in column.series.operands]
    if any(o.row.quantity.hedge is not Hedge.EXACT for o in every):
        yield "带“余”“近”“约”“超”“不少于”的为约数，按报告原样列出，合计和中位数按下限计算。"
    texts = {cell.text for column in columns for cell in column.cells}
    if NOT_MENTIONED in texts:
        yield f"“{NOT_MENTIONED}”指报告没有写明该数字，不等于零。"
    if NOT_SUBMITTED in texts:
        yield f"“{NOT_SUBMITTED}”指没有收到该单位{_year(batch)}报告。"
    told = [*_several(columns), *_aside(columns), *_aims(columns)]
    yield from told[:_NOTES]
    if len(told) > _NOTES:
        yield f"另有{len(told) - _NOTES}处同类情况，见各数字的批注。"


def _several(columns: Sequence[Column]) -> list[str]:
    return [
        f"{o.org}报告中“{c.indicator.name}”有几个数："
        f"{'、'.join(printed(row) for row in (o.row, *o.others))}，本表取{printed(o.row)}。"
        for c in columns
        for o in c.series.operands
        if o.others and not all("·" in row.quantity.indicator for row in o.others)
    ]


def _aside(columns: Sequence[Column]) -> list[str]:
    return [
        f"{row.org}“{c.indicator.name}”写的是{printed(row)}，计量单位不同，没有列入。"
        for c in columns
        for row in c.series.set_aside
    ]


def _aims(columns: Sequence[Column]) -> list[str]:
    return [
        f"{row.org}“{c.indicator.name}”只有目标（{printed(row)}），没有完成数。"
        for c in columns
        for row in c.targets
    ]


def summary_table(columns: Sequence[Column], batch: Batch) -> Table:
    """Totals, medians and extremes of every indicator, as data; nothing here has one source."""
    cells = []
    for column in columns:
        name, unit = column.indicator.name, column.series.unit
        for what, value in (("合计", whole(column)), ("中位数", middle(column.series.operands))):
            text = "—" if value is None else amount(value, unit)
            cells.append(Cell(what, batch.year, name, text, value, unit if value else ""))
    return Table("主要指标汇总", ("指标", "合计", "中位数"), tuple(cells))


def summary_block(columns: Sequence[Column], batch: Batch) -> TableBlock:
    """One line an indicator: how many bureaus give it, sum, median, most and least."""
    rows = []
    for column in columns:
        high = max(column.series.operands, key=lambda o: o.value)
        low = min(column.series.operands, key=lambda o: o.value)
        rows.append(
            (
                column.heading,
                f"{len(column.series.operands)}",
                _total(column),
                _middle(column),
                _extreme(high, column),
                _extreme(low, column),
            )
        )
    heads = ("指标", "写明单位数", "合计", "中位数", "最高", "最低")
    align: tuple[Align, ...] = ("left", *_RIGHT * 3, "left", "left")
    notes = (f"收到{_year(batch)}报告{len(batch.reports)}份；比率不相加。",)
    return TableBlock("主要指标汇总", heads, tuple(rows), align=align, notes=notes)


def _extreme(operand: Operand, column: Column) -> tuple[Span, ...]:
    return (_figure(operand, column), Text(f"（{named(operand.org, None)}）"))

"""This year beside the year before, for the bureaus that sent both reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.aggregate import Operand, amount, gather, growth, total
from assistant.answer.compose import printed
from assistant.brief.batch import Batch, Bureau
from assistant.brief.tables import Column, bare, cell_of, column_unit, shown, source_of, sources_of
from assistant.brief.types import NOT_MENTIONED, Cell, Cited, Table
from assistant.brief.words import operands_comment
from assistant.gongwen import Paragraph, Span, TableBlock, Text
from assistant.gongwen.model import Align
from vectorstore.store import Store
from vectorstore.types import Dimension

__all__ = ["Change", "change_block", "change_table", "change_words", "changes"]

_INDICATORS = 6
_PER_TABLE = 2
_RATES = (Dimension.PERCENT, Dimension.PERMILLE)


@dataclass(frozen=True, slots=True)
class Pair:
    """The values of one bureau; None where a report says nothing."""

    bureau: Bureau
    before: Operand | None
    after: Operand | None


@dataclass(frozen=True, slots=True)
class Change:
    """One indicator over two years, `unit` as its column prints it."""

    column: Column
    unit: str
    pairs: tuple[Pair, ...]

    @property
    def whole(self) -> tuple[Pair, ...]:
        """The bureaus that give the figure in both years."""
        return tuple(p for p in self.pairs if p.before and p.after)


def changes(store: Store, batch: Batch, columns: Sequence[Column]) -> list[Change]:
    """The indicators most bureaus give in both years; none when no bureau sent two reports."""
    pairs = batch.pairs
    made = []
    for column in columns if pairs else ():
        if column.indicator.parent:
            continue
        earlier = gather(store, [b.before for b in pairs if b.before], column.indicator.key)
        if earlier.operands and earlier.unit != column.series.unit:
            kinds = {
                o.row.quantity.dimension.family
                for o in (*earlier.operands, *column.series.operands)
            }
            if len(kinds) > 1:
                continue
        before = {o.row.report_id: o for o in earlier.operands}
        after = {o.row.report_id: o for o in column.series.operands}
        told = tuple(
            Pair(b, before.get(b.before.id), after.get(b.report.id))
            for b in pairs
            if b.before and b.report
        )
        change = Change(column, column_unit(column.series), told)
        if change.whole:
            made.append(change)
    made.sort(key=lambda c: -len(c.whole))
    return made[:_INDICATORS]


def change_words(found: Sequence[Change], batch: Batch) -> Paragraph:
    """Sums over the bureaus that can be compared, with what they were added up from."""
    spans: list[Span] = []
    for change in found:
        if not change.column.summable or len(change.whole) < 2:
            continue
        old = [p.before for p in change.whole if p.before]
        new = [p.after for p in change.whole if p.after]
        unit = change.column.series.unit
        spans += [
            Text(f"{change.column.indicator.name}由"),
            _sum(old, unit),
            Text("变为"),
            _sum(new, unit),
            Text(f"（{len(old)}个单位，{_turn(total(old), total(new))}）；"),
        ]
    if not spans:
        return Paragraph((Text(_who(batch)),))
    last = spans.pop()
    lead = Text(f"{_who(batch)}两年都写明数字的单位合计，")
    return Paragraph((lead, *spans, Text(last.text.rstrip("；") + "。")))


def _sum(operands: Sequence[Operand], unit: str) -> Cited:
    figure = amount(total(operands), unit)
    return Cited(figure, operands_comment(operands, unit), sources_of(operands))


def _who(batch: Batch) -> str:
    year = batch.year or 0
    return f"有{len(batch.pairs)}个单位{year - 1}年、{year}年报告齐全，可作对比。"


def _turn(old: Decimal, new: Decimal) -> str:
    rate = growth(old, new)
    if new == old:
        return "持平"
    if rate is None:
        return "上年为零"
    return f"{'增长' if new > old else '下降'}{abs(rate)}%"


def tables_of(found: Sequence[Change]) -> list[Sequence[Change]]:
    """Two indicators a table, so that it stands on an upright page."""
    return [found[n : n + _PER_TABLE] for n in range(0, len(found), _PER_TABLE)]


def change_table(group: Sequence[Change], batch: Batch) -> Table:
    """Both years and the difference, as data; the difference has no source of its own."""
    cells: list[Cell] = []
    year = batch.year or 0
    for n in range(len(group[0].pairs)):
        for change in group:
            pair, name = change.pairs[n], change.column.indicator.name
            org = pair.bureau.name
            cells += [
                _cell(pair.before, org, year - 1, name),
                _cell(pair.after, org, year, name),
                Cell(
                    pair.bureau.name, year, f"{name}{_turn_name(change)}", _difference(pair, change)
                ),
            ]
    return Table(_title(group, year), _columns(group, year), tuple(cells))


def _cell(operand: Operand | None, org: str, year: int, indicator: str) -> Cell:
    if operand is None:
        return Cell(org, year, indicator, NOT_MENTIONED)
    return cell_of(operand, indicator)


def _title(group: Sequence[Change], year: int) -> str:
    return f"{year - 1}年与{year}年对比：{'、'.join(c.column.indicator.name for c in group)}"


def _columns(group: Sequence[Change], year: int) -> tuple[str, ...]:
    heads = [
        (f"{c.column.indicator.name}{year - 1}年（{c.unit}）", f"{year}年", _turn_name(c))
        for c in group
    ]
    return ("单位", *(head for three in heads for head in three))


def change_block(group: Sequence[Change], batch: Batch) -> TableBlock:
    """The same for the document."""
    rows = []
    for n in range(len(group[0].pairs)):
        row: list[str | tuple[Span, ...]] = [group[0].pairs[n].bureau.name]
        for change in group:
            pair = change.pairs[n]
            row += [_figure(pair.before, change), _figure(pair.after, change)]
            row.append(_difference(pair, change))
        rows.append(tuple(row))
    year = batch.year or 0
    right: tuple[Align, ...] = ("right",)
    align = ("left", *right * (3 * len(group)))
    return TableBlock(_title(group, year), _columns(group, year), tuple(rows), align=align)


def _figure(operand: Operand | None, change: Change) -> str | tuple[Span, ...]:
    if operand is None:
        return NOT_MENTIONED
    source = source_of(operand.row)
    comment = source.comment
    if operand.others:
        comment += f"\n同一报告另有：{'、'.join(printed(row) for row in operand.others)}。"
    return (Cited(shown(operand, change.unit), comment, (source,)),)


def _difference(pair: Pair, change: Change) -> str:
    """The growth in percent (`+12.5`), of rates the difference in 个百分点; of hedges 约."""
    if pair.before is None or pair.after is None:
        return "—"
    about = "" if pair.before.exact and pair.after.exact else "约"
    gap = pair.after.value - pair.before.value
    rate = gap if _is_rate(change) else growth(pair.before.value, pair.after.value)
    return "—" if rate is None else f"{about}{'+' if rate > 0 else ''}{bare(rate, '')}"


def _turn_name(change: Change) -> str:
    return "增减（百分点）" if _is_rate(change) else "增幅（%）"


def _is_rate(change: Change) -> bool:
    return change.column.series.operands[0].row.quantity.dimension in _RATES

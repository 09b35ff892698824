"""Words every section of a brief needs: names listed, figures and quotes with their source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.aggregate import Operand, amount
from assistant.answer.compose import printed
from assistant.brief.types import Cited, Source
from assistant.gongwen import Figure, TableBlock, Text
from assistant.gongwen.model import Cell, spans_of

__all__ = ["by_row", "listed", "names", "operands_comment", "quoted", "split_names"]

_SHOWN = 5  # names printed before 等; the comment holds all of them
_OPERANDS = 60  # operands told in the comment of a sum


def split_names(text: str) -> list[str]:
    """The names of a list as typed, whatever divides them."""
    return [name for name in re.split(r"[,，、;；\s]+", text) if name]


def listed(items: Sequence[str]) -> str:
    """`甲、乙、丙`, or the first few and 等 with their number."""
    if len(items) <= _SHOWN:
        return "、".join(items)
    return f"{'、'.join(items[:_SHOWN])}等{len(items)}个单位"


def names(orgs: Sequence[str], lead: str, whole: int = 0) -> Figure:
    """The organisations, or 全部 where they are as many as `whole`; the comment has every name."""
    shown = "全部单位" if len(orgs) == whole > 1 else listed(orgs)
    return Figure(shown, f"{lead}（{len(orgs)}个）：{'、'.join(orgs)}")


def quoted(source: Source) -> Cited:
    """The exact words of a source in quotation marks, with where they stand."""
    return Cited(f"“{source.quote}”", source.comment, (source,))


def operands_comment(operands: Sequence[Operand], unit: str) -> str:
    """What a sum was added up from."""
    told = [f"{o.org}{printed(o.row)}" for o in operands[:_OPERANDS]]
    more = f"……（共{len(operands)}个单位，详见分单位表）" if len(operands) > _OPERANDS else ""
    sum_ = amount(sum((o.value for o in operands), start=operands[0].value * 0), unit)
    return f"由以下各数相加，得{sum_}：{'；'.join(told)}{more}"


def by_row(table: TableBlock) -> TableBlock:
    """The table with one comment a row, on its name, in place of one a figure.

    Word and LibreOffice lay out every comment on the page: some thousands bring them to a halt
    (300 bureaus, 4,300 comments: over ten minutes), some hundreds do not.
    """
    return replace(table, rows=tuple(_row(table.columns, row) for row in table.rows))


def _row(columns: Sequence[str], row: Sequence[Cell]) -> tuple[Cell, ...]:
    told = [
        f"{column}：{span.text}。{span.comment}"
        for column, cell in zip(columns, row, strict=True)
        for span in spans_of(cell)
        if isinstance(span, Figure)
    ]
    if not told:
        return tuple(row)
    name, *cells = (tuple(Text(span.text) for span in spans_of(cell)) for cell in row)
    label = "".join(span.text for span in name)
    return ((Figure(label, "\n".join(told)),), *cells)

"""A table of last year's report with this year's figures or blanks in its cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from assistant.draft.edits import fill
from assistant.draft.figures import in_style
from assistant.draft.layout import Table
from assistant.draft.rewrite import Rewriter, source_of
from assistant.draft.years import Years, retimed
from assistant.gongwen import Span, TableBlock, Text
from assistant.ledger import printed
from vectorstore.sentences import Span as TextSpan
from vectorstore.store import LedgerRow

__all__ = ["rewritten_table"]

_FIGURE = re.compile(r"^[\d０-９,，.．%％]+$")
_COUNTER = re.compile("^序号?$|^编号$")
_HEADERS = 2  # rows of a header at most


def rewritten_table(rewriter: Rewriter, table: Table) -> TableBlock:
    """The table for the new year; a header of two rows becomes one.

    A column of the year before last year's becomes last year's, whose figures are known.
    """
    text, years = rewriter.report.text, rewriter.years
    width = max(len(row) for row in table.rows)
    heads = _header_rows(rewriter, table)
    names = [_padded([text[c.start : c.end].strip() for c in row], width) for row in heads]
    said = _joined(names, width)
    moved = _moved_columns(said, years)
    columns = [retimed(name, years) for name in said]
    for before in moved:
        columns[before] = said[before].replace(str(years.old - 1), str(years.old))
    rows = []
    for row in table.rows[len(heads) :]:
        cells = [
            _last_year(rewriter, row[moved[n]])
            if n in moved and moved[n] < len(row)
            else _cell(rewriter, cell, columns[n])
            for n, cell in enumerate(row)
        ]
        rows.append(tuple(cells + [(Text(""),)] * (width - len(cells))))
    caption = retimed(table.caption, years) or "有关情况统计表"
    return TableBlock(caption, tuple(columns), tuple(rows))


def _moved_columns(names: Sequence[str], years: Years) -> dict[int, int]:
    """A column of the year before the report's → the report's own column of the same name."""
    old, before = str(years.old), str(years.old - 1)
    if years.step != 1:
        return {}
    return {
        n: names.index(name.replace(before, old))
        for n, name in enumerate(names)
        if before in name and name.replace(before, old) in names
    }


def _last_year(rewriter: Rewriter, cell: TextSpan) -> tuple[Span, ...]:
    """Last year's own figure, which stays one."""
    text = rewriter.report.text[cell.start : cell.end].strip()
    rows = rewriter.rows_in(cell.start, cell.end)
    if len(rows) != 1 or rows[0].quantity.text.strip() != text:
        return (fill(f"{rewriter.years.old}年数据"),)
    return (rewriter.figure(text, f"来自{source_of(rewriter.report, rows[0])}", rows[0]),)


def _header_rows(rewriter: Rewriter, table: Table) -> list[tuple[TextSpan, ...]]:
    """The first rows without a figure, one at least."""
    heads: list[tuple[TextSpan, ...]] = [table.rows[0]]
    for row in table.rows[1:_HEADERS]:
        texts = [rewriter.report.text[c.start : c.end].strip() for c in row]
        if any(_FIGURE.match(text) for text in texts) or len(table.rows) == _HEADERS:
            break
        if not any(text == "" for text in _first(rewriter, table)):
            break
        heads.append(row)
    return heads


def _first(rewriter: Rewriter, table: Table) -> list[str]:
    return [rewriter.report.text[c.start : c.end].strip() for c in table.rows[0]]


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _joined(names: Sequence[Sequence[str]], width: int) -> list[str]:
    if len(names) == 1:
        return list(names[0])
    upper, last = [], ""
    for name in names[0]:
        last = name or last
        upper.append(last)
    joined = []
    for above, own, below in zip_longest(upper, names[0], names[1], fillvalue=""):
        joined.append(f"{above}{below}" if below else own)
    return joined[:width]


def _cell(rewriter: Rewriter, cell: TextSpan, column: str) -> tuple[Span, ...]:
    text = rewriter.report.text[cell.start : cell.end].strip()
    rows = rewriter.rows_in(cell.start, cell.end)
    if len(rows) == 1 and rows[0].quantity.text.strip() == text:
        return (_figure(rewriter, rows[0]),)
    if not rows and _FIGURE.match(text) and not _COUNTER.match(column):
        return (fill(f"{column}（{rewriter.years.old}年：{text}）"),)
    return rewriter.spans(cell.start, cell.end, None)


def _figure(rewriter: Rewriter, row: LedgerRow) -> Span:
    """The cell's figure, or a blank under the short name its column gives it."""
    q = row.quantity
    new = rewriter.supply.of(row)
    if new is None:
        name = q.indicator.rpartition("·")[2]
        return fill(f"{name}（{row.year}年：{printed(q)}）", rewriter.supply.key_of(row))
    shown = in_style(new.quantity, q)
    return rewriter.figure(shown, new.comment, new.row)

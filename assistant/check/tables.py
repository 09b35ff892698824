"""Tables: totals that do not add up, by column (合计) and by row (小计); numbers out of order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.check.finding import Finding, Severity, found
from vectorstore.clean import fold
from vectorstore.sentences import Span
from vectorstore.types import Report

__all__ = ["check_tables"]

_TOTAL = re.compile(r"(?:总|合|共)\s*计|总数|全部")
_SUBTOTAL = re.compile(r"小\s*计")
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_NONE = {"", "-", "—", "/", "无", "\\", "－", "——"}
_LEAST_ROWS = 3  # rows that must agree before a column counts as the sum of those before it


@dataclass(frozen=True, slots=True)
class _Row:
    start: int
    end: int
    cells: tuple[str, ...]

    @property
    def label(self) -> str:
        return next((c for c in self.cells[:2] if c and not _NUMBER.fullmatch(c)), "")

    def value(self, column: int) -> Decimal | None:
        """The number in `column`, counted from the right (-1); None when there is none."""
        if -column > len(self.cells):
            return None
        cell = self.cells[column].replace(" ", "")
        if cell in _NONE:
            return Decimal(0)
        return Decimal(cell.replace(",", "")) if _NUMBER.fullmatch(cell) else None


def check_tables(report: Report) -> Iterator[Finding]:
    """Findings on every table of the report."""
    for rows in _tables(report.text):
        yield from _numbers(report, rows)
        body = [row for row in rows if row.value(-1) is not None and row.label]
        yield from _columns(report, body)
        yield from _rows(report, [row for row in body if len(row.cells) == len(body[-1].cells)])


def _numbers(report: Report, rows: Sequence[_Row]) -> Iterator[Finding]:
    """The first row whose 序号 does not follow the one above: moved, put in, or taken out."""
    if not rows or rows[0].cells[0].replace(" ", "") != "序号":
        return
    numbered = [row for row in rows[1:] if row.cells[0].isdecimal()]
    for expected, row in enumerate(numbered, 1):
        if int(row.cells[0]) != expected:
            message = f"表中序号应为{expected}，这里是{row.cells[0]}，请核对是否移动或缺了一行。"
            span = Span(row.start, row.end)
            yield found(report, "enumeration", Severity.WARNING, message, span)
            return


def _tables(text: str) -> list[list[_Row]]:
    """Runs of lines with tabs."""
    tables: list[list[_Row]] = []
    start, last_was_row = 0, False
    for line in text.split("\n"):
        is_row = "\t" in line
        if is_row:
            cells = tuple(fold(cell).strip() for cell in line.split("\t"))
            row = _Row(start, start + len(line), cells)
            if last_was_row:
                tables[-1].append(row)
            else:
                tables.append([row])
        last_was_row = is_row
        start += len(line) + 1
    return tables


def _columns(report: Report, body: Sequence[_Row]) -> Iterator[Finding]:
    above: list[_Row] = []
    subtotals: list[_Row] = []
    for row in body:
        if _SUBTOTAL.fullmatch(row.label):
            subtotals.append(row)
        elif _TOTAL.fullmatch(row.label):
            yield from _total_row(report, row, above, subtotals)
            above, subtotals = [], []
        else:
            above.append(row)


def _total_row(
    report: Report, total: _Row, above: Sequence[_Row], subtotals: Sequence[_Row]
) -> Iterator[Finding]:
    wrong = [
        f"{total.cells[column]}（相加得{added.normalize():f}）"
        for column in range(-len(total.cells) + 1, 0)
        if (added := _other_sum(total, above, subtotals, column)) is not None
    ]
    if wrong:
        cells = "、".join(wrong)
        message = f"表中“{total.label}”一行的{cells}与上面各行不符，请核对。"
        span = Span(total.start, total.end)
        yield found(report, "arithmetic", Severity.ERROR, message, span)


def _other_sum(
    total: _Row, above: Sequence[_Row], subtotals: Sequence[_Row], column: int
) -> Decimal | None:
    """What the rows above add up to, when that is not what the total says."""
    stated = total.value(column)
    values = [row.value(column) for row in above]
    numbers = [value for value in values if value is not None]
    if not stated or len(numbers) < max(len(values), 2):
        return None
    added = sum(numbers, Decimal(0))
    partly = sum((row.value(column) or Decimal(0) for row in subtotals), Decimal(0))
    # Between the least and the greatest it is an average or a rate, not a sum.
    if stated in {added, partly} or min(numbers) <= stated <= max(numbers):
        return None
    return added


def _rows(report: Report, body: Sequence[_Row]) -> Iterator[Finding]:
    """A column that is the sum of the ones before it in nearly every row, and is not in one."""
    if len(body) <= _LEAST_ROWS:
        return
    width = len(body[0].cells)
    allowed = max(len(body) // _LEAST_ROWS - 1, 1)
    for column in range(-width + 3, 0):
        for first in range(-width + 1, column - 1):
            wrong = [row for row in body if not _adds_up(row, first, column)]
            if 0 < len(wrong) <= allowed:
                yield from (_wrong_row(report, row, column) for row in wrong)
                return


def _wrong_row(report: Report, row: _Row, column: int) -> Finding:
    message = f"表中这一行的{row.cells[column]}与前面各列相加不符，请核对。"
    return found(report, "arithmetic", Severity.ERROR, message, Span(row.start, row.end))


def _adds_up(row: _Row, first: int, column: int) -> bool:
    values = [row.value(at) for at in range(first, column)]
    total = row.value(column)
    return total is not None and None not in values and sum(v for v in values if v) == total

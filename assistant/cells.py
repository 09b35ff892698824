"""Cells and pages of a spreadsheet, and pages as .csv.

Text is never a formula, whatever it begins with.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.errors import AssistantError

__all__ = [
    "MAX_READ_ROWS",
    "Cell",
    "Page",
    "SheetError",
    "Value",
    "is_formula",
    "plain_digits",
    "read_csv",
    "to_csv",
]

Value = str | int | Decimal | None

MAX_READ_ROWS = 20_000
"""Rows read of one sheet; what a person fills in has some hundreds."""

# What a spreadsheet takes for the start of a formula, full-width forms included (OWASP, CSV
# Injection).
_FORMULA_START = frozenset("=+-@\t\r＝＋－＠")


class SheetError(AssistantError):
    """The file is not a spreadsheet that can be read or written."""

    default_hint = "请在 Excel 或 WPS 中另存为 .xlsx 或 .csv 后再试。"


@dataclass(frozen=True, slots=True)
class Page:
    """One worksheet: headers and rows. `wrapped` and `inputs` are positions of columns.

    `inputs` are for the reader to fill in (shaded); `number` is the one of them that takes figures.
    """

    title: str
    headers: tuple[str, ...]
    rows: Sequence[Sequence[Value]]
    wrapped: frozenset[int] = frozenset()
    inputs: frozenset[int] = frozenset()
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: text, an exact number, or nothing.

    `percent`: the number is shown times a hundred with a % sign. `fault` says in Chinese why
    the content cannot be used (a date, a formula without a result); `value` is then its text.
    """

    value: str | Decimal | None = None
    percent: bool = False
    fault: str = ""

    @property
    def text(self) -> str:
        """The content as text, blanks at the ends cut; a number in plain digits."""
        if isinstance(self.value, Decimal):
            shown = self.value * 100 if self.percent else self.value
            return f"{plain_digits(shown)}%" if self.percent else plain_digits(shown)
        return self.value.strip() if self.value else ""


def plain_digits(value: Decimal) -> str:
    """Digits without exponent or trailing zeros: 241620, 98.1."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_formula(value: Value) -> bool:
    """Whether a spreadsheet may take `value` for a formula when it is typed in."""
    return isinstance(value, str) and value[:1] in _FORMULA_START


def to_csv(page: Page) -> bytes:
    """UTF-8 with a byte order mark, which Excel needs; text that looks like a formula gets a '."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in (page.headers, *page.rows):
        writer.writerow([_csv_value(value) for value in row])
    return out.getvalue().encode("utf-8-sig", "replace")


def _csv_value(value: Value) -> str:
    if isinstance(value, str):
        return f"'{value}" if is_formula(value) else value
    if isinstance(value, Decimal):
        return plain_digits(value)
    return "" if value is None else str(value)


def read_csv(data: bytes, name: str) -> list[list[Cell]]:
    """The rows of a .csv in UTF-8, GBK or UTF-16. Raises SheetError when it is no text."""
    from vectorstore.errors import UnsupportedFormatError
    from vectorstore.read.txt import decode

    try:
        text, _ = decode(data)
    except UnsupportedFormatError as exc:
        raise SheetError(f"{name} 不是表格。") from exc
    head = text[:2000]  # a title line may hold no delimiter
    delimiter = max(",\t;", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as exc:
        raise SheetError(f"{name} 不是有效的 CSV 表格。") from exc
    if len(rows) > MAX_READ_ROWS:
        raise SheetError(f"{name} 超过 {MAX_READ_ROWS} 行，不像是一张填报表。")
    return [[Cell(_unquoted(value)) for value in row] for row in rows]


def _unquoted(value: str) -> str:
    """Without the ' that `to_csv` puts before what looks like a formula."""
    return value[1:] if value[:1] == "'" and value[1:2] in _FORMULA_START else value

"""Pages as an .xlsx workbook, and the cells of an .xlsx or .csv read back.

The same pages always give the same bytes.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from assistant.cells import (
    MAX_READ_ROWS,
    Cell,
    Page,
    SheetError,
    Value,
    is_formula,
    plain_digits,
    read_csv,
)
from vectorstore.errors import reason

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook  # noqa: TID251 - the one module that speaks Excel
    from openpyxl.worksheet.worksheet import Worksheet  # noqa: TID251 - the same

__all__ = ["read_sheet", "to_xlsx"]

_MAX_ROWS = 1_048_576  # Excel's own limit, header included
_MAX_TEXT = 32_767  # characters Excel keeps in one cell
_EXACT_DIGITS = 15  # decimal digits an Excel number keeps
_MAX_TITLE = 31
_MAX_READ_BYTES = 20_000_000
_MAX_UNPACKED_BYTES = 20_000_000
_MAX_COLUMNS = 64  # looked at; a sheet of figures has a dozen
_NARROWEST, _WIDEST, _WRAPPED = 6, 44, 60  # column widths in half-width characters
_SAMPLED = 500  # rows looked at when fitting a column
_FORBIDDEN_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DATES = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip archive can hold
_QUOTED = re.compile(r'"[^"]*"|\\.')  # of a number format: text shown as it is
_OLE = b"\xd0\xcf\x11\xe0"


def to_xlsx(pages: Sequence[Page]) -> bytes:
    """A workbook of `pages`, titles made fit for Excel and unique.

    Raises SheetError when a page has more rows than Excel holds.
    """
    import openpyxl  # noqa: TID251 - the same

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    taken: set[str] = set()
    for page in pages:
        if len(page.rows) >= _MAX_ROWS:
            raise SheetError(f"共 {len(page.rows)} 行，超过 Excel 的上限。", "请改用 .csv 导出。")
        _Writer(book, book.create_sheet(_title(page.title, taken))).write(page)
    out = io.BytesIO()
    book.save(out)
    return _repeatable(out.getvalue())


def _title(name: str, taken: set[str]) -> str:
    """At most 31 characters, none forbidden, unlike any other whatever the case."""
    base = _FORBIDDEN_TITLE.sub(" ", name).strip(" '")[:_MAX_TITLE].rstrip(" '") or "表"
    if base.casefold() == "history":  # Excel keeps the name for itself
        base += "_"
    title, n = base, 1
    while title.casefold() in taken:
        n += 1
        suffix = f"({n})"
        title = base[: _MAX_TITLE - len(suffix)] + suffix
    taken.add(title.casefold())
    return title


def _repeatable(data: bytes) -> bytes:
    """The same archive without the time of writing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _DATES.sub(b"", content)
            info = zipfile.ZipInfo(name, _EPOCH)
            new.writestr(info, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


class _Writer:
    """Writes one page into a worksheet."""

    def __init__(self, book: Workbook, sheet: Worksheet) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # noqa: TID251 - same

        thin = Side(style="thin", color="BFBFBF")
        self._sheet = sheet
        self._border = Border(left=thin, right=thin, top=thin, bottom=thin)
        self._font = Font(name="宋体", size=11)
        self._bold = Font(name="黑体", size=11)
        self._head = PatternFill("solid", fgColor="DDEBF7")
        self._input = PatternFill("solid", fgColor="FFF9E5")
        self._plain = Alignment(vertical="top")
        self._wrap = Alignment(vertical="top", wrap_text=True)
        self._middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
        self._styles: dict[_Look, Any] = {}

    def write(self, page: Page) -> None:
        """Header, rows, widths, filter and the panes that stay in view."""
        from openpyxl.utils import get_column_letter as letter  # noqa: TID251 - the same

        for column, header in enumerate(page.headers, 1):
            cell = self._sheet.cell(1, column, header)
            cell.font, cell.fill = self._bold, self._head
            cell.border, cell.alignment = self._border, self._middle
        for at, row in enumerate(page.rows, 2):
            for column, value in enumerate(row):
                self._cell(at, column + 1, value, column in page.wrapped, column in page.inputs)
        for column in range(len(page.headers)):
            width = _width(page, column)
            self._sheet.column_dimensions[letter(column + 1)].width = width
        self._sheet.freeze_panes = "A2"
        self._sheet.auto_filter.ref = f"A1:{letter(len(page.headers))}{len(page.rows) + 1}"
        if page.number is not None:
            self._validate(f"{letter(page.number + 1)}2:{letter(page.number + 1)}{_MAX_ROWS}")

    def _cell(self, row: int, column: int, value: Value, wrapped: bool, is_input: bool) -> None:
        cell: Any = self._sheet.cell(row, column)  # the stubs hide `_style`
        if isinstance(value, Decimal) and _digits(value) > _EXACT_DIGITS:
            value = plain_digits(value)
        if isinstance(value, str):
            cell.value = _UNWRITABLE.sub("", value)[:_MAX_TEXT]
            cell.data_type = "s"  # never a formula
        else:
            cell.value = value
        look = _Look(wrapped, is_input, is_formula(value), _number_format(value))
        if look not in self._styles:
            cell.font, cell.border, cell.number_format = self._font, self._border, look.form
            cell.alignment = self._wrap if wrapped else self._plain
            cell.quotePrefix = look.quoted
            if is_input:
                cell.fill = self._input
            self._styles[look] = cell._style
        cell._style = self._styles[look]

    def _validate(self, cells: str) -> None:
        """Warn of anything but a number ≥ 0; 2500余 and 伍万元 stay possible."""
        from openpyxl.worksheet.datavalidation import DataValidation  # noqa: TID251 - the same

        rule = DataValidation(
            type="decimal", operator="greaterThanOrEqual", formula1="0", errorStyle="warning"
        )
        rule.prompt = "请填数字；带“余”“约”等的可照原文填写，如 2500余。"
        rule.error = "这里一般填不小于 0 的数字。确需照此填写，请选“是”。"
        rule.showInputMessage = rule.showErrorMessage = True
        rule.add(cells)
        self._sheet.add_data_validation(rule)


class _Look(NamedTuple):
    """What makes cells look alike; `quoted` text stays text when a person edits the cell."""

    wrapped: bool
    is_input: bool
    quoted: bool
    form: str


def _digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)


def _number_format(value: Value) -> str:
    """Years and ordinals as they are; amounts with as many decimals as they have."""
    if not isinstance(value, Decimal):
        return "General"
    places = len(plain_digits(value).partition(".")[2])
    return "#,##0." + "0" * places if places else "#,##0"


def _width(page: Page, column: int) -> float:
    """Wide enough for what the column holds, within reason; in half-width characters."""
    sample = [row[column] for row in page.rows[:_SAMPLED] if column < len(row)]
    texts = [page.headers[column], *(str(value) for value in sample if value is not None)]
    widest = max(sum(_columns(char) for char in text) for text in texts)
    limit = _WRAPPED if column in page.wrapped else _WIDEST
    return max(_NARROWEST, min(widest + 2, limit))


def _columns(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1


def read_sheet(path: Path) -> dict[str, list[list[Cell]]]:
    """The cells of each worksheet by its name; a .csv (UTF-8, GBK, UTF-16) is one of them.

    Row n of a list is row n + 1 of the sheet. Raises SheetError for what is no spreadsheet, is
    protected by a password, or is too large.
    """
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise SheetError(f"无法读取 {path.name}：{reason(exc)}。", "请检查路径。") from exc
    if len(data) > _MAX_READ_BYTES:
        raise SheetError(f"{path.name} 超过 20 MB，不像是一张填报表。")
    if data.startswith(_OLE):
        raise SheetError(f"{path.name} 是旧版 .xls 或带密码的表格。", "请去除密码，另存为 .xlsx。")
    if data.startswith(b"PK"):
        return _read_xlsx(data, path.name)
    return {path.stem: read_csv(data, path.name)}


def _read_xlsx(data: bytes, name: str) -> dict[str, list[list[Cell]]]:
    import openpyxl  # noqa: TID251 - the same

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > _MAX_UNPACKED_BYTES:
                raise SheetError(f"{name} 展开后过大，不像是一张填报表。")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts of a workbook that hold no cells
            books = [
                openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=results)
                for results in (False, True)
            ]
            typed, shown = books
            return {s.title: _read_page(s, shown[s.title]) for s in typed.worksheets}
    except SheetError:
        raise
    except Exception as exc:  # openpyxl raises whatever a damaged file provokes
        raise SheetError(f"{name} 已损坏或不是 .xlsx 表格。") from exc


def _read_page(typed: Any, shown: Any) -> list[list[Cell]]:
    for sheet in (typed, shown):
        sheet.reset_dimensions()  # some programs write them wrong
    rows: list[list[Cell]] = []
    last = 0
    rows_of = (sheet.iter_rows(max_col=_MAX_COLUMNS) for sheet in (typed, shown))
    for n, pair in enumerate(zip(*rows_of, strict=True), 1):
        row = [_cell(one, other) for one, other in zip(*pair, strict=True)]
        if any(cell.text or cell.fault for cell in row):
            last = n
        if last > MAX_READ_ROWS:
            raise SheetError(f"工作表“{typed.title}”超过 {MAX_READ_ROWS} 行，不像是一张填报表。")
        if n <= MAX_READ_ROWS:
            rows.append(row)
        if n >= _MAX_ROWS:
            break
    return rows[:last]


def _cell(typed: Any, shown: Any) -> Cell:
    """A cell from what was typed and from the result last computed for it."""
    value = shown.value
    if typed.data_type == "f" and value is None:
        return Cell(str(typed.value), fault="是公式，但文件里没有计算结果")
    if shown.data_type == "e":
        return Cell(str(value), fault="是公式的错误值")
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE", fault="是逻辑值，不是数字")
    if isinstance(value, datetime | date | time | timedelta):
        return Cell(str(value), fault="被 Excel 当成了日期或时间，请把单元格格式改为“常规”后重填")
    if isinstance(value, int | float):
        exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
        return Cell(exact, percent="%" in _QUOTED.sub("", shown.number_format or ""))
    return Cell(None if value is None else str(value))

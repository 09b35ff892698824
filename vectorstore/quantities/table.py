"""Figures in tables: rows are lines of the stored text, cells are parted by tabs.

A cell's indicator is its row label with its column header; unit and year come from the header
(罚没款（万元）, 2024年), a column 计量单位, or the caption (单位：万元).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from vectorstore.clean import fold
from vectorstore.quantities.figure import Figure
from vectorstore.quantities.numerals import parse_number, plain
from vectorstore.quantities.units import load_units
from vectorstore.types import Dimension, QuantityKind

__all__ = ["TableFigure", "table_figures"]

_NUMERIC = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?%?|-?\d+(?:\.\d+)?[%‰]?")
_IN_BRACKETS = re.compile(r"[(\[]\s*(?:单位:?)?(?P<unit>[^()\[\]]+)[)\]]|/(?P<slash>[^/()]+)$")
_CAPTION = re.compile(r"单位 ?(?:: ?|均?为|是)(?P<unit>[^\s,;、。()]+)")
_REMARK = re.compile("注|说明|备注|表|单位")  # how a line below a table begins that speaks of it
_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d) ?年?度?")
_LAST = re.compile("上年|去年|上一年|同期")
_THIS = re.compile("本年|今年|本期|当年")
_AIM = re.compile("目标|计划|任务数|任务量")
_NO_FIGURE = re.compile("序号|编号|年份|年度$|备注|电话|文号|日期|时间|代码|排名|名次")
_LABEL_OF_UNITS = re.compile("(?:计量)?单位")
_PLAIN_HEADER = re.compile(
    "(?:数量|数值|数据|数|合计|总计|总数|完成情况|情况|完成数|实际|实际完成|全年|指标值|结果|值|本年|今年|累计"
    "|件数|案件数|宗数|户数|人数|人次|场次|场数|份数|金额|次数|内容|完成|完成值|完成量|实绩)?"
)
_SCALED_UNITS = frozenset({"万元", "亿元", "万人次", "万人", "万份"})
_MAX_COLUMNS = 64  # no printed table is wider; a cell looks at all cells to its left
_TOTAL = re.compile("合计|总计|小计")


@dataclass(frozen=True, slots=True)
class TableFigure:
    """A figure of a table with what row and column say of it; `row` is the span of its line."""

    figure: Figure
    indicator: str
    label: str
    year: str
    planned: bool
    row: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Cell:
    start: int
    text: str  # folded, without blanks at its ends

    @property
    def numeric(self) -> bool:
        return bool(_NUMERIC.fullmatch(self.text))


@dataclass(frozen=True, slots=True)
class _Column:
    """What a header says: name without its unit, unit, and whether figures stand below it."""

    name: str
    unit: str
    year: str
    planned: bool
    counted: bool


def table_figures(text: str, scanned: Sequence[Figure]) -> list[TableFigure]:
    """Figures of every table in `text`: bare numbers, and cells that `scanned` fills whole."""
    printed = {figure.start: figure for figure in scanned if figure.kind is QuantityKind.QUANTITY}
    found: list[TableFigure] = []
    for caption, rows in _tables(text):
        found += _figures(rows, caption, printed)
    return found


def _tables(text: str) -> Iterator[tuple[str, list[list[_Cell]]]]:
    """The line above each table, and its rows of cells."""
    if "\t" not in text:
        return
    caption, rows, at = "", [], 0
    for line in text.split("\n"):
        if "\t" in line:
            rows.append(_cells(line, at))
        else:
            below = fold(line)
            if rows:
                yield caption + (f" {below}" if _REMARK.match(below.strip("( ")) else ""), rows
                rows = []
            caption = below
        at += len(line) + 1
    if rows:
        yield caption, rows


def _cells(line: str, at: int) -> list[_Cell]:
    cells = []
    for raw in line.split("\t"):
        text = fold(raw)
        cells.append(_Cell(at + len(text) - len(text.lstrip()), text.strip()))
        at += len(raw) + 1
    return cells


def _figures(
    rows: list[list[_Cell]], caption: str, printed: dict[int, Figure]
) -> Iterator[TableFigure]:
    columns, body = _columns(rows)
    columns = [_label_if_no_units(column, n, body) for n, column in enumerate(columns)]
    common = _CAPTION.search(caption)
    for row in body:
        row_unit = _row_unit(row)
        for index, cell in enumerate(row[:_MAX_COLUMNS]):
            column = columns[index] if index < len(columns) else None
            if column is not None and not column.counted:
                continue
            label = _label(row, index, columns)
            if not label and column is None:
                continue
            unit = (column.unit if column else "") or row_unit or (common["unit"] if common else "")
            figure = _figure(cell, unit, printed)
            if figure is None or (figure.unit == "" and _YEAR.fullmatch(cell.text)):
                continue
            span = (row[0].start, row[-1].start + len(row[-1].text))
            yield _placed(figure, label, column, span)


def _header(rows: list[list[_Cell]]) -> list[_Cell]:
    """The first row when it names columns: several cells, none of them a number."""
    first = rows[0]
    named = [cell for cell in first if cell.text]
    if len(rows) < 2 or len(named) < 2 or any(cell.numeric for cell in first):
        return []
    below = any(cell.numeric or cell.text[:1].isdigit() for row in rows[1:] for cell in row[1:])
    printed = any(re.search(r"\d", cell.text) and not _YEAR.match(cell.text) for cell in named)
    return first if below and not printed else []


def _label_if_no_units(column: _Column, index: int, body: list[list[_Cell]]) -> _Column:
    """单位 heads a column of measure words or of organisations."""
    if column.name != "单位" or column.counted:
        return column
    units = load_units().dimension.keys() | _SCALED_UNITS
    cells = [row[index].text for row in body if index < len(row)]
    return column if any(cell in units for cell in cells) else replace(column, counted=True)


def _columns(rows: list[list[_Cell]]) -> tuple[list[_Column], list[list[_Cell]]]:
    """What each column is, from one header row or two, and the rows below."""
    header = [cell.text for cell in _header(rows)]
    columns = [_column(text) for text in header]
    second = [cell.text for cell in rows[1]] if header and len(rows) > 2 else []
    if not second or any(re.search(r"\d", text) for text in second):
        return columns, rows[1 if header else 0 :]
    owner = 0
    spans: dict[int, list[int]] = {}
    for index, text in enumerate(header):
        owner = index if text else owner
        spans.setdefault(owner, []).append(index)
    below = [index for columns_ in spans.values() if len(columns_) > 1 for index in columns_]
    named = [text for text in second if text]
    if len(named) != len(below):
        return columns, rows[1:]
    groups = list(columns)
    for index, text in zip(below, named, strict=True):
        group = groups[max(n for n in spans if n <= index)]
        sub = _column(text)
        name = "·".join(word for word in (group.name, sub.name) if word and word != "小计")
        columns[index] = replace(sub, name=name, unit=sub.unit or group.unit)
    return columns, rows[2:]


def _column(header: str) -> _Column:
    unit = ""
    bracket = _IN_BRACKETS.search(header)
    if bracket:
        unit = (bracket["unit"] or bracket["slash"]).strip()
        header = header[: bracket.start()] + header[bracket.end() :]
    year = _YEAR.search(header)
    said = year["year"] if year else "-1" if _LAST.search(header) else ""
    planned = bool(_AIM.search(header))
    counted = not (_NO_FIGURE.search(header) or _LABEL_OF_UNITS.fullmatch(header))
    name = _THIS.sub("", _LAST.sub("", _YEAR.sub("", header))).strip(" 度数完成") or ""
    name = header if name and not year and not said and not _THIS.search(header) else name
    return _Column("" if _PLAIN_HEADER.fullmatch(name) else name, unit, said, planned, counted)


def _row_unit(row: list[_Cell]) -> str:
    for index, cell in enumerate(row):
        if index and (cell.text in load_units().dimension or cell.text in _SCALED_UNITS):
            return cell.text
    return ""


def _label(row: list[_Cell], index: int, columns: list[_Column]) -> str:
    """The words to the left of a cell: all of them under a header, else the nearest."""
    units = load_units().dimension.keys() | _SCALED_UNITS
    words = [
        cell.text
        for n, cell in enumerate(row[:index])
        if cell.text and not cell.numeric and cell.text not in units
        and (not columns or n >= len(columns) or columns[n].counted)
        and not re.search(r"^\d|\d[^\d]{0,3}$", cell.text)
    ]  # fmt: skip
    if columns:
        return "·".join(dict.fromkeys(words))
    return words[-1] if words else ""


def _figure(cell: _Cell, unit: str, printed: dict[int, Figure]) -> Figure | None:
    """The cell's figure: as printed with its unit, or a bare number with the column's unit."""
    figure = printed.get(cell.start)
    if figure is not None and figure.end >= cell.start + len(cell.text):
        return figure
    if not cell.numeric:
        return None
    number = cell.text.rstrip("%‰").lstrip("-")
    value = parse_number(number)
    if value is None:
        return None
    scale, name = Decimal(1), unit
    if cell.text[-1] in "%‰":
        name = cell.text[-1]
    elif unit[:1] in "万亿" and unit:
        scale, name = (Decimal(10_000) if unit[0] == "万" else Decimal(10**8)), unit[1:]
    units = load_units().dimension
    dimension = units.get(name, Dimension.OTHER)
    value = plain(value * scale * (-1 if cell.text.startswith("-") else 1))
    end = cell.start + len(cell.text)
    known = name if name in units else ""
    return Figure(cell.start, end, QuantityKind.QUANTITY, value, None, known, dimension)


def _placed(
    figure: Figure, label: str, column: _Column | None, row: tuple[int, int]
) -> TableFigure:
    named = _YEAR.fullmatch(label)
    year = (column.year if column else "") or (named["year"] if named else "")
    name = column.name if column else ""
    own = "" if named or _TOTAL.fullmatch(label) else re.sub(r"\([^)]*\)$", "", label)
    bracket = _IN_BRACKETS.search(label)
    if bracket and not figure.unit:
        unit = (bracket["unit"] or bracket["slash"]).strip()
        refreshed = _figure(_Cell(figure.start, str(figure.value)), unit, {})
        if refreshed is not None and refreshed.unit:
            figure = replace(refreshed, start=figure.start, end=figure.end)
    indicator = "·".join(word for word in (own, name) if word)
    return TableFigure(figure, indicator, label, year, bool(column and column.planned), row)

"""A filled sheet read back: exact figures with their row numbers, and every fault named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal, NamedTuple

from assistant.cells import Cell
from assistant.ledger.entries import Entry
from assistant.ledger.errors import FillInError
from assistant.ledger.figure_cell import CellFigure, UnreadableError, read_figure
from assistant.ledger.items import SheetItem
from assistant.ledger.subjects import Subject, Subjects
from assistant.ledger.template import COLUMNS
from assistant.sheet import read_sheet
from vectorstore.clean import fold
from vectorstore.indicators import Lexicon
from vectorstore.types import Dimension, Hedge

__all__ = ["FillIn", "FillRow", "Problem", "entries", "read_fill_in", "require_clean"]

Level = Literal["error", "warning", "blank"]

_HEADER_ROWS = 10  # a title and notes may stand above the header
_YEAR = re.compile(r"(20\d\d)年?")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about row `row` (numbered as the spreadsheet shows) of the sheet.

    `error`: the sheet may not be used. `warning`: used, but worth a look. `blank`: no figure yet.
    """

    row: int
    column: str
    cell: str
    reason: str
    level: Level = "error"

    def __str__(self) -> str:
        shown = f"“{self.cell}”" if self.cell else ""
        return f"第{self.row}行“{self.column}”{shown}{self.reason}。"


@dataclass(frozen=True, slots=True)
class FillRow:
    """One figure of the new year, in the base unit; the fields are those of a ledger figure.

    `key` is that of the fill-in sheet (`SheetItem.key`) or of an indicator the user added. `row`
    is the row of the spreadsheet, `text` the figure as a report would print it.
    """

    row: int
    key: str
    indicator: str
    canonical: str
    value: Decimal
    value_max: Decimal | None
    hedge: Hedge
    unit: str
    dimension: Dimension
    year: int
    text: str
    source: str = ""
    remark: str = ""

    @property
    def evidence(self) -> str:
        """Where the figure comes from, as a comment in the draft says it."""
        return f"来自指标填报表 第{self.row}行"


@dataclass(frozen=True, slots=True)
class FillIn:
    """A sheet as read: the good rows in order, and what is wrong with the others."""

    name: str
    year: int
    rows: tuple[FillRow, ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems for which the sheet may not be used."""
        return tuple(problem for problem in self.problems if problem.level == "error")


def require_clean(fill_in: FillIn) -> FillIn:
    """The same sheet, or FillInError that names every bad row; nothing is ever half used."""
    if fill_in.errors:
        lines = "\n".join(f"  {problem}" for problem in fill_in.errors)
        count = len({problem.row for problem in fill_in.errors})
        raise FillInError(f"{fill_in.name} 有 {count} 行需要改正，没有采用其中任何数据：\n{lines}")
    return fill_in


def read_fill_in(
    path: Path, lexicon: Lexicon, year: int, items: Sequence[SheetItem] = ()
) -> FillIn:
    """Read a filled sheet (.xlsx, or .csv in UTF-8 or GBK) for `year`.

    `items` are those of the template, where the caller has them: keys are then checked against
    them. Columns are found by their headers. Raises SheetError for an unreadable file, FillInError
    when it is no fill-in sheet or one of another year.
    """
    grid, header = _grid_of(path, year)
    reader = _Reader(lexicon, year, header.columns, items)
    for n, cells in enumerate(grid[header.row :], header.row + 1):
        reader.read(n, cells)
    problems = sorted(reader.problems, key=lambda problem: problem.row)
    return FillIn(path.name, year, tuple(reader.rows), tuple(problems))


def entries(path: Path, year: int) -> tuple[Entry, ...]:
    """The rows of a filled sheet that name an indicator or a value. Raises as `read_fill_in`."""
    grid, header = _grid_of(path, year)

    def text(cells: Sequence[Cell], column: str) -> str:
        at = header.columns.get(column, len(cells))
        return cells[at].text if at < len(cells) else ""

    c = COLUMNS
    names = (c.key, c.indicator, c.value, c.unit, c.source, c.remark)
    rows = (Entry(*(text(cells, name) for name in names)) for cells in grid[header.row :])
    return tuple(row for row in rows if row.key or row.indicator or row.value)


_SYNONYMS = {
    "指标名称": COLUMNS.indicator,
    "计量单位": COLUMNS.unit,
    "本年数": COLUMNS.value,
    "上年数": COLUMNS.last,
    "数据来源": COLUMNS.source,
    "提供科室": COLUMNS.source,
}
_NAMES = {name: name for name in astuple(COLUMNS)} | _SYNONYMS


# Two of these columns would leave open which one counts.
_ONLY_ONE = frozenset({COLUMNS.indicator, COLUMNS.value, COLUMNS.unit, COLUMNS.key})


class _Header(NamedTuple):
    """The header's row (the first is 1), where each column is, the year the figures are of."""

    row: int
    columns: dict[str, int]
    year: int | None


def _grid_of(path: Path, year: int) -> tuple[list[list[Cell]], _Header]:
    grid, header = _find_grid(path)
    if header.year not in (None, year):
        raise FillInError(f"{path.name} 填的是{header.year}年的数据，不是{year}年的。")
    return grid, header


def _find_grid(path: Path) -> tuple[list[list[Cell]], _Header]:
    """The one sheet of the file that has the header of a fill-in sheet."""
    found = [(grid, header) for grid in read_sheet(path).values() if (header := _find_header(grid))]
    if not found:
        raise FillInError(
            f"{path.name} 里没有“{COLUMNS.indicator}”和“{COLUMNS.value}”两列。",
            "请使用 fazhi ledger --template 生成的填报表，第一行的列名不要改动。",
        )
    if len(found) > 1:
        raise FillInError(
            f"{path.name} 里有 {len(found)} 个工作表都是填报表，不知道该用哪一个。",
            "请只保留填好的一个工作表。",
        )
    return found[0]


def _find_header(grid: Sequence[Sequence[Cell]]) -> _Header | None:
    for row, cells in enumerate(grid[:_HEADER_ROWS], 1):
        columns: dict[str, int] = {}
        year = None
        for n, cell in enumerate(cells):
            text = "".join(fold(cell.text).split())
            name = _NAMES.get(text.partition("(")[0])
            if name is None:
                continue
            if name in columns and name in _ONLY_ONE:
                raise FillInError(f"表里有两列“{name}”，不知道该用哪一列。", "请删去多余的一列。")
            columns.setdefault(name, n)
            if name == COLUMNS.value and (found := _YEAR.search(text)):
                year = int(found[1])
        if COLUMNS.indicator in columns and COLUMNS.value in columns:
            return _Header(row, columns, year)
    return None


class _Reader:
    """Reads row after row and remembers which indicators it has seen."""

    def __init__(
        self, lexicon: Lexicon, year: int, columns: Mapping[str, int], items: Sequence[SheetItem]
    ) -> None:
        self.rows: list[FillRow] = []
        self.problems: list[Problem] = []
        self._subjects = Subjects(lexicon, items)
        self._year = year
        self._columns = columns
        self._seen: dict[str, int] = {}

    def read(self, n: int, cells: Sequence[Cell]) -> None:
        """Row `n`: a figure, a blank, a fault, or nothing at all."""
        row = {name: cells[at] if at < len(cells) else Cell() for name, at in self._columns.items()}
        value = row[COLUMNS.value]
        name, key = self._text(row, COLUMNS.indicator), self._text(row, COLUMNS.key)
        if not value.text and not value.fault:
            if name and (key or self._text(row, COLUMNS.unit)):
                self._note(n, value, f"没有填（{name}），起草时留作待填", "blank")
            return
        try:
            if not (name or key):
                raise UnreadableError("没有写是什么指标")
            subject = self._subjects.find(name, key, self._text(row, COLUMNS.last))
            unit = subject.unit_of(self._text(row, COLUMNS.unit))
            figure = read_figure(value, unit)
            for warning in self._subjects.check(subject, figure, value):
                self._note(n, value, warning, "warning")
            if value.text in (str(self._year), str(self._year - 1)):
                self._note(n, value, "与年份相同，请确认不是误填", "warning")
            self._add(n, row, subject, figure)
        except UnreadableError as exc:
            self._note(n, value, str(exc))

    def _add(self, n: int, row: Mapping[str, Cell], subject: Subject, figure: CellFigure) -> None:
        key, canonical = self._subjects.keys(subject, figure.dimension)
        if key in self._seen:
            raise UnreadableError(f"重复：“{subject.indicator}”在第{self._seen[key]}行已经填过")
        self._seen[key] = n
        if subject.added and key != canonical:
            reason = f"是表外增加的指标，按“{subject.indicator}”使用"
            self._note(n, row[COLUMNS.value], reason, "warning")
        self.rows.append(
            FillRow(
                row=n,
                key=key,
                indicator=subject.indicator,
                canonical=canonical,
                value=figure.value,
                value_max=figure.value_max,
                hedge=figure.hedge,
                unit=figure.unit,
                dimension=figure.dimension,
                year=self._year,
                text=figure.text,
                source=self._text(row, COLUMNS.source),
                remark=self._text(row, COLUMNS.remark),
            )
        )

    def _note(self, n: int, value: Cell, reason: str, level: Level = "error") -> None:
        self.problems.append(Problem(n, COLUMNS.value, value.text, reason, level))

    @staticmethod
    def _text(row: Mapping[str, Cell], column: str) -> str:
        return row[column].text if column in row else ""

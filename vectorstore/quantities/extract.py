"""Figures of a report or of any text, each with its indicator, organisation, year and modality."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vectorstore.clean import fold
from vectorstore.indicators import Lexicon, load_lexicon
from vectorstore.quantities.compare import is_gap
from vectorstore.quantities.context import Context, make_context
from vectorstore.quantities.figure import Figure
from vectorstore.quantities.indicator import find_indicators
from vectorstore.quantities.org import subject_org
from vectorstore.quantities.places import Places, places_of, places_of_text
from vectorstore.quantities.scan import scan
from vectorstore.quantities.scope import Timing, timing
from vectorstore.quantities.table import TableFigure, table_figures
from vectorstore.scope.kinds import kind_of
from vectorstore.types import Dimension, Modality, Quantity, QuantityKind, Report

__all__ = ["extract", "extract_text"]


def extract(report: Report, lexicon: Lexicon) -> tuple[Quantity, ...]:
    """Every figure, date and fixed phrase of a report, in order of `start`."""
    return _Extraction(report.text, report.org, report.year, places_of(report), lexicon).run()


def extract_text(
    text: str, org: str = "", year: int | None = None, lexicon: Lexicon | None = None
) -> tuple[Quantity, ...]:
    """The same for any text (an answer, a draft, a question) of one organisation and year.

    Without `org`, an organisation named as a subject holds to the end of its paragraph.
    """
    lexicon = lexicon or load_lexicon()
    return _Extraction(text, org, year, places_of_text(text), lexicon).run()


_MAX_SENTENCE = 1_000  # characters; a list without a full stop or a wide table row is cut
# 每月1次, 每季度听取汇报1次: how often, not how many there were.
_EACH = re.compile("每(?:[个两半])?(?:月|季度?|周|日|天|旬|半年)[^,;。、]{0,12}$")
_LOOK_BACK = 500  # characters in which a year or an organisation is looked for


def _within(span: tuple[int, int], figure: Figure) -> tuple[int, int]:
    """The sentence, or where it never ends its characters on both sides of the figure."""
    start, end = span
    if end - start <= _MAX_SENTENCE:
        return span
    return max(start, figure.start - _MAX_SENTENCE // 2), min(end, figure.end + _MAX_SENTENCE // 2)


@dataclass(frozen=True, slots=True)
class _Measured:
    """A figure with what it measures."""

    figure: Figure
    indicator: str
    cell: TableFigure | None = None


class _Extraction:
    """One text on its way from characters to quantities."""

    def __init__(
        self, text: str, org: str, year: int | None, places: Places, lexicon: Lexicon
    ) -> None:
        self._text = text
        self._org = org
        self._year = year
        self._places = places
        self._lexicon = lexicon
        self._view = fold(text.replace("\t", "\n"))

    def run(self) -> tuple[Quantity, ...]:
        """All quantities in order."""
        scanned = scan(self._text, self._view)
        context = make_context(self._view, scanned)
        cells = table_figures(self._text, scanned)
        return tuple(
            self._quantity(context, measured)
            for measured in self._measured(context, scanned, cells)
        )

    def _measured(
        self, context: Context, scanned: list[Figure], cells: list[TableFigure]
    ) -> Iterator[_Measured]:
        indicators = find_indicators(context, scanned)
        taken = {cell.figure.start: cell for cell in cells}
        all_ = [
            _Measured(figure, indicator)
            for figure, indicator in zip(scanned, indicators, strict=True)
            if figure.start not in taken
        ]
        all_ += [_Measured(cell.figure, cell.indicator, cell) for cell in cells]
        all_.sort(key=lambda measured: measured.figure.start)
        end = 0
        for measured in all_:
            if measured.figure.start >= end:
                end = measured.figure.end
                yield measured

    def _scope(self, context: Context, measured: _Measured) -> tuple[str, Timing]:
        figure, cell = measured.figure, measured.cell
        planned = self._places.at(figure.start).planned
        if cell is not None:
            return self._row_scope(cell, planned)
        start = max(context.sentence(figure.start)[0], figure.start - _LOOK_BACK)
        said = self._view[start : figure.start]
        after = self._view[figure.end : figure.end + 8]
        when = timing(said, after, figure.hedge, base=self._year, planned=planned)
        if not self._org:
            edge = max(0, figure.start - _LOOK_BACK)
            start = max(self._view.rfind("\n", edge, figure.start) + 1, edge)
        said = context.view[start : figure.start]
        if is_gap(said, figure.dimension):
            return self._org, when
        return subject_org(said, self._org), when

    def _row_scope(self, cell: TableFigure, planned: bool) -> tuple[str, Timing]:
        org = cell.label if kind_of(cell.label)[1] else self._org
        year = self._year
        if cell.year == "-1":
            year = year - 1 if year is not None else None
        elif cell.year:
            year = int(cell.year)
        elif planned and year is not None:
            year += 1
        done = planned and self._year is not None and year is not None and year <= self._year
        aimed = cell.planned or (planned and not done)
        return org, Timing(year, Modality.TARGET if aimed else Modality.ACTUAL)

    def _quantity(self, context: Context, measured: _Measured) -> Quantity:
        figure, cell = measured.figure, measured.cell
        org, when = self._org, Timing(self._year, Modality.ACTUAL)
        if figure.kind is QuantityKind.QUANTITY:
            org, when = self._scope(context, measured)
        start, end = _within(cell.row if cell else context.sentence(figure.start), figure)
        indicator = measured.indicator
        if cell is not None and org == cell.label != self._org:
            indicator = indicator.removeprefix(cell.label).lstrip("·")
        # 由6名增至9名: the 6 is of no year that is said, most likely of the one before; no value
        # of an indicator for that year. A time limit (由20日压缩至9日) is older than any year.
        year, before = when.year, when.year is None and self._year is not None
        if before and self._year is not None and figure.dimension is not Dimension.TIME:
            year = self._year - (not self._places.at(figure.start).planned)
        return Quantity(
            text=self._text[figure.start : figure.end],
            start=figure.start,
            end=figure.end,
            kind=figure.kind,
            value=figure.value,
            value_max=figure.value_max,
            unit=figure.unit,
            dimension=figure.dimension,
            hedge=figure.hedge,
            indicator=indicator,
            canonical=""
            if before or not indicator or _EACH.search(self._view[start : figure.start])
            else self._lexicon.match(indicator, figure.dimension, unit=figure.unit),
            org=org,
            year=year,
            modality=when.modality,
            heading=self._places.at(figure.start).heading,
            sentence_start=start,
            sentence_end=end,
        )

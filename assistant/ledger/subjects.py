"""What a row of a filled sheet is about, and whether its figure can be of that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.cells import Cell, plain_digits
from assistant.ledger.figure_cell import CellFigure, Unit, UnreadableError, read_figure, read_unit
from assistant.ledger.items import OWN_PREFIX, SheetItem, own_key
from vectorstore.clean import fold
from vectorstore.indicators import Indicator, Lexicon
from vectorstore.quantities import parse_number
from vectorstore.types import DISCRETE, Dimension, Hedge

__all__ = ["Subject", "Subjects"]

_MEAN = re.compile("平均|人均|均")
_RATE = re.compile("率|满意度|占比|比例|比重")
_MAY_PASS_100 = re.compile("增|升|降|速|同比|环比|完成率|达成率|执行率")
_SURE_RATE = Decimal(10)  # last year's percentage from which one under 1 is taken for a fraction
_MEASURES = frozenset({Dimension.TIME, Dimension.AREA, Dimension.OTHER})
_ROUGH = frozenset({Hedge.NEARLY, Hedge.ABOUT, Hedge.AT_MOST})  # bounds need not be whole


@dataclass(frozen=True, slots=True)
class Subject:
    """The indicator of a row, with last year's unit and value where there was one.

    `added`: a row the writer put in; its `key` is "" until its unit is known.
    """

    key: str
    indicator: str
    canonical: str = ""
    last_unit: Unit | None = None
    last_value: Decimal | None = None
    added: bool = False

    def unit_of(self, printed: str) -> Unit | None:
        """The unit written in the row, else last year's; money is never guessed (元 or 万元)."""
        unit, last = read_unit(printed), self.last_unit
        if last is None:
            return unit
        if unit is None:
            return None if last.dimension is Dimension.MONEY else last
        return replace(unit, dimension=last.dimension) if unit.name == last.name else unit


class Subjects:
    """Finds the subject of each row, among `items` of the template where they are known."""

    def __init__(self, lexicon: Lexicon, items: Sequence[SheetItem]) -> None:
        self._lexicon = lexicon
        self._items = {item.key: item for item in items}

    def find(self, name: str, key: str, last: str) -> Subject:
        """The subject of a row by its key, else by its name. Raises UnreadableError."""
        shared = self._lexicon.indicators.get(key)
        if key in self._items:
            return _of_item(self._items[key])
        if key and not shared and (self._items or not key.startswith(OWN_PREFIX)):
            raise UnreadableError(f"的指标键“{key}”不认识，请照原表恢复；新增的指标请把这一格留空")
        if not key:
            named = [item for item in self._items.values() if item.indicator == name]
            if len(named) == 1:
                return _of_item(named[0])
        unit, value = _read_last(last)
        indicator = name or (shared.name if shared else key)
        return Subject(key, indicator, key if shared else "", unit, value, added=not key)

    def keys(self, subject: Subject, dimension: Dimension) -> tuple[str, str]:
        """The key and the canonical key of a subject whose figure has `dimension`."""
        canonical = subject.canonical or self._lexicon.match(subject.indicator, dimension)
        if subject.key:
            return subject.key, canonical
        shared = self._lexicon.indicators.get(canonical)
        if shared and fold(subject.indicator) in map(fold, (shared.name, *shared.aliases)):
            return canonical, canonical
        return own_key(subject.indicator, dimension), canonical

    def check(self, subject: Subject, figure: CellFigure, cell: Cell) -> list[str]:
        """Warnings about a figure. Raises UnreadableError when it cannot be of this subject."""
        shared = self._lexicon.indicators.get(subject.canonical)
        warnings = _check_unit(subject, figure, shared)
        whole = figure.hedge not in _ROUGH and figure.dimension in DISCRETE
        if whole and figure.value % 1 and not _MEAN.search(subject.indicator):
            raise UnreadableError(f"不是整数，{figure.unit}数应为整数；以万计的请写成 1.3万")
        if figure.dimension is Dimension.PERCENT:
            name = subject.indicator + (shared.name if shared else "")
            warnings += _check_percent(name, subject.last_value, figure, cell)
        return warnings


def _of_item(item: SheetItem) -> Subject:
    unit = read_unit(item.unit) or Unit("", "", item.dimension)
    last = item.mentions[0].quantity.value if item.mentions else None
    unit = replace(unit, dimension=item.dimension)
    return Subject(item.key, item.indicator, item.canonical, unit, last)


def _read_last(text: str) -> tuple[Unit | None, Decimal | None]:
    """Unit and value of last year's figure as the sheet prints it."""
    bare = parse_number(fold(text))
    if bare is not None:
        return Unit("", "", Dimension.OTHER), bare
    try:
        figure = read_figure(Cell(text), None)
    except UnreadableError:
        return None, None
    return Unit(figure.unit, figure.unit, figure.dimension), figure.value


def _check_unit(subject: Subject, figure: CellFigure, shared: Indicator | None) -> list[str]:
    allowed = shared.dimensions if shared else ()
    fits = any(figure.dimension.family is dimension.family for dimension in allowed)
    last = subject.last_unit
    if last is None:
        if shared and not fits:
            raise UnreadableError(f"的单位“{figure.unit}”不能用于“{shared.name}”")
        return []
    if figure.dimension.family is last.dimension.family:
        differs = figure.dimension in _MEASURES and figure.unit != last.name
    elif fits:
        differs = True
    else:
        raise UnreadableError(f"的单位是“{figure.unit}”，上年是“{last.printed}”，两者不能换算")
    return [f"的单位是“{figure.unit}”，上年是“{last.printed}”，两年不便比较"] if differs else []


def _check_percent(name: str, last: Decimal | None, figure: CellFigure, cell: Cell) -> list[str]:
    if figure.value > 100:
        if _RATE.search(name) and not _MAY_PASS_100.search(name):
            raise UnreadableError("超过 100%，“率”“满意度”“占比”不会大于 100%")
        return ["超过 100%，请核对"]
    typed_as_is = not cell.percent and "%" not in fold(cell.text)
    if typed_as_is and last is not None and last >= _SURE_RATE and 0 < figure.value <= 1:
        value, meant = plain_digits(figure.value), plain_digits(figure.value * 100)
        raise UnreadableError(
            f"按单位是 {value}%，而上年是 {plain_digits(last)}%；"
            f"如为 {meant}% 请填 {meant}，确为 {value}% 请连同 % 一起写"
        )
    return []

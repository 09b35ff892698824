"""One filled cell → an exact figure in the base unit, or the reason why not, in Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from assistant.cells import Cell, plain_digits
from vectorstore.clean import fold
from vectorstore.quantities.numerals import parse_number, plain
from vectorstore.quantities.scan import scan
from vectorstore.quantities.units import load_units
from vectorstore.types import Dimension, Hedge, QuantityKind

__all__ = ["CellFigure", "Unit", "UnreadableError", "read_figure", "read_unit"]

_SCALED_UNIT = re.compile("(?P<scale>[十百千]?[万亿]|[百千])(?P<unit>.+)")
_GOAL = re.compile("不少于|不低于|不超过|不高于|至少|力争|确保")
_TRAILING = re.compile("(?:左右|上下|以上)$")  # these stand after the unit
_NOTHING = frozenset({"无", "没有", "/", "-", "--", "未发生", "暂无"})
_NEGATIVE = "不能为负数；下降的，请在指标名称里写明“降幅”并填正数"
_AS_TYPED = "个"  # any unit does when only the number is read
_TWO = re.compile(r"\d\s+(?!\d{3}(?!\d))\d")  # 12 13, but not 1 234 567
_ZEROS = re.compile(r"^0+(?=\d)")
_TOO_MUCH = Decimal(10) ** 20


class UnreadableError(ValueError):
    """Why a cell holds no figure that can be used: a Chinese clause without a full stop."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as printed (万元): `scale` × the base `name` (元) of `dimension`."""

    printed: str
    name: str
    dimension: Dimension
    scale: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class CellFigure:
    """A figure in the base unit; hedged ones as an interval, as in `vectorstore.types.Quantity`.

    `text` is how a report would print it, with its unit.
    """

    value: Decimal
    value_max: Decimal | None
    hedge: Hedge
    unit: str
    dimension: Dimension
    text: str


def read_unit(text: str) -> Unit | None:
    """The unit written in a cell; None when it is empty. A word nobody knows counts as it is."""
    printed = text.strip()
    name = "".join(fold(printed).split())
    if not name:
        return None
    known = load_units().dimension
    if name in known:
        return Unit(printed, name, known[name])
    scaled = _SCALED_UNIT.fullmatch(name)
    if scaled and scaled["unit"] in known:
        scale = parse_number(scaled["scale"])
        assert scale is not None
        return Unit(printed, scaled["unit"], known[scaled["unit"]], scale)
    return Unit(printed, name, Dimension.OTHER)


def read_figure(cell: Cell, unit: Unit | None) -> CellFigure:
    """The figure in `cell`, whose unit stands in its own column unless the cell has it.

    Raises UnreadableError.
    """
    if cell.fault:
        raise UnreadableError(cell.fault)
    figure = _number(cell, unit) if isinstance(cell.value, Decimal) else _text(cell.text, unit)
    if figure.value < 0:
        raise UnreadableError(_NEGATIVE)
    if figure.value >= _TOO_MUCH:
        raise UnreadableError("大得不合常理，请核对")
    return figure


def _number(cell: Cell, unit: Unit | None) -> CellFigure:
    assert isinstance(cell.value, Decimal)
    if cell.percent:
        percent = Unit("%", "%", Dimension.PERCENT)
        _require_same(percent, unit)
        return _exact(plain(cell.value * 100), percent)
    if unit is None:
        raise UnreadableError("没有写单位")
    return _exact(plain(cell.value), unit)


def _exact(number: Decimal, unit: Unit) -> CellFigure:
    text = plain_digits(number) + unit.printed
    value = plain(number * unit.scale)
    return CellFigure(value, None, Hedge.EXACT, unit.name, unit.dimension, text)


def _text(text: str, unit: Unit | None) -> CellFigure:
    if text in _NOTHING:
        raise UnreadableError("不是数字；没有发生请填 0，暂时没有数据请留空")
    if _GOAL.search(text):
        raise UnreadableError("是目标的写法，请填实际完成数")
    if _TWO.search(fold(text)):
        raise UnreadableError("中间有空格，看不出是一个数还是两个数")
    view = _ZEROS.sub("", "".join(fold(text).split()))
    if view.startswith("-") and (_whole(view[1:]) or _whole(view[1:] + _AS_TYPED)):
        raise UnreadableError(_NEGATIVE)
    own = _whole(view)
    if own is not None and own.unit:
        _require_same(Unit(own.unit, own.unit, own.dimension), unit)
        return own
    if unit is None:
        raise UnreadableError("不是带单位的数字")
    split = _TRAILING.search(view)
    number, after = (view[: split.start()], split.group()) if split else (view, "")
    bare = _whole(number + _AS_TYPED + after)
    if bare is None:
        raise UnreadableError("不是一个数字")
    if unit.scale > 1 and re.search("[万亿]", view):
        raise UnreadableError(f"已写了“万”或“亿”，“单位”列又是“{unit.printed}”，请只写一处")
    high = None if bare.value_max is None else plain(bare.value_max * unit.scale)
    value = plain(bare.value * unit.scale)
    text = number + unit.printed + after
    return CellFigure(value, high, bare.hedge, unit.name, unit.dimension, text)


def _whole(view: str) -> CellFigure | None:
    """The one figure that `view` consists of, if it does.

    共 before it keeps 一件 and 1.5万 from being read as a manner of speaking or an outline number.
    """
    text = f"共{view}"
    found = scan(text, text)
    if len(found) != 1 or found[0].kind is not QuantityKind.QUANTITY or found[0].value is None:
        return None
    figure = found[0]
    if figure.start > 1 or figure.end != len(text):
        return None
    return CellFigure(
        found[0].value, figure.value_max, figure.hedge, figure.unit, figure.dimension, view
    )


def _require_same(written: Unit, unit: Unit | None) -> None:
    if unit is not None and written.dimension.family is not unit.dimension.family:
        raise UnreadableError(f"的单位是“{written.printed}”，与“单位”列的“{unit.printed}”不一致")

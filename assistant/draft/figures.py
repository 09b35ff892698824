"""This year's figures in the places of last year's: matched, printed in the same style, sourced."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.ledger import printed
from vectorstore.clean import fold
from vectorstore.quantities import parse_number
from vectorstore.store import LedgerRow
from vectorstore.types import Dimension, Hedge, Modality, Quantity

__all__ = ["Supplied", "Supply", "base_value", "in_style", "print_value", "reminder", "short_name"]

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SCALE = re.compile("[百千]?[万亿]")
_PREFIX = {
    Hedge.NEARLY: "近",
    Hedge.ABOUT: "约",
    Hedge.AT_LEAST: "不少于",
    Hedge.AT_MOST: "不超过",
    Hedge.MORE_THAN: "超",
}
_TWO = Decimal(2)
_LONG_NAME = 10  # characters; a longer name loses what stands before its last 的


@dataclass(frozen=True, slots=True)
class Supplied:
    """A figure of the new year the writer gave: `row` with its value, `comment` with its source.

    `key` is that of the fill-in sheet's item, "" for a figure of the notes.
    """

    row: LedgerRow
    comment: str
    key: str = ""

    @property
    def quantity(self) -> Quantity:
        """The figure itself."""
        return self.row.quantity


class Supply:
    """What is known of the new year, looked up by the place of last year's figure.

    `keys` and `targets` map the start of each of last year's figures, and of each of its targets,
    to the key of its item in the sheet.
    """

    def __init__(
        self,
        sheet: Iterable[Supplied] = (),
        notes: Iterable[Supplied] = (),
        keys: Mapping[int, str] | None = None,
        targets: Mapping[int, str] | None = None,
    ) -> None:
        self.sheet = tuple(sheet)
        self.notes = tuple(notes)
        self._by_key = {s.key: s for s in self.sheet if s.key}
        self._keys = dict(keys or {})
        self._targets = dict(targets or {})

    def of(self, row: LedgerRow) -> Supplied | None:
        """The new year's value of the figure in `row`; the sheet goes before the notes."""
        key = self._keys.get(row.quantity.start, "")
        return self._by_key.get(key) or self._noted(row)

    def knows(self, key: str) -> bool:
        """Whether last year's report has the indicator of that key."""
        return key in self._keys.values() or key in self._targets.values()

    def reached(self, target: LedgerRow) -> Supplied | None:
        """What came of last year's target, as the sheet or the notes tell."""
        key = self._targets.get(target.quantity.start, "")
        if key in self._by_key:
            return self._by_key[key]
        q = replace(target.quantity, modality=Modality.ACTUAL)
        return self._noted(replace(target, quantity=q))

    def _noted(self, row: LedgerRow) -> Supplied | None:
        q = row.quantity
        if not q.indicator:
            return None
        fitting = [
            s
            for s in self.notes
            if s.quantity.dimension is q.dimension
            and s.quantity.modality is q.modality
            and _same_name(s.quantity, q)
        ]
        return fitting[0] if len(fitting) == 1 else None


def _same_name(note: Quantity, last: Quantity) -> bool:
    if note.indicator == last.indicator:
        return True
    plainly = "·" not in last.indicator and len(last.indicator) <= len(note.indicator) + 6
    return bool(note.canonical) and note.canonical == last.canonical and plainly


def base_value(quantity: Quantity) -> Decimal:
    """The number printed, in the base unit, whatever qualifies it."""
    low, high = quantity.value or Decimal(0), quantity.value_max
    match quantity.hedge:
        case Hedge.NEARLY | Hedge.AT_MOST if high is not None:
            return high
        case Hedge.ABOUT if high is not None:
            return (low + high) / _TWO
        case _:
            return low


def in_style(new: Quantity, last: Quantity) -> str:
    """`new` printed as last year's figure was: its unit and scale, the new figure's own hedge."""
    return print_value(base_value(new), new.hedge, last)


def print_value(value: Decimal, hedge: Hedge, like: Quantity) -> str:
    """`value` (base unit) with the unit and scale of `like`, exact to the last digit."""
    view = fold(like.text)
    if parse_number(view) is not None:  # a table cell: the header names the unit
        return _in_scale(value, like, view)
    scale = _scale_of(view, like)
    power = {"万": 4, "亿": 8}.get(scale[-1:], 0) + {"百": 2, "千": 3}.get(scale[:1], 0)
    if power and value and value < Decimal(10) ** (power - 2):
        scale, power = "", 0
    number = _digits(value.scaleb(-power))
    over = "余" if hedge is Hedge.OVER_ROUND else ""
    return f"{_PREFIX.get(hedge, '')}{number}{scale}{over}{_unit_of(like)}"


def _in_scale(value: Decimal, like: Quantity, view: str) -> str:
    shown = parse_number(view)
    base = base_value(like)
    factor = base / shown if shown else Decimal(1)
    return _digits(value / factor)


def _scale_of(view: str, like: Quantity) -> str:
    unit_at = view.rfind(like.unit) if like.unit else len(view)
    found = _SCALE.search(view[: unit_at if unit_at >= 0 else len(view)])
    return found.group()[-1:] if found and _NUMBER.search(view) else ""


def _unit_of(like: Quantity) -> str:
    return like.unit if like.dimension is not Dimension.PERCENT else "%"


def _digits(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def short_name(indicator: str) -> str:
    """The part of an indicator that says what is counted: 立案·简易程序 → 简易程序."""
    own = indicator.rpartition("·")[2]
    tail = own.rpartition("的")[2]
    return tail if len(own) > _LONG_NAME and len(tail) > 2 else own


def reminder(row: LedgerRow, aim: str = "") -> str:
    """What stands in a blank: the indicator and last year's figure."""
    q = row.quantity
    name = short_name(q.indicator) or "此处数据"
    name = name.removesuffix(aim) if aim else name
    return f"{name}{aim}（{row.year}年{'计划' if aim else ''}：{printed(q)}）"

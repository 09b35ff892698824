"""This year's figures in the places of last year's: matched, printed in the same style, sourced."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.ledger import SheetItem, printed
from assistant.verify.features import features, names_alike
from assistant.verify.values import base_of
from vectorstore.clean import fold
from vectorstore.quantities import parse_number
from vectorstore.store import LedgerRow
from vectorstore.tokens import segment
from vectorstore.types import Dimension, Hedge, Modality, Quantity

__all__ = [
    "Supplied",
    "Supply",
    "in_style",
    "print_value",
    "reminder",
    "same_unit",
    "short_name",
    "told_like",
]

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SCALE = re.compile("[百千]?[万亿]")
_PREFIX = {
    Hedge.NEARLY: "近",
    Hedge.ABOUT: "约",
    Hedge.AT_LEAST: "不少于",
    Hedge.AT_MOST: "不超过",
    Hedge.MORE_THAN: "超",
}
_WITHIN = re.compile("(?:以内|之内|内)$")
# Of these any unit gives the same number: 3名 and 3人, 98% and 百分之98.
_ONE_COUNT = frozenset(
    {
        *(Dimension.PERCENT, Dimension.PERMILLE, Dimension.PERCENTAGE_POINT),
        *(Dimension.PERSON, Dimension.PERSON_TIME),
    }
)
_SAME = 0.72  # how alike two names must be to count the same; chosen on `samples/` with notes
_CLEARLY = 0.02  # by how much the best place must lead the next
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

    `aims`: the sheet gives targets, as it does for a plan.
    """

    def __init__(
        self,
        items: Sequence[SheetItem] = (),
        sheet: Iterable[Supplied] = (),
        notes: Iterable[Supplied] = (),
        *,
        aims: bool = False,
    ) -> None:
        self.sheet = tuple(sheet)
        self.notes = tuple(notes)
        self._keys = {item.key for item in items}
        given = {s.key: s for s in self.sheet if s.key}
        noted = _noted(items, self.notes)
        self._filled: dict[int, Supplied] = {}
        self._reached: dict[int, Supplied] = {}
        self._waiting: dict[int, str] = {}
        self._aimed: dict[int, str] = {}
        for item in items:
            new = given.get(item.key) or noted.get(item.key)
            aimed = [] if item.target is None else [item.target.quantity.start]
            said = [row.quantity.start for row in item.mentions]
            filled, reached = (aimed, []) if aims and aimed else (said, aimed)
            self._waiting |= dict.fromkeys(filled, item.key)
            self._aimed |= dict.fromkeys(reached, item.key)
            if new is not None:
                self._filled |= dict.fromkeys(filled, new)
                self._reached |= dict.fromkeys(reached, new)
        self._filled |= _aims(items, self.notes)

    def of(self, row: LedgerRow) -> Supplied | None:
        """The new year's value of last year's figure; the sheet goes before the notes."""
        new = self._filled.get(row.quantity.start)
        return None if new is None else replace(new, row=told_like(new.row, row.quantity))

    def reached(self, target: LedgerRow) -> Supplied | None:
        """What came of last year's target."""
        return self._reached.get(target.quantity.start)

    def key_of(self, row: LedgerRow) -> str:
        """The key of the sheet's item that would give `of` a value, "" for none."""
        return self._waiting.get(row.quantity.start, "")

    def key_reached(self, target: LedgerRow) -> str:
        """The key of the sheet's item that would give `reached` a value, "" for none."""
        return self._aimed.get(target.quantity.start, "")

    def knows(self, key: str) -> bool:
        """Whether last year's report has the indicator of that key."""
        return key in self._keys

    def clash(self, said: Supplied) -> Supplied | None:
        """The figure of the sheet that contradicts one of the notes."""
        q = said.quantity
        same = [s for s in self.sheet if _likeness(said.row, s.row) >= _SAME]
        if not same or any(base_of(s.quantity) == base_of(q) for s in same):
            return None
        return max(same, key=lambda s: _likeness(said.row, s.row))


def _noted(items: Sequence[SheetItem], notes: Sequence[Supplied]) -> dict[str, Supplied]:
    """What the notes say of each item this year."""
    actual = [s for s in notes if s.quantity.modality is Modality.ACTUAL]
    found = _matched([item.source for item in items], actual)
    return {items[n].key: said for n, said in found.items()}


def _aims(items: Sequence[SheetItem], notes: Sequence[Supplied]) -> dict[int, Supplied]:
    """The new target for the place of each of last year's."""
    targets = [item.target for item in items if item.target is not None]
    aims = [s for s in notes if s.quantity.modality is Modality.TARGET]
    return {targets[n].quantity.start: said for n, said in _matched(targets, aims).items()}


def _matched(places: Sequence[LedgerRow], said: Sequence[Supplied]) -> dict[int, Supplied]:
    """Each figure said to the one place it is clearly about; two for one place are none."""
    found: dict[int, list[Supplied]] = {}
    for one in said:
        scores = sorted(((_likeness(one.row, p), -n) for n, p in enumerate(places)), reverse=True)
        second = scores[1][0] if len(scores) > 1 else 0.0
        if scores and scores[0][0] >= max(_SAME, second + _CLEARLY):
            found.setdefault(-scores[0][1], []).append(one)
    return {n: several[0] for n, several in found.items() if len(several) == 1}


def _likeness(one: LedgerRow, other: LedgerRow) -> float:
    """How alike what two figures count is, 0 to 1; 0 for units that cannot be compared, and for
    another unit of another name: 专题法治培训3次 is no 法治培训3场.
    """
    mine, theirs = one.quantity, other.quantity
    if mine.dimension.family is not theirs.dimension.family:
        return 0.0
    if mine.indicator != theirs.indicator and not same_unit(mine, theirs):
        return 0.0
    if _narrower(fold(mine.indicator), fold(theirs.indicator), fold(other.sentence)):
        return 0.0
    return names_alike(
        features(one.quantity, one.sentence), features(other.quantity, other.sentence)
    )


def _narrower(name: str, wider: str, said: str) -> bool:
    """Whether `name` is one kind of `wider` that the sentence of that does not name."""
    kind = name.removesuffix(wider)
    words = [word for word in segment(kind) if len(word) > 1] if wider and kind != name else []
    return any(word not in said for word in words)


def told_like(new: LedgerRow, last: Quantity) -> LedgerRow:
    """`new` as the bound that last year's figure was: a bare 2 where 三日内 stood is 2日内."""
    q = new.quantity
    bound = last.hedge is Hedge.AT_MOST and last.dimension is Dimension.TIME
    if not (bound and q.hedge is Hedge.EXACT and q.value_max is None and same_unit(q, last)):
        return new
    most = replace(q, value=Decimal(0), value_max=q.value, hedge=Hedge.AT_MOST)
    return replace(new, quantity=most)


def same_unit(one: Quantity, other: Quantity) -> bool:
    """Whether a number in the unit of one is the same number in that of the other: 场 and 场次 are
    one, 场 and 次, 日 and 小时 are not; 件 and 个 count the same cases, and no unit fits any.
    """
    if not (one.unit and other.unit):
        return True
    if one.dimension.family is not other.dimension.family:
        return False
    if one.unit.removesuffix("次") == other.unit.removesuffix("次"):
        return True
    dimensions = {one.dimension, other.dimension}
    return Dimension.CASE in dimensions or dimensions <= _ONE_COUNT


def in_style(new: Quantity, last: Quantity) -> str:
    """`new` printed as last year's figure was, with its own hedge; in its own unit where last
    year's would make another number of it.
    """
    return print_value(base_of(new), new.hedge, last if same_unit(new, last) else new)


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
    within = _WITHIN.search(view) if hedge is Hedge.AT_MOST else None
    if within:
        return f"{number}{scale}{_unit_of(like)}{within.group()}"
    return f"{_PREFIX.get(hedge, '')}{number}{scale}{over}{_unit_of(like)}"


def _in_scale(value: Decimal, like: Quantity, view: str) -> str:
    shown = parse_number(view)
    base = base_of(like)
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
    own = indicator.rpartition("·")[2].strip(".,;:、，。；： ")
    tail = own.rpartition("的")[2]
    return tail if len(own) > _LONG_NAME and len(tail) > 2 else own


def reminder(row: LedgerRow, aim: str = "") -> str:
    """What stands in a blank: the indicator and last year's figure."""
    q = row.quantity
    name = short_name(q.indicator) or "此处数据"
    name = name.removesuffix(aim) if aim else name
    return f"{name}{aim}（{row.year}年{'计划' if aim else ''}：{printed(q)}）"

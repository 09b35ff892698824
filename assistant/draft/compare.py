"""Comparisons with the year before and shares, computed again from the new year's figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from assistant.draft.figures import Supplied, print_value
from assistant.ledger import printed
from assistant.verify.values import base_of
from vectorstore.clean import fold
from vectorstore.store import LedgerRow
from vectorstore.types import Dimension, Hedge, Quantity

__all__ = ["Comparison", "Computed", "comparison", "is_change", "share"]

_SAID = re.compile(
    r"(?:(?:比|较|同比|环比|与)?(?:上年度?|去年|上一年度?|前一年|\d{4}年)?(?:同期)?(?:相比)?[,，]?)"
    r"(增长|上升|增加|提高|提升|下降|减少|降低|回落|上涨|多|少)(?:了|约|近)?$"
)
_CHANGE = re.compile("(?:同比|环比|较?上年|比上年|较)?[增降]幅$")
_UP_DOWN = (("增长", "下降"), ("上升", "下降"), ("增加", "减少"), ("提高", "降低"))
_DOWN = dict(_UP_DOWN) | {"提升": "下降", "上涨": "下降", "多": "少"}
_UP = {down: up for up, down in reversed(_UP_DOWN)} | {"回落": "上升", "少": "多"}
_HUNDRED = Decimal(100)
_RATES = frozenset({Dimension.PERCENT, Dimension.PERMILLE})
_SHARED = re.compile("占|率|比重")


def is_change(quantity: Quantity) -> bool:
    """Whether the figure says by how much another one changed."""
    return bool(_CHANGE.search(quantity.indicator))


@dataclass(frozen=True, slots=True)
class Comparison:
    """“比上年增长12.5%” in a text: the span of the whole phrase and its direction word."""

    start: int
    end: int
    lead: str
    verb: str


@dataclass(frozen=True, slots=True)
class Computed:
    """The phrase said anew: plain words, the figure ("" when nothing changed), its operands."""

    words: str
    figure: str
    comment: str


def comparison(text: str, quantity: Quantity) -> Comparison | None:
    """The phrase around a change, None when it is not of the usual form."""
    view = fold(text)
    said = _SAID.search(view, max(quantity.sentence_start, quantity.start - 16), quantity.start)
    if said is None:
        return None
    lead = text[said.start() : said.start(1)]
    return Comparison(said.start(), quantity.end, lead, said[1])


def changed(phrase: Comparison, row: LedgerRow, last: LedgerRow, new: Supplied) -> Computed | None:
    """The phrase for the new year from the two values; None where it cannot be computed."""
    now, before = new.quantity, last.quantity
    if Hedge.EXACT is not now.hedge or Hedge.EXACT is not before.hedge:
        return None
    difference = base_of(now) - base_of(before)
    lead = phrase.lead or ""
    if not difference:
        return Computed("与上年持平", "", "")
    size = _size(row.quantity, abs(difference), base_of(before), now.dimension)
    if size is None:
        return None
    if not size.strip("0.%"):
        return Computed("与上年基本持平", "", "")
    verb = (_DOWN if difference < 0 else _UP).get(phrase.verb, phrase.verb)
    comment = (
        f"由{new.row.year}年{_printed_or(now)}（{new.comment}）与{last.year}年{printed(before)}算得"
    )
    return Computed(f"{lead}{verb}", size, comment)


def _printed_or(quantity: Quantity) -> str:
    """The figure with its indicator."""
    return f"{quantity.indicator}{printed(quantity)}"


def _size(like: Quantity, difference: Decimal, before: Decimal, dimension: Dimension) -> str | None:
    if like.dimension in _RATES:
        if dimension in _RATES or not before:
            return None
        return _rounded(difference * _HUNDRED / before, like)
    if like.dimension is Dimension.PERCENTAGE_POINT:
        return f"{_plain(difference)}个百分点" if dimension in _RATES else None
    if like.dimension is dimension:
        return print_value(difference, Hedge.EXACT, like)
    return None


def _rounded(value: Decimal, like: Quantity) -> str:
    """A percentage with as many decimals as last year's, one at least."""
    found = re.search(r"\.(\d+)", fold(like.text))
    places = max(len(found[1]) if found else 0, 1)
    return f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)}%"


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def share(
    text: str,
    row: LedgerRow,
    beside: Sequence[LedgerRow],
    supplied: Callable[[LedgerRow], Supplied | None],
) -> Computed | None:
    """A rate that last year was the quotient of two figures of its sentence, from the new ones."""
    q = row.quantity
    said = fold(text[max(q.sentence_start, q.start - 14) : q.start])
    if q.dimension is not Dimension.PERCENT or not _SHARED.search(said) or not q.value:
        return None
    found = re.search(r"\.(\d+)", fold(q.text))
    step = Decimal(1).scaleb(-(len(found[1]) if found else 0))
    pairs = [
        (part, whole)
        for part in beside
        for whole in beside
        if part is not whole
        and part.quantity.dimension is whole.quantity.dimension
        and part.quantity.hedge is whole.quantity.hedge is Hedge.EXACT
        and base_of(whole.quantity)
        and part.quantity.start < q.start
        and _ratio(part, whole).quantize(step, ROUND_HALF_UP) == q.value
    ]
    if len(pairs) != 1:
        return None
    part, whole = (supplied(r) for r in pairs[0])
    if part is None or whole is None or not base_of(whole.quantity):
        return None
    if part.quantity.hedge is not Hedge.EXACT or whole.quantity.hedge is not Hedge.EXACT:
        return None
    value = base_of(part.quantity) * _HUNDRED / base_of(whole.quantity)
    if value > _HUNDRED:
        return None
    comment = f"由{_printed_or(part.quantity)}与{_printed_or(whole.quantity)}算得"
    return Computed("", _rounded(value, q), comment)


def _ratio(part: LedgerRow, whole: LedgerRow) -> Decimal:
    return base_of(part.quantity) * _HUNDRED / base_of(whole.quantity)

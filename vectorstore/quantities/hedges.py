"""Words that qualify a figure, and the interval each makes of a value.

约 is ±5 %, 近 is (0.9X, X): the widths are the product's convention (design/quantities.md).
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from vectorstore.quantities.words import alternation, load_words
from vectorstore.types import Hedge

__all__ = ["Interval", "hedge_after", "hedge_before", "hedge_of_verb", "interval"]

_NEARLY = Decimal("0.9")
_ABOUT = Decimal("0.05")
_LONGEST = 6
_OVER_SCALE = re.compile("(?<![以通经])[上过] ?[百千万亿]$")
_BOUND_VERB = re.compile(
    "(?:至少|最少|不少于|不低于|(?P<most>最多|至多|不超过))"
    "(?:组织|开展|举办|召开|学习|进行|检查|安排|完成|参加|培训|报告|述法|听取|集中学习|配备|配齐|聘请|新增|招录|建成|办理|走访|发放|设立)$"
)


class Interval(NamedTuple):
    """Bounds in base units; `high` is None for no upper bound, and for an exact figure."""

    low: Decimal
    high: Decimal | None


@cache
def _before() -> tuple[dict[str, Hedge], frozenset[str]]:
    words = load_words()
    table = {word: hedge for hedge, many in words.hedge_before.items() for word in many}
    return table, frozenset(words.hedge_not)


@cache
def _after() -> tuple[re.Pattern[str], dict[str, Hedge]]:
    table = {word: hedge for hedge, many in load_words().hedge_after.items() for word in many}
    return re.compile(alternation(table)), table


def hedge_before(view: str, at: int) -> tuple[int, Hedge]:
    """Where the hedge that ends at `at` starts (`at` when there is none), and its class."""
    table, barred = _before()
    edge = at - 1 if view[at - 1 : at] == " " else at
    for size in range(min(_LONGEST, edge), 0, -1):
        hedge = table.get(view[edge - size : edge])
        if hedge is not None:
            if size == 1 and view[edge - 2 : edge] in barred:
                return at, Hedge.EXACT
            return edge - size, hedge
    # 上百场, 过千人次: only before a number that is a bare scale.
    if _OVER_SCALE.search(view, max(0, edge - 2), at + 1):
        return edge - 1, Hedge.AT_LEAST
    return at, Hedge.EXACT


def hedge_of_verb(view: str, at: int) -> Hedge:
    """至少组织2次: a bound whose verb stands before the number; it is not part of the span."""
    found = _BOUND_VERB.search(view, max(0, at - 8), at)
    if found is None:
        return Hedge.EXACT
    return Hedge.AT_MOST if found["most"] else Hedge.AT_LEAST


def hedge_after(view: str, at: int, timed: bool) -> tuple[int, Hedge]:
    """Where the hedge that starts at `at` ends, and its class; a bare 内 qualifies times only."""
    pattern, table = _after()
    found = pattern.match(view, at)
    if found is None or (found.group() == "内" and not timed):
        return at, Hedge.EXACT
    return found.end(), table[found.group()]


def interval(value: Decimal, hedge: Hedge, step: Decimal) -> Interval:
    """Bounds of a hedged value; `step` is one unit of its last printed digit."""
    match hedge:
        case Hedge.OVER_ROUND:
            return Interval(value, value + step)
        case Hedge.NEARLY:
            return Interval(value * _NEARLY, value)
        case Hedge.ABOUT:
            return Interval(value * (1 - _ABOUT), value * (1 + _ABOUT))
        case Hedge.AT_MOST:
            return Interval(Decimal(0), value)
        case _:
            return Interval(value, None)

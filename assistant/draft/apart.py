"""Which of last year's targets an item of the sheet measures for certain, and which it does not.

The sheet joins a target to an item by name or shared indicator, so that a bureau finds them side by
side. 专题培训3次 under a target of 法治培训12场 would be a wrong figure in the report: for a draft
they are two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.draft.figures import same_unit
from assistant.ledger import SheetItem
from assistant.ledger.items import own_key
from vectorstore.clean import fold
from vectorstore.store import LedgerRow
from vectorstore.tokens import segment

if TYPE_CHECKING:
    from assistant.ledger import FillRow

__all__ = ["apart", "measures", "told_key"]

_AIM = re.compile("目标$")
_LED = re.compile("^[出了的]")  # 排查出信访积案
_NOT = re.compile("[不未无非免]")
_LEAST = 2  # characters of a word that says which


def apart(items: Sequence[SheetItem]) -> tuple[SheetItem, ...]:
    """`items` with each target that its item may not measure as an item of its own, after them."""
    kept, alone = list[SheetItem](), list[SheetItem]()
    for item in items:
        target = item.target
        if target is None or not item.mentions or _sure(item, target, items):
            kept.append(item)
            continue
        q = target.quantity
        name = q.indicator or item.indicator
        key = f"{own_key(name, q.dimension)}_{q.start}"
        kept.append(replace(item, target=None))
        alone.append(SheetItem(key, name, q.canonical, (), target))
    return (*kept, *alone)


def _sure(item: SheetItem, target: LedgerRow, items: Sequence[SheetItem]) -> bool:
    """Whether `item` measures the target, and no other of its name could."""
    if not measures(item.source, target):
        return False
    rivals = [
        other
        for other in items
        if other is not item and other.mentions and other.indicator == item.indicator
    ]
    return not any(same_unit(other.source.quantity, target.quantity) for other in rivals)


def measures(row: LedgerRow, target: LedgerRow) -> bool:
    """Whether the figure of `row` is of what `target` aims at: one name, or the ending of the
    other's whose other words stand before the figure too, counted in one unit.
    """
    mine, aimed = _name(row), _name(target)
    if mine == aimed:
        return bool(mine)
    if not (mine and aimed and same_unit(row.quantity, target.quantity)):
        return False
    (short, spare), (long, _) = sorted(((mine, row), (aimed, target)), key=lambda n: len(n[0]))
    if not long.endswith(short):
        return False
    more = long.removesuffix(short)
    at = spare.quantity.start - spare.quantity.sentence_start
    before = fold(spare.sentence[:at])
    words = [word for word in segment(more) if len(word) >= _LEAST]
    return bool(words) and not _NOT.search(more) and all(word in before for word in words)


def told_key(row: FillRow, items: Sequence[SheetItem]) -> str:
    """The key of a row of the sheet; "" where that is the item of another name: a row 专题培训 put
    in by hand has the shared key of 法治培训.
    """
    named = next((item.indicator for item in items if item.key == row.key), row.indicator)
    return row.key if fold(named) == fold(row.indicator) else ""


def _name(row: LedgerRow) -> str:
    return _LED.sub("", _AIM.sub("", fold(row.quantity.indicator)))

"""The indicators of one report that its writer must fill in anew, each under a stable key.

A draft uses the same items: each of last year's figures belongs to exactly one of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.ledger.rows import printed_unit
from vectorstore.store import LedgerRow, ReportRow
from vectorstore.types import Dimension, Modality, QuantityKind

__all__ = ["SheetItem", "own_key", "sheet_items"]

OWN_PREFIX = "own_"


@dataclass(frozen=True, slots=True)
class SheetItem:
    """One row of the fill-in sheet.

    `mentions` are the places of last year's report that print the same figure, in order (empty for
    a target nobody measured yet); `target` is what that report set as the goal, if anything.
    """

    key: str
    indicator: str
    canonical: str
    mentions: tuple[LedgerRow, ...]
    target: LedgerRow | None = None

    @property
    def source(self) -> LedgerRow:
        """The figure the row is about: last year's, else its target."""
        if self.mentions:
            return self.mentions[0]
        assert self.target is not None
        return self.target

    @property
    def unit(self) -> str:
        """As last year's report prints it, 万元 included."""
        return printed_unit(self.source.quantity)

    @property
    def dimension(self) -> Dimension:
        """Of the figure the row is about."""
        return self.source.quantity.dimension


def own_key(indicator: str, dimension: Dimension) -> str:
    """The key of an indicator that is not a shared one: a hash of its phrase and dimension."""
    digest = hashlib.sha256(f"{indicator}|{dimension}".encode()).hexdigest()
    return OWN_PREFIX + digest[:10]


def sheet_items(report: ReportRow, rows: Iterable[LedgerRow]) -> tuple[SheetItem, ...]:
    """Items of `report` from its ledger `rows`, in the order of the report, targets last.

    An item is an actual figure the report gives for its own organisation and year; the same phrase
    with the same value twice is one item. A target joins the one item it is about.
    """
    figures = [row for row in rows if row.quantity.kind is QuantityKind.QUANTITY]
    actual = [
        row
        for row in figures
        if row.quantity.modality is Modality.ACTUAL
        and (row.org, row.year) == (report.org, report.year)
    ]
    items = _keyed(_mentions(actual))
    return _with_targets(items, [r for r in figures if r.quantity.modality is Modality.TARGET])


def _mentions(rows: Sequence[LedgerRow]) -> list[tuple[LedgerRow, ...]]:
    groups: dict[tuple[object, ...], list[LedgerRow]] = {}
    for row in sorted(rows, key=lambda row: row.quantity.start):
        q = row.quantity
        named: tuple[object, ...] = (q.indicator, q.dimension, q.value, q.value_max, q.hedge)
        groups.setdefault(named if q.indicator else (q.start,), []).append(row)
    return [tuple(group) for group in groups.values()]


def _keyed(groups: Sequence[tuple[LedgerRow, ...]]) -> list[SheetItem]:
    """A shared key goes to the plainest phrase; any other figure is known by its own phrase."""
    owner: dict[str, LedgerRow] = {}
    for row in sorted((group[0] for group in groups), key=_standing):
        if row.quantity.canonical:
            owner.setdefault(row.quantity.canonical, row)
    items, taken = [], set[str]()
    for group in groups:
        q = group[0].quantity
        name = q.indicator or f"“{group[0].sentence[:20]}…”中的“{q.text}”"
        owned = owner.get(q.canonical) is group[0]
        key = _free(q.canonical if owned else own_key(name, q.dimension), taken)
        items.append(SheetItem(key, name, q.canonical, group))
    return items


def _standing(row: LedgerRow) -> tuple[bool, int, int]:
    q = row.quantity
    return "·" in q.indicator, len(q.indicator), q.start


def _free(key: str, taken: set[str]) -> str:
    n, free = 1, key
    while free in taken:
        n += 1
        free = f"{key}_{n}"
    taken.add(free)
    return free


def _with_targets(
    items: Sequence[SheetItem], targets: Sequence[LedgerRow]
) -> tuple[SheetItem, ...]:
    known = list(items)
    taken = {item.key for item in items}
    for row in sorted(targets, key=lambda row: row.quantity.start):
        at = _about(known, row)
        if at is not None:
            known[at] = replace(known[at], target=row)
            continue
        q = row.quantity
        name = q.indicator or f"“{row.sentence[:20]}…”中的“{q.text}”"
        free = q.canonical and q.canonical not in taken
        key = _free(q.canonical if free else own_key(name, q.dimension), taken)
        known.append(SheetItem(key, name, q.canonical, (), row))
    return tuple(known)


def _about(items: Sequence[SheetItem], target: LedgerRow) -> int | None:
    """The item without a target whose phrase, or shared key, is the target's."""
    q = target.quantity
    open_ = [
        (n, item)
        for n, item in enumerate(items)
        if item.mentions and item.target is None and item.dimension.family is q.dimension.family
    ]
    named = [n for n, item in open_ if q.indicator and item.indicator == q.indicator]
    shared = [n for n, item in open_ if q.canonical and item.key == q.canonical]
    return next(iter(named + shared), None)

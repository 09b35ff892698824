"""The figures of a report sentence by sentence, each with the words between it and its neighbours.

The rules read these words themselves: which figure is a part, a change or a rate is written there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from vectorstore.clean import fold
from vectorstore.types import Dimension, Hedge, Modality, Quantity, QuantityKind, Report

__all__ = ["Figure", "Sentence", "read_sentences", "same_kind", "step"]

_PERCENT = {Dimension.PERCENT, Dimension.PERMILLE, Dimension.PERCENTAGE_POINT}
_CHANGE = re.compile(
    r"(?:增长|增加|增|增幅|下降|减少|减|降幅|降低|提高|提升|上升|上涨|回落|压减|压缩|缩短|多|少|净增)"
    r"(?:了|约|近|超过?|逾|达|率?为|幅度?)*$"
)
_GOAL = re.compile(
    r"(?:目标|任务|计划|距离?|还差|尚差|不少于|不低于|力争|达标线)[^，,。；;、]{0,6}$"
)
_EARLIER = re.compile(
    r"(?:上年度?|去年|上一年度?|前一年|同期|(?P<year>20\d\d)年)[^，,。；;、]{0,12}$"
)
_NUMBER = re.compile(r"\d[\d,]*(?:\.(\d+))?")


@dataclass(frozen=True)
class Figure:
    """A figure with `before`, the words since the previous one, and `after`, those to the next.

    Both are folded to half width and stop at the sentence's ends. `year` is the report's.
    """

    quantity: Quantity
    before: str
    after: str
    year: int | None = None

    @cached_property
    def value(self) -> Decimal:
        """In the base unit; only an exact figure has one that may be computed with."""
        return self.quantity.value if self.quantity.value is not None else Decimal(0)

    @cached_property
    def exact(self) -> bool:
        """Whether it is printed without a hedge."""
        return self.quantity.hedge is Hedge.EXACT and self.quantity.value is not None

    @cached_property
    def is_percent(self) -> bool:
        """A rate, share or percentage point."""
        return self.quantity.dimension in _PERCENT

    @cached_property
    def is_change(self) -> bool:
        """Whether it says by how much something rose or fell."""
        return _CHANGE.search(self.before) is not None

    @cached_property
    def is_goal(self) -> bool:
        """Whether it is aimed at rather than reached."""
        if self.quantity.modality is Modality.TARGET or _GOAL.search(self.before):
            return True
        return self.after.startswith(("的目标", "目标", "的任务"))

    @cached_property
    def is_earlier(self) -> bool:
        """Whether the words before it place it in an earlier year."""
        match = _EARLIER.search(self.before)
        if match is None or match["year"] is None:
            return match is not None
        return self.year is None or int(match["year"]) < self.year

    @cached_property
    def is_count(self) -> bool:
        """An exact figure of this year that may be a total or a part."""
        return self.exact and not (self.is_percent or self.is_change or self.is_goal)


@dataclass(frozen=True)
class Sentence:
    """A sentence with its figures in order; `paragraph` is the offset of its line."""

    start: int
    end: int
    paragraph: int
    figures: tuple[Figure, ...]


def read_sentences(report: Report, quantities: Sequence[Quantity]) -> list[Sentence]:
    """The sentences that hold figures, tables left out."""
    text = fold(report.text)
    groups: dict[tuple[int, int], list[Quantity]] = {}
    for quantity in sorted(quantities, key=lambda q: q.start):
        if quantity.kind is QuantityKind.QUANTITY:
            key = quantity.sentence_start, quantity.sentence_end
            groups.setdefault(key, []).append(quantity)
    return [
        Sentence(
            start, end, text.rfind("\n", 0, start) + 1, tuple(_figures(text, group, report.year))
        )
        for (start, end), group in groups.items()
        if "\t" not in text[start:end] and "\n" not in text[start:end].strip()
    ]


def _figures(text: str, group: Sequence[Quantity], year: int | None) -> Iterator[Figure]:
    for i, quantity in enumerate(group):
        left = group[i - 1].end if i else quantity.sentence_start
        right = group[i + 1].start if i + 1 < len(group) else quantity.sentence_end
        yield Figure(quantity, text[left : quantity.start], text[quantity.end : right], year)


def same_kind(one: Figure, other: Figure) -> bool:
    """Whether two figures count the same thing in the same unit (件 起 宗 are one)."""
    a, b = one.quantity, other.quantity
    if a.dimension is not b.dimension:
        return False
    return a.dimension in {Dimension.CASE, Dimension.MONEY} or a.unit == b.unit


def step(figure: Figure) -> Decimal:
    """One unit of the last printed digit in the base unit: 1000 for 2.4万元, 0 for 伍万元."""
    match = _NUMBER.search(fold(figure.quantity.text))
    if match is None or not figure.value:
        return Decimal(0)
    printed = Decimal(match[0].replace(",", ""))
    decimals = Decimal(1).scaleb(-len(match[1] or ""))
    return decimals * figure.value / printed if printed else decimals

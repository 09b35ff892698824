"""Wholes and parts within a sentence: 立案14个，其中简易程序6个、一般程序8个."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from vectorstore.quantities.figure import Figure
from vectorstore.quantities.words import alternation, load_words
from vectorstore.types import Dimension

__all__ = ["Parts"]

_RATES = frozenset({Dimension.PERCENT, Dimension.PERMILLE, Dimension.PERCENTAGE_POINT})
_LISTED = re.compile("[:]|(?:^|[,;])(?:一是|1[.、)]|\\(1\\)|\\(一\\)|①)")
_ITEM = re.compile("[二三四五六七八九]是|[2-9][.、)]|[②-⑨]|\\([二三四五六七八九2-9]\\)")


@cache
def _part_words() -> re.Pattern[str]:
    return re.compile(f"(?:^|[,;:(、])(?:{alternation(load_words().part_words)})")


@dataclass(slots=True)
class _Whole:
    """A figure whose parts may follow; `left` is what they have not accounted for."""

    name: str
    unit: str
    left: Decimal | None
    said: bool  # 其中, 包括 …; else only a list after a colon or 一是


@dataclass(slots=True)
class Parts:
    """What one sentence has counted; feed it the figures in order."""

    counted: list[tuple[Figure, str]] = field(default_factory=list)
    whole: _Whole | None = None
    bracketed: _Whole | None = None

    def place(self, figure: Figure, name: str, between: str) -> str:
        """The name with its whole before it (行政处罚立案·简易程序) when it is a part.

        `between` are the words since the figure before (context view).
        """
        whole = self._whole(figure, between)
        if whole is not None and figure.unit == whole.unit and whole.left is not None:
            whole.left -= figure.value or 0
        full = f"{whole.name}·{name}" if whole and whole.name and name else name
        if whole and name in ("", whole.name):
            full = whole.name
        self.counted.append((figure, full))
        return full

    def opens(self, left: str) -> bool:
        """Whether the words before a figure start the parts of the figure before."""
        return bool(self.counted) and bool(_part_words().match(left))

    def _whole(self, figure: Figure, between: str) -> _Whole | None:
        if not self.counted:
            return None
        opened = between.startswith("(") and ")" not in between
        if opened:
            self.bracketed = self._last(said=True)
        elif ")" in between:
            self.bracketed = None
        if self.bracketed is not None:
            return self.bracketed if figure.dimension not in _RATES else None
        if "(" in between and ")" not in between:
            return None  # the bracket belongs to a word that has no figure yet
        if _part_words().search(between):
            self.whole = self._last(said=True)
        elif self.whole is None and _LISTED.search(between):
            self.whole = self._last(said=False)
        if self.whole is not None and not _belongs(self.whole, figure, between):
            self.whole = None
        return self.whole

    def _last(self, said: bool) -> _Whole:
        counts = [pair for pair in self.counted if pair[0].dimension not in _RATES]
        figure, name = (counts or self.counted)[-1]
        value = figure.value if figure.value_max is None else figure.value_max
        return _Whole(name, figure.unit, value, said)


def _belongs(whole: _Whole, figure: Figure, between: str) -> bool:
    """Parts have the whole's unit and do not sum to more than it."""
    led = bool(_part_words().search(between))
    if figure.dimension in _RATES and "占" not in between:
        return False
    if ";" in between and not _ITEM.search(between):
        return False
    if figure.unit != whole.unit:
        return led or (whole.said and between.startswith("、"))
    return whole.left is None or figure.value is None or figure.value <= whole.left

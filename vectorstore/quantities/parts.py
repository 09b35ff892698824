"""Wholes and parts within a sentence: 立案9件，其中简易程序4件、普通程序5件."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from vectorstore.quantities.figure import Figure
from vectorstore.quantities.words import alternation, load_words
from vectorstore.types import Dimension

__all__ = ["RATES", "Parts"]

RATES = frozenset({Dimension.PERCENT, Dimension.PERMILLE, Dimension.PERCENTAGE_POINT})
"""Dimensions of rates: no parts of a count, no objects of a verb."""
_REMEMBERED = 24  # figures of a sentence without end that are looked back at
_LISTED = re.compile("[:]|(?:^|[,;])(?:一是|1[.、)]|\\(1\\)|\\(一\\)|①)")
_SHORT_STEP = re.compile("[,、][^\\d,;。、]{1,6}")
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
    is_part: bool = False  # whether the latest figure was a part

    def place(self, figure: Figure, name: str, between: str) -> str:
        """The name with its whole before it (行政处罚立案·简易程序) when it is a part.

        `between` are the words since the figure before (context view).
        """
        whole = self._whole(figure, between)
        if whole is not None and figure.unit == whole.unit and whole.left is not None:
            whole.left -= figure.value or 0
        self.is_part = whole is not None
        full = f"{whole.name}·{name}" if whole and whole.name and name else name
        if whole and name in ("", whole.name):
            full = whole.name
        if name.partition("·")[0] in {said for _, said in self.counted[-_REMEMBERED:]}:
            full = name  # dealt out with its own whole (投诉·网购类)
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
            self.bracketed = self._last(figure, said=True)
        elif ")" in between:
            self.bracketed = None
        if self.bracketed is not None:
            return self.bracketed if figure.dimension not in RATES else None
        if "(" in between and ")" not in between:
            return None  # the bracket belongs to a word that has no figure yet
        if _part_words().search(between):
            self.whole = self._last(figure, said=True)
        elif self.whole is None and _LISTED.search(between):
            self.whole = self._last(figure, said=False)
        before = self.counted[-1][0]
        if self.whole is not None and not _belongs(self.whole, figure, between, before):
            self.whole = None
        return self.whole

    def _last(self, part: Figure, said: bool) -> _Whole:
        """The figure before: of the part's unit if there is one, else no rate."""
        recent = self.counted[-_REMEMBERED:]
        counts = [
            (counted, name)
            for counted, name in recent
            if counted.dimension not in RATES and name[-2:] not in ("增幅", "降幅")
        ]
        same = [pair for pair in counts if pair[0].unit == part.unit]
        figure, name = (same or counts or recent)[-1]
        value = figure.value if figure.value_max is None else figure.value_max
        return _Whole(name, figure.unit, value, said)


def _belongs(whole: _Whole, figure: Figure, between: str, before: Figure) -> bool:
    """Parts have the whole's unit and do not sum to more than it.

    Those of another unit go on as they began: 培训6批，其中省级10人次，市级21人次.
    """
    led = bool(_part_words().search(between))
    if figure.dimension in RATES and "占" not in between:
        return False
    if ";" in between and not _ITEM.search(between):
        return False
    if figure.unit != whole.unit:
        alike = figure.unit == before.unit and _SHORT_STEP.fullmatch(between)
        return led or bool(whole.said and (between.startswith("、") or alike))
    if whole.said and (led or re.match("[、和及]", between)):
        return True  # even when the parts do not add up: that is for the check to find
    return whole.left is None or figure.value is None or figure.value <= whole.left

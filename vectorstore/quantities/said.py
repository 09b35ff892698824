"""What one sentence has said so far: later figures take their object or subject from it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from vectorstore.quantities.figure import Figure
from vectorstore.quantities.parts import RATES, Parts
from vectorstore.types import Dimension

__all__ = ["IS_CHANGE", "Said"]

_SUM = re.compile(r"[\s\x01]*(?:以上)?(?:合计|共计|总计|总额|总金额)(?:为|达|:|约)?\s*")
_BARE_SUM = re.compile(r"[\s\x01]*(?:共|一共)\s*")
IS_CHANGE = re.compile("[增降]幅$")
# A list without a full stop may run to thousands of figures; only the last few are referred to.
_REMEMBERED = 24


@dataclass(slots=True)
class Said:
    """Figures of a sentence: the nouns they were about, names, units and values, in order.

    `inner` tells which stood in a bracket: what follows the bracket is not about them.
    `waiting` are names still to be dealt out (分别为), `used` the offset up to which the words
    after an earlier figure are taken, `based` whether the figure before is a base (比上年的38件).
    """

    parts: Parts = field(default_factory=Parts)
    nouns: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    values: list[Decimal] = field(default_factory=list)
    inner: list[bool] = field(default_factory=list)
    based: bool = False
    used: int = 0

    def add(self, figure: Figure, name: str, noun: str) -> None:
        """Remember a figure; parts, rates and money are no objects of later bare verbs."""
        self.names.append(name)
        self.units.append(figure.unit)
        self.values.append(figure.value or Decimal(0))
        self.inner.append(self.parts.bracketed is not None)
        bare = figure.dimension in RATES or figure.dimension is Dimension.MONEY
        if noun and not bare and not self.parts.is_part:
            self.nouns.append(noun)
        if len(self.names) > 2 * _REMEMBERED:
            del self.names[:_REMEMBERED], self.units[:_REMEMBERED]
            del self.values[:_REMEMBERED], self.inner[:_REMEMBERED]

    def latest_count(self) -> str:
        """The latest name that is no rate, or ""."""
        pairs = zip(reversed(self.names), reversed(self.units), strict=True)
        return next((name for name, unit in pairs if unit not in ("%", "‰", "成") and name), "")

    def summed(self, figure: Figure, left: str) -> str:
        """What a sum that follows several figures of its unit adds up, or ""."""
        rows = zip(self.names, self.units, self.values, strict=True)
        same = [(name, value) for name, unit, value in rows if unit == figure.unit and name]
        if len(same) < 2:
            return ""
        adds_up = sum(value for _, value in same[-2:]) == figure.value
        if not _SUM.fullmatch(left) and not (adds_up and _BARE_SUM.fullmatch(left)):
            return ""
        return "、".join(name for name, _ in same[-2:]) + "合计"

    def of_unit(self, unit: str) -> str:
        """The latest name of a figure of that unit that is no change, or ""."""
        rows = reversed(list(zip(self.names, self.units, self.inner, strict=True)))
        names = (name for name, its_unit, inner in rows if its_unit == unit and not inner)
        return next((name for name in names if name and not IS_CHANGE.search(name)), "")

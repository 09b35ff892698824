"""One figure read where its numeral starts: hedge, number, scale, unit, and what is no figure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from vectorstore.quantities.counting import is_count
from vectorstore.quantities.hedges import hedge_after, hedge_before, hedge_of_verb, interval
from vectorstore.quantities.mask import code_at
from vectorstore.quantities.numerals import NUMERAL_CHARS, last_digit_step, parse_number, plain
from vectorstore.quantities.units import load_units
from vectorstore.types import DISCRETE, Dimension, Hedge, QuantityKind

__all__ = ["Figure", "FigureReader"]

_CN = f"[{NUMERAL_CHARS}]"
# A PDF may print 96. 3%: a space after the point is read before a percent sign only.
_ARABIC = r"(?:\d+\. \d+(?= ?%)|\d{1,3}(?:[, ]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
_SCALE = r"(?:[十百千]?[万亿]|千(?![米克瓦伏])|百(?!分))"
_SCALED = rf"{_ARABIC}(?: ?{_SCALE}(?:\d+(?:\.\d+)?[百千万])?)*"
_NUMBER = rf"(?:{_SCALED}|{_CN}+(?:点[零〇一二三四五六七八九]+)?)"
_MORE = r"(?:余|多(?!样|元化|发|次)|几|来(?![自源]))"
_WHOLE_NUMBER = re.compile(_NUMBER)
_FRACTION = re.compile(rf"(?P<whole>{_NUMBER}) ?分之 ?(?P<part>{_NUMBER})(?P<more>{_MORE})?")
_TENTHS = re.compile(
    r"(?P<n>[一二两三四五六七八九\d])成(?P<half>半)?"
    r"(?=以上|以下|左右|多|的|[,。;、)]|在|是|为[^主])"
)
_ALL = re.compile("百分百")
_RATE_BEFORE = re.compile("[率度达到为成]$")
_BARE_AFTER = re.compile(
    r"(?:率|[^多少]数量?|总量|得分|分数|评分|指数|数据)(?:分别|均)?(?:为|达到?|是|:)?$"
)
_MONEY_BEFORE = re.compile("款|资金|金额|经费|所得|赔偿|投资|工资|薪|费")
_PLAIN_UNIT = {"元整": "元", "个人": "人"}
_BARE_SCALES = frozenset("百千万亿")
_COUNTED_IN_HUNDREDS = ("人数", "件数", "户数", "总数", "次数")
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Figure:
    """A span with its normalised value; the fields are those of `vectorstore.types.Quantity`."""

    start: int
    end: int
    kind: QuantityKind
    value: Decimal | None = None
    value_max: Decimal | None = None
    unit: str = ""
    dimension: Dimension = Dimension.OTHER
    hedge: Hedge = Hedge.EXACT


@cache
def _pattern() -> re.Pattern[str]:
    unit = load_units().pattern
    other = rf"(?P<to> ?(?:--?|~|至|到) ?)(?P<high>{_NUMBER})(?P<highmore>{_MORE})?"
    return re.compile(
        rf"(?P<low>{_NUMBER})(?P<lowmore>{_MORE})?"
        rf"(?: ?(?P<lowunit>{unit})?{other})?"
        rf" ?(?P<scale>{_SCALE})? ?(?P<unit>{unit})?"
    )


@cache
def _listed() -> re.Pattern[str]:
    return re.compile(rf"(?:、{_NUMBER})*[、和]{_NUMBER} ?(?P<unit>{load_units().pattern})")


@cache
def _unit_behind() -> re.Pattern[str]:
    return re.compile(rf"\((?P<scale>{_SCALE})?(?P<unit>{load_units().pattern})\)")


@cache
def _unit_ahead() -> re.Pattern[str]:
    return re.compile(rf"\((?P<scale>{_SCALE})?(?P<unit>{load_units().pattern})\) ?[:为] ?$")


def _scale(text: str | None) -> Decimal:
    value = parse_number(text) if text else None
    return _ONE if value is None else value


class FigureReader:
    """Reads figures of one folded text."""

    def __init__(self, view: str) -> None:
        self._view = view
        self._units = load_units()

    def number_end(self, start: int) -> int:
        """Where the bare numeral at `start` ends."""
        found = _WHOLE_NUMBER.match(self._view, start)
        return found.end() if found else start + 1

    def at(self, start: int) -> tuple[Figure | None, int]:
        """The figure whose numeral starts at `start`, or None; and where to read on."""
        ratio = self._fraction(start) or self._tenths(start)
        if ratio is not None:
            return ratio, ratio.end
        code = code_at(self._view, start)
        if code > start:
            return None, code
        found = _pattern().match(self._view, start)
        if found is None:
            return None, start + 1
        if found["to"] and found["unit"] and self._is_range(found):
            return self._ranged(found)
        if found["to"]:
            return self._single(found, "lowunit") if found["lowunit"] else self._unitless(found)
        return self._single(found, "unit") if found["unit"] else self._unitless(found)

    def _is_range(self, found: re.Match[str]) -> bool:
        """80%-90%, 3-5天, 三至五名; not 从3件到5件, not two different units."""
        if found["lowunit"] and found["lowunit"] != found["unit"]:
            return False
        spoken = "到" in found["to"] or "至" in found["to"]
        return not (spoken and self._before(found.start()) in ("从", "由"))

    def _before(self, start: int) -> str:
        return self._view[start - 1 : start] if start else ""

    def _barred(self, start: int, number: str, unit: str, end: int) -> bool:
        """No figure after all: an ordinal, a frequency, a manner of speaking, a code."""
        before = self._before(start)
        if before == "每" or (before == "前" and unit in ("名", "位", "个月", "年")):
            return True
        if number[0] in "0123456789":
            if self._view.startswith(("半小时", "半月", "半天"), end):
                return True  # 1个半小时 is no count
            return before.isascii() and before.isalpha() and len(number) < 3
        if before and before in "数几好" and number[0] in "十百千万":
            return self._view[start - 2 : start] not in _COUNTED_IN_HUNDREDS
        ambiguous = unit in self._units.bare and len(number) == 1 and number not in _BARE_SCALES
        if ambiguous or self._view.startswith("半", end):
            return True
        return len(number) == 1 and not is_count(self._view, (start, end), number, unit)

    def _single(self, found: re.Match[str], group: str) -> tuple[Figure | None, int]:
        start, number, end = found.start(), found["low"], found.end(group)
        unit, more = found[group], found["lowmore"]
        value = parse_number(number)
        scale = _scale(found["scale"]) if group == "unit" else _ONE
        begin, hedge = hedge_before(self._view, start)
        if number in _BARE_SCALES and hedge is Hedge.EXACT and not more:
            return None, end
        if value is None or self._barred(start, number, unit, end):
            return None, found.end("low")
        if (
            number[-1] in "0123456789"
            and "." in number
            and scale == 1
            and self._is_outline(start, unit)
        ):
            return None, start + number.index(".") + 1
        if more and group == "unit":
            hedge = Hedge.ABOUT if more == "来" else Hedge.OVER_ROUND
        if hedge is Hedge.EXACT:
            hedge = hedge_of_verb(self._view, start)
        figure = self._figure((begin, end), value * scale, None, unit, hedge)
        return self._bounded(figure, last_digit_step(value) * scale), figure.end

    def _ranged(self, found: re.Match[str]) -> tuple[Figure | None, int]:
        start, unit = found.start(), found["unit"]
        low, high = parse_number(found["low"]), parse_number(found["high"])
        if low is None or high is None:
            return None, found.end("low")
        scale = _scale(found["scale"])
        if found["low"][-1] not in "万亿" and found["high"][-1] in "万亿" and not found["lowunit"]:
            low *= _scale(found["high"][-1])
        if low >= high or self._barred(start, found["low"], unit, found.end()):
            return None, found.end("low")
        begin, hedge = hedge_before(self._view, start)
        figure = self._figure((begin, found.end()), low * scale, high * scale, unit, hedge)
        return replace(figure, value=plain(low * scale), value_max=plain(high * scale)), figure.end

    def _unitless(self, found: re.Match[str]) -> tuple[Figure | None, int]:
        """A bare number after a word of quantity, or one that ends in 万 or 亿 at a stop."""
        start, number, more = found.start(), found["low"], found["lowmore"]
        end = found.end("lowmore") if more else found.end("low")
        closes = end >= len(self._view) or self._view[end] in ",。;、)\n"
        value = parse_number(number)
        if value is None or (number[0] not in "0123456789" and len(number) == 1):
            return None, end
        before = self._view[max(0, start - 8) : start]
        if shared := self._shared(found, value):
            return shared, shared.end
        bracketed = self._bracketed(found, value)
        if bracketed is not None:
            return bracketed, bracketed.end
        scaled = number[-1] in "万亿"
        if not closes or (not scaled and not _BARE_AFTER.search(before)):
            return None, end
        begin, hedge = hedge_before(self._view, start)
        hedge = Hedge.OVER_ROUND if more else hedge
        figure = self._figure((begin, end), value, None, "", hedge)
        if scaled and _MONEY_BEFORE.search(before):
            figure = replace(figure, dimension=Dimension.MONEY)
        return self._bounded(figure, last_digit_step(value)), figure.end

    def _shared(self, found: re.Match[str], value: Decimal) -> Figure | None:
        """分别提高1.5、3.2个百分点: the first takes the unit of the one it is listed with."""
        start, end = found.start(), found.end("low")
        if "分别" not in self._view[max(0, start - 24) : start]:
            return None
        listed = _listed().match(self._view, end)
        return (
            self._figure((start, end), value, None, listed["unit"], Hedge.EXACT) if listed else None
        )

    def _bracketed(self, found: re.Match[str], value: Decimal) -> Figure | None:
        """12（件）; 罚没款（万元）：28.6, whose unit stands in the words before."""
        start, end = found.start(), found.end("low")
        behind = _unit_behind().match(self._view, end)
        ahead = _unit_ahead().search(self._view, max(0, start - 12), start)
        unit = behind or ahead
        if unit is None:
            return None
        begin, hedge = hedge_before(self._view, start)
        stop = behind.end() if behind else end
        scaled = value * _scale(unit["scale"])
        figure = self._figure((begin, stop), scaled, None, unit["unit"], hedge)
        return self._bounded(figure, last_digit_step(value) * _scale(unit["scale"]))

    def _figure(
        self, span: tuple[int, int], value: Decimal, high: Decimal | None, unit: str, hedge: Hedge
    ) -> Figure:
        """A figure with the hedge printed after its unit, if there is one."""
        begin, end = span
        dimension = self._units.dimension.get(unit, Dimension.OTHER)
        if unit == "日内":
            end, unit = end - 1, "日"
        stop, after = hedge_after(self._view, end, dimension is Dimension.TIME)
        if after is not Hedge.EXACT and hedge in (Hedge.EXACT, after):
            hedge, end = after, stop
        unit = _PLAIN_UNIT.get(unit, unit)
        if unit == "块" and _MONEY_BEFORE.search(self._view, max(0, begin - 8), begin):
            dimension = Dimension.MONEY
        return Figure(begin, end, QuantityKind.QUANTITY, value, high, unit, dimension, hedge)

    def _bounded(self, figure: Figure, step: Decimal) -> Figure:
        """With the interval its hedge makes of its value."""
        value = figure.value or Decimal(0)
        if figure.hedge is Hedge.EXACT:
            return replace(figure, value=plain(value))
        low, high = interval(value, figure.hedge, step)
        return replace(figure, value=plain(low), value_max=None if high is None else plain(high))

    def _is_outline(self, start: int, unit: str) -> bool:
        """1.3家 at the start of a line is item 1 and three firms; 人均1.5件 is a decimal."""
        discrete = self._units.dimension.get(unit, Dimension.OTHER) in DISCRETE
        return discrete and (not start or self._before(start) in "\n。;:,)")

    def _fraction(self, start: int) -> Figure | None:
        """百分之98.1, 千分之三; 三分之二 as a percentage, to 28 digits; 百分百."""
        if _ALL.match(self._view, start):
            if not _RATE_BEFORE.search(self._view, max(0, start - 1), start):
                return None
            return self._figure((start, start + 3), Decimal(100), None, "%", Hedge.EXACT)
        found = _FRACTION.match(self._view, start)
        if found is None:
            return None
        whole, part = parse_number(found["whole"]), parse_number(found["part"])
        if not whole or part is None:
            return None
        unit, factor = {"百": ("%", _ONE), "千": ("‰", _ONE)}.get(
            found["whole"], ("分之", 100 / whole)
        )
        begin, hedge = hedge_before(self._view, start)
        hedge = Hedge.OVER_ROUND if found["more"] else hedge
        figure = self._figure((begin, found.end()), part * factor, None, unit, hedge)
        if unit == "分之":
            figure = replace(figure, dimension=Dimension.PERCENT)
        return self._bounded(figure, last_digit_step(part) * factor)

    def _tenths(self, start: int) -> Figure | None:
        """八成 is 80 %, 八成半 85 %."""
        found = _TENTHS.match(self._view, start)
        number = parse_number(found["n"]) if found else None
        if found is None or number is None:
            return None
        value = number * 10 + (5 if found["half"] else 0)
        begin, hedge = hedge_before(self._view, start)
        figure = self._figure((begin, found.end()), value, None, "成", hedge)
        figure = replace(figure, dimension=Dimension.PERCENT)
        return self._bounded(figure, Decimal(10))

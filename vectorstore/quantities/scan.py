"""Every figure, date and fixed phrase of a text, in order, with value and unit but no scope yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from vectorstore.quantities.counting import is_count
from vectorstore.quantities.hedges import hedge_after, hedge_before, interval
from vectorstore.quantities.mask import Masked, code_at, mask_at, mask_spans
from vectorstore.quantities.numerals import NUMERAL_CHARS, last_digit_step, parse_number, plain
from vectorstore.quantities.units import Units, load_units
from vectorstore.types import Dimension, Hedge, QuantityKind

__all__ = ["Figure", "scan"]

_CN = f"[{NUMERAL_CHARS}]"
_ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
_SCALE = r"(?:[十百千]?[万亿]|千(?![米克瓦伏])|百(?!分))"
_NUMBER = rf"(?:{_ARABIC}(?: ?{_SCALE}(?:\d+(?:\.\d+)?[百千万])?)*|{_CN}+(?:点[零〇一二三四五六七八九]+)?)"
_MORE = r"(?:余|多(?!样|元化|发|次)|几|来(?![自源]))"
_SEED = re.compile(f"[0-9{NUMERAL_CHARS}]")
_FRACTION = re.compile(rf"(?P<whole>{_NUMBER}) ?分之 ?(?P<part>{_NUMBER})(?P<more>{_MORE})?")
_TENTHS = re.compile(
    r"(?P<n>[一二三四五六七八九\d])成(?P<half>半)?(?=以上|以下|左右|多|的|[,。;、)]|在|是|为[^主])"
)
_BARE_AFTER = re.compile(
    r"(?:率|[^多少]数量?|总量|得分|分数|评分|指数|数据)(?:分别|均)?(?:为|达到?|是|:)?$"
)
_BARE_SCALE = frozenset("百千万亿")
_MONEY_WORDS = re.compile("款|资金|金额|经费|所得|赔偿|投资|工资|薪|费")
_DISCRETE = frozenset(
    {
        Dimension.PERSON,
        Dimension.PERSON_TIME,
        Dimension.HOUSEHOLD,
        Dimension.HOUSEHOLD_TIME,
        Dimension.CASE,
        Dimension.OCCASION,
        Dimension.COPY,
        Dimension.ITEM,
    }
)
_PERCENT_OF = {"百": (Decimal(1), Dimension.PERCENT), "千": (Decimal(1), Dimension.PERMILLE)}


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
def _figure_pattern() -> re.Pattern[str]:
    unit = load_units().pattern
    return re.compile(
        rf"(?P<low>{_NUMBER})(?P<lowmore>{_MORE})?"
        rf"(?: ?(?P<lowunit>{unit})?(?P<to> ?(?:--?|~|至|到) ?)(?P<high>{_NUMBER})(?P<highmore>{_MORE})?)?"
        rf" ?(?P<scale>{_SCALE})? ?(?P<unit>{unit})?"
    )


_SIMPLE = re.compile(rf"{_NUMBER}")


def scan(text: str, view: str) -> list[Figure]:
    """Figures, dates and phrases of `text` in order of `start`, never overlapping.

    `view` is `fold(text)`; `text[f.start:f.end]` is what is printed.
    """
    masked = mask_spans(text, view)
    found: list[Figure] = []
    at, ahead = 0, 0
    while True:
        seed = _SEED.search(view, at)
        if seed is None:
            break
        start = seed.start()
        while ahead < len(masked) and masked[ahead].end <= start:
            ahead += 1
        if ahead < len(masked) and masked[ahead].start <= start:
            at = masked[ahead].end
            continue
        figure, at = _at(view, start)
        if figure is not None:
            found.append(figure)
    found += [Figure(m.start, m.end, m.kind) for m in masked if m.kind is not None]
    found.sort(key=lambda figure: figure.start)
    return _apart(found)


def _apart(figures: list[Figure]) -> list[Figure]:
    kept: list[Figure] = []
    for figure in figures:
        if not kept or figure.start >= kept[-1].end:
            kept.append(figure)
    return kept


def _at(view: str, start: int) -> tuple[Figure | None, int]:
    """What starts at the numeral at `start`, and where to go on."""
    before = view[start - 1 : start]
    if before == "第":
        mask = mask_at(view, start)
        if mask and mask.kind is QuantityKind.DATE and "季度" in view[start : mask.end]:
            return Figure(start - 1, mask.end, mask.kind), mask.end
        return None, _number_end(view, start)
    mask = mask_at(view, start)
    if mask is not None and mask.kind is not None:
        return Figure(_mask_start(view, mask), mask.end, mask.kind), mask.end
    ratio = _fraction(view, start) or _tenths(view, start)
    if ratio is not None:
        return ratio, ratio.end
    return _figure(view, start)


def _mask_start(view: str, mask: Masked) -> int:
    """前三季度 starts before its numeral."""
    ahead = mask.kind is QuantityKind.DATE and view[mask.start - 1 : mask.start] == "前"
    return mask.start - 1 if ahead and view[mask.start : mask.end].endswith("季度") else mask.start


def _number_end(view: str, start: int) -> int:
    found = _SIMPLE.match(view, start)
    return found.end() if found else start + 1


def _figure(view: str, start: int) -> tuple[Figure | None, int]:
    found = _figure_pattern().match(view, start)
    if found is None:
        return None, start + 1
    units = load_units()
    if found["unit"] is None or (found["to"] and not _is_range(found, view)):
        if found["lowunit"]:
            return _single(view, found, units, found["lowunit"], found.end("lowunit"))
        if found["unit"] is None or found["to"]:
            return _unitless(view, start, found)
    if found["to"]:
        return _ranged(view, found, units)
    return _single(view, found, units, found["unit"], found.end("unit"))


def _is_range(found: re.Match[str], view: str) -> bool:
    """80%-90%, 3-5天, 三至五名; not 从3件到5件, not two different units."""
    if found["lowunit"] and found["lowunit"] != found["unit"]:
        return False
    if "到" in found["to"] or "至" in found["to"]:
        return view[found.start() - 1 : found.start()] not in ("从", "由")
    return True


def _barred(view: str, start: int, number: str, unit: str, units: Units, end: int) -> bool:
    """No figure after all: an ordinal, a frequency, a manner of speaking, a code."""
    before = view[start - 1 : start] if start else ""
    if before == "每" or (before == "前" and unit in ("名", "位", "个月", "年")):
        return True
    if number[0] in "0123456789":
        return before.isascii() and before.isalpha() and len(number) < 3
    if before and before in "数几好" and number[0] in "十百千万":
        return view[start - 2 : start] not in ("人数", "件数", "户数", "总数", "次数")
    if unit in units.bare:
        return True
    return len(number) == 1 and not is_count(view, start, end, number, unit)


def _single(
    view: str, found: re.Match[str], units: Units, unit: str, unit_end: int
) -> tuple[Figure | None, int]:
    start, number = found.start(), found["low"]
    value = parse_number(number)
    scale = _scale(found["scale"]) if unit == found["unit"] else Decimal(1)
    begin, hedge = hedge_before(view, start)
    if number in _BARE_SCALE and hedge is Hedge.EXACT and not found["lowmore"]:
        return None, unit_end
    if value is None or _barred(view, start, number, unit, units, unit_end):
        return None, found.end("low")
    if "." in number and found["scale"] is None and not _may_be_decimal(view, start, number, unit):
        return None, start + number.index(".") + 1
    step = last_digit_step(value) * scale
    if found["lowmore"] and unit == found["unit"]:
        hedge = Hedge.ABOUT if found["lowmore"] == "来" else Hedge.OVER_ROUND
    return _finish(view, begin, unit_end, value * scale, None, step, unit, hedge)


def _ranged(view: str, found: re.Match[str], units: Units) -> tuple[Figure | None, int]:
    start, scale = found.start(), _scale(found["scale"])
    low, high = parse_number(found["low"]), parse_number(found["high"])
    if low is None or high is None:
        return None, found.end("low")
    low, high = low * scale, high * scale
    if found["low"][-1] not in "万亿" and found["high"][-1] in "万亿" and not found["lowunit"]:
        low *= _scale(found["high"][-1])
    if low >= high or _barred(view, start, found["low"], found["unit"], units, found.end()):
        return None, found.end("low")
    begin, hedge = hedge_before(view, start)
    return _finish(view, begin, found.end(), low, high, Decimal(1), found["unit"], hedge)


def _finish(
    view: str,
    begin: int,
    end: int,
    value: Decimal,
    high: Decimal | None,
    step: Decimal,
    unit: str,
    hedge: Hedge,
) -> tuple[Figure, int]:
    dimension = load_units().dimension.get(unit, Dimension.OTHER)
    if unit == "日内":
        end, unit, hedge = end - 1, "日", Hedge.EXACT if hedge is Hedge.EXACT else hedge
    stop, after = hedge_after(view, end, dimension is Dimension.TIME)
    if after is not Hedge.EXACT and hedge in (Hedge.EXACT, after):
        hedge, end = after, stop
    if high is None and hedge is not Hedge.EXACT:
        value, high = interval(value, hedge, step)
    unit = "元" if unit == "元整" else unit
    value, high = plain(value), None if high is None else plain(high)
    return Figure(begin, end, QuantityKind.QUANTITY, value, high, unit, dimension, hedge), end


def _scale(text: str | None) -> Decimal:
    value = parse_number(text) if text else None
    return value if value is not None else Decimal(1)


def _may_be_decimal(view: str, start: int, number: str, unit: str) -> bool:
    """1.3家 at the start of a line is item 1 and three firms; 人均1.5件 is a decimal."""
    dimension = load_units().dimension.get(unit, Dimension.OTHER)
    return dimension not in _DISCRETE or (start > 0 and view[start - 1] not in "\n。;:,)")


def _unitless(view: str, start: int, found: re.Match[str]) -> tuple[Figure | None, int]:
    """A bare number after a word of quantity, or one that ends in 万 or 亿 at a stop."""
    number, end = found["low"], found.end("low")
    code = code_at(view, start)
    if code > start:
        return None, code
    closes = end >= len(view) or view[end] in ",。;、)\n"
    before = view[max(0, start - 8) : start]
    value = parse_number(number)
    if not closes or value is None or number[0] not in "0123456789":
        return None, end
    scaled = number[-1] in "万亿"
    if not scaled and not _BARE_AFTER.search(before):
        return None, end
    money = scaled and _MONEY_WORDS.search(before)
    begin, hedge = hedge_before(view, start)
    figure, _ = _finish(view, begin, end, value, None, last_digit_step(value), "", hedge)
    if money:
        figure = Figure(
            begin, end, figure.kind, figure.value, figure.value_max, "", Dimension.MONEY, hedge
        )
    return figure, end


def _fraction(view: str, start: int) -> Figure | None:
    """百分之98.1, 千分之三, 三分之二 (as a percentage, to 28 digits)."""
    found = _FRACTION.match(view, start)
    if found is None:
        return None
    whole, part = parse_number(found["whole"]), parse_number(found["part"])
    if not whole or part is None:
        return None
    factor, dimension = _PERCENT_OF.get(found["whole"], (100 / whole, Dimension.PERCENT))
    unit = {Dimension.PERMILLE: "‰"}.get(dimension, "%") if factor == 1 else "分之"
    value = part * factor
    begin, hedge = hedge_before(view, start)
    if found["more"]:
        hedge = Hedge.OVER_ROUND
    end, after = hedge_after(view, found.end(), False)
    if hedge is Hedge.EXACT:
        hedge = after
    step = last_digit_step(part) * factor
    low, high = interval(value, hedge, step) if hedge is not Hedge.EXACT else (value, None)
    return Figure(begin, end, QuantityKind.QUANTITY, low, high, unit, dimension, hedge)


def _tenths(view: str, start: int) -> Figure | None:
    """八成 is 80 %, 八成半 85 %."""
    found = _TENTHS.match(view, start)
    number = parse_number(found["n"]) if found else None
    if found is None or number is None:
        return None
    value = number * 10 + (5 if found["half"] else 0)
    begin, hedge = hedge_before(view, start)
    end, after = hedge_after(view, found.end(), False)
    hedge = after if hedge is Hedge.EXACT else hedge
    low, high = interval(value, hedge, Decimal(10)) if hedge is not Hedge.EXACT else (value, None)
    return Figure(begin, end, QuantityKind.QUANTITY, low, high, "成", Dimension.PERCENT, hedge)

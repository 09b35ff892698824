"""Printing a figure in another form, and changing it into another figure."""

from __future__ import annotations

import random
import re
from decimal import ROUND_HALF_UP, Decimal

from evals.quantities.facts import FIGURE, Fact

__all__ = ["chinese", "financial", "full_width", "other_scale", "perturbed", "printed", "rounded"]

_LOWER = "零一二三四五六七八九"
_FINANCIAL = "零壹贰叁肆伍陆柒捌玖"
_LOWER_PLACES = ("", "十", "百", "千")
_FINANCIAL_PLACES = ("", "拾", "佰", "仟")
_SCALES = {"": Decimal(1), "万": Decimal(10**4), "亿": Decimal(10**8)}
_WIDE = str.maketrans("0123456789%.", "０１２３４５６７８９％．")


def printed(value: Decimal, unit: str, scale: str = "", places: int | None = None) -> str:
    """`value` (base unit) with `scale` and `unit`; `places` decimals, all that matter if none."""
    number = value / _SCALES[scale]
    if places is not None:
        return f"{number:.{places}f}{scale}{unit}"
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + scale + unit


def perturbed(fact: Fact, rng: random.Random) -> tuple[str, Decimal] | None:
    """The figure with one or all digits changed, more than 5 % off; `None` where that fails."""
    match = FIGURE.fullmatch(fact.text)
    if match is None:
        return None
    old = match["number"]
    places = [i for i, c in enumerate(old) if c != "."]
    for _ in range(30):
        edited = places if rng.random() < 0.5 else [rng.choice(places)]
        new = "".join(rng.choice("123456789") if i in edited else c for i, c in enumerate(old))
        value = fact.value * Decimal(new) / Decimal(old) if Decimal(old) else Decimal(new)
        value = value.normalize()
        off = abs(value - fact.value)
        if off > fact.value / 20 and not (fact.unit in "%％" and value > 100):
            return fact.text.replace(old, new, 1), value
    return None


def other_scale(fact: Fact) -> str | None:
    """The same value printed with another of 万, 亿 or no scale; none where nobody prints so."""
    match = FIGURE.fullmatch(fact.text)
    if match is None or fact.unit in "%％个百分点":
        return None
    if match["scale"] == "万":
        return printed(fact.value, fact.unit)
    if match["scale"] == "亿":
        return printed(fact.value, fact.unit, "万")
    return printed(fact.value, fact.unit, "万") if fact.value >= 1000 else None


def rounded(fact: Fact, approximate: bool) -> tuple[str, Decimal] | None:
    """The figure at a coarser precision (half up), with 约 if `approximate`; none if it is round.

    One decimal fewer, or from 1,000 on two decimals in 万; the change stays within 2 %.
    """
    match = FIGURE.fullmatch(fact.text)
    if match is None:
        return None
    number, scale = Decimal(match["number"]), match["scale"]
    places = len(match["number"].partition(".")[2])
    if not places and not scale and fact.value >= 10000:
        number, scale, places = fact.value / 10000, "万", 3
    if not places:
        return None
    coarse = number.quantize(Decimal(1).scaleb(1 - places), ROUND_HALF_UP)
    if coarse == number or abs(coarse - number) > number / 50:
        return None
    text = f"{'约' if approximate else ''}{coarse}{scale}{fact.unit}"
    return text, coarse * _SCALES[scale]


def full_width(text: str) -> str:
    """Digits, point and percent sign in their full-width forms."""
    return text.translate(_WIDE)


def chinese(fact: Fact) -> str | None:
    """The figure in Chinese numerals (十二件, 五万元); none for decimals and percentages."""
    return _in_characters(fact, _LOWER, _LOWER_PLACES)


def financial(fact: Fact) -> str | None:
    """The figure in financial numerals (伍万元), which only money is printed in."""
    return _in_characters(fact, _FINANCIAL, _FINANCIAL_PLACES) if fact.unit == "元" else None


def _in_characters(fact: Fact, digits: str, places: tuple[str, ...]) -> str | None:
    match = FIGURE.fullmatch(fact.text)
    if match is None or "." in match["number"] or len(match["number"]) > 4 or fact.unit in "%％":
        return None
    text = _numeral(match["number"], digits, places)
    if digits is _LOWER:
        text = re.sub(r"^一十", "十", text)
    return text + match["scale"] + fact.unit if text else None


def _numeral(number: str, digits: str, places: tuple[str, ...]) -> str:
    """Up to four Arabic digits as characters, one 零 for a gap."""
    out = ""
    for place, digit in zip(reversed(range(len(number))), number, strict=True):
        if digit != "0":
            out += digits[int(digit)] + places[place]
        elif out and not out.endswith(digits[0]) and number[-place - 1 :].strip("0"):
            out += digits[0]
    return out

"""Numerals in Chinese official prose ↔ exact decimals.

Reads Arabic (1,234.5), Chinese (一百二十三, 二〇二五, 九十八点一), financial (贰拾叁) and mixed
(1.2亿, 3万5千) numerals; writes them back in each style. No floats: `Decimal` throughout.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum

__all__ = ["NUMERAL_CHARS", "Style", "last_digit_step", "parse_number", "plain", "render"]

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2}
_DIGITS |= {c: n for n, c in enumerate("壹贰叁肆伍陆柒捌玖", start=1)}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_ARABIC = frozenset("0123456789.,")

NUMERAL_CHARS = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
"""Chinese numeral characters, for use inside a regular expression's brackets."""


class Style(StrEnum):
    """How `render` writes a number."""

    ARABIC = "arabic"  # 1234.5
    GROUPED = "grouped"  # 1,234.5
    FULL_WIDTH = "full_width"  # １２３４.５
    CHINESE = "chinese"  # 一千二百三十四点五
    FINANCIAL = "financial"  # 壹仟贰佰叁拾肆
    WAN = "wan"  # 0.12345万
    YI = "yi"  # 0.000012345亿


class _Reader:
    """State while one numeral is read from left to right."""

    __slots__ = ("current", "last_scale", "section", "small_limit", "total", "zero")

    def __init__(self) -> None:
        self.total = Decimal(0)
        self.section = Decimal(0)
        self.current: Decimal | None = None
        self.last_scale = 0
        self.small_limit = 10_000
        self.zero = False

    def small(self, scale: int) -> bool:
        if scale >= self.small_limit and self.last_scale:
            return False
        if self.current is None:
            if self.last_scale and scale != 10:
                return False
            self.current = Decimal(1)
        self.section += self.current * scale
        self.current, self.last_scale, self.small_limit, self.zero = None, scale, scale, False
        return True

    def large(self, scale: int) -> bool:
        group = self.section + (self.current or 0)
        if scale == _LARGE["万"]:
            if not group and self.current is None:
                if self.last_scale:
                    return False
                group = Decimal(1)
            self.total += group * scale
        else:
            if not (self.total + group) and self.current is None:
                if self.last_scale:
                    return False
                group = Decimal(1)
            self.total = (self.total + group) * scale
        self.section, self.current = Decimal(0), None
        self.last_scale, self.small_limit, self.zero = scale, 10_000, False
        return True

    def value(self) -> Decimal:
        tail = self.current if self.current is not None else Decimal(0)
        # 三万五 = 35000, 一百二 = 120: a last digit right after a scale counts tenths of it.
        if tail and self.last_scale >= 100 and not self.zero and tail < 10:
            tail = tail * self.last_scale / 10
        return self.total + self.section + tail


def _positional(text: str) -> Decimal | None:
    """Digits one by one: 二〇二五 → 2025; 三五 (three to five) is no number."""
    if len(text) == 2 and not ("零" in text or "〇" in text):
        return None
    return Decimal("".join(str(_DIGITS[c]) for c in text))


def _arabic(token: str) -> Decimal | None:
    token = token.replace(",", "").rstrip(".")
    if not token or token.startswith(".") or token.count(".") > 1:
        return None
    return Decimal(token)


_MOST_DIGITS = 18


def parse_number(text: str) -> Decimal | None:
    """The exact value of a numeral, `None` when it is not well formed.

    `text` is folded (half-width digits) and holds nothing but the numeral; spaces are ignored.
    Whatever has more than 18 digits before or after its point is the number of a card or an
    account, not an amount; reckoning with it would also leave the 28 digits Decimal keeps.
    """
    value = _parsed(text.replace(" ", ""))
    if value is None or value.adjusted() >= _MOST_DIGITS:
        return None
    exponent = value.as_tuple().exponent
    return value if isinstance(exponent, int) and exponent >= -_MOST_DIGITS else None


def _parsed(text: str) -> Decimal | None:
    if not text:
        return None
    if _ARABIC.issuperset(text):
        return _arabic(text)
    whole, dot, fraction = text.partition("点")
    if dot:
        base = _parsed(whole)
        if base is None or not fraction or any(c not in _DIGITS for c in fraction):
            return None
        digits = "".join(str(_DIGITS[c]) for c in fraction)
        return base + Decimal(f"0.{digits}")
    if len(text) > 1 and all(c in _DIGITS for c in text):
        return _positional(text)
    return _scaled(text)


def _scaled(text: str) -> Decimal | None:
    reader, at = _Reader(), 0
    while at < len(text):
        char = text[at]
        end = at + 1
        if char in _ARABIC:
            while end < len(text) and text[end] in _ARABIC:
                end += 1
            if reader.current is not None:
                return None
            reader.current = _arabic(text[at:end])
            if reader.current is None:
                return None
        elif char in _DIGITS:
            digit = _DIGITS[char]
            if reader.current is not None:
                return None
            if digit or len(text) == 1:
                reader.current = Decimal(digit)
            else:
                reader.zero = True
        elif char in _SMALL:
            if not reader.small(_SMALL[char]):
                return None
        elif char not in _LARGE or not reader.large(_LARGE[char]):
            return None
        at = end
    return reader.value()


def last_digit_step(value: Decimal) -> Decimal:
    """One unit of the last digit that is not zero: 1060 → 10, 100 → 100, 1.2 → 0.1; 0 → 1."""
    if not value:
        return Decimal(1)
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(1).scaleb(exponent)


def plain(value: Decimal) -> Decimal:
    """The same value without trailing zeros or an exponent: 241620.000 → 241620."""
    value = value.normalize()
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent > 0:
        return Decimal(format(value, "f"))  # `quantize` refuses more than 28 digits
    return value


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _group_words(number: int, digits: str, small: str) -> str:
    """0–9999 in words, with one zero for a gap; empty for 0."""
    out, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            out += (digits[0] if gap and out else "") + digits[digit]
            out += small[power - 1] if power else ""
            gap = False
        else:
            gap = True
    return out


def _words(value: Decimal, digits: str, small: str) -> str:
    whole, _, fraction = _plain(value).partition(".")
    number = int(whole)
    groups = [("亿", number // 10**8), ("万", number // 10**4 % 10**4), ("", number % 10**4)]
    out, below = "", False
    for name, group in groups:
        if group >= 10**4:
            out += _words(Decimal(group), digits, small) + name
        elif group:
            zero = digits[0] if out and (below or group < 1000) else ""
            out += zero + _group_words(group, digits, small) + name
            below = False
        else:
            below = bool(out)
    out = out or digits[0]
    if digits[1] == "一" and out.startswith("一十"):
        out = out[1:]
    return out + ("点" + "".join(digits[int(c)] for c in fraction) if fraction else "")


def _grouped(value: Decimal) -> str:
    whole, dot, fraction = _plain(value).partition(".")
    return f"{int(whole):,}{dot}{fraction}"


def _full_width(value: Decimal) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in _plain(value))


_WRITERS: dict[Style, Callable[[Decimal], str]] = {
    Style.ARABIC: _plain,
    Style.GROUPED: _grouped,
    Style.FULL_WIDTH: _full_width,
    Style.CHINESE: lambda value: _words(value, "零一二三四五六七八九", "十百千"),
    Style.FINANCIAL: lambda value: _words(value, "零壹贰叁肆伍陆柒捌玖", "拾佰仟"),
    Style.WAN: lambda value: _plain(value.scaleb(-4)) + "万",
    Style.YI: lambda value: _plain(value.scaleb(-8)) + "亿",
}


def render(value: Decimal, style: Style) -> str:
    """Write a value ≥ 0 in a style; `parse_number` of the folded result gives it back."""
    return _WRITERS[style](value)

"""Outline numbers that open a line: 一、 （一） 1. （1） ① 第一部分 and their odd spellings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

__all__ = ["Marker", "Style", "chinese_number", "read_marker"]


class Style(IntEnum):
    """A way of numbering; a smaller value usually stands higher in the tree."""

    ATTACHMENT = 0  # 附件1
    PART = 1  # 第一部分 第一章
    CLAUSE = 2  # 第一节
    ARTICLE = 3  # 第一条
    CHINESE = 4  # 一、
    CHINESE_PAREN = 5  # （一）
    ARABIC = 6  # 1.
    DECIMAL = 7  # 1.1
    ARABIC_PAREN = 8  # （1）
    CIRCLED = 9  # ①
    PLAIN = 10  # no number


@dataclass(frozen=True, slots=True)
class Marker:
    """An outline number: its style, its value (1 for 一、), its length with the space after it.

    `depth` tells 1.1 (1) from 1.1.1 (2); it is 0 for every other style.
    """

    style: Style
    value: int
    length: int
    depth: int = 0

    @property
    def key(self) -> tuple[Style, int]:
        """Markers with the same key number siblings."""
        return self.style, self.depth


_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}

_CN = r"[一二三四五六七八九十]{1,3}"
# A digit may follow “1.” only when it begins a year: “1.2025年…” is item 1, “1.2亿元” a figure.
_NOT_FIGURE = r"(?![0-9０-９])|(?=20\d\d年)"
_PATTERNS: tuple[tuple[Style, re.Pattern[str]], ...] = (
    (Style.ATTACHMENT, re.compile(r"附\s?件\s{0,4}([0-9０-９]{0,2}|" + _CN + r")\s{0,4}[:：]?$")),
    (Style.PART, re.compile(rf"第\s*({_CN}|[0-9]{{1,2}})\s*(?:部分|编|篇|章)[\s、:：.．]*")),
    (Style.CLAUSE, re.compile(rf"第\s*({_CN}|[0-9]{{1,2}})\s*节[\s、:：.．]*")),
    (Style.ARTICLE, re.compile(rf"第\s*({_CN}|[0-9]{{1,2}})\s*条[\s:：]\s*")),
    (Style.CHINESE_PAREN, re.compile(rf"[（(〔【\[]\s*({_CN})\s*[）)〕】\]][\s、.．]*")),
    (Style.CHINESE_PAREN, re.compile(rf"({_CN})\s*[）)][\s、.．]*")),
    (
        Style.CHINESE,
        re.compile(rf"({_CN})(?:\s*[、.．,，:：]\s*|[ \u3000]+)(?!{_CN}(?:[、，,级]|是))"),
    ),
    (Style.ARABIC_PAREN, re.compile(r"[（(]\s*([0-9０-９]{1,2})\s*[）)][\s、.．]*")),
    (Style.ARABIC_PAREN, re.compile(r"([0-9０-９]{1,2})\s*[）)][\s、.．]*")),
    (
        Style.DECIMAL,
        re.compile(
            r"([0-9]{1,2}(?:[.．][0-9]{1,2}){1,3})[.．、]?"
            r"(?:\s+(?=\D)|(?=[\u4e00-\u9fff])(?![万亿元个件次人户家场平公倍年月日名起项份]))"
        ),
    ),
    (Style.ARABIC, re.compile(rf"([0-9０-９]{{1,2}})\s*[.．、,，](?:{_NOT_FIGURE})\s*")),
)
# First code point of each run of single-character numbers, its length and its style.
_SINGLE = (
    (0x2460, 20, Style.CIRCLED),
    (0x2474, 20, Style.ARABIC_PAREN),
    (0x2488, 20, Style.ARABIC),
    (0x3220, 10, Style.CHINESE_PAREN),
)
_STARTS = frozenset("附第（(〔【[一二三四五六七八九十0123456789０１２３４５６７８９")


def chinese_number(text: str) -> int:
    """Value of 一 … 九十九 or of digits, half or full width; 0 when there is none."""
    if not text:
        return 0
    if text.isdecimal():
        return int(text)
    if "十" in text:
        tens, _, units = text.partition("十")
        return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(units, 0)
    return int("".join(str(_DIGITS.get(c, 0)) for c in text))


def read_marker(line: str) -> Marker | None:
    """The outline number that opens a stripped line, or None. 一是 is never one."""
    if not line:
        return None
    first = line[0]
    if first not in _STARTS:
        return _single(first, line)
    for style, pattern in _PATTERNS:
        if match := pattern.match(line):
            if style is Style.DECIMAL:
                numbers = match[1].replace("．", ".").split(".")
                return Marker(style, int(numbers[-1]), match.end(), len(numbers) - 1)
            return Marker(style, chinese_number(match[1]), match.end())
    return None


def _single(first: str, line: str) -> Marker | None:
    code = ord(first)
    for base, count, style in _SINGLE:
        if base <= code < base + count:
            rest = line[1:].lstrip(" \u3000、.．")
            return Marker(style, code - base + 1, len(line) - len(rest))
    return None

"""Heading numbers: 一、 → （一） → 1. → （1） → ①, without gaps."""

from __future__ import annotations

import re

__all__ = ["Numbering", "bare_heading", "chinese_number"]

_DIGITS = "零一二三四五六七八九"
_ENDS = "。．.；;，,：:、 \u3000"
_PREFIX = re.compile(
    r"\s*(?:第?[一二三四五六七八九十百]+、|[（(][一二三四五六七八九十百]+[）)]"
    r"|\d{1,2}[.．、](?!\d)|[（(]\d{1,2}[）)]|[①-⑳])\s*"
)


def chinese_number(n: int) -> str:
    """`n` (1–999) in Chinese: 1 → 一, 10 → 十, 11 → 十一, 20 → 二十, 105 → 一百零五."""
    hundreds, rest = divmod(n, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def _circled(n: int) -> str:
    """①…㊿; Unicode has them in three blocks and none beyond 50."""
    for first, last, start in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= n <= last:
            return chr(start + n - first)
    return f"（{n}）"


def _printed(depth: int, n: int) -> str:
    return (
        f"{chinese_number(n)}、",
        f"（{chinese_number(n)}）",
        f"{n}.",
        f"（{n}）",
        _circled(n),
    )[depth - 1]


def bare_heading(text: str) -> str:
    """The heading without a number or end punctuation that came along from a source."""
    return _PREFIX.sub("", text, count=1).strip().rstrip(_ENDS) if text.strip() else ""


class Numbering:
    """Counts headings in document order.

    A level that skips (1 then 3) is closed up, so that the printed sequence has no gap.
    """

    def __init__(self) -> None:
        self._open: list[tuple[int, int]] = []

    def next(self, level: int) -> tuple[int, str]:
        """Depth (1–5) and printed number of the next heading, which was given as `level`."""
        count = 1
        while self._open and self._open[-1][0] >= level:
            count = self._open.pop()[1] + 1
        self._open.append((level, count))
        depth = len(self._open)
        return depth, _printed(depth, count)

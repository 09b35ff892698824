"""A long title over balanced lines, broken where one would pause when reading it aloud.

GB/T 9704—2012, 7.3.1: 回行时要做到词意完整、排列对称、长短适宜、间距恰当，
标题排列应当使用梯形或菱形.
"""

from __future__ import annotations

import math
import re
from functools import cache
from itertools import pairwise
from unicodedata import east_asian_width

__all__ = ["title_lines", "width"]

_GOOD_AFTER = re.compile(
    r"(?:关于|年度?|省|市|县|区|局|委|厅|委员会|人民政府|领导小组|办公室|、|，|：)$"
)
_GOOD_BEFORE = re.compile(r"(?:关于|[12]\d{3}年|推进|加强|法治|落实|贯彻|（|《)")
_BAD_BEFORE = re.compile(r"[的了及和与、，：；。）》”’]")
_BAD_AFTER = re.compile(r"[（《“‘]$")
_TOGETHER = re.compile(r"[\d.%—-]+年?度?|《[^》]*》|（[^）]*）|“[^”]*”|【[^】]*】|[A-Za-z]+")


def width(text: str) -> float:
    """Width in full-width characters; digits and letters are half of one."""
    return sum(1.0 if east_asian_width(char) in "WFA" else 0.5 for char in text)


def title_lines(title: str, most: float, words: tuple[str, ...] = ()) -> list[str]:
    """The title in as few lines of at most `most` characters as possible, balanced.

    `words` are the title's words: none is split unless nothing else fits.
    """
    if width(title) <= most:
        return [title]
    for count in range(math.ceil(width(title) / most), len(title) + 1):
        best = _best(title, count, most, _splits(title, words))
        if best:
            return best
    return [title]


def _splits(title: str, words: tuple[str, ...]) -> frozenset[int]:
    """Positions inside a word, a number, a quotation or a bracket."""
    spans = [match.span() for match in _TOGETHER.finditer(title) if len(match[0]) <= 12]
    for word in set(words):
        spans += [match.span() for match in re.finditer(re.escape(word), title)]
    return frozenset(at for start, end in spans for at in range(start + 1, end))


def _best(title: str, count: int, most: float, splits: frozenset[int]) -> list[str]:
    """The cheapest way to cut the title into `count` lines; [] where they do not fit."""
    fair = width(title) / count

    @cache
    def cut(start: int, lines: int) -> tuple[float, tuple[int, ...]]:
        if lines == 1:
            rest = width(title[start:])
            return (_unevenness(rest, fair), ()) if rest <= most else (math.inf, ())
        options = []
        for at in range(start + 1, len(title) - lines + 2):
            if width(title[start:at]) > most:
                break
            cost, later = cut(at, lines - 1)
            here = _unevenness(width(title[start:at]), fair) + _break_cost(title, at, splits)
            options.append((here + cost, (at, *later)))
        return min(options, default=(math.inf, ()))

    cost, breaks = cut(0, count)
    if math.isinf(cost):
        return []
    edges = (0, *breaks, len(title))
    return [title[a:b] for a, b in pairwise(edges)]


def _unevenness(length: float, fair: float) -> float:
    return ((length - fair) / fair) ** 2 * 40


def _break_cost(title: str, at: int, splits: frozenset[int]) -> float:
    """How bad a break before character `at` is; below 0 it is a natural pause."""
    if at in splits:
        return 100.0
    if _BAD_BEFORE.match(title, at) or _BAD_AFTER.search(title[:at]):
        return 30.0
    good_after, good_before = _GOOD_AFTER.search(title[:at]), _GOOD_BEFORE.match(title, at)
    return -4.0 * bool(good_after) - 3.0 * bool(good_before)

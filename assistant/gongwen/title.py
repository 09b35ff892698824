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

_LINE_COST = 4.0


def width(text: str) -> float:
    """Width in full-width characters; digits and letters are half of one."""
    return sum(1.0 if east_asian_width(char) in "WFA" else 0.5 for char in text)


def title_lines(title: str, most: float, words: tuple[str, ...] = ()) -> list[str]:
    """The title in as few lines of at most `most` characters as possible, balanced.

    `words` are the title's words: none is split unless nothing else fits.
    """
    if width(title) <= most:
        return [title]
    splits = _splits(title, words)
    fewest = math.ceil(width(title) / most)
    # A line more than necessary is worth it where it saves a bad break or a lopsided pair.
    ways = [_best(title, fewest + more, most, splits) for more in range(2)]
    costs = [cost + _LINE_COST * more for more, (cost, _) in enumerate(ways)]
    return ways[costs.index(min(costs))][1]


def _splits(title: str, words: tuple[str, ...]) -> frozenset[int]:
    """Positions inside a word, a number, a quotation or a bracket."""
    spans = [match.span() for match in _TOGETHER.finditer(title) if len(match[0]) <= 12]
    for word in set(words):
        spans += [match.span() for match in re.finditer(re.escape(word), title)]
    return frozenset(at for start, end in spans for at in range(start + 1, end))


def _best(title: str, count: int, most: float, splits: frozenset[int]) -> tuple[float, list[str]]:
    """The cheapest way to cut the title into `count` lines, infinitely dear where none fits."""
    fair = width(title) / count

    @cache
    def cut(start: int, lines: int) -> tuple[float, tuple[int, ...]]:
        # Lines in the middle should be the longer ones: a rhombus, not an hourglass.
        wanted = fair * (1.15 if 1 < lines < count else 0.9 if count > 2 else 1)
        if lines == 1:
            rest = width(title[start:])
            return (_unevenness(rest, wanted), ()) if rest <= most else (math.inf, ())
        options = []
        for at in range(start + 1, len(title) - lines + 2):
            if width(title[start:at]) > most:
                break
            cost, later = cut(at, lines - 1)
            here = _unevenness(width(title[start:at]), wanted) + _break_cost(title, at, splits)
            options.append((here + cost, (at, *later)))
        return min(options, default=(math.inf, ()))

    cost, breaks = cut(0, count)
    edges = (0, *breaks, len(title))
    return cost, [title[a:b] for a, b in pairwise(edges)]


def _unevenness(length: float, wanted: float) -> float:
    return ((length - wanted) / wanted) ** 2 * 25


def _break_cost(title: str, at: int, splits: frozenset[int]) -> float:
    """How bad a break before character `at` is; below 0 it is a natural pause."""
    if at in splits:
        return 100.0
    if _BAD_BEFORE.match(title, at) or _BAD_AFTER.search(title[:at]):
        return 30.0
    good_after, good_before = _GOOD_AFTER.search(title[:at]), _GOOD_BEFORE.match(title, at)
    return -4.0 * bool(good_after) - 3.0 * bool(good_before)

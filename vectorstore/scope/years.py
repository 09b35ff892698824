"""Which report years a question means.

今年, 本年度 mean the newest year in the library, because reports are written about the last
complete year; 去年, 上年 the one before it. When the library lacks that year but has the one the
calendar gives, the calendar's is taken: in 2026, 去年 over a library of 2025 reports is 2025.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["YearReading", "YearsRead", "read_years"]


@dataclass(frozen=True, slots=True)
class YearReading:
    """How one expression at `start:end` was read: 去年 → (2024,)."""

    text: str
    years: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class YearsRead:
    """`years` are in the library, `unknown` were asked for and are not; both ascending.

    `compared` when the question sets a year against the one before (同比, 比上年).
    """

    years: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    readings: tuple[YearReading, ...] = ()
    compared: bool = False


_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_COUNTS = {"两": 2, "二": 2, "2": 2, "三": 3, "3": 3, "四": 4, "4": 4, "五": 5, "5": 5}
_COUNT = "[" + "".join(_COUNTS) + "]"

# Periods in the names of outlines and plans, and years of editions, are not asked about.
_NOT_ASKED = re.compile(
    r"(?:纲要|规划|方案|计划|行动)[》]?[(\[]?20\d\d年?[-—–~至到]+(?:20)?\d\d年?[)\]]?"
    r"|[(]20\d\d年?[-—–~至到]+(?:20)?\d\d年?[)](?=[^《》]{0,12}》)"
    r"|20\d\d年(?:修订|修正|版|颁布)"
)
_RANGE = re.compile(r"(?<!\d)(20\d\d)年?度?[-—–~至到]+(?:(20\d\d)|(\d\d))年?(?!\d)")
_LIST = re.compile(
    r"(?<!\d)(?:20)?[1-4]\d年?(?:(?:、|,|和|与|及)(?:20)?[1-4]\d年?)+(?=年|两年|三年|度|各|分别|比)"
)
_FULL = re.compile(r"(?<!\d)(20\d\d)年度?")
_SHORT = re.compile(r"(?<![\d近第满连续过])([1-4]\d)年(?!来|内|间|前|后|以上|龄|期)")
_CHINESE = re.compile(r"二[〇零○]([一二三四][〇零○一二三四五六七八九])年")
# A bare number is a year only if it can be one and no measure word follows (2025户次 is a count).
_BARE = re.compile(
    r"(?<![\d.〔\[])(20[0-4]\d)"
    r"(?![\d.%‰年号户家件起个次场人名万千百亿元项份册篇所部条批宗余]|多(?!少))"
)
_THIS = re.compile(r"今年|本年度?|当年|这一?年度?(?!来)")
_LAST = re.compile(r"去年|(?<!以)上一?年度?|前一年度?")
_BEFORE_LAST = re.compile(r"(?<![以之])前年")
_NEXT = re.compile(r"明年|来年")
_RECENT = re.compile(
    rf"(?:最近|过去|近|这|连续)({_COUNT})年|({_COUNT})年(?:来|间|以来|一?共|合计|总共|总计|累计|加)"
)
_ALL_YEARS = re.compile(r"近几年|近年来?|历年|各年度?|逐年|这几年|每年各?")
_COMPARED = re.compile(
    r"同比|(?:比|较|与|和|同|跟|相比)(?:于)?(?:去年|上一?年|前一年)|(?:去年|上一?年)(?:同期|相比)"
)


def read_years(text: str, known: Sequence[int], today_year: int) -> YearsRead:
    """Read the years out of a folded question; `known` are the years of the library's reports."""
    newest = max(known, default=today_year - 1)
    blank = _NOT_ASKED.sub(lambda m: "\0" * len(m.group()), text)
    explicit, blank = _explicit(blank, known)
    stated = [year for reading in explicit for year in reading.years]
    anchor = max(stated, default=newest)
    compared = bool(_COMPARED.search(blank))
    relative = _relative(blank, anchor, set(known), today_year, bool(stated))
    readings = sorted([*explicit, *relative], key=lambda r: r.start)
    asked = {year for reading in readings for year in reading.years}
    implied = {anchor, anchor - 1} & set(known) if compared else set()
    if compared:  # a base that is only implied is not missed: the report may print 同比 itself
        asked = {y for y in asked if y in known or y in stated}
    years = asked | implied
    return YearsRead(
        years=tuple(sorted(y for y in years if y in known)),
        unknown=tuple(sorted(y for y in years if y not in known)),
        readings=tuple(readings),
        compared=compared,
    )


def _explicit(text: str, known: Sequence[int]) -> tuple[list[YearReading], str]:
    """Years written as numbers, and the text with them blanked out."""
    found: list[YearReading] = []

    def take(
        pattern: re.Pattern[str], years_of: Callable[[re.Match[str]], tuple[int, ...]]
    ) -> None:
        nonlocal text
        for match in pattern.finditer(text):
            years = years_of(match)
            if years:
                found.append(YearReading(match.group(), years, match.start(), match.end()))
                text = text[: match.start()] + "\0" * len(match.group()) + text[match.end() :]

    take(_RANGE, _span)
    take(_LIST, lambda m: tuple(_full(y) for y in re.findall(r"\d+", m.group())))
    take(_FULL, lambda m: (int(m[1]),))
    take(_CHINESE, lambda m: (int("20" + "".join(_DIGITS[c] for c in m[1])),))
    take(_SHORT, lambda m: (_full(m[1]),))
    take(_BARE, lambda m: (int(m[1]),) if int(m[1]) in known else ())
    return found, text


def _full(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _span(match: re.Match[str]) -> tuple[int, ...]:
    first, last = int(match[1]), int(match[2] or _full(match[3]))
    return tuple(range(first, last + 1)) if first <= last <= first + 10 else ()


def _relative(
    text: str, anchor: int, known: set[int], today: int, stated: bool
) -> list[YearReading]:
    """今年, 去年, 近两年 … against `anchor`: the stated year if there is one, else the newest."""
    found: list[YearReading] = []

    def add(pattern: re.Pattern[str], back: int) -> None:
        for match in pattern.finditer(text):
            year = anchor - back
            if not stated and year not in known and today - back in known:
                year = today - back
            found.append(YearReading(match.group(), (year,), match.start(), match.end()))

    add(_THIS, 0)
    add(_LAST, 1)
    add(_BEFORE_LAST, 2)
    for match in _NEXT.finditer(text):  # next year's plan is in the newest report
        found.append(YearReading(match.group(), (anchor,), match.start(), match.end()))
    for match in _RECENT.finditer(text):
        count = _COUNTS[match[1] or match[2]]
        years = tuple(range(anchor - count + 1, anchor + 1))
        found.append(YearReading(match.group(), years, match.start(), match.end()))
    for match in _ALL_YEARS.finditer(text):
        found.append(YearReading(match.group(), tuple(sorted(known)), match.start(), match.end()))
    return found

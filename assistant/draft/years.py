"""Words that say which year it is: moved to the new year, or marked where a person must decide.

Every function works on a span of a source text and yields edits with offsets into that text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.draft.edits import Edit, apply, plain, verify_mark
from assistant.gongwen import Text
from vectorstore.clean import fold

__all__ = ["Years", "retime", "retimed"]

_DASH = r"\s*(?:[-—–~至到]|——|--)+\s*"
_YEAR = r"(?<!\d)(?:19|20)\d\d"
_TITLE = re.compile(r"《[^《》\n]{2,80}》(?:\([^()\n]{0,24}\))?")
_PERIOD = re.compile(rf"({_YEAR})年?{_DASH}({_YEAR})(?!\d)年?")
_MONTHS = re.compile(rf"({_YEAR})年(\d{{1,2}})月?{_DASH}(\d{{1,2}})月")
_DAY = re.compile(rf"({_YEAR})年(\d{{1,2}})月(?:(\d{{1,2}})日|份)?")
_NEAR_DAY = re.compile(r"(?<![\d年])(\d{1,2})月(?:(\d{1,2})日|[底初末份]|[上中下]旬)前?")
_NUMBER = re.compile(rf"〔({_YEAR})〕\s*(?:第?\s*\d+\s*号)?|\[({_YEAR})\]\s*第?\s*\d+\s*号")
_ANY_YEAR = re.compile(rf"({_YEAR})(?=\s*年)")
_CN_YEAR = re.compile("(?:二[〇零○O])([〇零○O一二三四五六七八九]{2})(?=年)")
_PLAN = re.compile(
    '[“"「]?(十[二三四五六七])五[”"」]?(?=规划|时期|期间|以来|末|收官|[一-鿿]{0,6}规划)'
)
_LAW_PLAN = re.compile('[“"「]?([六七八九])五[”"」]?(?=普法|法治|的?[一-鿿]{0,2}普法)')
_ORDINAL = re.compile(
    "第([一二三四五六七八九十百]{1,4}|\\d{1,3})(个|届)(?=[^，。；,;]{0,16}?[日周月年会节])"
)
_SESSION = re.compile(
    "(?:党的|中国共产党)?[一二三四五六七八九十]{1,3}(?:届|次)[^，。；,;“”]{0,4}?[一二三四五六七八九十]中全会"
)
_ANNIVERSARY = re.compile("([一二三四五六七八九十百]{1,4}|\\d{1,3})周年")
_HOLIDAY = re.compile("[^，。；,;]{0,14}?(?:日|周|月|节)")
_CN = "零一二三四五六七八九"
_PLAN_END = {"十二": 2015, "十三": 2020, "十四": 2025, "十五": 2030, "十六": 2035}
_LAW_PLAN_END = {"六": 2015, "七": 2020, "八": 2025, "九": 2030}


@dataclass(frozen=True, slots=True)
class Years:
    """The year of the source report and the year of the new document.

    `step` is how far words of the source move: a plan made from a report's own plan stays.
    """

    old: int
    new: int
    step: int

    @classmethod
    def to_report(cls, old: int, new: int) -> Years:
        """For the report of `new` from that of `old`."""
        return cls(old, new, new - old)

    @classmethod
    def to_plan(cls, old: int, new: int) -> Years:
        """For the plan of `new` from the plan in the report of `old`, which is for `old` + 1."""
        return cls(old, new, new - old - 1)


def retimed(text: str, years: Years) -> str:
    """`text` with its year words moved, marks included."""
    return plain(apply(text, 0, len(text), retime(text, 0, len(text), years)))


def retime(text: str, start: int, end: int, years: Years) -> Iterator[Edit]:
    """Edits for `text[start:end]`, the more specific first."""
    view = fold(text[start:end])
    mover = _Mover(text, start, view, years)
    yield from mover.titles()
    yield from mover.periods()
    yield from mover.numbered()
    yield from mover.days()
    yield from mover.named()
    yield from mover.bare()


class _Mover:
    """One span of text on its way to another year; `view` is the folded span."""

    def __init__(self, text: str, base: int, view: str, years: Years) -> None:
        self._text = text
        self._base = base
        self._view = view
        self._years = years

    def _here(self, match: re.Match[str], group: int = 0) -> str:
        return self._text[self._base + match.start(group) : self._base + match.end(group)]

    def _mark(self, match: re.Match[str], what: str) -> Edit:
        return Edit(self._base + match.start(), self._base + match.end(), (verify_mark(what),))

    def _put(self, match: re.Match[str], what: str, group: int = 0) -> Edit:
        start, end = match.span(group)
        return Edit(self._base + start, self._base + end, (Text(what),))

    def _keep(self, match: re.Match[str]) -> Edit:
        """Claims the span, so that no later rule changes it."""
        return self._put(match, self._here(match))

    def titles(self) -> Iterator[Edit]:
        """Names of documents: one for the year is renewed and marked, an ended period marked."""
        years = self._years
        for match in _TITLE.finditer(self._view):
            here, view = self._here(match), match.group()
            if period := _PERIOD.search(view):
                ended = int(period[2]) < years.new
                yield self._mark(match, here) if ended else self._keep(match)
                continue
            found = [int(y) for y in re.findall(_YEAR, view)]
            if not any(years.old <= y <= years.old + 1 for y in found):
                if found:
                    yield self._keep(match)
                continue
            edition = re.search(rf"{_YEAR}年?(?:版|修[订正])", view)
            yield self._mark(match, here if edition else _shifted(here, years))

    def periods(self) -> Iterator[Edit]:
        """2021—2025年, 2025年1—11月."""
        years = self._years
        for match in _PERIOD.finditer(self._view):
            ended = int(match[2]) < years.new
            yield self._mark(match, self._here(match)) if ended else self._keep(match)
        for match in _MONTHS.finditer(self._view):
            if int(match[1]) in (years.old, years.old + 1):
                yield self._mark(match, _shifted(self._here(match), years))

    def numbered(self) -> Iterator[Edit]:
        """〔2025〕18号: a document of the report's own year may have a successor."""
        for match in _NUMBER.finditer(self._view):
            recent = int(match[1] or match[2]) >= self._years.old
            yield self._mark(match, self._here(match)) if recent else self._keep(match)

    def days(self) -> Iterator[Edit]:
        """A dated event is of its year; the last day of the year and memorial days recur."""
        years = self._years
        for match in _DAY.finditer(self._view):
            if int(match[1]) not in (years.old, years.old + 1):
                yield self._keep(match)
            elif (match[2], match[3]) in (("12", "31"), ("12", None)):
                yield self._put(match, _shifted(self._here(match), years))
            else:
                yield self._mark(match, f"日期（{years.old}年报告为{self._here(match)}）")
        for match in _NEAR_DAY.finditer(self._view):
            after = _HOLIDAY.match(self._view, match.end())
            if not (match[2] and after):
                yield self._mark(match, self._here(match))

    def named(self) -> Iterator[Edit]:
        """五年规划, 普法规划, 第几届, 几周年, 几中全会."""
        for match in _PLAN.finditer(self._view):
            yield self._plan(match, _PLAN_END, "{}五")
        for match in _LAW_PLAN.finditer(self._view):
            yield self._plan(match, _LAW_PLAN_END, "{}五")
        for match in _SESSION.finditer(self._view):
            yield self._mark(match, self._here(match))
        for match in _ANNIVERSARY.finditer(self._view):
            yield self._mark(match, f"{_next(match[1], self._years.step)}周年")
        for match in _ORDINAL.finditer(self._view):
            yield self._mark(match, f"第{_next(match[1], self._years.step)}{match[2]}")

    def _plan(self, match: re.Match[str], ends: dict[str, int], form: str) -> Edit:
        """An ended plan gives way to the one that runs in the new year."""
        if ends.get(match[1], self._years.new) >= self._years.new:
            return self._keep(match)
        running = [name for name, end in ends.items() if end >= self._years.new]
        successor = form.format(running[0]) if running else match.group().strip('“”"「」')
        return self._mark(match, f"“{successor}”")

    def bare(self) -> Iterator[Edit]:
        """2025年 → 2026年; a year before the report's own is a person's to check."""
        years = self._years
        for match in _ANY_YEAR.finditer(self._view):
            year = int(match[1])
            if year in (years.old, years.old + 1) or (
                year == years.old - 1 and self._view[: match.start()].endswith(("比", "较", "同"))
            ):
                yield self._put(match, str(year + years.step))
            elif year < years.old:
                end = match.end() + len("年")
                here = self._text[self._base + match.start() : self._base + end]
                edge = self._view[match.start() - 1 : match.start()]
                opens = match.start() == 0 or edge in "\n。"
                own = opens and self._view[end : end + 2].lstrip("度")[:1] in (",", "、")
                what = f"{years.new}年（{years.old}年报告此处为{here}）" if own else here
                span = (verify_mark(what),)
                yield Edit(self._base + match.start(), self._base + end, span)
        for match in _CN_YEAR.finditer(self._view):
            year = 2000 + int("".join(str(max(_CN.find(c), 0)) for c in match[1]))
            if year in (years.old, years.old + 1):
                digits = "".join(_CN[int(d)] for d in str(year + years.step))
                yield self._put(match, digits.replace("零", "〇"))


def _shifted(text: str, years: Years) -> str:
    """Every year of the report, and the one after it, moved."""

    def move(match: re.Match[str]) -> str:
        year = int(fold(match.group()))
        return str(year + years.step) if years.old <= year <= years.old + 1 else match.group()

    return re.sub(r"(?<![0-9０-９])[2２][0０][0-9０-９]{2}(?![0-9０-９])", move, text)


def _next(number: str, step: int) -> str:
    """An ordinal `step` further on, in the numerals it came in."""
    from assistant.gongwen.numbering import chinese_number
    from vectorstore.quantities import parse_number

    value = parse_number(number)
    if value is None:
        return number
    moved = int(value) + step
    return str(moved) if number.isdecimal() else chinese_number(moved)

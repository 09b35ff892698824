"""Dates and fixed phrases: what may stand as it is, and what was altered.

A date is read relative to the year of its text, so last year's report vouches for “2025年，…” in
the draft for 2025 and not for a 2024 left standing in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.verify.features import Features, features, words_alike
from assistant.verify.sources import Entry, SourceLedger
from assistant.verify.verdicts import Checked, Verdict
from vectorstore.clean import fold
from vectorstore.quantities.numerals import NUMERAL_CHARS
from vectorstore.types import Quantity

__all__ = ["DateChecker", "check_phrase"]

_SAME_PLACE = 0.62  # how alike the words around must be to say that this is that date, altered
_BETTER = 0.25
_TIE = 0.1
_YEAR = re.compile(r"(?:19|20)\d\d")
_CN_YEAR = re.compile("(?:一九|二[〇零])[〇零一二三四五六七八九]{2}(?=年)")
_CN_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_MONTH = re.compile(r"年(\d{1,2})月")
_BARE_YEAR = re.compile(r"(?:19|20)\d\d(?:年|-(?:19|20)\d\d年)?")
_NUMERAL = re.compile(f"[0-9{NUMERAL_CHARS}双]")
_MARKS = re.compile(r"[\s,、。;:·\"'“”‘’()\[\]《》-]")


@dataclass(frozen=True, slots=True)
class _Date:
    """`shape` is the date with each year as its distance from the text's year."""

    literal: str
    shape: str
    years: tuple[int, ...]


def _read(text: str, year: int | None) -> _Date:
    view = "".join(fold(text).split())
    view = _CN_YEAR.sub(lambda m: m.group().translate(_CN_DIGITS), view)
    view = re.sub("[~至到—–]|--", "-", view).replace("年度", "年").replace("月份", "月")
    years = tuple(int(found) for found in _YEAR.findall(view))
    shape = view if year is None else _YEAR.sub(lambda m: f"<{int(m.group()) - year}>", view)
    return _Date(view, shape, years)


class DateChecker:
    """Checks the dates of one text of `org` and `year` against the dates of the sources."""

    def __init__(self, text: str, ledger: SourceLedger, org: str, year: int | None) -> None:
        self._text = text
        self._year = year
        own = [e for e in ledger.dates if e.row.org == org] if org else []
        self._dates = [
            (e, _read(e.quantity.text, None if year is None else e.row.year))
            for e in own or ledger.dates
        ]
        self._literals = {date.literal for _, date in self._dates}
        known = {*ledger.years, *(y for _, date in self._dates for y in date.years)}
        self._years = known if year is None else known | {year - 1, year, year + 1}

    def check(self, quantity: Quantity) -> Checked:
        """The verdict on one date."""
        date = _read(quantity.text, self._year)
        if self._alone(quantity):
            return self._signed(quantity, date)
        mine = features(quantity, self._text[quantity.sentence_start : quantity.sentence_end])
        same = _best(mine, (e for e, d in self._dates if d.shape == date.shape))
        other = _best(mine, (e for e, d in self._dates if d.shape != date.shape))
        altered = other[0] >= _SAME_PLACE and other[0] > same[0] + _BETTER
        if altered and other[1] is not None:
            copied = (e for e, d in self._dates if d.literal == date.literal)
            fit, source = _best(mine, copied)
            source = source if fit > other[0] - _TIE else other[1]
            return self._altered(quantity, date, source or other[1])
        if same[1] is not None:
            return Checked(quantity, Verdict.SUPPORTED, same[1].row)
        return self._unknown(quantity, date)

    def _alone(self, quantity: Quantity) -> bool:
        """A date that is its whole line is the sign-off: nothing to check but the year."""
        start = self._text.rfind("\n", 0, quantity.start) + 1
        end = self._text.find("\n", quantity.end)
        line = self._text[start : end if end >= 0 else len(self._text)]
        return _MARKS.sub("", line) == _MARKS.sub("", quantity.text)

    def _signed(self, quantity: Quantity, date: _Date) -> Checked:
        """A report on a year is signed in its last two months or in the year after."""
        if self._year is None or not date.years or date.years[0] == self._year + 1:
            return Checked(quantity, Verdict.SUPPORTED)
        month = _MONTH.search(date.literal)
        if date.years[0] == self._year and (month is None or int(month[1]) >= 11):
            return Checked(quantity, Verdict.SUPPORTED)
        detail = f"{self._year}年的报告不会在{quantity.text}落款"
        return Checked(quantity, Verdict.WRONG_YEAR, detail=detail)

    def _altered(self, quantity: Quantity, date: _Date, source: Entry) -> Checked:
        theirs = _read(source.quantity.text, None)
        detail = f"原文此处为{source.quantity.text}，文中为{quantity.text}"
        if date.years == theirs.years and date.literal != theirs.literal:
            return Checked(quantity, Verdict.PHRASE_ALTERED, source.row, detail)
        if date.literal == theirs.literal:
            detail = f"{quantity.text}照抄自上年材料，年份未更新"
            return Checked(quantity, Verdict.STALE, source.row, detail)
        if _YEAR.sub("", date.literal) != _YEAR.sub("", theirs.literal) and not date.years:
            return Checked(quantity, Verdict.PHRASE_ALTERED, source.row, detail)
        return Checked(quantity, Verdict.WRONG_YEAR, source.row, detail)

    def _unknown(self, quantity: Quantity, date: _Date) -> Checked:
        if date.literal in self._literals:
            return Checked(quantity, Verdict.SUPPORTED)
        if date.years and not all(y in self._years for y in date.years):
            return Checked(quantity, Verdict.WRONG_YEAR, detail=f"资料中没有{quantity.text}的内容")
        if _BARE_YEAR.fullmatch(date.literal) or date.literal in _known().dates:
            return Checked(quantity, Verdict.SUPPORTED)
        return Checked(quantity, Verdict.FABRICATED, detail=f"资料中没有{quantity.text}这一时间")


def check_phrase(quantity: Quantity, sentence: str, ledger: SourceLedger) -> Checked:
    """The verdict on one fixed phrase: as the sources or the known list print it, or altered."""
    plain = _plain(quantity.text)
    mine = features(quantity, sentence)
    like = [e for e in ledger.phrases if _shape(e.quantity.text) == _shape(quantity.text)]
    same = _best(mine, (e for e in ledger.phrases if _one_in_other(e, plain)))
    other = _best(mine, (e for e in like if _plain(e.quantity.text) != plain))
    if same[1] is not None and not (other[0] >= _SAME_PLACE and other[0] > same[0] + _BETTER):
        return Checked(quantity, Verdict.SUPPORTED, same[1].row)
    if same[1] is None and plain in _known().phrases:
        return Checked(quantity, Verdict.SUPPORTED)
    if other[1] is not None:
        printed = other[1].quantity.text
        return Checked(quantity, Verdict.PHRASE_ALTERED, other[1].row, f"原文为“{printed}”")
    for phrase in _known().phrases:
        if _shape(phrase) == _shape(quantity.text) and len(phrase) > 2:
            return Checked(quantity, Verdict.PHRASE_ALTERED, detail=f"通行提法为“{phrase}”")
    return Checked(quantity, Verdict.FABRICATED, detail=f"资料中没有“{quantity.text}”这一提法")


def _best(mine: Features, entries: Iterable[Entry]) -> tuple[float, Entry | None]:
    best: tuple[float, Entry | None] = (0.0, None)
    for entry in entries:
        fit = words_alike(mine, entry.features)
        if best[1] is None or fit > best[0]:
            best = (fit, entry)
    return best


def _plain(text: str) -> str:
    return _MARKS.sub("", fold(text))


def _shape(text: str) -> str:
    return _NUMERAL.sub("#", _plain(text))


def _one_in_other(entry: Entry, plain: str) -> bool:
    """双随机 stands for 双随机、一公开."""
    theirs = _plain(entry.quantity.text)
    return (
        theirs == plain
        or (len(plain) > 2 and theirs.startswith(plain))
        or (len(theirs) > 2 and plain.startswith(theirs))
    )


@dataclass(frozen=True, slots=True)
class _Known:
    phrases: Sequence[str]
    dates: frozenset[str]


@cache
def _known() -> _Known:
    """Phrases and days that need no source, from known.yaml."""
    import yaml

    table = yaml.safe_load(files(__package__).joinpath("known.yaml").read_text("utf-8"))
    phrases = tuple(dict.fromkeys(_plain(phrase) for phrase in table["phrases"]))
    return _Known(phrases, frozenset(table["days"]))

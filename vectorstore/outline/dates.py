"""Years and days as official prose prints them, in Arabic or Chinese digits."""

from __future__ import annotations

import re
from datetime import date

from vectorstore.outline.numbering import chinese_number

__all__ = ["is_date_line", "last_date", "report_year_of_day", "years"]

_YEAR = r"(20\d\d|２０[０-９]{2}|二[〇零○OＯ０0][〇零○一二三四五六七八九]{2})"
_CN_NUMBER = r"([0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})"
# A year in a range (2021—2025年) or in a book title names a programme, not the report's year.
_YEARS = re.compile(
    rf"(?<![\d—\-－–~～至])(?<![\d年][—\-])(?:{_YEAR})\s*年(?!\s*[—\-－–~～至])(?!以来|前|底前)"
)
_DAY = re.compile(rf"{_YEAR}\s*年\s*{_CN_NUMBER}\s*月\s*{_CN_NUMBER}\s*日")
_DAY_DIGITS = re.compile(r"(20\d\d)[-./](\d{1,2})[-./](\d{1,2})")
_DATE_LINE = re.compile(
    rf"[（(]?\s*(?:{_DAY.pattern}|{_DAY_DIGITS.pattern})(?:\s*\d\d?[:：]\d\d(?:[:：]\d\d)?)?\s*[）)]?"
)
_QUOTED = re.compile(r"《[^《》]{0,80}》")


def years(text: str) -> list[int]:
    """Years named in `text` (2025年, 2025年度, 二〇二五年), ranges and book titles left out."""
    bare = _QUOTED.sub("", text) or text
    return [_year(match[1]) for match in _YEARS.finditer(bare)]


def _year(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return chinese_number(text.translate(str.maketrans("OＯ０0○零", "〇〇〇〇〇〇")))


def last_date(text: str) -> date | None:
    """The last whole day printed in `text`."""
    found = None
    for match in (*_DAY.finditer(text), *_DAY_DIGITS.finditer(text)):
        try:
            found = date(_year(match[1]), chinese_number(match[2]), chinese_number(match[3]))
        except ValueError:
            continue
    return found


def is_date_line(text: str) -> bool:
    """Whether a line is a day and nothing else, brackets and time of day allowed."""
    return _DATE_LINE.fullmatch(text.strip()) is not None


def report_year_of_day(day: date) -> int:
    """The year a report signed on `day` is about: reports on a year are due by next 1 April."""
    return day.year - 1 if day.month <= 4 else day.year

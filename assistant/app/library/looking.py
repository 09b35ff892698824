"""Which reports of the library are shown: searched, filtered, sorted, a page at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.app.words import by_name
from assistant.check import Finding, Severity
from vectorstore.clean import fold
from vectorstore.scope import read_question
from vectorstore.store import ReportRow
from vectorstore.types import Part

__all__ = [
    "PAGE_ROWS",
    "SHOWN",
    "Draft",
    "Look",
    "absent",
    "counted",
    "lacking",
    "opened",
    "pick",
    "turned",
]

PAGE_ROWS = 50
_MAX_SEARCH = 100  # characters
SORTABLE = frozenset({"org", "year", "title", "parts", "figures", "findings"})
SHOWN = {
    "": "全部报告",
    "errors": "有必须改正的",
    "findings": "有校核发现的",
    "parts": "缺部分的",
    "unknown": "单位或年度不明的",
}
_REQUIRED = (Part.MEASURES, Part.SHORTCOMINGS, Part.FIRST_RESPONSIBLE, Part.NEXT_YEAR)

Found = Mapping[str, tuple[Finding, ...]]


@dataclass(frozen=True, slots=True)
class Draft:
    """An organisation and a year as typed, and what is wrong with them."""

    org: str
    year: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What is asked for. `row` is the id of the report opened, `panel` what is open below it."""

    words: str = ""
    year: str = ""
    shown: str = ""
    sort: str = ""
    descending: bool = False
    page: int = 0
    row: str = ""
    panel: str = ""
    draft: Draft | None = None


def turned(look: Look, asked: str, value: str) -> Look:
    """`look` after a header was pressed (`sort`) or another page asked for (`page`)."""
    if asked == "sort" and value in SORTABLE:
        first_down = value in {"year", "parts", "figures", "findings"}
        down = not look.descending if look.sort == value else first_down
        return replace(look, sort=value, descending=down, page=0)
    if asked == "page" and value.isascii() and value.isdigit() and len(value) < 8:
        return replace(look, page=int(value))
    return look


def opened(look: Look, row: str, panel: str) -> Look:
    """`look` with a panel of a row open, or closed when it was open."""
    if (look.row, look.panel) == (row, panel):
        row = panel = ""
    return replace(look, row=row, panel=panel, draft=None)


def pick(rows: Sequence[ReportRow], look: Look, found: Found) -> list[ReportRow]:
    """The rows `look` asks for, in its order, on all pages; by organisation and year at first."""
    searched = _plain(look.words[:_MAX_SEARCH])
    terms, meant = searched.split(), _meant(searched, rows)
    year = look.year.removesuffix("年")
    kept = [
        row
        for row in rows
        if (not year or str(row.year or "") == year)
        and _is_shown(row, look.shown, found)
        and (row.org in meant or all(term in _words(row) for term in terms))
    ]
    keys: dict[str, Callable[[ReportRow], Any]] = {
        "org": lambda row: by_name(row.org),
        "year": lambda row: row.year or 0,
        "title": lambda row: by_name(row.title),
        "parts": lambda row: len(lacking(row)),
        "figures": lambda row: row.n_quantities,
        "findings": lambda row: _gravity(found.get(row.id, ())),
    }
    kept.sort(key=lambda row: (by_name(row.org), row.year or 0))
    if look.sort in keys:
        kept.sort(key=keys[look.sort], reverse=look.descending)
    return kept


def _meant(searched: str, rows: Sequence[ReportRow]) -> frozenset[str]:
    """The organisations a search names in short (岚泊卫健局); years are left to the words."""
    if any(char.isdigit() for char in searched):
        return frozenset()
    orgs = sorted({row.org for row in rows if row.org})
    return frozenset(read_question(searched, orgs, (), today_year=1).scope.orgs)


def _plain(text: str) -> str:
    return fold(text).lower()


def _words(row: ReportRow) -> str:
    files = " ".join(Path(path).name for path in (row.path, *row.other_paths))
    return _plain(f"{row.org} {row.year or ''}年 {row.title} {files}")


def _is_shown(row: ReportRow, shown: str, found: Found) -> bool:
    match shown:
        case "errors":
            return counted(found.get(row.id, ()))[0] > 0
        case "findings":
            return bool(found.get(row.id))
        case "parts":
            return bool(lacking(row))
        case "unknown":
            return not row.org or row.year is None
    return True


def lacking(row: ReportRow) -> list[Part]:
    """The required parts an annual report does not have."""
    return [part for part in _REQUIRED if part not in row.parts] if row.is_annual else []


def counted(findings: Sequence[Finding]) -> tuple[int, int, int]:
    """How many are errors, warnings and remarks."""
    counts = Counter(finding.severity for finding in findings)
    return counts[Severity.ERROR], counts[Severity.WARNING], counts[Severity.INFO]


def _gravity(findings: Sequence[Finding]) -> tuple[int, int, int]:
    return counted(findings)


def absent(rows: Sequence[ReportRow], picked: str) -> tuple[int, list[str], int] | None:
    """For `picked`, or the newest year: the year, who has reported in another year only, and how
    many have reported for it. None when nothing can be said.
    """
    annual = [row for row in rows if row.is_annual and row.org and row.year]
    years = {row.year for row in annual if row.year}
    digits = picked.removesuffix("年")
    year = int(digits) if digits.isascii() and digits.isdigit() else max(years, default=0)
    if not years - {year}:
        return None
    here = {row.org for row in annual if row.year == year}
    return year, sorted({row.org for row in annual} - here, key=by_name), len(here)

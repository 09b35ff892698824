"""Last year's report part by part in official order: headings, paragraphs, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vectorstore.sentences import Span
from vectorstore.types import Part, Report, Section

__all__ = [
    "ORDER",
    "Table",
    "attachments",
    "bodies",
    "body_end",
    "children",
    "lead",
    "loose",
    "runs_in",
    "tops",
]

ORDER = (
    Part.MEASURES,
    Part.SHORTCOMINGS,
    Part.FIRST_RESPONSIBLE,
    Part.NEXT_YEAR,
    Part.OTHER,
)
"""The order of the five parts in the rule of 2019 (OFFICIAL_FORMAT)."""

_ADDRESSEE = re.compile(r"^[^，。；,;]{2,60}[：:]$")
_DATE = re.compile(r"^\s*(?:二[〇零]|20)[^，。]{2,14}日\s*$")
_NUMBER = re.compile(r"^\s*[^，。]{0,20}[〔\[（(]\d{4}[〕\])）]\s*\d+\s*号\s*$")
_SENTENCE = re.compile("[，。；,;]")
_BEGINS = (
    (
        Part.NEXT_YEAR,
        re.compile(
            r"^(?:下一?步|明年|今后|下一?年度?|20\d\d年[^。]{0,12}(?:将|拟|计划|打算|继续))"
        ),
    ),
    (
        Part.SHORTCOMINGS,
        re.compile("(?:存在|主要)[^，。]{0,8}(?:问题|不足|短板|差距)|^(?:问题|不足)"),
    ),
    (Part.FIRST_RESPONSIBLE, re.compile("主要负责人|第一责任人")),
)
_ATTACHED = re.compile("附件|附表|附[:：]")
_HEADER = re.compile("(?:序号|项目|类别|指标|单位|名称|领域)\t")
_TELLING = 24  # characters at the beginning of a paragraph that tell its part
_LEAST_LEAD = 18  # characters of a paragraph that opens a report


@dataclass(frozen=True, slots=True)
class Table:
    """A table in the text: its rows as spans of their cells; `caption` empty when it has none."""

    caption: str
    rows: tuple[tuple[Span, ...], ...]


def children(report: Report, section: Section) -> list[Section]:
    """The sections right below `section` that belong to its part."""
    same = (section.part, None)
    return [s for s in report.sections if s.parent == section.ordinal and s.part in same]


def tops(report: Report, part: Part) -> list[Section]:
    """The highest sections of a part, in the order of the text."""
    found = [
        s
        for s in report.sections
        if s.part is part
        and s.level > 0
        and (s.parent is None or report.sections[s.parent].part is not part)
    ]
    if part is Part.MEASURES:
        found += [s for s in report.sections if _unassigned(report, s)]
    return sorted(found, key=lambda s: s.start)


def attachments(report: Report) -> list[Section]:
    """What is attached to the report: 附件1, 附表：…."""
    return [s for s in report.sections if s.level == 1 and _ATTACHED.match(s.heading)]


def _unassigned(report: Report, section: Section) -> bool:
    """A section of the first level that belongs to no part and holds none: a measure."""
    return (
        section.level > 0
        and section.part is None
        and section.parent is None
        and not _ATTACHED.match(section.heading)
        and not any(
            s.part and section.start <= s.start < section.end
            for s in report.sections
            if s.level > section.level
        )
    )


def body_end(report: Report, section: Section) -> int:
    """Where the section's own text ends and its first sub-section begins."""
    below = [s.start for s in report.sections if s.parent == section.ordinal]
    return min(below, default=section.end)


def runs_in(report: Report, section: Section) -> bool:
    """Whether the text follows the heading on its line."""
    between = report.text[section.heading_end : section.body_start]
    return "\n" not in between and bool(
        report.text[section.body_start : section.end].split("\n")[0].strip()
    )


def bodies(report: Report, start: int, end: int) -> list[Span | Table]:
    """Paragraphs and tables of a span; signature and date left out."""
    lines = list(_lines(report.text, start, end))
    signed = _signature(report, lines)
    found: list[Span | Table] = []
    rows: list[Span] = []
    for line in lines:
        if "\t" in report.text[line.start : line.end]:
            rows.append(line)
            continue
        _close_table(report.text, rows, found)
        if line not in signed:
            found.append(line)
    _close_table(report.text, rows, found)
    return found


def _close_table(text: str, rows: list[Span], found: list[Span | Table]) -> None:
    """Move the rows collected into a table; a short line right above them is its caption."""
    if not rows:
        return
    caption = ""
    if found and isinstance(found[-1], Span):
        above = text[found[-1].start : found[-1].end]
        if len(above) <= 40 and not re.search("[。；]", above):
            caption = above
            found.pop()
    starts = [0, *(n for n in range(2, len(rows)) if _is_header(text, rows[n])), len(rows)]
    for first, last in pairwise(starts):
        cells = tuple(tuple(_cells(text, row)) for row in rows[first:last])
        found.append(Table("" if first else caption, cells))
    rows.clear()


def _is_header(text: str, row: Span) -> bool:
    """Whether a row below others begins another table."""
    said = text[row.start : row.end]
    return bool(_HEADER.match(said)) and not any(char.isdigit() for char in said)


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    at = start
    for line in text[start:end].split("\n"):
        stripped = line.strip(" \u3000\r")
        if stripped:
            first = at + len(line) - len(line.lstrip(" \u3000\r"))
            yield Span(first, first + len(stripped))
        at += len(line) + 1


def _signature(report: Report, lines: Sequence[Span]) -> set[Span]:
    """The lines at the end that sign the report."""
    found: set[Span] = set()
    for line in list(reversed(lines))[:4]:
        text = report.text[line.start : line.end]
        names = {report.org, report.signoff_org, report.signoff_date} - {""}
        if text in names or _DATE.match(text) or (len(text) <= 40 and not _SENTENCE.search(text)):
            found.add(line)
        else:
            break
    at_end = bool(lines) and not report.text[lines[-1].end :].strip()
    return found if at_end else set()


def _cells(text: str, line: Span) -> Iterator[Span]:
    at = line.start
    for cell in text[line.start : line.end].split("\t"):
        yield Span(at, at + len(cell))
        at += len(cell) + 1


def lead(report: Report) -> list[Span]:
    """The paragraphs that open a report: neither title, number nor addressee."""
    found = _opening(report)
    return found if _has_parts(report) else found[:1]


def loose(report: Report, part: Part) -> list[Span]:
    """The paragraphs of a part in a report without headings, told by how they begin."""
    if _has_parts(report):
        return []
    return [span for span in _opening(report)[1:] if _part_of(report, span) is part]


def _has_parts(report: Report) -> bool:
    return any(section.part for section in report.sections)


def _part_of(report: Report, span: Span) -> Part:
    opening = report.text[span.start : min(span.end, span.start + _TELLING)]
    return next((part for part, words in _BEGINS if words.search(opening)), Part.MEASURES)


def _opening(report: Report) -> list[Span]:
    """Paragraphs before the first heading, or all where there is none."""
    first = next((s.start for s in report.sections if s.level > 0), len(report.text))
    kept = []
    lines = list(_lines(report.text, 0, first))
    signed = _signature(report, lines)
    for line in lines:
        text = report.text[line.start : line.end]
        if _ADDRESSEE.match(text) or _NUMBER.match(text) or text == report.addressee:
            continue
        says = "，" in text or "," in text or text[-1] in "。：:"
        if len(text) >= _LEAST_LEAD and says and line not in signed:
            kept.append(line)
    return kept

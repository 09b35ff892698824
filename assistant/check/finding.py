"""One finding: what is wrong, where, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from vectorstore.sentences import Span, sentences
from vectorstore.types import Report

__all__ = ["Finding", "Severity", "clause_start", "found", "place", "sentence_at"]

_MAX_QUOTE = 120  # characters; a longer span is cut so that the quote is still exactly the span
_CLAUSE_ENDS = "，,；;。！？!?\n"


class Severity(StrEnum):
    """`error` must be put right, `warning` should be looked at, `info` is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of a report. `rule` is a stable word for programs.

    `quote` is `report.text[start:end]`; where the fault is not in the stored text (a part that is
    missing, a mark that reading removed) `start == end` and `quote` is what there is to show.
    """

    rule: str
    severity: Severity
    where: str
    message: str
    quote: str = ""
    start: int = 0
    end: int = 0

    def to_json(self) -> dict[str, Any]:
        """The finding as `fazhi check --json` prints it."""
        return asdict(self)


def found(report: Report, rule: str, severity: Severity, message: str, span: Span) -> Finding:
    """A finding on `span` of the report's text, white space trimmed, cut to 120 characters."""
    text, start, end = report.text, span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    end = min(end, start + _MAX_QUOTE)
    while end > start and text[end - 1].isspace():
        end -= 1
    return Finding(rule, severity, place(report, start), message, text[start:end], start, end)


def place(report: Report, offset: int) -> str:
    """Headings above `offset` and the paragraph's number there, in words for people."""
    section = report.section_at(offset)
    lines = report.text[section.start : offset].split("\n")
    number = sum(bool(line.strip()) for line in lines[:-1]) + 1
    path = report.heading_path(section.ordinal)
    if not path:
        return "标题" if number == 1 else "开头部分"
    heading = " > ".join(path)
    if offset < section.heading_end:
        return heading
    # The heading's own line is not a paragraph unless text follows on it.
    first_line = report.text[section.start : section.body_start]
    number -= "\n" in first_line
    return f"{heading}，第{max(number, 1)}段"


def clause_start(text: str, offset: int, least: int = 0) -> int:
    """Where the clause that holds `offset` begins, not before `least`."""
    while offset > least and text[offset - 1] not in _CLAUSE_ENDS:
        offset -= 1
    return offset


def sentence_at(text: str, offset: int) -> Span:
    """The sentence that holds `offset`."""
    line = text.rfind("\n", 0, offset) + 1
    for span in sentences(text, line):
        if span.start <= offset < span.end:
            return span
    return Span(offset, offset + 1)

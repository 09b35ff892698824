"""The five official parts: missing, empty or out of order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.check.finding import Finding, Severity, found, sentence_at
from vectorstore.sentences import Span
from vectorstore.types import PART_NAMES, Part, Report, Section

__all__ = ["check_parts"]

_REQUIRED = (Part.MEASURES, Part.SHORTCOMINGS, Part.FIRST_RESPONSIBLE, Part.NEXT_YEAR)
# 第一责任人 may come first or third; the other four follow each other.
_ORDER = (Part.MEASURES, Part.SHORTCOMINGS, Part.NEXT_YEAR, Part.OTHER)
_MENTION = {
    Part.MEASURES: re.compile(r"主要举措|工作成效"),
    Part.SHORTCOMINGS: re.compile(r"存在.{0,8}(?:不足|问题|短板|差距)|不足之处"),
    Part.FIRST_RESPONSIBLE: re.compile(r"第一责任人"),
    Part.NEXT_YEAR: re.compile(r"下一步|下一年度|明年|下年度"),
}
_RULE = "missing_part"
_HEADING_LEVELS = 2  # below these a numbered line may be an item of a list


def check_parts(report: Report) -> Iterator[Finding]:
    """Required parts that are missing, sections without text, an unusual order."""
    if report.is_annual:
        yield from _missing(report)
        yield from _order(report)
    yield from _empty(report)


def _missing(report: Report) -> Iterator[Finding]:
    for part in _REQUIRED:
        if part in report.parts:
            continue
        name = PART_NAMES[part]
        mention = _mention(report, part)
        if mention is None:
            message = f"缺少“{name}”部分。这是年度报告规定的内容，请补写，单列为一个一级标题。"
            yield Finding(_RULE, Severity.ERROR, "全文", message)
        else:
            message = f"没有单列“{name}”部分，只在正文中提到。请单列为一个一级标题集中写明。"
            yield found(report, _RULE, Severity.WARNING, message, mention)


def _mention(report: Report, part: Part) -> Span | None:
    match = _MENTION[part].search(report.text, report.sections[0].end)
    if match is None:
        return None
    return sentence_at(report.text, match.start())


def _order(report: Report) -> Iterator[Finding]:
    present = [part for part in report.parts if part in _ORDER]
    usual = [part for part in _ORDER if part in present]
    if present == usual:
        return
    names = "、".join(PART_NAMES[part] for part in usual)
    yield Finding(
        "part_order",
        Severity.INFO,
        "全文",
        f"各部分的先后与通常写法不同，一般依次为：{names}。如上级没有另行要求，可按此调整。",
    )


def _empty(report: Report) -> Iterator[Finding]:
    """A heading on its own line with nothing under it; several such siblings are a list."""
    parents = {section.parent for section in report.sections}
    bare: dict[int | None, list[Section]] = {}
    for section in report.sections[1:]:
        on_own_line = report.text[section.heading_end : section.heading_end + 1] in {"", "\n"}
        is_heading = section.number and section.level <= _HEADING_LEVELS and on_own_line
        if not is_heading or section.ordinal in parents:
            continue
        if not report.text[section.body_start : section.end].strip():
            bare.setdefault(section.parent, []).append(section)
    for sections in bare.values():
        if len(sections) == 1:
            message = "这个标题下面没有正文，请补写内容，或删去标题。"
            span = Span(sections[0].start, sections[0].heading_end)
            yield found(report, "empty_section", Severity.WARNING, message, span)

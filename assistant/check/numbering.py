"""Heading numbers that skip, repeat, mix styles or were lost; run-in 一是 二是 that skip."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from assistant.check.finding import Finding, Severity, found, sentence_at
from vectorstore.clean import fold
from vectorstore.outline.numbering import Marker, Style, chinese_number, read_marker
from vectorstore.sentences import Span
from vectorstore.types import Report, Section

__all__ = ["check_numbering"]

_RULE = "heading_number"
_Marked = tuple[Section, Marker | None]
_NAMES = {
    Style.PART: "第一部分",
    Style.CLAUSE: "第一节",
    Style.ARTICLE: "第一条",
    Style.CHINESE: "一、",
    Style.CHINESE_PAREN: "（一）",
    Style.ARABIC: "1.",
    Style.DECIMAL: "1.1",
    Style.ARABIC_PAREN: "（1）",
    Style.CIRCLED: "①",
}
_CHINESE_DIGITS = "一二三四五六七八九十"
_ATTACHED = re.compile("附件|附表|附[:：]")
_ITEM = re.compile(r"(?:^|(?<=[。；;：:，,！!]))[ \u3000]*([一二三四五六七八九十]{1,2})是", re.M)


def check_numbering(report: Report) -> Iterator[Finding]:
    """Findings on headings level by level, then on run-in items."""
    families: dict[int | None, list[Section]] = {}
    for section in report.sections[1:]:
        families.setdefault(section.parent, []).append(section)
    last: dict[Style, int] = {}
    for siblings in families.values():
        yield from _siblings(report, siblings, last)
        for marker in filter(None, map(_marker, siblings)):
            last[marker.style] = marker.value
    yield from _across(report, list(families.values()))
    yield from _items(report)


def _marker(section: Section) -> Marker | None:
    return read_marker(section.number + "标题") if section.number else None


def _siblings(
    report: Report, siblings: Sequence[Section], last: Mapping[Style, int]
) -> Iterator[Finding]:
    """`last` holds the latest value of each style so far: numbers may run on across parents."""
    marked = [(s, _marker(s)) for s in siblings if not _ATTACHED.match(s.heading)]
    first = marked[0][1] if marked else None
    if first and first.value == last.get(first.style, 0) + 1 > 1:
        yield from _sequence(report, marked, first.value)
        return
    orphans = _orphans(marked)
    if orphans:
        lowest = orphans[0][0]
        message = f"“{lowest.number}”前面缺少上一级标题（如“一、”），请补上。"
        span = Span(lowest.start, lowest.heading_end)
        yield found(report, _RULE, Severity.ERROR, message, span)
        yield from _sequence(report, orphans)
        marked = marked[len(orphans) :]
    yield from _sequence(report, marked, 2 if orphans else 1)


def _orphans(marked: Sequence[_Marked]) -> Sequence[_Marked]:
    """The headings before the first 一、 when they are of a lower level: their 一、 was lost."""
    tops = [i for i, (_, m) in enumerate(marked) if m and m.style is Style.CHINESE]
    if not tops or not tops[0]:
        return []
    lower = all(m and m.style > Style.CHINESE for _, m in marked[: tops[0]])
    return marked[: tops[0]] if lower else []


def _sequence(report: Report, marked: Sequence[_Marked], expected: int = 1) -> Iterator[Finding]:
    """Styles and values of siblings; the first is to be number `expected`."""
    styles = [marker.style for _, marker in marked if marker]
    if not styles:
        return
    main = _main_style(styles)
    yield from _mixed(report, marked, main)
    earlier: Section | None = None
    for section, marker in marked:
        before, earlier = earlier, section
        if marker is None:
            yield _lost(report, section, main, expected)
        elif marker.value == 1 and marker.style > Style.CHINESE_PAREN:
            expected = 1  # 1. 2. begin again: a second list under the same heading
        elif before and (buried := _buried(report, before, section, expected, marker)):
            yield buried
            expected = marker.value
        elif marker.value != expected:
            yield _skipped(report, section, marker.value, expected, main)
            expected = marker.value
        expected += 1


def _main_style(styles: Sequence[Style]) -> Style:
    """The style most headings have; the one that stands higher in the usual order breaks a tie."""
    return min(set(styles), key=lambda style: (-styles.count(style), style))


def _mixed(report: Report, marked: Sequence[_Marked], main: Style) -> Iterator[Finding]:
    odd = [s for s, m in marked if m and m.style is not main]
    if not odd:
        return
    numbers = "、".join(section.number for section in odd)
    message = (
        f"同级标题的序号写法不一致：多用“{_NAMES[main]}”，"
        f"这里却写作“{numbers}”，请统一为“{_NAMES[main]}”。"
    )
    first = odd[0]
    yield found(report, _RULE, Severity.ERROR, message, Span(first.start, first.heading_end))


def _lost(report: Report, section: Section, main: Style, value: int) -> Finding:
    message = f"同级标题都有序号，这个标题丢了序号，应为“{_render(main, value)}”。"
    return found(report, _RULE, Severity.ERROR, message, Span(section.start, section.heading_end))


def _buried(
    report: Report, before: Section, section: Section, expected: int, marker: Marker
) -> Finding | None:
    """A heading whose number stands within the paragraph before: …如下。（二）规范执法。…"""
    wanted = [_render(marker.style, n) for n in range(expected, marker.value)]
    if not wanted or marker.style not in (Style.CHINESE, Style.CHINESE_PAREN):
        return None
    text = fold(report.text[before.start : section.start])
    places = [re.search("[。.;!?]" + re.escape(fold(number)), text) for number in wanted]
    first = places[0]
    if first is None or not all(places):
        return None
    numbers = "、".join(f"“{number}”" for number in wanted)
    message = f"标题{numbers}没有另起一段，写在了上一段里，请另起一段。"
    at = before.start + first.end()
    return found(
        report, _RULE, Severity.WARNING, message, Span(before.start + first.start() + 1, at)
    )


def _skipped(report: Report, section: Section, value: int, expected: int, main: Style) -> Finding:
    want = _render(main, expected)
    if value < expected:
        message = f"标题序号重复或倒退，这里应为“{want}”，请核对后顺次改正。"
    else:
        message = f"标题序号不连续，这里应为“{want}”，请核对是漏了一个标题还是编错了号。"
    return found(report, _RULE, Severity.ERROR, message, Span(section.start, section.heading_end))


def _render(style: Style, value: int) -> str:
    number = _chinese(value)
    forms = {
        Style.PART: f"第{number}部分",
        Style.CLAUSE: f"第{number}节",
        Style.ARTICLE: f"第{number}条",
        Style.CHINESE: f"{number}、",
        Style.CHINESE_PAREN: f"（{number}）",
        Style.ARABIC: f"{value}.",
        Style.ARABIC_PAREN: f"（{value}）",
        Style.CIRCLED: chr(0x245F + value),
    }
    return forms.get(style, str(value))


def _chinese(value: int) -> str:
    tens, units = divmod(value, 10)
    head = "" if not tens else ("" if tens == 1 else _CHINESE_DIGITS[tens - 1]) + "十"
    return head + (_CHINESE_DIGITS[units - 1] if units else "")


def _across(report: Report, families: Sequence[Sequence[Section]]) -> Iterator[Finding]:
    """（1） under one heading and （一） under the next of the same level."""
    styles: dict[int, dict[Style, Section]] = {}
    for siblings in families:
        markers = [m for s in siblings if (m := _marker(s))]
        if markers:
            main = _main_style([marker.style for marker in markers])
            styles.setdefault(siblings[0].level, {}).setdefault(main, siblings[0])
    for seen in styles.values():
        if {Style.CHINESE_PAREN, Style.ARABIC_PAREN} <= seen.keys():
            odd = seen[Style.ARABIC_PAREN]
            message = "同一级标题，有的部分用“（一）”，这个部分用“（1）”，请统一为“（一）”。"
            yield found(report, _RULE, Severity.WARNING, message, Span(odd.start, odd.heading_end))


def _items(report: Report) -> Iterator[Finding]:
    """二是 without 一是, or 一是 followed by 三是, within one section."""
    matches = list(_ITEM.finditer(report.text))
    places = [report.section_at(match.start()).ordinal for match in matches]
    values = [chinese_number(match[1]) for match in matches]
    pairs = pairwise([(-1, 0), *zip(places, values, strict=True)])
    for match, ((before, last), (at, value)) in zip(matches, pairs, strict=True):
        expected = last + 1 if at == before else 1
        if value in {1, expected}:
            continue
        message = f"这里写“{match[1]}是”，前面却没有“{_chinese(value - 1)}是”，请核对各点的序号。"
        if value <= last and at == before:
            message = f"“{match[1]}是”重复或倒退，请核对各点的序号。"
        end = min(match.end() + 30, sentence_at(report.text, match.start(1)).end)
        yield found(report, "enumeration", Severity.WARNING, message, Span(match.start(1), end))

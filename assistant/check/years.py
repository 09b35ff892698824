"""Years that do not belong: last year's left in, next year's among the results."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.check.finding import Finding, Severity, found
from vectorstore.sentences import Span, sentences
from vectorstore.types import Part, Report, Section

__all__ = ["check_years"]

_STALE = "stale_year"
_RESULTS = {Part.MEASURES, Part.FIRST_RESPONSIBLE}
_YEAR = r"(20\d\d)\s*年"
_WHO = r"(?:我[局委办厅]|本[局委办厅]|全[县市区州旗省]|[局委]党[组委]|全年|共|累计|总共|合计)"
_DO = r"(?:立案|查处|办理|受理|开展|组织|举办|召开|完成|处理|化解|检查|培训)"
# A sentence about what was done that year: 2024年，… 2024年全年… 2024年立案….
_OPENS = re.compile(rf"(?:[一二三四五六七八九十]是)?{_YEAR}(?:度|全年)?(?:[，,]|(?={_WHO}|{_DO}))")
_MID = re.compile(rf"(?<=[，,；;]){_YEAR}度?[，,]?(?={_WHO})")
_SPAN = re.compile(rf"{_YEAR}\s*1\s*月?\s*[-—–~～至到]{{1,2}}\s*1?\d\s*月")
# What makes an earlier year right: this year beside it, an honour won then, somebody else's act.
_THIS_YEAR = re.compile(r"今年|本年|目前|现已|至今|以来|如今|近年")
_COMPARES = re.compile(r"比|较|同期|上年|去年|增长|下降")
_HISTORY = re.compile(
    r"获评|被评|荣获|被确定|被列为|通过\S{0,8}验收|起实行|起施行"
    r"|^(?:省|国家|国务院|中央|自治区|[市县区州][委政府人])"
)
_RESULT = re.compile(
    r"\d|开展|组织|主持|召开|完成|举办|办理|受理|查处|立案|制定|印发|推进|落实|坚持|深入|围绕|严格|强化|加强|全面|认真"
)
_PLAN = re.compile(
    r"将|计划|拟|力争|目标|打算|下一步|预计|(?<![主重需])要(?![点求])|安排|争取|确保|努力"
)
_HEADING_OK = re.compile(r"反馈|考核|督察|督查|整改|评议|清零|遗留|承诺|安排.{0,4}(?:完成|落实)")
_CAPTION = re.compile(r"^(?P<caption>[^\t\n。]{4,40}表)\n(?=[^\n]*\t)", re.MULTILINE)
_NUMBER = re.compile(r"[\[〔【（(](20\d\d)[\]〕】）)]\s*第?\d+\s*号")
_PERIOD = re.compile(
    rf"[（(](20\d\d)\s*年?\s*[-—–~～至]{{1,2}}\s*{_YEAR}[）)]|(?P<plan>[“\"]八五[”\"]普法)"
)
_EIGHTH_FIVE_ENDS = 2025  # “八五”普法 runs from 2021 to 2025


def check_years(report: Report) -> Iterator[Finding]:
    """Findings on title, headings, sentences, sign-off; none when the report's year is unknown."""
    if report.year is None:
        return
    yield from _head(report, report.year)
    yield from _headings(report, report.year)
    yield from _captions(report, report.year)
    yield from _body(report, report.year)
    yield from _ended(report, report.year)


def _head(report: Report, year: int) -> Iterator[Finding]:
    """Document number and sign-off: of the year itself or of the next."""
    lead = report.sections[0]
    for match in _NUMBER.finditer(report.text, lead.start, lead.end):
        own_line = report.text[: match.start()].rpartition("\n")[2]
        if len(own_line) <= 12 and int(match[1]) not in {year, year + 1}:
            message = f"发文字号的年份与{year}年度报告不合，请核对是否沿用了旧稿。"
            yield _stale(report, message, match.start() - len(own_line), match.end())
    if report.signoff_date and (at := report.text.rfind(report.signoff_date)) >= 0:
        signed = re.search(r"20\d\d", report.signoff_date)
        if signed and int(signed[0]) not in {year, year + 1}:
            message = f"落款日期的年份与{year}年度报告不合，请核对是否沿用了旧稿。"
            yield _stale(report, message, at, at + len(report.signoff_date))


def _headings(report: Report, year: int) -> Iterator[Finding]:
    for section in report.sections[1:]:
        match = re.search(_YEAR, section.heading)
        if match is None or section.part is None or _HEADING_OK.search(section.heading):
            continue
        if section.level > 1 and match.start() > 0:
            continue
        right = year + 1 if section.part is Part.NEXT_YEAR else year
        stated = int(match[1])
        if stated != right and not (section.part is Part.NEXT_YEAR and stated > right):
            message = f"标题里的{stated}年应为{right}年，请核对是否沿用了旧稿。"
            yield _stale(report, message, section.start, section.heading_end)


def _captions(report: Report, year: int) -> Iterator[Finding]:
    """The line above a table that names last year and no other."""
    for match in _CAPTION.finditer(report.text):
        years = {int(found_year) for found_year in re.findall(r"20\d\d", match["caption"])}
        if years == {year - 1} and not _COMPARES.search(match["caption"]):
            message = f"表题写的是{year - 1}年，而报告年度是{year}年，请核对是否沿用了旧稿。"
            yield found(
                report, "wrong_year", Severity.WARNING, message, Span(*match.span("caption"))
            )


def _body(report: Report, year: int) -> Iterator[Finding]:
    for section in report.sections:
        own = [s.start for s in report.sections if s.parent == section.ordinal]
        end = min([*own, section.end])
        if section.ordinal == 0:
            end = min([s.start for s in report.sections[1:]] or [section.end])
        for span in sentences(report.text, section.body_start, end):
            yield from _sentence(report, section, span, year)


def _sentence(report: Report, section: Section, span: Span, year: int) -> Iterator[Finding]:
    words = report.text[span.start : span.end]
    part = section.part
    if "\t" in words or (section.ordinal == 0 and not words.endswith(("。", "：", ":"))):
        return
    opening = _OPENS.match(words)
    if part is Part.NEXT_YEAR:
        if opening and int(opening[1]) <= year and _PLAN.search(words[:40]):
            message = f"下一年度安排里写的是{opening[1]}年，应为{year + 1}年，请核对。"
            yield _stale(report, message, span.start, span.end)
        return
    period = _SPAN.search(words)
    if period and int(period[1]) == year - 1 and not _COMPARES.search(words):
        message = f"这里的统计时段是{period[1]}年，而报告年度是{year}年，请核对时段和数据。"
        yield _stale(report, message, span.start, span.end)
        return
    match = opening or _MID.search(words)
    if match is None or f"{year}年" in words or _THIS_YEAR.search(words):
        return
    if match is not opening and _COMPARES.search(words):
        return
    stated, rest = int(match[1]), words[match.end() :]
    if stated == year - 1 and _RESULT.search(rest) and not _HISTORY.search(rest):
        message = (
            f"这里写的是{stated}年，而报告年度是{year}年，多半是沿用上年稿件漏改，"
            "请核对年份和其中的数据。"
        )
        yield _stale(report, message, span.start, span.end)
    elif stated == year + 1 and part in _RESULTS and _is_too_early(words, rest):
        message = f"工作成效里出现了{stated}年的数据，而报告年度是{year}年，请核对年份。"
        yield found(report, "wrong_year", Severity.WARNING, message, span)


def _is_too_early(words: str, rest: str) -> bool:
    return not _PLAN.search(words) and re.search(r"\d", rest) is not None


def _ended(report: Report, year: int) -> Iterator[Finding]:
    """Outlines and programmes whose period was over before the report's year."""
    for match in _PERIOD.finditer(report.text):
        end = _EIGHTH_FIVE_ENDS if match["plan"] else int(match[2])
        if end < year:
            message = f"这一文件（规划）的期限到{end}年为止，{year}年已不在期内，请核实提法。"
            yield found(report, "wrong_year", Severity.WARNING, message, Span(*match.span()))
            return


def _stale(report: Report, message: str, start: int, end: int) -> Finding:
    return found(report, _STALE, Severity.ERROR, message, Span(start, end))

"""The new report's plan: what last year's left open, and an answer to each shortcoming."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.draft.claims import clauses
from assistant.draft.delivery import all_done, judged
from assistant.draft.edits import fill, verify_mark
from assistant.draft.layout import bodies, body_end, children, loose, tops
from assistant.draft.remedies import remedy_for
from assistant.draft.types import Chapter
from assistant.draft.words import Topics
from assistant.gongwen import Heading, Paragraph, Suggestion, Text
from assistant.gongwen.model import Block
from vectorstore.clean import fold
from vectorstore.sentences import Span, items, sentences
from vectorstore.types import PART_NAMES, Part, Report, Section

if TYPE_CHECKING:
    from assistant.draft.report import ReportWriter

__all__ = ["chapter", "shortcomings"]

_ANSWERED = 0.3  # share of a shortcoming's words a planned section must say; chosen on `samples/`
_TAIL = re.compile(
    "(?:等?的?问题|的现象)?(?:有所缓解|依然存在|仍然存在|仍未|尚未|但).*$|(?:等?的?问题|的现象)$"
)
_WANTING = re.compile("不足|不够|薄弱|有待|欠缺|滞后|不强|不高|缺乏|不规范|不到位|短缺|偏弱|偏低")
_GENERAL = re.compile("^(?:目前)?(?:存在|主要)[^，。]{0,10}$|^(?:问题|不足|短板)")
# 还存在一些不足, 工作仍有差距: what only leads in to the points.
_LEADS_IN = re.compile(
    "(?:但|但是|目前|当前|我局|我委|工作|中|还|也|仍|仍然|依然|尚|，)*(?:存在|有)(?:着)?(?:一些|不少|一定|以下|的|诸多"
    "|许多|薄弱环节|不足|问题|差距|短板|困难|之处|和|与|、|方面|以下几个|几个)+"
)
_SHORTEST = 4
_LONGEST = 30  # characters of a shortcoming that serves as a heading


def chapter(writer: ReportWriter, sections: Sequence[Section]) -> Chapter:
    """The part on the year after the new one."""
    found = Chapter(Part.NEXT_YEAR)
    years = writer.basis.years
    spans = loose(writer.report, Part.NEXT_YEAR)
    if not sections:
        found.blocks.append(Heading(1, PART_NAMES[Part.NEXT_YEAR]))
    if not sections and not spans:
        writer.notes.append("上年报告没有下一年度安排，已按存在的不足补写，请核对。")
    kept = [writer.report.text[span.start : span.end] for span in spans]
    for span in spans:
        said = writer.rewriter.spans(span.start, span.end, Part.NEXT_YEAR)
        found.blocks.append(Paragraph(said))
    kept += _kept(writer, found.blocks, sections)
    if kept:
        what = f"以下按{years.old}年报告的安排列出，{years.new}年已完成的请删去，未完成的继续列入"
        found.blocks.insert(1, Paragraph((verify_mark(what),)))
    _answers(writer, found.blocks, kept)
    found.blocks += [writer.placed.paragraph(n) for n in writer.placed.parts[Part.NEXT_YEAR]]
    for practice in writer.basis.practices:
        text = f"可借鉴做法（{practice.org}）：{practice.text}"
        found.blocks.append(Paragraph((Suggestion(text, practice.comment),)))
    if len(found.blocks) == 1:
        what = f"{years.new + 1}年推进法治政府建设的工作安排"
        found.blocks.append(Paragraph((fill(what),)))
    return found


def _kept(writer: ReportWriter, out: list[Block], sections: Sequence[Section]) -> list[str]:
    """Write last year's plan without its finished headings; the texts written."""
    report, kept = writer.report, []
    done = {
        c.section.ordinal: c.heading
        for c, tasks in judged(writer)
        if c.section is not None and all_done(tasks)
    }
    if done:
        year = writer.basis.years.new + 1
        writer.notes.append(f"已完成的任务未再列入{year}年安排：{'；'.join(done.values())}。")
    for top in sections:
        out.append(Heading(1, writer.rewriter.line(top.heading_start, top.heading_end)))
        end = body_end(report, top)
        out += writer.paragraphs(top.body_start, end, Part.NEXT_YEAR)
        kept.append(report.text[top.heading_start : end])
        for section in children(report, top):
            if section.ordinal not in done:
                kept.append(report.text[section.heading_start : section.end])
                writer.section(out, section, 2, Part.NEXT_YEAR)
    return kept


def shortcomings(report: Report) -> list[str]:
    """What last year's report says is wanting: headings, or the points of its paragraphs."""
    found: list[str] = []
    for top in tops(report, Part.SHORTCOMINGS):
        for section in children(report, top) or [top]:
            heading = report.text[section.heading_start : section.heading_end].strip()
            if section is not top and not _GENERAL.search(heading):
                found.append(heading)
            else:
                paragraphs = bodies(report, section.body_start, section.end)
                found += _told(report, [p for p in paragraphs if isinstance(p, Span)])
    found += _told(report, loose(report, Part.SHORTCOMINGS))
    plain = (_TAIL.sub("", text).strip("，。；、,;：: ") for text in found)
    return [text for text in dict.fromkeys(plain) if len(text) >= _SHORTEST]


def _told(report: Report, paragraphs: Sequence[Span]) -> list[str]:
    """The points of paragraphs, those that tell the causes left out."""
    kept = [p for p in paragraphs if "原因" not in report.text[p.start : p.start + 16]]
    spans = [point for paragraph in kept for point in _points(report, paragraph)]
    return [_point(report.text[span.start : span.end]) for span in spans]


def _points(report: Report, body: Span) -> list[Span]:
    """Run-in items, else the clause that names what is wanting: the first of the paragraph, or of
    each sentence where 还存在一些不足 leads in to several.
    """
    found = items(report.text, body.start, body.end)
    if found:
        return found
    told = [
        [
            Span(clause.start, clause.end)
            for clause in clauses(report.text, sentence.start, sentence.end)
            if _WANTING.search(report.text[clause.start : clause.end])
        ]
        for sentence in sentences(report.text, body.start, body.end)
    ]
    kept = [[s for s in said if not _leads_in(report.text[s.start : s.end])] for said in told]
    first = [said[0] for said in kept if said]
    return first if kept != told else first[:1]


def _leads_in(clause: str) -> bool:
    return _LEADS_IN.fullmatch(fold(clause)) is not None


def _point(text: str) -> str:
    """一是普法重视程度不均。个别… → 普法重视程度不均."""
    said = text.partition("是")[2] if text[1:2] == "是" or text[2:3] == "是" else text
    for mark in "。；，,;":
        said = said.partition(mark)[0]
    return said.strip()[:_LONGEST]


def _answers(writer: ReportWriter, out: list[Block], kept: Sequence[str]) -> None:
    """A section for each shortcoming that no planned one answers."""
    found = shortcomings(writer.report)
    topics = Topics([*kept, *found])
    for short in found:
        remedy = remedy_for(short)
        if any(topics.coverage(short, t) >= _ANSWERED or remedy.is_in(t) for t in kept):
            continue
        out.append(
            Paragraph(
                (
                    Text(f"针对“{short}”的问题，"),
                    Suggestion(
                        remedy.measure, f"针对上年报告所列不足“{short}”的通用措施，请结合实际修改"
                    ),
                    fill("责任股室和完成时限"),
                    Text("。"),
                ),
                heading=Heading(2, f"着力解决{short}的问题"),
            )
        )

"""The new year's report from last year's, part by part, by rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.draft import delivery, next_year
from assistant.draft.edits import verify_mark
from assistant.draft.layout import (
    ORDER,
    Table,
    attachments,
    bodies,
    body_end,
    children,
    lead,
    loose,
    runs_in,
    tops,
)
from assistant.draft.missing import missing_part
from assistant.draft.placing import Placed, part_notes, place
from assistant.draft.rewrite import Rewriter
from assistant.draft.tables import rewritten_table
from assistant.draft.types import Basis, Chapter
from assistant.draft.years import retimed
from assistant.gongwen import Heading, OfficialDocument, Paragraph, Span, TableBlock, Text
from assistant.gongwen.model import Block
from vectorstore.sentences import Span as TextSpan
from vectorstore.types import PART_NAMES, Part, Section

__all__ = ["ReportWriter", "ended"]

# 存在的问题及下一步打算: the plan goes to its own part.
_AND_PLAN = re.compile("(?<=.{4})(?:以?及|和|与)?(?:下一?步|今后|明年|下一?年度?)[^，]*$")
_YEAR = re.compile(r"(?:19|20)\d\d")


class ReportWriter:
    """Builds chapters; `notes` collects what the writer of the report should know."""

    def __init__(self, basis: Basis) -> None:
        self.basis = basis
        self.report = basis.report
        self.rewriter = Rewriter(basis)
        self.notes: list[str] = []
        self.placed: Placed = place(basis, self.rewriter)

    def document(self, chapters: Sequence[Chapter]) -> OfficialDocument:
        """The whole document around `chapters`."""
        years = self.basis.years
        return OfficialDocument(
            title=self._title(),
            body=tuple(block for chapter in chapters for block in chapter.blocks),
            addressee=self.report.addressee.rstrip("：:"),
            signoff_org=self.report.signoff_org or self.report.org,
            date=f"【待填：{years.new + 1}年成文日期】",
        )

    @property
    def steps(self) -> tuple[str, ...]:
        """What `chapters` yields, by name."""
        return ("标题和导语", *(PART_NAMES[part] for part in ORDER))

    def chapters(self) -> Iterator[Chapter]:
        """The lead, then the five official parts in order."""
        yield self._lead()
        for part in ORDER:
            sections = tops(self.report, part)
            if part is Part.NEXT_YEAR:
                chapter = next_year.chapter(self, sections)
            elif sections:
                chapter = self._part(part, sections)
            elif spans := loose(self.report, part):
                chapter = self._loose(part, spans)
            else:
                chapter = self._missing(part)
            if part is ORDER[-1]:
                chapter.blocks += self._attached()
            yield chapter
        if self.placed.skipped:
            listed = "、".join(f"第{n}段" for n in self.placed.skipped)
            self.notes.append(f"工作素材{listed}的内容已并入原有语句，未另行成段。")

    def _title(self) -> str:
        report, years = self.report, self.basis.years
        if report.title and _YEAR.search(report.title):
            at = report.text.find(report.title)
            if at >= 0:
                return self.rewriter.line(at, at + len(report.title))
            return report.title.replace(str(years.old), str(years.new))
        return f"{report.org}{years.new}年度法治政府建设情况报告"

    def _lead(self) -> Chapter:
        chapter = Chapter(None)
        for span in lead(self.report):
            chapter.blocks.append(Paragraph(self.rewriter.spans(span.start, span.end, None)))
        if not chapter.blocks:
            org, new = self.report.org, self.basis.years.new
            text = (
                f"{new}年，{org}坚持以习近平新时代中国特色社会主义思想为指导，深入学习贯彻习近平法治思想，"
                "扎实推进法治政府建设各项工作。现将有关情况报告如下："
            )
            chapter.blocks.append(Paragraph((Text(text),)))
            self.notes.append("上年报告没有导语，已补写通用导语，请核对。")
        return chapter

    def _part(self, part: Part, sections: Sequence[Section]) -> Chapter:
        chapter = Chapter(part)
        for section in sections:
            self.section(chapter.blocks, section, 1, part)
        if part is Part.MEASURES:
            self._leftover(chapter)
            chapter.blocks += delivery.blocks(self, headed=bool(_below(chapter.blocks)))
        else:
            chapter.blocks += part_notes(self.placed, part)
        return chapter

    def _loose(self, part: Part, spans: Sequence[TextSpan]) -> Chapter:
        """A part of a report without headings gets the usual one."""
        chapter = Chapter(part, [Heading(1, PART_NAMES[part])])
        paragraphs: list[Block] = [
            Paragraph(self.rewriter.spans(span.start, span.end, part)) for span in spans
        ]
        chapter.blocks += self._asked(paragraphs) if part is Part.SHORTCOMINGS else paragraphs
        chapter.blocks += part_notes(self.placed, part)
        if part is Part.MEASURES:
            self._leftover(chapter)
            chapter.blocks += delivery.blocks(self, headed=False)
        return chapter

    def _missing(self, part: Part) -> Chapter:
        name = PART_NAMES[part]
        self.notes.append(f"上年报告没有“{name}”部分，已按规定补上并留出待填位置。")
        chapter = Chapter(part, missing_part(part, self.report.org, self.basis.years.new))
        if part is Part.MEASURES:
            self._leftover(chapter)
            chapter.blocks += delivery.blocks(self, headed=False)
        else:
            chapter.blocks += part_notes(self.placed, part)
        return chapter

    def section(self, out: list[Block], section: Section, level: int, part: Part) -> None:
        """A section and those below it, this year's notes at the end of the one they fit."""
        text = self.rewriter.line(section.heading_start, section.heading_end)
        if part is Part.SHORTCOMINGS:
            text = _AND_PLAN.sub("", text) or text
        heading = Heading(level, text)
        blocks = self.paragraphs(section.body_start, body_end(self.report, section), part)
        blocks += [self.placed.paragraph(note) for note in self.placed.of(section.ordinal)]
        if part is Part.SHORTCOMINGS and not children(self.report, section):
            blocks = self._asked(blocks)
        first = blocks[0] if blocks else None
        if level > 1 and runs_in(self.report, section) and isinstance(first, Paragraph):
            out.append(Paragraph(first.spans, heading=heading))
            blocks = blocks[1:]
        else:
            out.append(heading)
        out += blocks
        for below in children(self.report, section):
            self.section(out, below, level + 1, part)

    def paragraphs(self, start: int, end: int, part: Part | None) -> list[Block]:
        """The paragraphs and tables of a span, rewritten."""
        blocks: list[Block] = []
        for body in bodies(self.report, start, end):
            if isinstance(body, Table):
                blocks.append(rewritten_table(self.rewriter, body))
            else:
                blocks.append(Paragraph(self.rewriter.spans(body.start, body.end, part)))
        return blocks

    def _attached(self) -> list[Block]:
        """What was attached, below the last part: its title is the caption of its table."""
        out: list[Block] = []
        for section in attachments(self.report):
            name = TextSpan(section.heading_start, section.heading_end)
            blocks = self.paragraphs(section.body_start, section.end, None)
            if blocks and isinstance(blocks[0], TableBlock):
                title = retimed(self.report.text[name.start : name.end], self.basis.years)
                blocks[0] = replace(blocks[0], caption=title)
            else:
                blocks.insert(0, Paragraph(self.rewriter.spans(name.start, name.end, None)))
            out += blocks
        return out

    def _asked(self, blocks: list[Block]) -> list[Block]:
        """A shortcoming may be gone: each paragraph ends in a question."""
        mark = verify_mark(f"{self.basis.years.new}年是否仍存在此问题")
        out: list[Block] = []
        for block in blocks:
            out.append(ended(block, mark) if isinstance(block, Paragraph) else block)
        return out

    def _leftover(self, chapter: Chapter) -> None:
        """Notes and figures of the sheet that fit nowhere."""
        rest = [self.placed.paragraph(note) for note in self.placed.rest]
        extra = self.placed.extra_paragraph()
        if extra is not None:
            rest.append(extra)
        if rest:
            level = 2 if _below(chapter.blocks) else 0
            if level:
                chapter.blocks.append(Heading(level, "其他工作情况"))
            chapter.blocks += rest


def _below(blocks: Sequence[Block]) -> list[Block]:
    """Headings of the second level among `blocks`, run in or not."""
    return [
        b
        for b in blocks
        if (isinstance(b, Heading) and b.level == 2)
        or (isinstance(b, Paragraph) and b.heading is not None and b.heading.level == 2)
    ]


def ended(block: Paragraph, mark: Span) -> Paragraph:
    """The paragraph with `mark` before its full stop."""
    spans = list(block.spans)
    last = spans[-1] if spans else None
    if isinstance(last, Text) and last.text[-1:] in "。；;.":
        spans[-1:] = [Text(last.text[:-1]), mark, Text("。")]
    else:
        spans.append(mark)
    return Paragraph(tuple(spans), heading=block.heading)

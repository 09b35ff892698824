"""The standalone plan of a year, from the shortcomings and the plan of the newest report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.draft.commitments import Commitment, commitments
from assistant.draft.edits import fill, verify_mark
from assistant.draft.figures import in_style
from assistant.draft.layout import Table, bodies
from assistant.draft.next_year import shortcomings
from assistant.draft.placing import note_spans
from assistant.draft.remedies import remedy_for
from assistant.draft.rewrite import Rewriter, source_of
from assistant.draft.types import Basis, Chapter
from assistant.draft.words import Topics
from assistant.gongwen import (
    Figure,
    Heading,
    OfficialDocument,
    Paragraph,
    Span,
    Suggestion,
    TableBlock,
    Text,
)
from assistant.gongwen.model import Block
from assistant.ledger import SheetItem, printed
from vectorstore.store import LedgerRow
from vectorstore.types import Part

__all__ = ["PlanWriter"]

_TIED = 0.3  # share of a shortcoming's words a task must say; chosen on `samples/`


class PlanWriter:
    """Builds chapters; `notes` collects what the writer of the plan should know."""

    def __init__(self, basis: Basis) -> None:
        self.basis = basis
        self.report = basis.report
        self.notes: list[str] = []
        # Targets stand only in the plan made for this very year.
        self.rewriter = Rewriter(basis, keep_targets=basis.years.step == 0)
        self._shorts = shortcomings(basis.report)
        texts = [self.report.text[c.span.start : c.span.end] for c in self._commitments()]
        self._topics = Topics([*texts, *self._shorts])

    def document(self, chapters: Sequence[Chapter]) -> OfficialDocument:
        """The whole document around `chapters`."""
        year = self.basis.years.new
        return OfficialDocument(
            title=f"{self.report.org}{year}年推进法治政府建设工作安排",
            body=tuple(block for chapter in chapters for block in chapter.blocks),
            signoff_org=self.report.org,
            date=f"【待填：{year}年成文日期】",
        )

    @property
    def steps(self) -> tuple[str, ...]:
        """What `chapters` yields, by name."""
        return ("标题和总体要求", "重点任务", "主要目标", "组织实施")

    def chapters(self) -> Iterator[Chapter]:
        """Lead with guiding ideas, tasks, targets, how they are carried out."""
        yield self._lead()
        yield self._tasks()
        yield self._targets()
        yield self._carrying_out()

    def _commitments(self) -> tuple[Commitment, ...]:
        return commitments(self.report, self.basis.rows)

    def _lead(self) -> Chapter:
        years = self.basis.years
        lead = (
            f"为深入贯彻习近平法治思想，进一步推进法治政府建设，依据{years.old}年度法治政府建设情况报告"
            f"查找的不足和提出的打算，结合工作实际，现就{years.new}年工作作如下安排。"
        )
        guiding = (
            "坚持以习近平新时代中国特色社会主义思想为指导，全面贯彻习近平法治思想，坚持问题导向，"
            "聚焦依法决策、规范执法、化解纠纷、精准普法等重点，压实责任、补齐短板，推动依法行政水平持续提升。"
        )
        mark = verify_mark(f"{years.new}年上级对法治政府建设的部署要求")
        blocks: list[Block] = [
            Paragraph((Text(lead),)),
            Heading(1, "总体要求"),
            Paragraph((Text(guiding), mark)),
        ]
        return Chapter(None, blocks)

    def _tasks(self) -> Chapter:
        chapter = Chapter(Part.NEXT_YEAR, [Heading(1, "重点任务")])
        left = list(self._shorts)
        for commitment in self._commitments():
            answered = [s for s in left if self._answers(commitment, s)]
            left = [s for s in left if s not in answered]
            chapter.blocks += self._task(commitment, answered)
        for short in left:
            chapter.blocks.append(self._remedy(short))
        for note in self.basis.notes:
            spans = note_spans(note, {})
            chapter.blocks.append(Paragraph((*spans, *self._duties())))
        for practice in self.basis.practices:
            text = f"可借鉴做法（{practice.org}）：{practice.text}"
            chapter.blocks.append(Paragraph((Suggestion(text, practice.comment),)))
        if len(chapter.blocks) == 1:
            chapter.blocks.append(Paragraph((fill(f"{self.basis.years.new}年重点任务"),)))
            self.notes.append("最近的报告没有查找不足，也没有提出打算，重点任务留作待填。")
        return chapter

    def _answers(self, commitment: Commitment, short: str) -> bool:
        text = commitment.heading + self.report.text[commitment.span.start : commitment.span.end]
        return self._topics.coverage(short, text) >= _TIED or remedy_for(short).is_in(text)

    def _task(
        self, commitment: Commitment, answered: Sequence[str]
    ) -> Iterator[Heading | Paragraph]:
        old = self.basis.years.old
        section = commitment.section
        if section is not None:
            line = self.rewriter.line(section.heading_start, section.heading_end)
            yield Heading(2, line)
        span = commitment.span
        for body in bodies(self.report, span.start, span.end):
            if not isinstance(body, Table):
                yield Paragraph(self.rewriter.spans(body.start, body.end, Part.NEXT_YEAR))
        why = (
            f"对应{old}年度报告查找的不足：{'；'.join(answered)}。"
            if answered
            else f"落实{old}年度报告提出的打算。"
        )
        yield Paragraph((Text(why), *self._duties()))

    def _remedy(self, short: str) -> Paragraph:
        old = self.basis.years.old
        comment = f"针对{old}年报告所列不足“{short}”的通用措施，请结合实际修改"
        return Paragraph(
            (
                Suggestion(remedy_for(short).measure, comment),
                fill("具体措施"),
                Text(f"。对应{old}年度报告查找的不足：{short}。"),
                *self._duties(),
            ),
            heading=Heading(2, f"着力解决{short}的问题"),
        )

    def _duties(self) -> tuple[Span, ...]:
        return (
            Text("责任股室："),
            fill("责任股室"),
            Text("；完成时限："),
            fill("完成时限"),
            Text("。"),
        )

    def _targets(self) -> Chapter:
        years = self.basis.years
        rows = [
            self._row(item, item.target) for item in self.basis.items if _is_next(item, years.old)
        ]
        if not rows:
            return Chapter(None)
        table = TableBlock(
            caption=f"{years.new}年推进法治政府建设主要目标",
            columns=(
                "序号",
                "指标",
                f"{years.old}年实际",
                f"{years.new}年目标",
                "责任股室",
                "完成时限",
            ),
            rows=tuple((str(n), *row) for n, row in enumerate(rows, 1)),
            align=("center", "left", "right", "left", "left", "left"),
        )
        return Chapter(None, [table])

    def _row(self, item: SheetItem, target: LedgerRow | None) -> tuple[tuple[Span, ...], ...]:
        assert target is not None
        actual: tuple[Span, ...] = (Text("—"),)
        if item.mentions:
            actual = (self._printed(item.mentions[0]),)
        blanks = ((fill("责任股室"),), (fill("完成时限"),))
        return (Text(item.indicator),), actual, self._aim(target), *blanks

    def _aim(self, target: LedgerRow) -> tuple[Span, ...]:
        new = self.basis.supply.of(target)
        if new is not None:
            shown = in_style(new.quantity, target.quantity)
            return Text("计划"), self.rewriter.figure(shown, new.comment, new.row)
        if self.basis.years.step == 0:
            return Text("计划"), self._printed(target)
        what = f"目标（{target.year}年计划：{printed(target.quantity)}）"
        return (fill(what, self.basis.supply.key_of(target)),)

    def _printed(self, row: LedgerRow) -> Figure:
        comment = f"来自{source_of(self.report, row)}"
        return self.rewriter.figure(printed(row.quantity), comment, row)

    def _carrying_out(self) -> Chapter:
        text = (
            "各责任股室对照任务和时限抓好落实，明确具体承办人，定期报送进展。政策法规机构加强统筹协调和督促检查，"
            "对进展缓慢的及时提醒，年底汇总落实情况，作为年度法治政府建设情况报告的依据。"
        )
        mark = verify_mark("责任分工和报送要求是否符合本单位实际")
        return Chapter(None, [Heading(1, "组织实施"), Paragraph((Text(text), mark))])


def _is_next(item: SheetItem, old: int) -> bool:
    """Whether the item has a target in the report's plan, not one of the report's own year."""
    return item.target is not None and item.target.year == old + 1

"""What came of last year's plan: one row a task, filled from the sheet and the notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.draft.commitments import Commitment, Judged, Status, commitments, judge
from assistant.draft.edits import fill
from assistant.draft.figures import in_style
from assistant.draft.words import Topics
from assistant.gongwen import Figure, Heading, Paragraph, Span, TableBlock, Text
from assistant.gongwen.model import Block
from assistant.ledger import printed
from vectorstore.clean import fold

if TYPE_CHECKING:
    from assistant.draft.report import ReportWriter

__all__ = ["blocks", "judged"]

_LONGEST = 60  # characters of a task in the table


def judged(writer: ReportWriter) -> list[tuple[Commitment, list[Judged]]]:
    """Each commitment of last year's plan with what is known of its tasks."""
    basis = writer.basis
    found = commitments(basis.report, basis.rows)
    texts = [basis.report.text[c.span.start : c.span.end] for c in found]
    topics = Topics([*texts, *(note.text for note in basis.notes)])
    return [
        (c, [judge(t, topics, basis.notes, basis.supply.reached) for t in c.tasks]) for c in found
    ]


def blocks(writer: ReportWriter, *, headed: bool) -> list[Block]:
    """The section on last year's plan; empty where that report had none."""
    everything = judged(writer)
    rows = [_row(writer, commitment, done) for commitment, all_ in everything for done in all_]
    if not rows:
        return []
    years = writer.basis.years
    intro = f"对照上一年度报告提出的{years.new}年工作安排，各项任务落实情况如下表。"
    table = TableBlock(
        caption=f"{years.new}年度工作安排落实情况表",
        columns=("序号", "工作安排", f"{years.new}年计划目标", f"{years.new}年完成情况"),
        rows=tuple((str(n), *row) for n, row in enumerate(rows, 1)),
        align=("center", "left", "left", "left"),
    )
    opening: list[Block] = [Heading(2, "上一年度工作安排落实情况")] if headed else []
    return [*opening, Paragraph((Text(intro),)), table]


def _row(
    writer: ReportWriter, commitment: Commitment, done: Judged
) -> tuple[tuple[Span, ...], ...]:
    text, target = done.task.text, done.task.target
    if target is not None:
        aim: tuple[Span, ...] = (Figure(printed(target.quantity), _plan(writer, done)),)
        name = target.quantity.indicator or text
        return (Text(f"{commitment.heading}：{name}"),), aim, _state(writer, done)
    said = (
        f"{commitment.heading}：{_short(text)}" if len(commitment.tasks) > 1 else commitment.heading
    )
    return (Text(said or _short(text)),), (Text("—"),), _state(writer, done)


def _short(text: str) -> str:
    """The first clauses of a long task, without figures cut in half."""
    if len(text) <= _LONGEST:
        return text
    cut = max(fold(text).rfind(mark, 0, _LONGEST) for mark in ",;。")
    return f"{text[:cut] if cut > 10 else text[:_LONGEST]}等"


def _plan(writer: ReportWriter, done: Judged) -> str:
    from assistant.draft.rewrite import source_of

    assert done.task.target is not None
    return f"计划目标，见{source_of(writer.report, done.task.target)}"


def _state(writer: ReportWriter, done: Judged) -> tuple[Span, ...]:
    target, year = done.task.target, writer.basis.years.new
    if done.figure is not None and target is not None:
        shown = in_style(done.figure.quantity, target.quantity)
        return (Text(f"{done.status}，实际"), Figure(shown, done.figure.comment))
    if done.note is not None:
        spans = writer.placed.paragraph(done.note).spans
        if done.status is Status.DONE:
            return (Text("已开展。"), *spans)
        return (Text("正在推进。"), *spans, fill("完成程度"))
    if target is not None:
        name = target.quantity.indicator or "此项目标"
        return (fill(f"{name}完成数（{year}年计划：{printed(target.quantity)}）"),)
    return (fill("完成情况"),)


def all_done(found: Sequence[Judged]) -> bool:
    """Whether every task of a commitment is known to be done."""
    return bool(found) and all(one.status is Status.DONE for one in found)

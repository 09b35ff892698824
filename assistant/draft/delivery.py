"""What came of last year's plan: one row a task, filled from the sheet and the notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.draft.commitments import (
    Commitment,
    Judged,
    Status,
    Task,
    commitments,
    judge,
    reached,
)
from assistant.draft.edits import fill
from assistant.draft.figures import Supplied, in_style, same_unit
from assistant.draft.rewrite import source_of
from assistant.draft.types import Followed
from assistant.draft.words import Topics
from assistant.gongwen import Figure, Heading, Paragraph, Placeholder, Span, TableBlock, Text
from assistant.gongwen.model import Block
from assistant.ledger import printed
from vectorstore.clean import fold
from vectorstore.store import LedgerRow

if TYPE_CHECKING:
    from assistant.draft.report import ReportWriter

__all__ = ["all_done", "blocks", "followed", "judged"]

Spans = tuple[Span, ...]
_DANGLING = re.compile(
    "(?:达到|(?:保持|控制|稳定|维持)在|(?:提高|提升|增加|扩大)到|(?:压缩|缩短|压减)[至到为]|为|达)$"
)
_LONGEST = 60  # characters of a task in the table


def judged(writer: ReportWriter) -> list[tuple[Commitment, list[Judged]]]:
    """Each commitment of last year's plan with what is known of its tasks."""
    basis = writer.basis
    found = commitments(basis.report, basis.rows)
    texts = [c.heading + basis.report.text[c.span.start : c.span.end] for c in found]
    topics = Topics([*texts, *(note.text for note in basis.notes)])
    return [
        (c, [j for t in c.tasks for j in judge(t, topics, basis.notes, basis.supply.reached)])
        for c in found
    ]


def blocks(writer: ReportWriter, *, headed: bool) -> list[Block]:
    """The section on last year's plan; empty where that report had none."""
    everything = judged(writer)
    rows = [row for commitment, all_ in everything for row in _rows(writer, commitment, all_)]
    if not rows:
        return []
    years = writer.basis.years
    intro = f"对照上一年度报告提出的{years.new}年工作安排，各项任务落实情况如下表。"
    table = TableBlock(
        caption=f"{years.new}年度工作安排落实情况表",
        columns=("序号", "工作安排", f"{years.new}年目标", f"{years.new}年完成情况"),
        rows=tuple((str(n), *row) for n, row in enumerate(rows, 1)),
        align=("center", "left", "left", "left"),
    )
    opening: list[Block] = [Heading(2, "上一年度工作安排落实情况")] if headed else []
    return [*opening, Paragraph((Text(intro),)), table]


def followed(writer: ReportWriter) -> Iterator[Followed]:
    """Every task of last year's plan with what the sheet and the notes say of it."""
    for commitment, all_ in judged(writer):
        for done in all_:
            lead = _lead(commitment, done.task)
            given = [f for f in done.figures if f is not None]
            told = [f"{printed(f.quantity)}（{f.comment}）" for f in given]
            if done.note is not None:
                told.append(f"{done.note.text}（{done.note.comment}）")
            yield Followed(lead + _short(done.task.text), done.status, "；".join(told))


def _rows(
    writer: ReportWriter, commitment: Commitment, all_: Sequence[Judged]
) -> Iterator[tuple[Spans, Spans, Spans]]:
    """What was promised, the target of it, what came of it; one row a target."""
    for done in all_:
        lead = _lead(commitment, done.task)
        if not done.task.targets:
            alone = lead and len(all_) == 1
            text = commitment.heading if alone else lead + _short(done.task.text)
            yield (Text(text),), (Text("—"),), _told(writer, done)
        for target, figure in zip(done.task.targets, done.figures, strict=True):
            aim = Figure(
                printed(target.quantity), f"计划目标，见{source_of(writer.report, target)}"
            )
            name = (Text(lead + _without_figures(done.task)),)
            writer.rewriter.bound[aim] = target
            yield name, (Text("计划"), aim), _reached(writer, done, target, figure)


def _lead(commitment: Commitment, task: Task) -> str:
    """The heading a task stands under, unless the task is said by it."""
    said = not commitment.heading or task.text.partition("，")[0] in commitment.heading
    return "" if said else f"{commitment.heading}："


def _without_figures(task: Task) -> str:
    """举办法治培训不少于12场 → 举办法治培训."""
    text = task.text
    for target in reversed(task.targets):
        at = target.quantity.start - task.start
        text = text[:at] + text[at + len(target.quantity.text) :]
    return _DANGLING.sub("", text).strip("，。；、,; ") or "此项任务"


def _short(text: str) -> str:
    """The first clauses of a long task, without figures cut in half."""
    if len(text) <= _LONGEST:
        return text
    cut = max(fold(text).rfind(mark, 0, _LONGEST) for mark in ",;。")
    return f"{text[:cut] if cut > 10 else text[:_LONGEST]}等"


def _told(writer: ReportWriter, done: Judged) -> Spans:
    """What the notes say of a task, or a blank."""
    if done.note is None:
        return (fill("完成情况"),)
    said = writer.placed.paragraph(done.note).spans
    return said if done.status is Status.DONE else (*said, fill("完成程度"))


def _reached(
    writer: ReportWriter, done: Judged, target: LedgerRow, figure: Supplied | None
) -> Spans:
    """“已完成，实际13场”, what the notes say, or a blank."""
    if figure is not None:
        shown = in_style(figure.quantity, target.quantity)
        printed_ = writer.rewriter.figure(shown, figure.comment, figure.row)
        if not same_unit(figure.quantity, target.quantity):
            return (Text("实际"), printed_, fill("完成程度"))
        status = "已完成" if reached(target, figure) else "未达到目标"
        return (Text(f"{status}，实际"), printed_)
    if done.note is not None:
        return (*writer.placed.paragraph(done.note).spans, _blank(writer, target))
    return (_blank(writer, target),)


def _blank(writer: ReportWriter, target: LedgerRow) -> Placeholder:
    key = writer.basis.supply.key_reached(target)
    return fill(f"完成数（{target.year}年计划：{printed(target.quantity)}）", key)


def all_done(found: Sequence[Judged]) -> bool:
    """Whether every task of a commitment is known to be done."""
    return bool(found) and all(one.status is Status.DONE for one in found)

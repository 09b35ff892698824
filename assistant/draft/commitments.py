"""Last year's plan as a list of commitments, each held against this year's figures and notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.draft.claims import Clause, clauses
from assistant.draft.figures import Supplied, same_unit
from assistant.draft.layout import bodies, body_end, children, loose, tops
from assistant.draft.notes import Note
from assistant.draft.rewrite import frequency_start
from assistant.draft.words import Topics
from assistant.verify.values import base_of
from vectorstore.clean import fold
from vectorstore.sentences import Span, items, sentences
from vectorstore.store import LedgerRow
from vectorstore.types import Hedge, Modality, Part, Report, Section

__all__ = ["Commitment", "Status", "Task", "commitments", "judge", "reached"]

# Shares of words a note must say, of a task and of one clause; chosen on `samples/` with notes.
_MENTIONED = 0.3
_TOLD = 0.5
# What is hoped for of a task's other clauses is no task of its own.
_HOPED = re.compile(
    "(?:切实|努力|不断|进一步|有效|逐步|持续|全面|着力)*(?:确保|做到|保[证障]|力[求争]|促进|推动|避免|防止|提[升高]|增强|实现"
    "|打造|形成|营造|防范|让|使)"
)
_EVERY = re.compile("^每个?(?:半年|季度|半月|两月|[年月周日旬次])")
_UNDONE = re.compile("尚未|未完成|没有完成|正在|推进中|仍在|部分|暂缓|延期|未能|还差|筹备")
_LEAST_TASK = 6  # characters
_NOT_MORE = frozenset({Hedge.AT_MOST})


class Status(StrEnum):
    """How far a task got, as the sheet and the notes tell."""

    DONE = "已完成"
    PARTLY = "部分完成"
    UNKNOWN = "未提及"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing promised, in the words of last year's plan, and the targets in it, if any.

    `start` is the place of the words in that text, -1 where they are gathered from several.
    """

    text: str
    targets: tuple[LedgerRow, ...] = ()
    start: int = -1


@dataclass(frozen=True, slots=True)
class Commitment:
    """Part of the plan with its tasks; without sub-headings `section` is None, `heading` empty."""

    heading: str
    span: Span
    section: Section | None
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A task, its status, and what it rests on: for each target the figure reached, or a note."""

    task: Task
    status: Status
    figures: tuple[Supplied | None, ...] = ()
    note: Note | None = None


def commitments(report: Report, rows: Sequence[LedgerRow]) -> tuple[Commitment, ...]:
    """The plan of `report` split by its headings, else by 一是… items or paragraphs."""
    found: list[Commitment] = []
    for top in tops(report, Part.NEXT_YEAR):
        below = children(report, top)
        if below:
            found += [_of_section(report, section, rows) for section in below]
        else:
            lines = bodies(report, top.body_start, body_end(report, top))
            found += _of_lines(report, [b for b in lines if isinstance(b, Span)], rows)
    found += _of_lines(report, loose(report, Part.NEXT_YEAR), rows)
    return tuple(found)


def _of_section(report: Report, section: Section, rows: Sequence[LedgerRow]) -> Commitment:
    heading = report.text[section.heading_start : section.heading_end].strip()
    span = Span(section.body_start, section.end)
    tasks = tuple(_tasks(report, span, rows))
    if not tasks:  # a point without text under it
        said = Span(section.heading_start, section.heading_end)
        tasks = tuple(_tasks(report, said, rows)) or (Task(heading),)
    return Commitment(heading, span, section, tasks)


def _of_lines(
    report: Report, lines: Sequence[Span], rows: Sequence[LedgerRow]
) -> Iterator[Commitment]:
    for line in lines:
        for piece in items(report.text, line.start, line.end) or [line]:
            first = next(sentences(report.text, piece.start, piece.end), None)
            said = first and next(clauses(report.text, first.start, first.end), None)
            if said and piece.end - said.start >= _LEAST_TASK:
                span = Span(said.start, piece.end)
                yield Commitment("", span, None, tuple(_tasks(report, span, rows)))


def _tasks(report: Report, span: Span, rows: Sequence[LedgerRow]) -> Iterator[Task]:
    """Each clause with a target is a task; the other clauses of a section are one together."""
    rest: list[str] = []
    for sentence in sentences(report.text, span.start, span.end):
        for clause in clauses(report.text, sentence.start, sentence.end):
            text = report.text[clause.start : clause.end]
            inside = [
                r for r in rows if clause.start <= r.quantity.start and r.quantity.end <= clause.end
            ]
            targets = tuple(r for r in inside if _is_target(report, r))
            if targets:
                yield Task(text, targets, clause.start)
            elif text := _without_frequency(report.text, clause, inside):
                rest.append(text)
    if rest:
        yield Task("，".join(rest))


def _without_frequency(text: str, clause: Clause, rows: Sequence[LedgerRow]) -> str:
    """每季度召开一次会商 → 定期召开会商; empty for a clause with another figure, or too short."""
    parts, at = [], clause.start
    for row in rows:
        every = frequency_start(text, row.quantity.start)
        if every is None:
            return ""
        parts.append(text[at:every] + _EVERY.sub("定期", text[every : row.quantity.start]))
        at = row.quantity.end
    said = "".join([*parts, text[at : clause.end]])
    return said if len(said) >= _LEAST_TASK else ""


def _is_target(report: Report, row: LedgerRow) -> bool:
    aimed = row.quantity.modality is Modality.TARGET
    return aimed and frequency_start(report.text, row.quantity.start) is None


def judge(
    task: Task,
    topics: Topics,
    notes: Sequence[Note],
    filled: Callable[[LedgerRow], Supplied | None],
) -> list[Judged]:
    """Hold a task against the new figures (`filled` finds the one of a target) and the notes.

    A task of several clauses falls apart where the notes tell of some only.
    """
    figures = tuple(filled(target) for target in task.targets)
    if any(figures):
        pairs = zip(task.targets, figures, strict=True)
        done = all(f is not None and reached(target, f) for target, f in pairs)
        return [Judged(task, Status.DONE if done else Status.PARTLY, figures)]
    told = [n for n in notes if n.part not in (Part.NEXT_YEAR, Part.SHORTCOMINGS)]
    if not task.targets:
        return _by_clauses(task, topics, told)
    note = _telling(task.text, topics, told, _MENTIONED)
    status = Status.PARTLY if note else Status.UNKNOWN
    return [Judged(task, status, figures, note)]


def _telling(said: str, topics: Topics, notes: Sequence[Note], least: float) -> Note | None:
    """The note that tells of what is said, if one says enough of it."""
    at, _ = topics.best(said, [note.text for note in notes])
    return notes[at] if at >= 0 and topics.coverage(said, notes[at].text) >= least else None


def _by_clauses(task: Task, topics: Topics, notes: Sequence[Note]) -> list[Judged]:
    """The clauses each note tells of, and the rest, on which nobody says anything."""
    parts = [task.text[c.start : c.end] for c in clauses(task.text, 0, len(task.text))]
    whole = _telling(task.text, topics, notes, _MENTIONED)
    found = [_telling(part, topics, notes, _TOLD) for part in parts]
    if not any(found):
        found = [whole] * len(parts)
    by_note: dict[int, list[str]] = {}
    named = {note.n: note for note in found if note is not None}
    for part, note in zip(parts, found, strict=True):
        by_note.setdefault(note.n if note else 0, []).append(part)
    if named and all(_HOPED.match(part) for part in by_note.get(0, ())):
        by_note.setdefault(max(named), []).extend(by_note.pop(0, ()))
    if len(by_note) < 2:
        return [_judged(task, named.get(next(iter(by_note), 0)))]
    split = [(Task("，".join(texts)), named.get(n)) for n, texts in by_note.items()]
    return [_judged(part, note) for part, note in split]


def _judged(task: Task, note: Note | None) -> Judged:
    if note is None:
        return Judged(task, Status.UNKNOWN)
    partly = _UNDONE.search(fold(note.text))
    return Judged(task, Status.PARTLY if partly else Status.DONE, (), note)


def reached(target: LedgerRow, figure: Supplied) -> bool:
    """Whether the figure meets the target; one in another unit does not tell."""
    aim, now = target.quantity, figure.quantity
    if not same_unit(now, aim):
        return False
    least, value = base_of(aim), base_of(now)
    return value <= least if aim.hedge in _NOT_MORE else value >= least

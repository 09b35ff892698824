"""What a brief says, read off the document and the tables, held against what was put in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from statistics import median

from assistant.brief import NOT_MENTIONED, NOT_SUBMITTED, Brief, Cell, Table
from assistant.brief.themes import Kind, load_themes
from assistant.gongwen import Figure, OfficialDocument, Paragraph, TableBlock
from assistant.gongwen.model import Block, Span, spans_of, walk
from evals.brief.cases import Expected
from evals.stats import Rate
from vectorstore.clean import fold
from vectorstore.types import Report

__all__ = [
    "BriefScore",
    "bound",
    "cells",
    "computed",
    "coverage",
    "empty_cells",
    "practices",
    "sourced",
    "themes",
]

_KINDS: dict[str, Kind] = {"做法": "measure", "不足": "shortcoming", "安排": "plan"}
_NUMBER = re.compile(r"(?<![\d.])\d[\d,]*(?:\.\d+)?")
# Numbers of prose that code counted from the batch, and those that are no figures of a report.
_COUNTED = re.compile(
    r"\d[\d.]*(?:个单位|份|个百分点|%|年|位|处同类)|共涉及\d+|前\d+|（\d+个）|\d+个："
    r"|^\d+\.(?!\d)|(?<!\d)20\d\d(?!\d)年?"
)
_TEN_THOUSAND = Decimal(10_000)


_NONE = Rate(0, 0)


@dataclass(frozen=True, slots=True)
class BriefScore:
    """One brief's counts; each is what the function of that name says.

    `cells`, `empty`: cells right. `sourced`: cells whose source says so. `computed`: sums, medians
    right. `covered`: reports and bureaus accounted for. `told`, `true`: themes found, and right.
    """

    id: str
    cells: Rate = _NONE
    empty: Rate = _NONE
    sourced: Rate = _NONE
    computed: Rate = _NONE
    covered: Rate = _NONE
    told: Rate = _NONE
    true: Rate = _NONE
    practices: Rate = _NONE
    bound: Rate = _NONE
    form: tuple[tuple[str, bool], ...] = ()
    faults: tuple[str, ...] = ()
    problem: str = ""
    seconds: float = 0.0
    prompts: tuple[str, ...] = ()


Found = tuple[Rate, list[str]]


def cells(wanted: Expected, brief: Brief, names: Mapping[str, str]) -> Found:
    """Cells with exactly the value put in ÷ values put in; `names` are indicators by key.

    A missing column makes all of its cells wrong.
    """
    told = _by_place(brief)
    faults = []
    known = {place: value for place, value in wanted.cells.items() if value is not None}
    for (org, key), value in known.items():
        cell = told.get((org, names[key]))
        if cell is None or cell.value != value:
            faults.append(
                f"{org} {names[key]}：应为 {value:f}，写的是 {cell.text if cell else '无'}"
            )
    return Rate(len(known) - len(faults), len(known)), faults


def empty_cells(wanted: Expected, brief: Brief, names: Mapping[str, str]) -> Found:
    """未提及 and 未报送 where, and only where, they are due ÷ cells without a value."""
    told = _by_place(brief)
    due = {place: NOT_MENTIONED for place, value in wanted.cells.items() if value is None}
    due |= {(org, key): NOT_SUBMITTED for org in wanted.absent for _, key in wanted.cells}
    faults = []
    for (org, key), word in due.items():
        cell = told.get((org, names[key]))
        if cell is None or cell.text != word or cell.value is not None:
            shown = cell.text if cell else "无"
            faults.append(f"{org} {names[key]}：应为“{word}”，写的是 {shown}")
    return Rate(len(due) - len(faults), len(due)), faults


def sourced(brief: Brief, reports: Mapping[str, Report]) -> Found:
    """Cells whose source is the report's own text, of that bureau, and prints it ÷ cells."""
    faults = []
    own = [c for t in brief.tables if _by_bureau(t) for c in t.cells if c.value is not None]
    for cell in own:
        source = cell.source
        report = reports.get(source.report_id) if source else None
        good = (
            source is not None
            and report is not None
            and report.org == cell.org
            and report.text[source.start : source.end] == cell.text
        )
        if not good:
            faults.append(f"{cell.org} {cell.indicator} {cell.text}：出处不对")
    return Rate(len(own) - len(faults), len(own)), faults


def computed(brief: Brief) -> Found:
    """Sums and medians that the cells give ÷ sums and medians printed."""
    columns: dict[str, list[Decimal]] = {}
    for place, cell in _by_place(brief).items():
        if cell.value is not None:
            columns.setdefault(place[1], []).append(cell.value)
    faults, total = [], 0
    for cell in (c for t in brief.tables for c in t.cells if c.org in {"合计", "中位数"}):
        if cell.value is not None:
            values = columns.get(cell.indicator, [])
            right = (
                sum(values, Decimal(0)) if cell.org == "合计" else median(values or [Decimal(0)])
            )
            total += 1
            if abs(cell.value - Decimal(right)) > Decimal("0.005"):
                faults.append(f"{cell.org} {cell.indicator} {cell.text}：应为 {right}")
    return Rate(total - len(faults), total), faults


def coverage(wanted: Expected, brief: Brief) -> Found:
    """Bureaus asked for that the document names, and reports it counts as read ÷ all of both."""
    said = "\n".join([s.text + _comment(s) for s in walk(brief.document)])
    missing = [org for org in (*wanted.orgs, *wanted.absent) if org not in said]
    asked = len(wanted.orgs) + len(wanted.absent)
    read = Rate(min(brief.coverage.covered, len(wanted.orgs)), len(wanted.orgs))
    return read + Rate(asked - len(missing), asked), [f"没有提到 {org}" for org in missing]


def themes(wanted: Expected, brief: Brief) -> tuple[Rate, Rate, list[str]]:
    """Recall and precision of (theme, bureau) pairs the document tells, over those put in.

    Precision is a lower bound: sentences with figures speak of themes that nobody put in.
    """
    if not wanted.themes:
        return Rate(0, 0), Rate(0, 0), []
    told = set(_told(brief.document))
    lost = sorted(wanted.themes - told)
    hits = len(wanted.themes & told)
    return (
        Rate(hits, len(wanted.themes)),
        Rate(hits, len(told)),
        [
            f"{org}的{kind}“{load_themes().name(_kind(kind), key)}”没有归出"
            for kind, key, org in lost
        ],
    )


def practices(wanted: Expected, brief: Brief) -> Found:
    """Coined practices told with their bureau in one sentence ÷ those put in."""
    said = [_words(p.spans) for p in brief.document.body if isinstance(p, Paragraph)]
    lost = [
        name for name, org in wanted.practices.items()
        if not any(name in words and org in words for words in said)
    ]  # fmt: skip
    count = len(wanted.practices)
    return Rate(count - len(lost), count), [f"没有写到“{name}”" for name in lost]


def bound(brief: Brief, reports: Mapping[str, Report]) -> Found:
    """Figures of the document with a source ÷ its figures.

    With a comment: the comment prints the number, in 万元 or 元, a sum with what it adds up. In
    running text without one: what code counts (单位, 份, %) aside, some report prints it.
    """
    faults, total = [], 0
    library = fold("\n".join(report.text for report in reports.values()))
    for span in _spans(brief.document):
        for number in _NUMBER.findall(_COUNTED.sub("", fold(span.text))):
            total += 1
            comment = _comment(span)
            good = _in(number, fold(comment)) if comment else _in(number, library)
            if not good:
                faults.append(f"“{span.text[:30]}”里的 {number} 没有出处")
    return Rate(total - len(faults), total), faults


def _by_place(brief: Brief) -> dict[tuple[str, str], Cell]:
    """Cells of the tables with one row a bureau, by bureau and indicator."""
    mains = [t for t in brief.tables if _by_bureau(t)]
    return {(c.org, c.indicator): c for t in reversed(mains) for c in reversed(t.cells)}


def _by_bureau(table: Table) -> bool:
    return table.columns[:1] == ("单位",) and "年" not in table.title


def _told(document: OfficialDocument) -> Iterator[tuple[str, str, str]]:
    """Each theme with each bureau, from the tables of themes and the paragraphs on single ones."""
    keys: dict[tuple[str, str], str] = {
        (kind, theme.name): theme.key
        for kind in _KINDS.values()
        for theme in load_themes().of(kind)
    }
    for block in document.body:
        pairs: list[tuple[str, str, list[str]]] = []
        if isinstance(block, TableBlock) and block.columns[1:2] and block.columns[1] in _KINDS:
            for row in block.rows:
                orgs = re.findall(r"(?:：|；)([^：；“”]+)：“", _comment(spans_of(row[4])[0]))
                pairs.append((_KINDS[block.columns[1]], _words(spans_of(row[1])), orgs))
        elif isinstance(block, Paragraph):
            pairs = list(_single(_words(block.spans)))
        for kind, name, orgs in pairs:
            if (kind, name) in keys:
                yield from ((kind, keys[kind, name], org) for org in orgs)


def _single(words: str) -> Iterator[tuple[str, str, list[str]]]:
    """个别单位还提到其他做法：甲（某局：“…”）；乙（…）。"""
    lead = re.match("个别单位还提到其他(做法|不足|安排)：", words)
    if lead:
        for name, org in re.findall(r"(?:；|^)([^（；]+)（([^：]+)：“", words[lead.end() :]):
            yield _KINDS[lead[1]], name, [org]


def _kind(kind: str) -> Kind:
    return next(k for k in _KINDS.values() if k == kind)


def _words(spans: Sequence[Span]) -> str:
    return "".join(span.text for span in spans)


def _comment(span: Span) -> str:
    return span.comment if isinstance(span, Figure) else ""


def _spans(document: OfficialDocument) -> Iterator[Span]:
    """Words that may hold figures of reports: text, and table cells that have a comment."""
    blocks: list[Block] = [*document.body]
    blocks += [block for attached in document.attachments for block in attached.body]
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from block.spans
        elif isinstance(block, TableBlock):
            cells = (span for row in block.rows for cell in row for span in spans_of(cell))
            yield from (span for span in cells if _comment(span))


def _in(number: str, said: str) -> bool:
    """Whether `said` prints the number, in ten thousands or ones, or as what its numbers add to."""
    try:
        value = Decimal(number.replace(",", ""))
        known = {Decimal(n.replace(",", "")) for n in _NUMBER.findall(said)}
    except InvalidOperation:
        return False
    return bool({value, value * _TEN_THOUSAND, value / _TEN_THOUSAND} & known)

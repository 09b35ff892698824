"""Choose the sentences that answer a question in words: by part, by topic, by organisation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answer.terms import Terms, weigh
from vectorstore.sentences import Span, items, sentences
from vectorstore.types import Hit, Part, Report, Section

__all__ = ["Passage", "best", "candidates", "outline_points", "with_cause"]

# A sentence must hold at least this share of the question's weighted words to count as said.
# Chosen on the questions over `samples/` (see design/answering.md).
SAID = 0.5
# What a heading above the sentence says counts less than the sentence itself.
_HEADING = 0.5
_CAUSE = re.compile(
    r"原因|由于|因为|根源|源于|导致|造成|受[^，。]{2,12}(?:影响|限制|制约)|在于|主要是"
)
_DIGIT = re.compile(r"\d")
_LEAD = re.compile(
    r"[一二三四五六七八九十]{1,2}是[^。]{2,24}。|(?:[（(]?\d{1,2}[)）.．、])[^。]{2,24}。"
)
# Between sentences that say it equally well, the one with a figure tells more.
_FIGURE = 0.03
# What was done answers before what is only planned, unless the plan is all that was asked for.
_PLANNED = 0.1


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence of a report and how much of the question's words it holds, 0 to 1."""

    report_id: str
    span: Span
    score: float
    rank: int


def candidates(
    reports: Sequence[Report], hits: Sequence[Hit], parts: Sequence[Part]
) -> list[tuple[Report, Span, int]]:
    """Sentences that could answer: those of the hits first, then the rest of the reports.

    Only those of `parts` when some are named. The number is the rank of the passage the sentence
    came from, `len(hits)` for the rest.
    """
    by_id = {report.id: report for report in reports}
    found: dict[tuple[str, Span], tuple[Report, Span, int]] = {}
    for rank, hit in enumerate(hits):
        report = by_id.get(hit.chunk.report_id)
        if report is None or (parts and hit.chunk.part not in parts):
            continue
        for span in _units(report, hit.chunk.start, hit.chunk.end):
            found.setdefault((report.id, span), (report, span, rank))
    for report in reports:
        wanted = [(s.start, s.end) for s in _sections(report, parts)]
        for start, end in wanted if parts else [(0, len(report.text))]:
            for span in _units(report, start, end):
                found.setdefault((report.id, span), (report, span, len(hits)))
    return list(found.values())


def _units(report: Report, start: int, end: int) -> Iterator[Span]:
    """Whole sentences that touch the span, and their run-in items where a sentence has several.

    A heading, or a short lead (“一是强化监督。”), is said with the sentence under it, not alone.
    """
    lead: Span | None = None
    for span in sentences(report.text, *_widened(report.text, start, end)):
        if _leads(report, span):
            lead = span
            continue
        for unit in items(report.text, span.start, span.end) or [span]:
            yield Span(lead.start, unit.end) if lead else unit
            lead = None
    if lead:
        yield lead


def _leads(report: Report, span: Span) -> bool:
    section = report.section_at(span.start)
    is_heading = bool(section.heading) and span.end <= section.body_start
    return is_heading or bool(_LEAD.fullmatch(report.text, span.start, span.end))


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """Grow a span to the sentence ends around it, so that a quote never starts mid-sentence."""
    while start > 0 and text[start - 1] not in "。！？\n":
        start -= 1
    while end < len(text) and text[end - 1] not in "。！？\n":
        end += 1
    return start, end


def _sections(report: Report, parts: Iterable[Part]) -> list[Section]:
    wanted = set(parts)
    return [
        s
        for s in report.sections
        if s.part in wanted and (s.parent is None or report.sections[s.parent].part != s.part)
    ]


def best(found: Sequence[tuple[Report, Span, int]], subject: str) -> tuple[Terms, list[Passage]]:
    """Score every candidate against `subject`, best first; ties go to the better source."""
    texts = [report.text[span.start : span.end] for report, span, _ in found]
    terms = weigh(subject, texts)
    planned = any(
        report.section_at(span.start).part is not Part.NEXT_YEAR for report, span, _ in found
    )
    scored = []
    for (report, span, rank), text in zip(found, texts, strict=True):
        path = report.heading_path(report.section_at(span.start).ordinal)
        own = terms.coverage(text)
        with_heading = terms.coverage(" ".join((*path, text)))
        score = own + _HEADING * max(with_heading - own, 0.0) + _FIGURE * bool(_DIGIT.search(text))
        score -= _PLANNED * (planned and report.section_at(span.start).part is Part.NEXT_YEAR)
        scored.append(Passage(report.id, span, score, rank))
    scored.sort(key=lambda p: (-round(p.score, 3), p.rank, p.span.start))
    return terms, scored


def with_cause(report: Report, span: Span) -> Span:
    """`span` and the sentences after it up to the one that gives the reason, if that is near."""
    if _CAUSE.search(report.text, span.start, span.end):
        return span
    section = report.section_at(max(span.end - 1, span.start))
    for following, _ in zip(sentences(report.text, span.end, section.end), range(2), strict=False):
        if _CAUSE.search(report.text, following.start, following.end):
            return Span(span.start, following.end)
    return span


def outline_points(report: Report, part: Part) -> list[Span]:
    """The points a part makes: its sub-headings, else its run-in items, else its sentences."""
    points: list[Span] = []
    for section in _sections(report, (part,)):
        children = [
            s
            for s in report.sections
            if s.parent == section.ordinal and s.heading_end > s.heading_start
        ]
        if len(children) >= 2:
            points += [Span(c.heading_start, c.heading_end) for c in children]
            continue
        points += items(report.text, section.body_start, section.end) or list(
            sentences(report.text, section.body_start, section.end)
        )
    return points

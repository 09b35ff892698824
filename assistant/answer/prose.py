"""Answer a question in words: the points a part makes, or the sentences that say it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer import passages
from assistant.answer.compose import Composer, named
from assistant.answer.passages import Passage
from vectorstore.scope import QuestionScope
from vectorstore.types import Hit, Part, Report

__all__ = ["by_organisation", "points", "told"]

_SENTENCES = 3  # quoted for one report; the shortest sufficient answer comes first
_CLOSE = 0.85  # a further sentence must hold this share of what the best one holds
_POINTS = 8


def points(composer: Composer, reports: Sequence[Report], parts: Sequence[Part]) -> list[Report]:
    """Tell the points of `parts` of each report; return the reports that lack the part."""
    silent = []
    for report in reports:
        spans = [s for part in parts for s in passages.outline_points(report, part)]
        if not spans:
            silent.append(report)
            continue
        composer.add(f"{named(report.org, report.year)}：")
        for span in spans[:_POINTS]:
            quote = report.text[span.start : span.end]
            composer.add(f"· {quote}", [composer.cite(report.id, span)])
        if len(spans) > _POINTS:
            composer.add(f"（另有 {len(spans) - _POINTS} 点，见原文）")
    return silent


def told(
    composer: Composer, reports: Sequence[Report], hits: Sequence[Hit], asked: QuestionScope
) -> list[Passage]:
    """Quote the sentences that say what is asked; return the best candidates either way."""
    found = passages.candidates(reports, hits, asked.parts)
    if not found:
        return []
    _, ranked = passages.best(found, asked.subject)
    kept = [p for p in ranked if p.score >= max(passages.SAID, ranked[0].score * _CLOSE)]
    for passage in kept[:_SENTENCES]:
        _quote(composer, passage)
    return ranked[:2]


def by_organisation(
    composer: Composer, reports: Sequence[Report], hits: Sequence[Hit], asked: QuestionScope
) -> list[Report]:
    """One line a report that says it, best sentence each; return the reports that do not."""
    found = passages.candidates(reports, hits, asked.parts)
    _, ranked = passages.best(found, asked.subject) if found else (None, [])
    said: dict[str, Passage] = {}
    for passage in ranked:
        if passage.score >= passages.SAID:
            said.setdefault(passage.report_id, passage)
    for report in reports:
        if report.id in said:
            _quote(composer, said[report.id])
    return [report for report in reports if report.id not in said]


def _quote(composer: Composer, passage: Passage) -> None:
    report = composer.report(passage.report_id)
    quote = report.text[passage.span.start : passage.span.end]
    n = composer.cite(report.id, passage.span)
    composer.add(f"{named(report.org, report.year)}：“{quote}”", [n])

"""Answer a question in words: the points a part makes, or the sentences that say it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer import passages
from assistant.answer.compose import Composer, named
from assistant.answer.passages import Passage
from assistant.orders import is_order
from vectorstore.scope import Intent, QuestionScope
from vectorstore.types import Hit, Part, Report

__all__ = ["by_organisation", "points", "told"]

_LISTED = 6  # quoted when the question asks for several things (哪些 …)
_SENTENCES = 3  # quoted for one report; the shortest sufficient answer comes first
_CLOSE = 0.85  # a further sentence must hold this share of what the best one holds
_POINTS = 8
_DATE = re.compile(
    r"[\d〇零一二三四五六七八九十]{2,4}年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日"
)


def points(composer: Composer, reports: Sequence[Report], parts: Sequence[Part]) -> list[Report]:
    """Tell the points of `parts` of each report; return the reports that lack the part."""
    silent = []
    for report in reports:
        spans = [s for part in parts for s in passages.outline_points(report, part)]
        spans = [s for s in spans if _says(report, report.text[s.start : s.end])]
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


def _says(report: Report, text: str) -> bool:
    """Whether `text` is a point: it gives no orders and is not the sign-off."""
    signed = text.strip() in (report.signoff_org, report.org) or _DATE.fullmatch(text.strip())
    return not is_order(text) and not signed


def told(
    composer: Composer, reports: Sequence[Report], hits: Sequence[Hit], asked: QuestionScope
) -> None:
    """Quote the sentences that say what is asked."""
    ranked = _said(reports, hits, asked)
    most = _LISTED if asked.intent is Intent.LIST else _SENTENCES
    quoted: list[Passage] = []
    for passage in ranked:
        close = passage.score >= ranked[0].score * _CLOSE
        if close and len(quoted) < most and not any(_overlap(passage, q) for q in quoted):
            quoted.append(passage)
            _quote(composer, passage, asked)


def by_organisation(
    composer: Composer, reports: Sequence[Report], hits: Sequence[Hit], asked: QuestionScope
) -> list[Report]:
    """One line a report that says it, best sentence each; return the reports that do not."""
    said: dict[str, Passage] = {}
    for passage in _said(reports, hits, asked):
        said.setdefault(passage.report_id, passage)
    for report in reports:
        if report.id in said:
            _quote(composer, said[report.id], asked)
    return [report for report in reports if report.id not in said]


def _said(reports: Sequence[Report], hits: Sequence[Hit], asked: QuestionScope) -> list[Passage]:
    """Sentences that say what is asked, best first; one that gives orders says nothing."""
    found = passages.candidates(reports, hits, asked.parts)
    _, ranked = passages.best(found, asked.subject) if found else (None, [])
    text = {report.id: report.text for report in reports}
    return [
        p
        for p in ranked
        if p.score >= passages.SAID and not is_order(text[p.report_id][p.span.start : p.span.end])
    ]


def _overlap(one: Passage, other: Passage) -> bool:
    same = one.report_id == other.report_id
    return same and one.span.start < other.span.end and other.span.start < one.span.end


def _quote(composer: Composer, passage: Passage, asked: QuestionScope) -> None:
    report = composer.report(passage.report_id)
    span = passage.span
    if asked.intent is Intent.REASON or "原因" in asked.question:
        wider = passages.with_cause(report, span)
        span = span if is_order(report.text[wider.start : wider.end]) else wider
    quote = report.text[span.start : span.end]
    n = composer.cite(report.id, span)
    composer.add(f"{named(report.org, report.year)}：“{quote}”", [n])

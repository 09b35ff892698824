"""Half-width punctuation among Chinese, and marks typed twice: one finding each for a report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.check.finding import Finding, Severity, found, sentence_at
from vectorstore.types import Report

__all__ = ["check_punctuation"]

_CJK = r"\u4e00-\u9fff"
_HALF = re.compile(
    rf"(?<=[{_CJK}”》）)])[,;:?!](?![/\d]*\d[,:])|[,;:?!](?=[{_CJK}“《（(])"
    rf"|[()](?=[{_CJK}])|(?<=[{_CJK}])[()]"
    rf'|(?<=[{_CJK}])\.(?=[{_CJK}]|$)|(?<=[{_CJK}，。、：；])"|"(?=[{_CJK}])',
    re.MULTILINE,
)
_DOUBLE = re.compile(r"[，。；：、]{2,}")
_MANY = 3  # from here on it is a habit, not a slip


def check_punctuation(report: Report) -> Iterator[Finding]:
    """At most one finding a rule, with the count and up to three examples."""
    half = [match.start() for match in _HALF.finditer(report.text)]
    if half:
        severity = Severity.WARNING if len(half) >= _MANY else Severity.INFO
        message = (
            f"中文里有 {len(half)} 处半角标点（{_examples(report.text, half)}），"
            "请改为全角（，。；：（））。"
        )
        yield found(report, "half_width", severity, message, sentence_at(report.text, half[0]))
    double = [m.start() for m in _DOUBLE.finditer(report.text)]
    if double:
        message = f"有 {len(double)} 处标点重复（{_examples(report.text, double)}），请改正。"
        yield found(
            report, "punctuation", Severity.WARNING, message, sentence_at(report.text, double[0])
        )


def _examples(text: str, hits: Sequence[int]) -> str:
    """Up to three hits with a few characters around, spread over the report."""
    chosen = [hits[0], hits[len(hits) // 2], hits[-1]] if len(hits) > 2 else hits
    pieces = [_around(text, at) for at in chosen]
    return "、".join(f"“…{piece}…”" for piece in dict.fromkeys(pieces))


def _around(text: str, at: int) -> str:
    before = text[max(at - 5, 0) : at].rpartition("\n")[2]
    return before + text[at : at + 6].partition("\n")[0]

"""A 未 or 不 lost on the way from last year's report: the clause now says the opposite."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.check.finding import Finding, Severity, found
from vectorstore.clean import fold
from vectorstore.sentences import Span
from vectorstore.types import Report

__all__ = ["check_negation"]

_CLAUSE = re.compile(r"[^,，;；。！!？?:：、\n\t【】()（）]+")
_NOT = re.compile("尚未|未能|没有|未|不|无")
_FIGURES = re.compile(r"\d[\d,.]*")
_LEAST = 5  # characters of a clause besides the word; a shorter one is like others by chance


def check_negation(report: Report, previous: Report | None) -> Iterator[Finding]:
    """Clauses that last year's report prints with one word of negation more or less.

    A clause is compared with its figures blotted out. What last year's report prints both ways is
    its usage, and says nothing.
    """
    if previous is None:
        return
    before = {_plain(match.group()) for match in _CLAUSE.finditer(previous.text)}
    negated = {rest: (clause, word) for clause in before for rest, word in _without(clause)}
    now = {_plain(match.group()) for match in _CLAUSE.finditer(report.text)}
    for match in _CLAUSE.finditer(report.text):
        clause = _plain(match.group())
        if clause in before:
            continue
        message = ""
        if clause in negated and negated[clause][0] not in now:
            printed, word = negated[clause]
            message = f"上年报告此处为“{printed}”，现在没有“{word}”，意思相反，请核对。"
        for rest, word in _without(clause):
            if rest in before and rest not in now:
                message = f"上年报告此处没有“{word}”（“{rest}”），意思相反，请核对。"
        if message:
            yield found(report, "negation", Severity.WARNING, message, Span(*match.span()))


def _plain(clause: str) -> str:
    return _FIGURES.sub("…", fold(clause)).strip()


def _without(clause: str) -> Iterator[tuple[str, str]]:
    """The clause without each of its words of negation in turn, and that word."""
    for match in _NOT.finditer(clause):
        rest = clause[: match.start()] + clause[match.end() :]
        if len(rest) >= _LEAST:
            yield rest, match.group()

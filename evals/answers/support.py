"""Citations: they exist, quote the report to the letter, and say what they are cited for.

After ALCE (T. Gao et al., Enabling large language models to generate text with citations, EMNLP
2023), with figures and key terms in place of its entailment model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.answer.types import Answer, Citation, Verifier
from assistant.verify import GOOD
from evals.stats import Rate
from vectorstore.clean import fold
from vectorstore.tokens import segment
from vectorstore.types import Report

__all__ = [
    "COVER",
    "Statement",
    "Support",
    "citation_precision",
    "citation_recall",
    "exists",
    "score_support",
    "statements",
    "supports",
    "verbatim",
]

COVER = 0.6  # share of a statement's terms its quotes must hold: the answerer's own threshold

_MARKS = re.compile(r"(?:\[\d+\])+")
_NUMBER = re.compile(r"\[(\d+)\]")
_EMPTY = re.compile(r"[\s。；，、：:;,.·（）()“”]*")
# Nothing can be quoted for what a report does not say.
_ABSENCE = re.compile(r"^(?:未提及|没有\d{4}|（另有)")
_LEAD_IN = re.compile(r"[：:]$")


@dataclass(frozen=True, slots=True)
class Statement:
    """Text up to and with its marks; `marks` is empty for text that cites nothing."""

    text: str
    marks: tuple[int, ...]

    @property
    def scored(self) -> bool:
        """Whether it claims something that a quote could show."""
        return bool(self.marks) or not (_ABSENCE.match(self.text) or _LEAD_IN.search(self.text))


@dataclass(frozen=True, slots=True)
class Support:
    """One answer's citations: counts for `exists`, `verbatim`, and ALCE recall and precision."""

    marks: Rate
    quotes: Rate
    statements: Rate
    citations: Rate
    unscored: int = 0


def statements(text: str) -> list[Statement]:
    """Line by line, cut after each run of marks.

    ALCE cuts sentences; here a sentence before a cited one must be shown by that one's quotes
    too, which is stricter, and a quotation of several sentences stays whole.
    """
    found: list[Statement] = []
    for line in text.split("\n"):
        at = 0
        for match in _MARKS.finditer(line):
            numbers = tuple(dict.fromkeys(int(n) for n in _NUMBER.findall(match[0])))
            found.append(Statement(line[at : match.start()].strip(), numbers))
            at = match.end()
        if not _EMPTY.fullmatch(line[at:]):
            found.append(Statement(line[at:].strip(), ()))
    return found


def exists(answer: Answer, reports: Mapping[str, Report]) -> Rate:
    """Marks `[n]` with a citation n of a report in the library ÷ all marks."""
    known = {c.n for c in answer.citations if c.report_id in reports}
    marks = [int(n) for n in _NUMBER.findall(answer.text)]
    return Rate(sum(n in known for n in marks), len(marks))


def verbatim(answer: Answer, reports: Mapping[str, Report]) -> Rate:
    """Citations whose quote is, letter for letter, the report's text at its offsets ÷ all."""
    good = 0
    for c in answer.citations:
        report = reports.get(c.report_id)
        own = report is not None and (c.org, c.year) == (report.org, report.year)
        good += own and bool(c.quote.strip()) and report.text[c.start : c.end] == c.quote  # type: ignore[union-attr]
    return Rate(good, len(answer.citations))


def supports(statement: str, cited: Sequence[Citation], verify: Verifier) -> bool:
    """Whether the quotes carry every figure of `statement` and `COVER` of its terms.

    Terms: words of two letters or more without digits; organisation, year and heading of a
    citation count as said by it.
    """
    if not cited or any(q.verdict not in GOOD for q in verify(statement, cited)):
        return False
    said = fold("\n".join(f"{c.org} {c.year}年 {c.heading} {c.quote}" for c in cited)).lower()
    terms = {w for w in segment(statement) if len(w) > 1 and not any(x.isdigit() for x in w)}
    return sum(term in said for term in terms) >= COVER * len(terms)


def citation_recall(
    told: Iterable[Statement], by_number: Mapping[int, Citation], verify: Verifier
) -> Rate:
    """Statements supported by all their citations together ÷ all statements (ALCE, recall)."""
    hits = [supports(s.text, _of(s.marks, by_number), verify) for s in told]
    return Rate(sum(hits), len(hits))


def citation_precision(
    told: Iterable[Statement], by_number: Mapping[int, Citation], verify: Verifier
) -> Rate:
    """Citations that are needed ÷ all citations (ALCE, precision).

    None is precise when its statement is unsupported; one that alone does not support it, and
    without which the others still do, is not either.
    """
    precise = total = 0
    for statement in told:
        cited = _of(statement.marks, by_number)
        total += len(statement.marks)
        if supports(statement.text, cited, verify):
            precise += sum(_needed(statement.text, c, cited, verify) for c in cited)
    return Rate(precise, total)


def score_support(answer: Answer, reports: Mapping[str, Report], verify: Verifier) -> Support:
    """Everything at once for one answer; a refusal has nothing to cite."""
    if answer.refused:
        return Support(exists(answer, reports), verbatim(answer, reports), Rate(0, 0), Rate(0, 0))
    told = statements(answer.text)
    claims = [statement for statement in told if statement.scored]
    by_number = {c.n: c for c in answer.citations}
    return Support(
        exists(answer, reports),
        verbatim(answer, reports),
        citation_recall(claims, by_number, verify),
        citation_precision(claims, by_number, verify),
        len(told) - len(claims),
    )


def _of(marks: Iterable[int], by_number: Mapping[int, Citation]) -> list[Citation]:
    return [by_number[n] for n in marks if n in by_number]


def _needed(text: str, one: Citation, cited: Sequence[Citation], verify: Verifier) -> bool:
    others = [c for c in cited if c.n != one.n]
    return not others or supports(text, [one], verify) or not supports(text, others, verify)

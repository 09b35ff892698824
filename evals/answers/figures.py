"""Numeric faithfulness: which figures of an answer are bound to a source, and what the rest are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.answer.types import Answer
from assistant.verify import GOOD, Checked, SourceLedger, Verdict, verify_text
from assistant.verify.answers import verify_lines
from evals.asking import Case
from evals.questions import Question, found
from evals.stats import Mean, Rate
from vectorstore.indicators import Lexicon, load_lexicon
from vectorstore.store import LedgerRow, Store
from vectorstore.types import Modality, QuantityKind

__all__ = [
    "ERRORS",
    "SEVERITY",
    "AnswerFigures",
    "errors",
    "library_ledger",
    "precision",
    "raw",
    "recall",
    "score_figures",
    "severity",
    "true_share",
    "verbatim",
]

_MARK = re.compile(r"\[\d+\]")
_DIGIT = re.compile(r"\d")

# The errors a reader cannot see for himself, named as in design/verify.md.
ERRORS = (Verdict.STALE, Verdict.WRONG_ORG, Verdict.WRONG_YEAR, Verdict.TARGET_AS_ACTUAL)
# What a reader would do wrong by it. Whole: the number is not so for what was asked, and passing
# it on misleads (made up, last year's, another bureau's, another year's, another indicator's,
# computed wrongly, another unit). Half: the number is printed but is a goal and not a result, or a
# fixed phrase was reworded; the source beside it shows the difference. A quarter: “余”, “约” or
# “不少于” was lost, so the number reads more exact than it is.
SEVERITY = {
    **{verdict: 1.0 for verdict in Verdict if verdict not in GOOD},
    Verdict.TARGET_AS_ACTUAL: 0.5,
    Verdict.PHRASE_ALTERED: 0.5,
    Verdict.HEDGE_LOST: 0.25,
}


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """The figures of one answer.

    `cited`: verdicts against the quotes cited. `asked`: verdicts against the whole library, read
    as an answer to the question asked. `printed` of `cited` stand so in a quote. `required` are
    the figures a right answer holds, `given` those that it does.
    """

    cited: tuple[Verdict, ...] = ()
    asked: tuple[Verdict, ...] = ()
    printed: int = 0
    required: int = 0
    given: int = 0


@cache
def _lexicon() -> Lexicon:
    return load_lexicon()


def library_ledger(store: Store) -> SourceLedger:
    """Every figure of every report."""
    rows = [r for report in store.reports() for r in store.quantities(report_id=report.id)]
    return SourceLedger.of_rows(rows)


def score_figures(case: Case, store: Store, ledger: SourceLedger) -> AnswerFigures:
    """Verify one answer. A refusal holds no figures, and none of those required of it."""
    answer, question = case.answer, case.question
    required = 0 if question.refused else len(_required(question))
    if answer.refused:
        return AnswerFigures(required=required)
    lines = answer.text.split("\n")
    checked = [q for line in verify_lines(store, lines, answer.citations) for q in line]
    quotes = [citation.quote for citation in answer.citations]
    return AnswerFigures(
        cited=tuple(Verdict(q.verdict) for q in checked),
        asked=tuple(_asked(question, answer.text, ledger)),
        printed=sum(any(found(q.text, quote) for quote in quotes) for q in checked),
        required=required,
        given=_given(question, answer) if required else 0,
    )


def precision(scored: Iterable[AnswerFigures]) -> Rate:
    """Figures bound to a cited quote ÷ all figures of the answers; no figures, not applicable.

    Bound: `assistant.verify` finds them supported, rounded or derived. What it cannot resolve
    counts against. Source: the project's specification of verdicts.
    """
    return _share(v in GOOD for figures in scored for v in figures.cited)


def verbatim(scored: Sequence[AnswerFigures]) -> Rate:
    """Figures whose very digits and unit stand in a cited quote ÷ all figures.

    Found by string search, independent of the verifier; the rest are converted or computed.
    """
    return Rate(sum(f.printed for f in scored), sum(len(f.cited) for f in scored))


def recall(scored: Sequence[AnswerFigures]) -> Rate:
    """Required figures that the answers give ÷ all required figures; refusals give none.

    Required: the strings with digits a question expects, of alternatives one.
    """
    return Rate(sum(f.given for f in scored), sum(f.required for f in scored))


def errors(scored: Sequence[AnswerFigures], verdict: Verdict) -> Rate:
    """Figures with `verdict`, read as an answer to the question asked ÷ all figures."""
    return _share(told is verdict for figures in scored for told in figures.asked)


def severity(scored: Iterable[AnswerFigures]) -> Mean:
    """Mean weight (`SEVERITY`) of the errors over all figures; 0 is faultless."""
    return Mean.of(SEVERITY.get(v, 0.0) for figures in scored for v in figures.asked)


def true_share(scored: Iterable[AnswerFigures]) -> Rate:
    """Figures that some report states as said, for the bureau and year asked ÷ all figures.

    The same question for a model's own words (`raw`) and for the checked answer, so that the two
    can stand side by side; `precision` asks for the quote cited as well.
    """
    return _share(v in GOOD for figures in scored for v in figures.asked)


def raw(case: Case, ledger: SourceLedger) -> AnswerFigures:
    """The figures of the model's own words, before anything was checked, repaired or removed.

    What the guard starts from; no figures without a model. The first reply is the answer, or the
    rewritten question when there was a conversation.
    """
    replies = case.replies[1:] if case.question.history else case.replies
    return AnswerFigures(asked=tuple(_asked(case.question, "".join(replies[:1]), ledger)))


def _asked(question: Question, text: str, ledger: SourceLedger) -> list[Verdict]:
    checked = verify_text(
        _MARK.sub("", text),
        ledger,
        org=question.orgs[0] if len(question.orgs) == 1 else "",
        year=question.years[0] if len(question.years) == 1 else None,
        lexicon=_lexicon(),
    )
    figures = [c for c in checked if c.quantity.kind is QuantityKind.QUANTITY]
    return [_as_answer(question, figure) for figure in figures]


def _as_answer(question: Question, checked: Checked) -> Verdict:
    """The verdict, or the error that a true figure of another scope is as an answer to this."""
    rows: Sequence[LedgerRow] = (checked.source,) if checked.source else checked.operands
    if not checked.good or not rows:
        return checked.verdict
    if question.only_orgs and any(row.org not in question.orgs for row in rows):
        return Verdict.WRONG_ORG
    plans = any(row.quantity.modality is Modality.TARGET for row in rows)
    years = {row.year for row in rows if row.year is not None}
    if not question.years or plans or years & set(question.years):
        return checked.verdict
    return Verdict.STALE if max(years, default=0) < min(question.years) else Verdict.WRONG_YEAR


def _required(question: Question) -> list[tuple[str, ...]]:
    """Groups of strings with digits, of each of which one must be given."""
    groups: list[tuple[str, ...]] = [(part,) for part in question.answer if _DIGIT.search(part)]
    if question.any and all(_DIGIT.search(part) for part in question.any):
        groups.append(question.any)
    return groups


def _given(question: Question, answer: Answer) -> int:
    return sum(any(found(p, answer.text) for p in group) for group in _required(question))


def _share(hits: Iterable[bool]) -> Rate:
    told = list(hits)
    return Rate(sum(told), len(told))

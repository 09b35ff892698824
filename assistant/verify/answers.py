"""Verify the figures of an answer's sentence against the quotes it cites."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

from assistant.answer.types import CheckedQuantity, Citation, Verifier
from assistant.verify.check import verify_text
from assistant.verify.sources import SourceLedger
from assistant.verify.verdicts import Checked, Verdict
from vectorstore.clean import fold
from vectorstore.indicators import Lexicon
from vectorstore.store import LedgerRow, Store
from vectorstore.types import QuantityKind

__all__ = ["answer_verifier", "verify_lines"]

_MARK = re.compile(r"\[\d+\]")
_FULL_STOP = re.compile("[。；;！!？?]+$")
_QUOTATION = re.compile("“(?P<said>[^“”]{6,})”")


def answer_verifier(store: Store, lexicon: Lexicon | None = None) -> Verifier:
    """A `Verifier` over the ledger of `store`; only figures inside the cited quotes are sources."""
    check = _Answers(store, lexicon)

    def verify(text: str, sources: Sequence[Citation]) -> list[CheckedQuantity]:
        return [told for _, told in check(text, sources)]

    return verify


def verify_lines(
    store: Store, lines: Sequence[str], sources: Sequence[Citation]
) -> list[list[CheckedQuantity]]:
    """The figures of each line of an answer, verified as one text so that totals find their parts.

    `lines` may carry `[n]` marks and hold line breaks.
    """
    blanked = [_MARK.sub(lambda m: " " * len(m.group()), line) for line in lines]
    found: list[list[CheckedQuantity]] = [[] for _ in lines]
    ends = list(accumulate(len(line) + 1 for line in blanked))
    for at, told in _Answers(store, None)("\n".join(blanked), sources):
        found[bisect_right(ends, at)].append(told)
    return found


class _Answers:
    """Checks texts against the figures inside the quotes they cite; reads each report once."""

    def __init__(self, store: Store, lexicon: Lexicon | None) -> None:
        self._store = store
        self._lexicon = lexicon
        self._rows: dict[str, list[LedgerRow]] = {}

    def __call__(self, text: str, sources: Sequence[Citation]) -> list[tuple[int, CheckedQuantity]]:
        """Each figure with the offset it starts at."""
        cited = [
            (citation, row)
            for citation in sources
            for row in self._ledger(citation.report_id)
            if citation.start <= row.quantity.start and row.quantity.end <= citation.end
        ]
        orgs, years = {c.org for c in sources}, {c.year for c in sources}
        checked = verify_text(
            text,
            SourceLedger.of_rows(row for _, row in cited),
            org=orgs.pop() if len(orgs) == 1 else "",
            year=years.pop() if len(years) == 1 else None,
            lexicon=self._lexicon,
        )
        quoted = _quoted(text, sources)
        told = [c for c in checked if _counts(c, sources)]
        by_row = {id(row): c.n for c, row in reversed(cited)}  # of several the first one
        return [(c.quantity.start, _told(c, by_row, quoted)) for c in told]

    def _ledger(self, report_id: str) -> list[LedgerRow]:
        if report_id not in self._rows:
            self._rows[report_id] = self._store.quantities(report_id=report_id)
        return self._rows[report_id]


def _counts(checked: Checked, sources: Sequence[Citation]) -> bool:
    """Figures always; dates and phrases, which the binding of the sentence covers, when wrong.

    The year of a cited report labels it and needs no source.
    """
    if checked.quantity.kind is QuantityKind.QUANTITY:
        return True
    labels = {str(citation.year) for citation in sources}
    return not checked.good and fold(checked.quantity.text).strip("年度 ") not in labels


def _quoted(text: str, sources: Sequence[Citation]) -> list[tuple[int, int, int]]:
    """Spans of `text` that repeat a quote, or a part of it in quotation marks, and its number."""
    spans = []
    for citation in sources:
        quote = _FULL_STOP.sub("", citation.quote.strip())  # a mark may stand before it
        at = text.find(quote) if quote else -1
        if at >= 0:
            spans.append((at, at + len(quote), citation.n))
        for part in _QUOTATION.finditer(text):
            if part["said"] in quote:
                spans.append((part.start("said"), part.end("said"), citation.n))
    return spans


def _told(
    checked: Checked, cited: Mapping[int, int], quoted: Sequence[tuple[int, int, int]]
) -> CheckedQuantity:
    """`cited` are the numbers of the citations by the identity of the rows they hold."""
    figure = checked.quantity
    for start, end, n in quoted:
        if start <= figure.start and figure.end <= end:
            return CheckedQuantity(figure.text, Verdict.SUPPORTED, n)
    rows = (checked.source, *checked.operands)
    numbers = [cited[id(row)] for row in rows if id(row) in cited]
    return CheckedQuantity(figure.text, checked.verdict, min(numbers, default=None))

"""Verify the figures of an answer's sentence against the quotes it cites."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer.types import CheckedQuantity, Citation, Verifier
from assistant.verify.check import verify_text
from assistant.verify.sources import SourceLedger
from assistant.verify.verdicts import Checked, Verdict
from vectorstore.indicators import Lexicon
from vectorstore.store import LedgerRow, Store
from vectorstore.types import QuantityKind

__all__ = ["answer_verifier"]

_QUOTATION = re.compile("“(?P<said>[^“”]{6,})”")


def answer_verifier(store: Store, lexicon: Lexicon | None = None) -> Verifier:
    """A `Verifier` over the ledger of `store`; only figures inside the cited quotes are sources."""
    rows: dict[str, list[LedgerRow]] = {}

    def ledger_of(report_id: str) -> list[LedgerRow]:
        if report_id not in rows:
            rows[report_id] = store.quantities(report_id=report_id)
        return rows[report_id]

    def verify(text: str, sources: Sequence[Citation]) -> list[CheckedQuantity]:
        cited = [
            (citation, row)
            for citation in sources
            for row in ledger_of(citation.report_id)
            if citation.start <= row.quantity.start and row.quantity.end <= citation.end
        ]
        orgs, years = {c.org for c in sources}, {c.year for c in sources}
        checked = verify_text(
            text,
            SourceLedger.of_rows(row for _, row in cited),
            org=orgs.pop() if len(orgs) == 1 else "",
            year=years.pop() if len(years) == 1 else None,
            lexicon=lexicon,
        )
        quoted = _quoted(text, sources)
        return [_told(c, cited, quoted) for c in checked if _counts(c)]

    return verify


def _counts(checked: Checked) -> bool:
    """Figures always; dates and phrases, which the binding of the sentence covers, when wrong."""
    return checked.quantity.kind is QuantityKind.QUANTITY or not checked.good


def _quoted(text: str, sources: Sequence[Citation]) -> list[tuple[int, int, int]]:
    """Spans of `text` that repeat a quote, or a part of it in quotation marks, and its number."""
    spans = []
    for citation in sources:
        quote = citation.quote.strip()
        at = text.find(quote) if quote else -1
        if at >= 0:
            spans.append((at, at + len(quote), citation.n))
        for part in _QUOTATION.finditer(text):
            if part["said"] in quote:
                spans.append((part.start("said"), part.end("said"), citation.n))
    return spans


def _told(
    checked: Checked,
    cited: Sequence[tuple[Citation, LedgerRow]],
    quoted: Sequence[tuple[int, int, int]],
) -> CheckedQuantity:
    figure = checked.quantity
    for start, end, n in quoted:
        if start <= figure.start and figure.end <= end:
            return CheckedQuantity(figure.text, Verdict.SUPPORTED, n)
    rows = (checked.source, *checked.operands)
    citation = next((c.n for c, row in cited if any(row is bound for bound in rows)), None)
    return CheckedQuantity(figure.text, checked.verdict, citation)

"""The verdict on every figure of a draft, read back as the finished file would be.

A figure that code put in place is known by its place: the source it prints joins the evidence once
more, in the words of the draft around it, provided that the value read there is the source's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.draft.lines import Line, lines_of, report_of, starts_of
from assistant.draft.types import WORDS, Draft
from assistant.gongwen import Figure
from assistant.verify import Checked, SourceLedger, verify_report
from assistant.verify.check import blanked
from assistant.verify.values import base_of
from vectorstore.indicators import Lexicon
from vectorstore.quantities import extract
from vectorstore.store import LedgerRow
from vectorstore.types import Quantity, QuantityKind, Report

__all__ = ["Proof", "prove"]


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdicts, the source figures they rest on, and the draft as it was read."""

    checked: tuple[Checked, ...]
    rows: tuple[LedgerRow, ...]
    report: Report


def prove(draft: Draft, lexicon: Lexicon) -> Proof:
    """Verify the draft as it will be read."""
    lines = lines_of(draft.document)
    report = report_of(lines)
    text = blanked(report.text)
    read = replace(report, text=text, org=draft.org, year=draft.year)
    quantities = extract(read, lexicon)
    placed = _placed(report, lines, draft)
    here = [q for q in quantities if q.kind is QuantityKind.QUANTITY and q.value is not None]
    rows = (*draft.rows, *_in_place(text, here, placed, draft.kind))
    ledger = SourceLedger.of_rows(rows)
    checked = verify_report(report, ledger, org=draft.org, year=draft.year, lexicon=lexicon)
    return Proof(checked, rows, replace(report, org=draft.org, year=draft.year))


def _placed(
    report: Report, lines: Sequence[Line], draft: Draft
) -> dict[int, tuple[Figure, LedgerRow]]:
    """Where each figure with a known source begins in the text."""
    found: dict[int, tuple[Figure, LedgerRow]] = {}
    for start, line in zip(starts_of(report.text, lines), lines, strict=True):
        for offset, span in line.spans if start >= 0 else ():
            if isinstance(span, Figure) and span in draft.bound:
                found[start + offset] = (span, draft.bound[span])
    return found


def _in_place(
    text: str,
    quantities: Sequence[Quantity],
    placed: dict[int, tuple[Figure, LedgerRow]],
    kind: str,
) -> Iterator[LedgerRow]:
    """The source of each placed figure, in the words around it.

    In a plan everything is aimed at, so its targets need no word that says so.
    """
    for q in quantities:
        at = next((n for n in range(q.start, q.end) if n in placed), None)
        if at is None:
            continue
        row = placed[at][1]
        if base_of(q) != base_of(row.quantity) or q.hedge is not row.quantity.hedge:
            continue
        own = row.report_id == WORDS
        modality = q.modality if own or kind == "plan" else row.quantity.modality
        year = q.year or row.year if own else row.year
        known = replace(q, modality=modality, year=year, org=row.org)
        sentence = text[q.sentence_start : q.sentence_end]
        found = replace(known, heading=row.quantity.heading)
        yield replace(row, quantity=found, year=year, sentence=sentence)

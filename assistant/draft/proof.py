"""The verdict on every figure of a draft, read back as the finished file would be.

A figure that code put in place is known by its place: the source it prints joins the evidence once
more, in the words of the draft around it, provided that the value read there is the source's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.draft.figures import base_value
from assistant.draft.types import Draft
from assistant.gongwen import Figure, Heading, OfficialDocument, Paragraph, Span, TableBlock, tidy
from assistant.gongwen.model import Block as DocumentBlock
from assistant.gongwen.model import spans_of
from assistant.gongwen.numbering import Numbering, bare_heading
from assistant.gongwen.tidy import tidy_spans
from assistant.verify import Checked, SourceLedger, verify_report
from assistant.verify.check import blanked
from vectorstore.indicators import Lexicon
from vectorstore.outline import outline
from vectorstore.quantities import extract
from vectorstore.store import LedgerRow
from vectorstore.types import Block, Document, Quantity, QuantityKind, Report

__all__ = ["Proof", "as_report", "prove"]


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdicts, and the source figures they rest on."""

    checked: tuple[Checked, ...]
    rows: tuple[LedgerRow, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One block as text, with the figures in it by offset."""

    block: Block
    figures: tuple[tuple[int, Figure], ...] = ()


def prove(draft: Draft, lexicon: Lexicon) -> Proof:
    """Verify the draft as it will be read."""
    lines = _lines(draft.document)
    report = _report(lines)
    text = blanked(report.text)
    read = replace(report, text=text, org=draft.org, year=draft.year)
    quantities = extract(read, lexicon)
    placed = _placed(report, lines, draft)
    here = [q for q in quantities if q.kind is QuantityKind.QUANTITY and q.value is not None]
    rows = (*draft.rows, *_in_place(text, here, placed, draft.kind))
    ledger = SourceLedger.of_rows(rows)
    checked = verify_report(report, ledger, org=draft.org, year=draft.year, lexicon=lexicon)
    return Proof(checked, rows)


def as_report(document: OfficialDocument) -> Report:
    """The document as reading the finished file would give it."""
    return _report(_lines(document))


def _report(lines: Sequence[_Line]) -> Report:
    blocks = tuple(line.block for line in lines if line.block.text.strip())
    return outline(Document(blocks, "docx"), "draft.docx")


def _placed(
    report: Report, lines: Sequence[_Line], draft: Draft
) -> dict[int, tuple[Figure, LedgerRow]]:
    """Where each figure with a known source begins in the text."""
    found: dict[int, tuple[Figure, LedgerRow]] = {}
    at = 0
    for line in lines:
        start = report.text.find(line.block.text, at)
        if start < 0:
            continue
        at = start + len(line.block.text)
        for offset, figure in line.figures:
            if figure in draft.bound:
                found[start + offset] = (figure, draft.bound[figure])
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
        if base_value(q) != base_value(row.quantity) or q.hedge is not row.quantity.hedge:
            continue
        modality = q.modality if kind == "plan" else row.quantity.modality
        known = replace(q, modality=modality, year=row.year, org=row.org)
        sentence = text[q.sentence_start : q.sentence_end]
        yield replace(row, quantity=replace(known, heading=row.quantity.heading), sentence=sentence)


def _lines(document: OfficialDocument) -> list[_Line]:
    lines = [_Line(Block(tidy(document.title), level=0, centered=True))]
    if document.addressee:
        lines.append(_Line(Block(tidy(document.addressee) + "：")))
    lines += _of_blocks(document.body)
    for attachment in document.attachments:
        lines += _of_blocks(attachment.body)
    return lines


def _of_blocks(body: Iterable[DocumentBlock]) -> Iterator[_Line]:
    numbering = Numbering()
    for block in body:
        if isinstance(block, Heading):
            depth, number = numbering.next(block.level)
            yield _Line(Block(number + bare_heading(tidy(block.text)), level=depth))
        elif isinstance(block, Paragraph):
            lead = ""
            if block.heading:
                _, number = numbering.next(block.heading.level)
                lead = f"{number}{bare_heading(tidy(block.heading.text))}。"
            text, figures = _text(block.spans, lead)
            yield _Line(Block(text), figures)
        elif isinstance(block, TableBlock):
            yield _Line(Block(tidy(block.caption)))
            yield _table(block)


def _text(spans: Sequence[Span], lead: str = "") -> tuple[str, tuple[tuple[int, Figure], ...]]:
    text, figures = lead, []
    for span in tidy_spans(spans):
        if isinstance(span, Figure):
            figures.append((len(text), span))
        text += span.text
    return text, tuple(figures)


def _table(table: TableBlock) -> _Line:
    text, figures = "\t".join(map(tidy, table.columns)), []
    for row in table.rows:
        for n, cell in enumerate(row):
            text += "\t" if n else "\n"
            words, inside = _text(spans_of(cell))
            figures += [(len(text) + at, figure) for at, figure in inside]
            text += words
    return _Line(Block(text, kind="table"), tuple(figures))

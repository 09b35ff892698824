"""A draft line by line as reading the finished file would give it, with the spans in each line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.gongwen import Heading, OfficialDocument, Paragraph, Span, TableBlock, tidy
from assistant.gongwen.model import Block as DocumentBlock
from assistant.gongwen.model import spans_of
from assistant.gongwen.numbering import Numbering, bare_heading
from assistant.gongwen.tidy import tidy_spans
from vectorstore.outline import outline
from vectorstore.types import Block, Document, Report

__all__ = ["Line", "Role", "lines_of", "report_of", "starts_of"]

Role = Literal["title", "addressee", "heading", "body", "caption", "table"]


@dataclass(frozen=True, slots=True)
class Line:
    """One block as text, what it is, and its spans as (offset, span); a heading has none.

    `lead` is how many characters at its start are a heading that runs in.
    """

    role: Role
    block: Block
    spans: tuple[tuple[int, Span], ...] = ()
    lead: int = 0


def lines_of(document: OfficialDocument) -> list[Line]:
    """The document in reading order, without sign-off and date."""
    lines = [Line("title", Block(tidy(document.title), level=0, centered=True))]
    if document.addressee:
        lines.append(Line("addressee", Block(tidy(document.addressee) + "：")))
    lines += _of_blocks(document.body)
    for attachment in document.attachments:
        lines += _of_blocks(attachment.body)
    return lines


def report_of(lines: Sequence[Line]) -> Report:
    """The lines as a report."""
    blocks = tuple(line.block for line in lines if line.block.text.strip())
    return outline(Document(blocks, "docx"), "draft.docx")


def starts_of(text: str, lines: Sequence[Line]) -> list[int]:
    """Where each line begins in `text`, -1 for one that is not in it."""
    starts, at = [], 0
    for line in lines:
        start = text.find(line.block.text, at)
        starts.append(start)
        if start >= 0:
            at = start + len(line.block.text)
    return starts


def _of_blocks(body: Iterable[DocumentBlock]) -> Iterator[Line]:
    numbering = Numbering()
    for block in body:
        if isinstance(block, Heading):
            depth, number = numbering.next(block.level)
            text = number + bare_heading(tidy(block.text))
            yield Line("heading", Block(text, level=depth))
        elif isinstance(block, Paragraph):
            lead = ""
            if block.heading:
                _, number = numbering.next(block.heading.level)
                lead = f"{number}{bare_heading(tidy(block.heading.text))}。"
            text, spans = _text(block.spans, lead)
            yield Line("body", Block(text), spans, len(lead))
        elif isinstance(block, TableBlock):
            yield Line("caption", Block(tidy(block.caption)))
            yield _table(block)


def _text(spans: Sequence[Span], lead: str = "") -> tuple[str, tuple[tuple[int, Span], ...]]:
    text, placed = lead, []
    for span in tidy_spans(spans):
        placed.append((len(text), span))
        text += span.text
    return text, tuple(placed)


def _table(table: TableBlock) -> Line:
    text, placed = "\t".join(map(tidy, table.columns)), []
    for row in table.rows:
        for n, cell in enumerate(row):
            text += "\t" if n else "\n"
            words, inside = _text(spans_of(cell))
            placed += [(len(text) + at, span) for at, span in inside]
            text += words
    return Line("table", Block(text, kind="table"), tuple(placed))

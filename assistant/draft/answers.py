"""The writer's own words in the place of blanks and suggestions, their figures known as such."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.draft.edits import Edit, apply, merged
from assistant.draft.types import WORDS, Draft
from assistant.gongwen import (
    Figure,
    Heading,
    OfficialDocument,
    Paragraph,
    Placeholder,
    Span,
    Suggestion,
    TableBlock,
    Text,
)
from assistant.gongwen.model import PLACEHOLDER, Block, spans_of
from vectorstore.indicators import Lexicon
from vectorstore.quantities import extract_text
from vectorstore.store import LedgerRow
from vectorstore.types import QuantityKind

__all__ = ["DROPPED", "Blank", "answered", "blanks"]

DROPPED = "\0"
"""The answer that leaves a blank out."""

_SOURCE = "由起草人填写"
_DATE = "date"
_STOPS = "，、；。："
_ORDINAL = re.compile("[一二三四五六七八九十]是$")  # the next sentence takes it over
_COMMAS = ("，", "、", "；")


@dataclass(frozen=True, slots=True)
class Blank:
    """An open point of a draft, in reading order.

    `id` stays the same while its section and its words do; `key` is that of the sheet's item which
    would fill it, "" where words do.
    """

    id: str
    text: str
    key: str
    heading: str
    suggested: bool = False


def blanks(document: OfficialDocument) -> tuple[Blank, ...]:
    """Every placeholder and suggestion of the body, then that of the date."""
    count: Counter[tuple[str, str]] = Counter()
    found = [_blank(span, heading, count) for heading, span in _open(document.body)]
    if PLACEHOLDER.fullmatch(document.date_text):
        found.append(Blank(_DATE, document.date_text, "", "落款"))
    return tuple(found)


def answered(made: Draft, answers: Mapping[str, str], lexicon: Lexicon) -> Draft:
    """The draft with `answers`, by id of their blanks, in place.

    A figure in an answer is the writer's: it joins the figures the draft may use.
    """
    known = blanks(made.document)
    if not any(blank.id in answers for blank in known):
        return made
    pen = _Pen(made, answers, lexicon)
    document = replace(
        made.document,
        body=tuple(pen.body(made.document.body)),
        date=answers.get(_DATE, made.document.date),
    )
    return replace(
        made,
        document=document,
        rows=(*made.rows, *pen.rows),
        bound={**made.bound, **pen.bound},
    )


def _blank(span: Span, heading: str, count: Counter[tuple[str, str]]) -> Blank:
    count[heading, span.text] += 1
    told = f"{heading}|{span.text}|{count[heading, span.text]}"
    key = span.key if isinstance(span, Placeholder) else ""
    id_ = hashlib.sha256(told.encode()).hexdigest()[:16]
    return Blank(id_, span.text, key, heading, isinstance(span, Suggestion))


def _open(body: Sequence[Block]) -> Iterator[tuple[str, Span]]:
    """Each open span with the heading above it, as `lines.lines_of` orders them."""
    heading = ""
    for block in body:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Paragraph):
            heading = block.heading.text if block.heading else heading
            yield from ((heading, span) for span in block.spans if _is_open(span))
        elif isinstance(block, TableBlock):
            for row in block.rows:
                for cell in row:
                    yield from ((heading, span) for span in spans_of(cell) if _is_open(span))


def _is_open(span: Span) -> bool:
    return isinstance(span, Placeholder | Suggestion)


class _Pen:
    """Puts answers in place; `rows` are what they say, `bound` the figures among them."""

    def __init__(self, made: Draft, answers: Mapping[str, str], lexicon: Lexicon) -> None:
        self.rows: list[LedgerRow] = []
        self.bound: dict[Figure, LedgerRow] = {}
        self._made = made
        self._answers = answers
        self._lexicon = lexicon
        self._blanks = iter(blanks(made.document))

    def body(self, body: Sequence[Block]) -> Iterator[Block]:
        """The blocks with their answers; a paragraph nothing is left of goes."""
        for block in body:
            if isinstance(block, Paragraph):
                spans = self._spans(block.spans)
                if spans or block.heading:
                    yield replace(block, spans=spans)
            elif isinstance(block, TableBlock):
                rows = tuple(
                    tuple(self._spans(spans_of(cell)) for cell in row) for row in block.rows
                )
                yield replace(block, rows=rows)
            else:
                yield block

    def _spans(self, spans: Sequence[Span]) -> tuple[Span, ...]:
        out: list[Span] = []
        for span in spans:
            answer = self._answers.get(next(self._blanks).id) if _is_open(span) else None
            if answer is None:
                out.append(span)
            elif answer == DROPPED:
                out.append(Text(DROPPED))
            else:
                out += self._said(answer)
        return _closed(merged(out))

    def _said(self, answer: str) -> tuple[Span, ...]:
        """An answer with its figures marked as the writer's."""
        made = self._made
        edits = []
        for q in extract_text(answer, made.org, made.year, self._lexicon):
            own = replace(q, org=made.org, year=made.year)
            self.rows.append(LedgerRow(own, WORDS, made.org, made.year, None, answer))
            if q.kind is QuantityKind.QUANTITY and q.value is not None:
                figure = Figure(q.text, f"{_SOURCE}：“{answer}”")
                self.bound[figure] = self.rows[-1]
                edits.append(Edit(q.start, q.end, (figure,)))
        return apply(answer, 0, len(answer), edits)


def _closed(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans without what was dropped, nor the comma it leaves, nor the stop after 一是."""
    out: list[Span] = []
    for span in spans:
        if not isinstance(span, Text) or DROPPED not in span.text:
            out.append(span)
            continue
        text = ""
        for n, piece in enumerate(span.text.split(DROPPED)):
            before = text[-1:] or (out[-1].text[-1:] if out else "")
            alone = piece[:1] in _STOPS and _ORDINAL.search(text)
            idle = n and (alone or (piece[:1] in _COMMAS and (not before or before in _STOPS)))
            if n and piece[:1] == "。" and text[-1:] in _COMMAS:
                text = text[:-1]
            text += piece[1:] if idle else piece
        out.append(Text(text))
    return merged(out)

"""A draft for the screen: its passages, each cut where a blank or a verdict begins or ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.draft.lines import Line, Role, lines_of, starts_of
from assistant.draft.proof import Proof
from assistant.gongwen import OfficialDocument, Span, Text
from assistant.verify import Checked

__all__ = ["Passage", "Piece", "preview"]

Cell = tuple["Piece", ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one kind: `span` where they are not plain, `checked` where they are a figure.

    `at` is their offset in the text of the proof's report, -1 without a proof. `lead`: they are a
    heading that runs in.
    """

    text: str
    span: Span | None = None
    checked: Checked | None = None
    at: int = -1
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A title, heading (of `level` 1–5), paragraph or table; all but a table are one cell."""

    role: Role
    level: int
    rows: tuple[tuple[Cell, ...], ...]


def preview(document: OfficialDocument, proof: Proof | None = None) -> tuple[Passage, ...]:
    """The passages of `document`, with verdicts where it has been proved."""
    lines = lines_of(document)
    starts = starts_of(proof.report.text, lines) if proof else [-1] * len(lines)
    found = []
    for line, start in zip(lines, starts, strict=True):
        end = start + len(line.block.text)
        inside = [
            c
            for c in (proof.checked if proof and start >= 0 else ())
            if start <= c.quantity.start and c.quantity.end <= end
        ]
        found.append(Passage(line.role, line.block.level or 0, _rows(line, start, inside)))
    return tuple(found)


def _rows(line: Line, start: int, checked: Sequence[Checked]) -> tuple[tuple[Cell, ...], ...]:
    pieces = list(_pieces(line, start, checked))
    if line.role != "table":
        return ((tuple(pieces),),)
    rows: list[list[list[Piece]]] = [[[]]]
    for piece in pieces:
        if piece.text == "\n":
            rows.append([[]])
        elif piece.text == "\t":
            rows[-1].append([])
        else:
            rows[-1][-1].append(piece)
    return tuple(tuple(tuple(cell) for cell in row) for row in rows)


def _pieces(line: Line, start: int, checked: Sequence[Checked]) -> Iterator[Piece]:
    text = line.block.text
    spans = [(at, at + len(s.text), s) for at, s in line.spans if not isinstance(s, Text)]
    figures = [(c.quantity.start - start, c.quantity.end - start, c) for c in checked]
    edges = {0, line.lead, len(text)}
    edges.update(edge for first, last, _ in (*spans, *figures) for edge in (first, last))
    if line.role == "table":
        edges.update(at + n for at, char in enumerate(text) if char in "\n\t" for n in (0, 1))
    marks = sorted(edges)
    for first, last in pairwise(marks):
        yield Piece(
            text[first:last],
            next((s for a, b, s in spans if a <= first < b), None),
            next((c for a, b, c in figures if a <= first < b), None),
            start + first if start >= 0 else -1,
            first < line.lead,
        )

"""Where sentences and clauses end, on a view in which quoted punctuation does not count."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from vectorstore.quantities.figure import Figure
from vectorstore.sentences import POINT
from vectorstore.types import QuantityKind

__all__ = ["Context", "make_context", "readable"]

_SHELTER = re.compile(r'《[^《》\n]*》|"[^"\n]{1,40}"')
_HIDDEN = {ord(char): 0xE000 + n for n, char in enumerate(",;:、。!?()和及与")}
_SHOWN = {hidden: plain for plain, hidden in _HIDDEN.items()}
_SENTENCE_END = re.compile(rf"[。!?\n]|{POINT}", re.MULTILINE)
_ENUMERATOR = (
    r"(?:[一二三四五六七八九十]{1,3}是|[一二三四五六七八九十]{1,3}要|其[一二三四五六]是?"
    r"|第[一二三四五六七八九十][,、是]|[一二三四五六七八九十]{1,2}、|\(?[\d一二三四五六七八九十]{1,2}\)|\d{1,2}[.、](?!\d))"
)
_BOUND = re.compile(rf"(?:[\n。!?,;:()]|{POINT})(?:{_ENUMERATOR})?|[\u2460-\u2473]", re.MULTILINE)
_DATE_CHAR = "\x01"


@dataclass(frozen=True, slots=True)
class Context:
    """`view` is the folded text with dates blanked; bounds are offsets into it.

    A clause runs from the end of one bound to the start of the next.
    """

    view: str
    sentence_ends: Sequence[int]
    bound_starts: Sequence[int]
    bound_ends: Sequence[int]

    def sentence(self, at: int) -> tuple[int, int]:
        """Start and end (after its full stop) of the sentence that holds `at`."""
        index = bisect_right(self.sentence_ends, at)
        start = self.sentence_ends[index - 1] if index else 0
        end = self.sentence_ends[index] if index < len(self.sentence_ends) else len(self.view)
        return start, end

    def clause_start(self, at: int) -> int:
        """Where the clause that ends at `at` starts."""
        index = bisect_right(self.bound_ends, at)
        return self.bound_ends[index - 1] if index else 0

    def clause_end(self, at: int) -> int:
        """Where the clause that goes on at `at` ends."""
        index = bisect_left(self.bound_starts, at)
        return self.bound_starts[index] if index < len(self.bound_starts) else len(self.view)


def make_context(view: str, figures: Sequence[Figure]) -> Context:
    """`view` is folded; `figures` are its figures, dates and phrases in order."""
    pieces, at = [], 0
    for figure in figures:
        if figure.kind is QuantityKind.DATE:
            pieces += [view[at : figure.start], _DATE_CHAR * (figure.end - figure.start)]
            at = figure.end
    blanked = "".join([*pieces, view[at:]])
    sheltered = _SHELTER.sub(lambda m: m.group().translate(_HIDDEN), blanked)
    ends = [m.end() for m in _SENTENCE_END.finditer(sheltered)]
    bounds = _clauses(sheltered, figures)
    return Context(sheltered, ends, [a for a, _ in bounds], [b for _, b in bounds])


def _clauses(view: str, figures: Sequence[Figure]) -> list[tuple[int, int]]:
    """Bounds outside figures (the comma of 1,234 is none, nor the bracket of 人(次))."""
    bounds, index = [(0, 0)], 0
    lead = re.compile(rf"\s*(?:{_ENUMERATOR})").match(view)
    if lead:
        bounds = [(0, lead.end())]
    for match in _BOUND.finditer(view):
        while index < len(figures) and figures[index].end <= match.start():
            index += 1
        if index < len(figures) and figures[index].start <= match.start():
            continue
        end = match.end()
        if index < len(figures) and figures[index].start < end:
            end = match.start() + 1
        bounds.append((match.start(), end))
    return bounds


def readable(text: str) -> str:
    """Quoted punctuation back, dates and quotation marks out."""
    return text.translate(_SHOWN).replace(_DATE_CHAR, "").replace('"', "").strip(" 、,:")

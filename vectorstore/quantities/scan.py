"""Every figure, date and fixed phrase of a text, in order, with value and unit but no scope yet."""

from __future__ import annotations

import re

from vectorstore.quantities.figure import Figure, FigureReader
from vectorstore.quantities.mask import Masked, is_duration, mask_at, mask_spans
from vectorstore.quantities.numerals import NUMERAL_CHARS
from vectorstore.types import QuantityKind

__all__ = ["scan"]

_SEED = re.compile(f"[0-9{NUMERAL_CHARS}]")


def scan(text: str, view: str) -> list[Figure]:
    """Figures, dates and phrases of `text` in order of `start`, never overlapping.

    `view` is the folded text, of the same length; `text[f.start:f.end]` is what is printed.
    """
    masked, reader = mask_spans(text, view), FigureReader(view)
    found: list[Figure] = []
    at, ahead = 0, 0
    while (seed := _SEED.search(view, at)) is not None:
        start = seed.start()
        while ahead < len(masked) and masked[ahead].end <= start:
            ahead += 1
        if ahead < len(masked) and masked[ahead].start <= start:
            at = masked[ahead].end
            continue
        figure, at = _at(view, start, reader)
        if figure is not None:
            found.append(figure)
    found += [Figure(m.start, m.end, m.kind) for m in masked if m.kind is not None]
    found.sort(key=lambda figure: figure.start)
    return _apart(found)


def _apart(figures: list[Figure]) -> list[Figure]:
    kept: list[Figure] = []
    for figure in figures:
        if not kept or figure.start >= kept[-1].end:
            kept.append(figure)
    return kept


def _at(view: str, start: int, reader: FigureReader) -> tuple[Figure | None, int]:
    """What starts at the numeral at `start`, and where to go on."""
    mask = mask_at(view, start)
    if mask is not None and is_duration(view, mask):
        mask = None
    if view[start - 1 : start] == "第" and start:
        if mask and mask.kind is QuantityKind.DATE and "季度" in view[start : mask.end]:
            return Figure(start - 1, mask.end, mask.kind), mask.end
        return None, reader.number_end(start)
    if mask is not None and mask.kind is not None:
        return Figure(_mask_start(view, mask), mask.end, mask.kind), mask.end
    return reader.at(start)


def _mask_start(view: str, mask: Masked) -> int:
    """前三季度 starts before its numeral."""
    ahead = mask.kind is QuantityKind.DATE and view[mask.start - 1 : mask.start] == "前"
    return mask.start - 1 if ahead and view[mask.start : mask.end].endswith("季度") else mask.start

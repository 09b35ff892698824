"""Headings that lost their number: where they belong among the numbered ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from vectorstore.outline.headings import Candidate
from vectorstore.outline.lines import squeeze
from vectorstore.outline.numbering import Marker, Style
from vectorstore.outline.parts import classify, opens_part
from vectorstore.types import Part

__all__ = ["place_plain"]

_INNER = (Style.CHINESE_PAREN, Style.ARABIC, Style.ARABIC_PAREN)


def place_plain(candidates: Sequence[Candidate], text: str) -> list[Candidate]:
    """Number the plain candidates that fill a gap; keep other plain ones only with good reason.

    A reason is a mark of the format (style, bold, centred), a series of such lines, or a place
    straight under a level-1 heading.
    """
    filled = list(candidates)
    _fill_level_one(filled, text)
    for style in _INNER:
        _fill_inner(filled, style)
    numbered = any(c.marker for c in candidates)
    series = sum(c.marker is None for c in candidates) >= 2
    kept: list[Candidate] = []
    for i, candidate in enumerate(filled):
        if (
            candidate.marker
            or candidate.firm
            or (_in_series(filled, i, kept) if numbered else series)
        ):
            kept.append(candidate)
    return kept


def _fill_level_one(filled: list[Candidate], text: str) -> None:
    """Number lines that open a whole part, or that fill a gap in 一、 二、 三、 exactly."""
    before, value = -1, 0
    for i in [*_positions(filled, Style.CHINESE), len(filled)]:
        marker = filled[i].marker if i < len(filled) else None
        plain = _plain_between(filled, before, i)
        whole = [k for k in plain if opens_part(_heading(filled[k], text))]
        if marker is None:
            # Nothing bounds the count at the end; measures do not come last.
            if before >= 0:
                whole = [k for k in whole if _part(filled[k], text) is not Part.MEASURES]
            _number(filled, whole, Style.CHINESE, value)
            return
        missing = marker.value - value - 1
        for chosen in (whole, plain):
            if 0 < len(chosen) <= missing:
                _number(filled, chosen, Style.CHINESE, value)
                break
        before, value = i, marker.value


def _fill_inner(filled: list[Candidate], style: Style) -> None:
    """Number the lines between (2) and (5) when they are as many as the numbers missing."""
    positions = _positions(filled, style)
    for before, after in pairwise(positions):
        first, last = filled[before].marker, filled[after].marker
        if first is None or last is None:
            continue
        plain = _plain_between(filled, before, after)
        between = (c.marker for c in filled[before + 1 : after])
        crossed = any(marker and marker.style < style for marker in between)
        if not crossed and 0 < len(plain) <= last.value - first.value - 1:
            _number(filled, plain, style, first.value)


def _positions(filled: Sequence[Candidate], style: Style) -> list[int]:
    return [i for i, c in enumerate(filled) if c.marker and c.marker.style is style]


def _plain_between(filled: Sequence[Candidate], before: int, after: int) -> list[int]:
    return [k for k in range(before + 1, after) if filled[k].marker is None]


def _number(filled: list[Candidate], indices: Sequence[int], style: Style, value: int) -> None:
    for step, k in enumerate(indices, start=1):
        filled[k] = replace(filled[k], marker=Marker(style, value + step, 0))


def _in_series(filled: Sequence[Candidate], i: int, kept: Sequence[Candidate]) -> bool:
    """Whether an unmarked short line opens its section or belongs to a series of its kind."""
    last = kept[-1] if kept else None
    if last and last.run_in:
        return False
    if last and last.marker and last.index == filled[i].index - 1:
        return last.marker.style is Style.CHINESE
    return any(_plain_beside(filled, i, step) for step in (-1, 1))


def _plain_beside(filled: Sequence[Candidate], i: int, step: int) -> bool:
    """Whether another unnumbered candidate stands in the same level-1 section, that way."""
    k = i + step
    while 0 <= k < len(filled):
        marker = filled[k].marker
        if marker is None:
            return True
        if marker.style <= Style.CHINESE:
            return False
        k += step
    return False


def _heading(candidate: Candidate, text: str) -> str:
    return squeeze(text[candidate.heading_start : candidate.heading_end])


def _part(candidate: Candidate, text: str) -> Part | None:
    return classify(_heading(candidate, text))

"""Cut a report into chunks for retrieval: whole sections where they fit, never across level 1.

A chunk is one span of the stored text, so a quote from it needs no search. A heading with text
under it is carried in `heading_path` and not in the text; every other character of the report,
white space apart, is in exactly one chunk.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from math import ceil

from vectorstore.tokens import count_tokens
from vectorstore.types import Chunk, Part, Report, Section

__all__ = ["DEFAULT_MAX_TOKENS", "chunk"]

# Measured on reports, tokens a Chinese character: cl100k_base 1.15, e5's own tokenizer 0.66. So
# 320 are some 270 characters, one or two run-in items (一是…；二是…), small enough for a precise
# quote, and some 200 of e5's 512; text of nothing but figures costs both about the same.
DEFAULT_MAX_TOKENS = 320

# Where text over the budget may be cut, best first. Closing marks stay with their sentence.
_CLOSING = "”’」』）)》〉】\"'"
_CUTS = (
    re.compile(r"\n"),
    re.compile(rf"[。！？；!?;][{_CLOSING}]*|\.(?=\s)"),
    re.compile(r"[，、,：:\t ]"),
)


@dataclass(frozen=True, slots=True)
class _Span:
    """Text that is chunked together; `path` holds the sections whose headings it carries."""

    section: int
    path: tuple[int, ...]
    start: int
    end: int
    part: Part | None


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    tokens: int  # of heading path and text together


def chunk(report: Report, max_tokens: int = DEFAULT_MAX_TOKENS) -> tuple[Chunk, ...]:
    """The chunks of `report` in order, none over `max_tokens` (cl100k_base, at least 32).

    The budget and `Chunk.tokens` count the heading path and the text together.
    """
    if max_tokens < 32:
        raise ValueError("max_tokens must be at least 32")
    chunks: list[Chunk] = []
    for span in _merged(report, _sections(report, max_tokens), max_tokens):
        path = tuple(_heading(report.sections[at]) for at in span.path)
        prefix = "".join(f"{heading} > " for heading in path)
        room = max_tokens - count_tokens(prefix)
        for start, end in _pieces(report.text, span.start, span.end, room):
            for fitting in _fitting(report.text, prefix, start, end, max_tokens):
                chunks.append(_chunk(report, span, path, len(chunks), fitting))
    return tuple(chunks)


def _chunk(
    report: Report, span: _Span, path: tuple[str, ...], ordinal: int, piece: _Piece
) -> Chunk:
    return Chunk(
        id=hashlib.sha256(f"{report.id}:{piece.start}:{piece.end}".encode()).hexdigest()[:16],
        report_id=report.id,
        ordinal=ordinal,
        section=span.section,
        heading_path=path,
        part=span.part,
        start=piece.start,
        end=piece.end,
        text=report.text[piece.start : piece.end],
        tokens=piece.tokens,
    )


def _fitting(text: str, prefix: str, start: int, end: int, max_tokens: int) -> Iterator[_Piece]:
    """The piece without white space at its ends; in halves should it still be over the budget.

    A piece can have a token or two more than its atoms had, each counted by itself.
    """
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    piece = piece.strip()
    if not piece:
        return
    end = start + len(piece)
    tokens = count_tokens(prefix + piece)
    if tokens <= max_tokens or len(piece) == 1:
        yield _Piece(start, end, tokens)
        return
    middle = (start + end) // 2
    yield from _fitting(text, prefix, start, middle, max_tokens)
    yield from _fitting(text, prefix, middle, end, max_tokens)


def _heading(section: Section) -> str:
    return section.number + section.heading


def _sections(report: Report, max_tokens: int) -> Iterator[_Span]:
    """Each section's own text, up to the next section whatever its level.

    Headings may take half the budget; of a longer path the innermost are carried. A heading that
    no text carries is text itself.
    """
    sections = report.sections
    starts = [0, *(section.start for section in sections[1:]), len(report.text)]
    paths = [_carried(sections, at, max_tokens // 2) for at in range(len(sections))]
    bodies = []
    for at, section in enumerate(sections):
        start = max(section.body_start, starts[at]) if at in paths[at] else starts[at]
        bodies.append(_Span(at, paths[at], start, starts[at + 1], section.part))
    carried = {at for span in bodies if _has_text(report.text, span) for at in span.path}
    for at, span in enumerate(bodies):
        if at in carried or at not in span.path:
            yield span
        else:
            yield replace(span, path=tuple(i for i in span.path if i != at), start=starts[at])


def _carried(sections: tuple[Section, ...], at: int, room: int) -> tuple[int, ...]:
    """The sections down to `at` whose headings fit into `room` tokens, the innermost if not all."""
    path: list[int] = []
    up: int | None = at
    while up is not None:
        if sections[up].heading:
            room -= count_tokens(_heading(sections[up]) + " > ")
            if room < 0:
                break
            path.append(up)
        up = sections[up].parent
    return tuple(reversed(path))


def _has_text(text: str, span: _Span) -> bool:
    return bool(text[span.start : span.end].strip())


def _merged(report: Report, spans: Iterable[_Span], max_tokens: int) -> Iterator[_Span]:
    """Join neighbouring small sections of one parent, headings included, under the parent's path.

    Small: a quarter of the budget. Sections directly under the report are never joined.
    """
    parents = {section.parent for section in report.sections}

    def family(span: _Span) -> tuple[int, Part | None] | None:
        section = report.sections[span.section]
        if section.parent is None or section.level <= 1 or section.ordinal in parents:
            return None
        if report.sections[section.parent].level < 1:
            return None
        small = count_tokens(report.text[section.start : span.end]) <= max_tokens // 4
        return (section.parent, span.part) if small else None

    for key, group in groupby(spans, family):
        members = list(group)
        if key is None or len(members) == 1:
            yield from members
            continue
        parent, part = key
        path = _carried(report.sections, parent, max_tokens // 2)
        start = report.sections[members[0].section].start
        yield _Span(parent, path, start, members[-1].end, part)


def _pieces(text: str, start: int, end: int, room: int) -> Iterator[tuple[int, int]]:
    """Pack atoms into spans of about equal size, each at most `room` tokens."""
    atoms = list(_atoms(text, start, end, room, 0))
    left = sum(tokens for _, _, tokens in atoms)  # from `first` on
    first, used = start, 0
    for at, _, tokens in atoms:
        target = left / max(1, ceil(left / room))
        if used and (used + tokens > room or used + tokens / 2 > target):
            yield first, at
            first, left, used = at, left - used, 0
        used += tokens
    if first < end:
        yield first, end


def _atoms(text: str, start: int, end: int, room: int, rule: int) -> Iterator[tuple[int, int, int]]:
    """(start, end, tokens) of the largest stretches that fit into `room`, cut by the best rule."""
    # Counting a very long stretch is slow and its answer known: 16 characters a token is generous.
    if end - start <= 16 * room:
        tokens = count_tokens(text[start:end])
        if tokens <= room or end - start == 1:
            yield start, end, tokens
            return
    if rule == len(_CUTS):
        middle = (start + end) // 2
        yield from _atoms(text, start, middle, room, rule)
        yield from _atoms(text, middle, end, room, rule)
        return
    at = start
    for match in _CUTS[rule].finditer(text, start, end):
        yield from _atoms(text, at, match.end(), room, rule + 1)
        at = match.end()
    if at < end:
        yield from _atoms(text, at, end, room, rule + 1)

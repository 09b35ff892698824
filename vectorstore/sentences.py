"""Sentences of Chinese official prose as spans of the text they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["POINT", "Span", "items", "sentences"]

_CLOSING = "”’」』）)》〉】"
# Half-width prose: a point after an ideograph, bracket or rate ends a sentence, that of 一. not.
POINT = r"(?<=[\u4e00-\u9fff%)）”\"])(?<![一二三四五六七八九十])\.(?=[\u4e00-\u9fff(（“\"]|\s*$)"
_SENTENCE = re.compile(
    rf"(?:(?!{POINT})[^。！？!?\n])*(?:(?:[。！？!?]|{POINT})+[{_CLOSING}]*|(?=\n)|$)", re.MULTILINE
)
# 一是…；二是…： run-in items start at their number and end before the next one.
_ITEM = re.compile(
    r"(?<![\u4e00-\u9fff])[一二三四五六七八九十]{1,2}(?:是|要|、)|第[一二三四五六七八九十][，,、]"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open span of characters."""

    start: int
    end: int


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The sentences of `text[start:end]`, white space trimmed; a line break always ends one."""
    limit = len(text) if end is None else end
    for match in _SENTENCE.finditer(text, start, limit):
        span = _trimmed(text, match.start(), match.end())
        if span.start < span.end:
            yield span


def items(text: str, start: int, end: int) -> list[Span]:
    """The run-in items (一是…；二是…) of `text[start:end]`; empty when there are fewer than two."""
    starts = [m.start() for m in _ITEM.finditer(text, start, end)]
    if len(starts) < 2:
        return []
    return [_trimmed(text, a, b) for a, b in zip(starts, [*starts[1:], end], strict=True)]


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)

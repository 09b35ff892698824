"""A text that lost its line breaks, as some pages are copied, parted again before its numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vectorstore.types import Block

__all__ = ["part_joined"]

# “…如下。 一、主要举措和成效 （一）推进…。”: a space is all that is left of a break.
_NUMBER = re.compile(
    r"[ \u3000]+(?=(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])\S)"
)
_FIRST = re.compile("[ \u3000]一、")
_TITLE = re.compile(r"(\S{8,80}?(?:报告|总结|汇报))[ \u3000]+(?=\S)")
_ADDRESSEE = re.compile(r"(\S{2,50}[:：])[ \u3000]+(?=\S)")
_SHORTEST = 200  # characters; a contents line or a table row may number its items as well
_FEWEST = 2  # numbers


def part_joined(blocks: Sequence[Block]) -> list[Block]:
    """Part paragraphs that hold several headings in a row; the others stay as they are."""
    parted: list[Block] = []
    for block in blocks:
        parted += [replace(block, text=text) for text in _parts(block)]
    return parted


def _parts(block: Block) -> list[str]:
    text = block.text
    if block.kind == "table" or len(text) < _SHORTEST or not _FIRST.search(text):
        return [text]
    marks = list(_NUMBER.finditer(text))
    if len(marks) < _FEWEST:
        return [text]
    lead, at = [], 0
    for opening in (_TITLE, _ADDRESSEE):
        if found := opening.match(text, at, marks[0].start()):
            lead.append(found[1])
            at = found.end()
    starts = [at, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(text)]
    return lead + [text[a:b] for a, b in zip(starts, ends, strict=True)]

"""Paragraphs broken at a fixed width, as text copied from a PDF or a mail is, made whole again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from unicodedata import east_asian_width

from vectorstore.read.lines import SENTENCE_END, is_numbered, join
from vectorstore.types import Block

__all__ = ["unwrap"]

# Pages and mails are 18 to 70 ideographs wide.
_NARROWEST, _WIDEST = 18, 70
_SLACK = 2  # ideographs a full line may lack: punctuation and figures are not parted
_FEW = 5  # full lines; fewer may be so by chance
_SHARE = 0.4  # of all lines are full ones where the width is fixed
_OPEN = 0.6  # of the full lines end inside a sentence
_FIGURE_ENDS = re.compile(r"\d[.,]?$")
_FIGURE_GOES_ON = re.compile(r"[.,]?\d|[%％]")
_INDENT = (" ", "\u3000", "\u00a0", "\t")


def unwrap(blocks: Sequence[Block], printed: Sequence[str]) -> list[Block]:
    """Join the lines of `blocks` when the text as a whole is broken at one width.

    `printed` are their texts before trimming: an indented line starts a paragraph, and so does a
    numbered one. A line shorter than the width ends its paragraph.
    """
    # Lines are cut at a width on the page or at a number of characters.
    measures = ([_width(b.text) for b in blocks], [len(b.text) for b in blocks])
    full = max((_full(blocks, widths) for widths in measures), key=len)
    if not full:
        return list(blocks)
    joined: list[Block] = []
    for i, block in enumerate(blocks):
        goes_on = i - 1 in full and _plain(block) and not printed[i].startswith(_INDENT)
        if joined and goes_on and not is_numbered(block.text):
            joined[-1] = replace(joined[-1], text=_join(joined[-1].text, block.text))
        else:
            joined.append(block)
    return joined


def _join(first: str, second: str) -> str:
    """A figure cut in two (226.|31万元) is one figure again."""
    cut = _FIGURE_ENDS.search(first) and _FIGURE_GOES_ON.match(second)
    return first + second if cut else join(first, second)


def _full(blocks: Sequence[Block], widths: Sequence[float]) -> frozenset[int]:
    """Places of the lines that fill the common width; none when there is no common width."""
    plain = [i for i, block in enumerate(blocks) if _plain(block)]
    widest = max((widths[i] for i in plain), default=0)
    full = frozenset(i for i in plain if widths[i] >= widest - _SLACK)
    if not _NARROWEST <= widest <= _WIDEST or len(full) < max(_FEW, _SHARE * len(plain)):
        return frozenset()
    inside = sum(not blocks[i].text.endswith(SENTENCE_END) for i in full)
    return full if inside >= _OPEN * len(full) else frozenset()


def _plain(block: Block) -> bool:
    return block.kind == "paragraph" and block.level is None and not block.centered


def _width(text: str) -> float:
    """Width in ideographs."""
    return sum(1 if east_asian_width(c) in "WFA" else 0.5 for c in text)

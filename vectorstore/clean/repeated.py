"""A body printed twice (or more) in one file: keep the first copy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from vectorstore.clean.characters import fold
from vectorstore.types import Block, Note

__all__ = ["drop_repeats"]

# A run of this many letters and digits is not met twice by chance in official prose.
_GRAM = 12
# A block counts as seen when this share of its grams stood earlier in the file.
_SEEN = 0.85
# A copy repeats at least this share of all the text before it; look-alike sections never do.
_COPY = 0.5
_MIN_COPY = 200  # characters
_MIN_ADJACENT = 30  # characters of a paragraph printed twice in a row
_TITLE = 60  # characters; a longer block is not a piece of a title or a heading
_NEAR = 200  # characters within which a short block must follow as it does in the first copy
_NOISE = re.compile(r"[\W_]+")


def drop_repeats(blocks: Sequence[Block]) -> tuple[list[Block], tuple[Note, ...]]:
    """Blocks without further copies of the body, and a note when there was one."""
    kept = list(blocks)
    notes: list[Note] = []
    while span := _copy_span(kept):
        start, end = span
        message = f"正文在文件中重复出现，已只保留第一份（略去 {end - start} 段）。"
        notes = notes or [Note("body_twice", message, kept[start].text[:80])]
        del kept[start:end]
    single = [b for i, b in enumerate(kept) if not i or not _same(kept[i - 1], b)]
    if len(single) < len(kept) and not notes:
        message = f"有 {len(kept) - len(single)} 段文字连续重复出现，已只保留一份。"
        notes.append(Note("body_twice", message))
    return single, tuple(notes)


def _same(first: Block, second: Block) -> bool:
    text = _letters(second.text)
    return len(text) >= _MIN_ADJACENT and _letters(first.text) == text


def _letters(text: str) -> str:
    """What identifies a block however it is spaced, punctuated or wrapped."""
    return _NOISE.sub("", fold(text))


def _copy_span(blocks: Sequence[Block]) -> tuple[int, int] | None:
    """The half-open range of blocks that print again what stands before them."""
    if sum(len(block.text) for block in blocks) < 2 * _MIN_COPY:
        return None
    text = _Whole([_letters(block.text) for block in blocks])
    start = 0
    while start < len(blocks):
        if not text.is_seen(start):
            start += 1
            continue
        end = text.run_end(start)
        covered = text.covered(start, end)
        if len(covered) >= max(_MIN_COPY, _COPY * text.starts[start]):
            return text.with_title(start, min(covered)), end
        start = end
    return None


class _Whole:
    """The letters of a file in one string, and where each run of them stood first."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._whole = "".join(texts)
        self.starts = [0, *accumulate(map(len, texts))]
        first: dict[str, int] = {}
        last = len(self._whole) - _GRAM + 1
        self._first = [first.setdefault(self._whole[i : i + _GRAM], i) for i in range(last)]

    def is_seen(self, index: int) -> bool:
        """Whether most of the block stood before it; never so for a block shorter than a gram."""
        start = self.starts[index]
        grams = self._grams(index)
        return bool(grams) and (
            sum(self._first[i] < start - _GRAM + 1 for i in grams) >= _SEEN * len(grams)
        )

    def run_end(self, start: int) -> int:
        """The block after the last that goes on repeating, from the seen block `start` on.

        Short blocks belong to the copy where they stand in the same place of the first one; one or
        two that do not (a changed heading) are passed over between blocks that do.
        """
        limit = self.starts[start]
        end = at = start
        cursor = 0
        while at < len(self._texts) and at - end < 3:
            text = self._texts[at]
            found = -1
            if self.is_seen(at):
                found = self._first[self._grams(at)[-1]] + _GRAM
            elif len(text) < _GRAM:
                place = self._whole.find(text, cursor, min(limit, cursor + _NEAR))
                found = place + len(text) if text and place >= 0 else -1
            if found >= 0:
                cursor, end = found, at + 1
            elif len(text) > _TITLE:
                break
            at += 1
        return end

    def covered(self, start: int, end: int) -> set[int]:
        """Places of letters before block `start` that blocks `start` to `end` print again."""
        limit = self.starts[start]
        first = {self._first[i] for at in range(start, end) for i in self._grams(at)}
        return {place for p in first if p < limit for place in range(p, min(p + _GRAM, limit))}

    def with_title(self, start: int, begins: int) -> int:
        """Move back over the pieces of the copy's title, which may differ a little.

        `begins` is the place of the file that block `start` prints again: what stands before it is
        what the copy should open with.
        """
        opening = self._whole[:begins]
        while opening and start > 1 and len(self._texts[start - 1]) <= _TITLE:
            piece = self._texts[start - 1]
            if opening.endswith(piece):
                opening = opening[: len(opening) - len(piece)]
            elif _alike(piece, opening[-_TITLE:]):
                opening = ""
            else:
                break
            start -= 1
        return start

    def _grams(self, index: int) -> range:
        end = min(self.starts[index + 1] - _GRAM + 1, len(self._first))
        return range(self.starts[index], end)


def _alike(piece: str, opening: str) -> bool:
    """Whether most of a title's piece is found in the other title."""
    grams = [piece[i : i + 3] for i in range(len(piece) - 2)]
    return bool(grams) and sum(gram in opening for gram in grams) >= 0.7 * len(grams)

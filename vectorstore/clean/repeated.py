"""A body printed twice (or more) in one file: keep the first copy."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
_TITLE = 60  # characters; a longer block is not a piece of a title
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
    texts = [_letters(block.text) for block in blocks]
    whole = "".join(texts)
    if len(whole) < 2 * _MIN_COPY:
        return None
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text))
    first_at: dict[str, int] = {}
    earlier = [first_at.setdefault(whole[i : i + _GRAM], i) for i in range(len(whole) - _GRAM + 1)]
    seen = [_is_seen(i, starts, earlier, whole) for i in range(len(texts))]
    for start, end in _runs(seen, texts):
        before = starts[start]
        last = min(starts[end], len(earlier))
        covered = {earlier[i] for i in range(before, last) if earlier[i] < before}
        if len(covered) >= max(_MIN_COPY, _COPY * before):
            begins = min(covered)
            return _with_title(start, begins, texts, whole[:begins]), end
    return None


def _is_seen(index: int, starts: Sequence[int], earlier: Sequence[int], whole: str) -> bool:
    """Whether most of the block stood before it (not merely within it)."""
    start, end = starts[index], starts[index + 1]
    grams = range(start, min(end - _GRAM + 1, len(earlier)))
    if not grams:  # a short block: look for it as it is
        return start < end and whole.find(whole[start:end], 0, start) >= 0
    return sum(earlier[i] < start - _GRAM + 1 for i in grams) >= _SEEN * len(grams)


def _runs(seen: Sequence[bool], texts: Sequence[str]) -> list[tuple[int, int]]:
    """Ranges of seen blocks; a single unseen short block (a changed heading) does not end one."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for i, is_seen in enumerate(seen):
        if is_seen:
            start = i if start is None else start
            last = i
        elif start is not None and (len(texts[i]) > _TITLE or i > last + 1):
            runs.append((start, last + 1))
            start = None
    if start is not None:
        runs.append((start, last + 1))
    return runs


def _with_title(start: int, begins: int, texts: Sequence[str], opening: str) -> int:
    """Move back over the copy's own title when it differs a little from the first one's.

    `opening` is the file's text before the place (`begins`) that the copy was seen to start from.
    """
    grams = {opening[i : i + 3] for i in range(len(opening) - 2)}
    taken = 0
    while start > 1 and taken < 0.6 * begins and len(texts[start - 1]) <= _TITLE:
        title = texts[start - 1]
        pieces = [title[i : i + 3] for i in range(len(title) - 2)]
        if sum(piece in grams for piece in pieces) < 0.7 * max(len(pieces), 1):
            break
        start -= 1
        taken += len(title)
    return start

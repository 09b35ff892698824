"""Lines of PDF pages put back into paragraphs, from where they stand on the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, takewhile
from statistics import median

from vectorstore.clean.characters import fold
from vectorstore.clean.chrome import is_page_counter
from vectorstore.read.lines import SENTENCE_END, is_numbered, join, table_text
from vectorstore.types import Block

__all__ = ["Line", "Page", "paragraphs_of"]

# Page numbers and running headers stand in the outer eighth of the page (GB/T 9704 leaves 37 mm of
# 297 mm at the top and 35 mm at the bottom).
_MARGIN = 0.125
_MAX_RUNNING = 2  # lines of a running header or footer
_LONG = 15  # characters; shorter lines say nothing about the width of the text
_FEW = 5  # lines of text; a page with fewer does not show the edges of its text column
_SLACK = 0.7  # ideographs; what justification and hanging punctuation make of the right edge
_PIECE = re.compile("[“‘（《〈【「(]*(?:[!-~]+|.)[，。、；：？！”’）》〉】」,.;:?!)%％…]*")
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…]")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; coordinates in points, y upwards from the bottom of the page."""

    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def size(self) -> float:
        """Height of its characters."""
        return self.top - self.bottom

    @property
    def em(self) -> float:
        """Width of one ideograph in it, taking a Latin letter for half of one."""
        width = sum(1.0 if _WIDE.match(c) else 0.5 for c in self.text)
        return (self.right - self.left) / max(width, 1.0)


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of one page in reading order, and the edges of its paper in points."""

    number: int
    left: float
    right: float
    bottom: float
    top: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Measure:
    """The text column of a document: its edges, width of an ideograph, distance of baselines."""

    left: float
    right: float
    em: float
    size: float
    pitch: float

    def is_centered(self, line: Line) -> bool:
        inset = min(line.left - self.left, self.right - line.right)
        off = abs((line.left + line.right) - (self.left + self.right)) / 2
        large = line.em > 1.2 * self.em and inset > -self.em  # a title may fill its line
        return (inset > 1.5 * self.em or large) and off < self.em

    def joins(self, first: Line, second: Line, same_page: bool) -> bool:
        """Whether the second line goes on with the paragraph of the first."""
        if first.right + self._first_piece(second.text) < self.right - _SLACK * self.em:
            return False  # what comes next would have fitted: the paragraph ended here
        if second.left > self.left + 1.2 * self.em or abs(first.size / second.size - 1) > 0.15:
            return False
        if same_page and not 0 < first.bottom - second.bottom < 1.7 * self.pitch:
            return False
        return not (is_numbered(second.text) and first.text.rstrip().endswith(SENTENCE_END))

    def _first_piece(self, text: str) -> float:
        """Width of what may not be parted from the first character of a line: a word, a figure,
        an ideograph with the punctuation that must not begin a line."""
        match = _PIECE.match(text)
        piece = match.group() if match else text[:1]
        return self.em * sum(1.0 if _WIDE.match(c) else 0.5 for c in piece)


def paragraphs_of(pages: Sequence[Page]) -> Iterator[Block]:
    """Paragraphs of the whole file, each with the page it starts on; margins left out.

    Neighbouring lines with wide gaps in them (tabs) are the rows of a table.
    """
    running = _running(pages)
    lines = [
        (line, page.number)
        for page in pages
        for line in page.lines
        if not (_in_margin(line, page) and (_is_counter(line) or _key(line, page) in running))
    ]
    measure = _measure([line for line, _ in lines], pages)
    tabbed = [False, *("\t" in line.text for line, _ in lines), False]
    rows = [here and (tabbed[i] or tabbed[i + 2]) for i, here in enumerate(tabbed[1:-1])]
    for is_row, run in groupby(zip(lines, rows, strict=True), key=lambda pair: pair[1]):
        part = [line for line, _ in run]
        if is_row:
            text = table_text(line.text.split("\t") for line, _ in part)
            yield Block(text, kind="table", page=part[0][1])
        else:
            yield from _paragraphs(part, measure)


def _paragraphs(lines: Sequence[tuple[Line, int]], measure: _Measure) -> Iterator[Block]:
    text, start, centered = "", 0, False
    last: Line | None = None
    last_page = 0
    for line, page in lines:
        middle = measure.is_centered(line)
        alone = last is None or middle or centered
        if last and not alone and measure.joins(last, line, page == last_page):
            text = join(text, line.text)
        else:
            if text:
                yield Block(text.replace("\t", " "), page=start, centered=centered)
            text, start, centered = line.text, page, middle
        last, last_page = line, page
    if text:
        yield Block(text.replace("\t", " "), page=start, centered=centered)


def _in_margin(line: Line, page: Page) -> bool:
    height = page.top - page.bottom
    middle = (line.bottom + line.top) / 2
    return not page.bottom + _MARGIN * height < middle < page.top - _MARGIN * height


def _is_counter(line: Line) -> bool:
    return is_page_counter(line.text) or bool(re.fullmatch(r"\d{1,3}", fold(line.text).strip()))


def _key(line: Line, page: Page) -> tuple[str, int]:
    return re.sub(r"\d+", "#", fold(line.text)).strip(), round((page.top - line.bottom) / 4)


def _running(pages: Sequence[Page]) -> frozenset[tuple[str, int]]:
    """Lines at an edge of the page that stand at the same height of most pages.

    Where more than two lines in a row do, it is the text itself that is printed again.
    """
    counts = Counter(key for page in pages for key in {_key(line, page) for line in page.lines})
    found: set[tuple[str, int]] = set()
    for page in pages:
        downwards = sorted(page.lines, key=lambda line: -line.bottom)
        for edge in (downwards, downwards[::-1]):
            keys = [_key(line, page) for line in edge]
            run = list(takewhile(lambda key: counts[key] > max(1, len(pages) / 2), keys))
            if len(run) <= _MAX_RUNNING:
                found.update(run)
    return frozenset(found)


def _measure(lines: Sequence[Line], pages: Sequence[Page]) -> _Measure:
    long = [line for line in lines if len(line.text) >= _LONG and "\t" not in line.text]
    few = len(long) < _FEW
    if few:
        long = list(lines)
    if not long:
        return _Measure(0.0, 0.0, 1.0, 1.0, 1.0)
    # The left edge is where most lines start; first lines are indented, so take the lowest edge
    # that several lines share. The right edge is reached by the longest tenth.
    starts = Counter(round(line.left) for line in long)
    common = [edge for edge, count in starts.items() if count >= max(1, len(long) // 10)]
    rights = sorted(line.right for line in long)
    drops = [a.bottom - b.bottom for a, b in pairwise(lines)]
    size = median(line.size for line in long)
    pitches = [drop for drop in drops if 0.5 * size < drop < 4 * size]
    left = float(min(common or starts))
    right = rights[int(0.9 * (len(rights) - 1))]
    if few:  # too little to see the text column: take it to be centred on the page
        right = max(right, pages[0].left + pages[0].right - left)
    return _Measure(
        left=left,
        right=right,
        em=median(line.em for line in long),
        size=size,
        pitch=median(pitches) if pitches else 2 * size,
    )

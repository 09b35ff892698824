"""The content of an official document, free of any page format.

Headings hold their text without number or end punctuation: the writers number them. Text may hold
`【待填：…】`/`【待核实：…】` anywhere; the writers mark it as if it were a `Placeholder`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

__all__ = [
    "PLACEHOLDER",
    "Align",
    "Attachment",
    "Block",
    "Cell",
    "Figure",
    "Heading",
    "ImageBlock",
    "OfficialDocument",
    "Paragraph",
    "Placeholder",
    "Span",
    "Suggestion",
    "TableBlock",
    "Text",
    "spans_of",
    "walk",
]

PLACEHOLDER = re.compile(r"【待(?:填|核实)[^【】]*】")
"""A blank the writer of the report must deal with; never nested."""

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words; half-width punctuation in them is made full-width on writing."""

    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as printed (`14件`), written verbatim; `comment` names its source."""

    text: str
    comment: str


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`【待填：…】` or `【待核实：…】`, highlighted. ValueError for any other text.

    `key` is that of the figure it waits for, "" where it waits for words; it is never printed.
    """

    text: str
    key: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not PLACEHOLDER.fullmatch(self.text):
            raise ValueError(f"not a placeholder: {self.text}")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Words the writer may take or drop, marked; `comment` names where they come from."""

    text: str
    comment: str


Span = Text | Figure | Placeholder | Suggestion
Cell = str | tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of `level` 1–5 (一、 （一） 1. （1） ①); ValueError outside that range."""

    level: int
    text: str

    def __post_init__(self) -> None:
        if not 1 <= self.level <= 5:
            raise ValueError(f"heading level {self.level} is not in 1–5")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A body paragraph; with `heading`, that heading runs in: “（一）加强领导。全年…”."""

    spans: tuple[Span, ...]
    heading: Heading | None = None


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table with its caption above and notes below.

    `unit` is what all figures are counted in (件), "" where columns name their own. `align` has
    one entry a column; when empty, columns of figures go right and others are chosen by length.
    ValueError where a row or `align` does not fit `columns`.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    unit: str = ""
    align: tuple[Align, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        width = len(self.columns)
        if not width or any(len(row) != width for row in self.rows):
            raise ValueError(f"every row of table {self.caption!r} needs {width} cells")
        if self.align and len(self.align) != width:
            raise ValueError(f"table {self.caption!r} needs {width} alignments")


@dataclass(frozen=True, slots=True)
class ImageBlock:
    """A PNG or JPEG picture, from a file or its bytes, with its caption below."""

    source: Path | bytes
    caption: str

    def read(self) -> bytes:
        """The picture's bytes. OSError where the file cannot be read."""
        return self.source if isinstance(self.source, bytes) else self.source.read_bytes()


Block = Heading | Paragraph | TableBlock | ImageBlock


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment named under the body; its `body`, where there is one, gets its own page."""

    title: str
    body: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """A whole document. `date` is the day of signing, or text such as a placeholder."""

    title: str
    body: tuple[Block, ...]
    document_number: str = ""
    addressee: str = ""
    signoff_org: str = ""
    date: datetime.date | str = ""
    attachments: tuple[Attachment, ...] = ()

    @property
    def date_text(self) -> str:
        """The date in Arabic numerals without leading zeros: 2027年1月15日."""
        day = self.date
        return day if isinstance(day, str) else f"{day.year}年{day.month}月{day.day}日"


def spans_of(cell: Cell) -> tuple[Span, ...]:
    """The spans of a table cell, whichever way it was given."""
    return (Text(cell),) if isinstance(cell, str) else cell


def walk(document: OfficialDocument) -> Iterator[Span]:
    """Every span of the document in reading order, single strings as `Text`."""
    yield from map(Text, (document.document_number, document.title, document.addressee))
    yield from _walk_blocks(document.body)
    yield from (Text(attachment.title) for attachment in document.attachments)
    yield from map(Text, (document.signoff_org, document.date_text))
    for attachment in document.attachments:
        yield from _walk_blocks(attachment.body)


def _walk_blocks(blocks: tuple[Block, ...]) -> Iterator[Span]:
    for block in blocks:
        match block:
            case Heading():
                yield Text(block.text)
            case Paragraph():
                if block.heading:
                    yield Text(block.heading.text)
                yield from block.spans
            case TableBlock():
                yield from map(Text, (block.caption, block.unit, *block.columns))
                for row in block.rows:
                    for cell in row:
                        yield from spans_of(cell)
                yield from map(Text, block.notes)
            case ImageBlock():
                yield Text(block.caption)

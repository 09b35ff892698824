"""A .docx as Word sees it: our own reader, so that the writer is not judged by its own word.

Only the standard library, and nothing of `assistant.gongwen`. Lengths are in twips (1/20 pt).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

__all__ = ["Block", "File", "Paper", "Run", "TableBlock", "read_file"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FONTS = ("eastAsia", "ascii", "hAnsi", "cs")


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look; `fonts` for Chinese, ASCII, other Western and complex text."""

    text: str
    fonts: tuple[str, ...]
    size_pt: float
    spacing: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph."""

    runs: tuple[Run, ...]
    align: str = ""
    first_chars: int = 0
    right_chars: int = 0
    line: int = 0

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table: words by row, and whether its first row repeats on the next page."""

    rows: tuple[tuple[str, ...], ...]
    cells: tuple[Block, ...]
    head_repeats: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """One section's page."""

    width: int
    height: int
    top: int
    right: int
    bottom: int
    left: int
    grid: str
    pitch: int


@dataclass(frozen=True, slots=True)
class File:
    """The parts of a file that a reader sees; `feet` are the page footers by type, with fields."""

    body: tuple[Block | TableBlock, ...]
    papers: tuple[Paper, ...]
    feet: dict[str, Block]
    odd_even: bool
    themed: bool

    @property
    def blocks(self) -> list[Block]:
        """The paragraphs outside of tables."""
        return [block for block in self.body if isinstance(block, Block)]

    @property
    def tables(self) -> list[TableBlock]:
        """The tables."""
        return [block for block in self.body if isinstance(block, TableBlock)]

    @property
    def lines(self) -> list[str]:
        """Paragraphs and table rows as text, in order."""
        found: list[str] = []
        for block in self.body:
            told = [block.text] if isinstance(block, Block) else ["\t".join(r) for r in block.rows]
            found += [line for line in told if line.strip()]
        return found


def read_file(path: Path) -> File:
    """Read a .docx. Raises KeyError, zipfile.BadZipFile or ET.ParseError for what is none."""
    with zipfile.ZipFile(path) as archive:
        names = [n for n in archive.namelist() if n.endswith((".xml", ".rels"))]
        parts = {name: archive.read(name) for name in names}
    document = ET.fromstring(parts["word/document.xml"])
    looks = _Looks(ET.fromstring(parts["word/styles.xml"]))
    body = document.find(f"{_W}body")
    assert body is not None
    targets = {
        link.get("Id", ""): link.get("Target", "")
        for link in ET.fromstring(parts["word/_rels/document.xml.rels"])
    }
    feet = {}
    for link in document.iter(f"{_W}footerReference"):
        root = ET.fromstring(parts["word/" + targets[link.get(f"{_R}id", "")]])
        paragraph = root.find(f"{_W}p")
        if paragraph is not None:
            feet[link.get(f"{_W}type", "")] = looks.block(paragraph)
    settings = ET.fromstring(parts["word/settings.xml"])
    words = parts["word/document.xml"] + parts["word/styles.xml"]
    return File(
        tuple(_blocks(body, looks)),
        tuple(_paper(one) for one in document.iter(f"{_W}sectPr")),
        feet,
        settings.find(f"{_W}evenAndOddHeaders") is not None,
        b"Theme=" in words,
    )


class _Looks:
    """Finds what a run or paragraph looks like: its own properties, its style's, the defaults."""

    def __init__(self, styles: ET.Element) -> None:
        self._styles = {s.get(f"{_W}styleId", ""): s for s in styles.iter(f"{_W}style")}
        self._defaults = styles.find(f"{_W}docDefaults")

    def block(self, paragraph: ET.Element) -> Block:
        """A paragraph with its runs."""
        own = paragraph.find(f"{_W}pPr")
        style = _value(own, "pStyle")
        sources = [own, *(s.find(f"{_W}pPr") for s in self._chain(style))]
        runs = (self._run(run, style) for run in paragraph.iter(f"{_W}r"))
        return Block(
            tuple(run for run in runs if run.text),
            next((found for s in sources if (found := _value(s, "jc"))), ""),
            _number(sources, "ind", "firstLineChars"),
            _number(sources, "ind", "rightChars"),
            _number(sources, "spacing", "line"),
        )

    def _chain(self, style: str) -> Iterator[ET.Element]:
        while style in self._styles:
            yield self._styles[style]
            style = _value(self._styles[style], "basedOn")

    def _run(self, run: ET.Element, style: str) -> Run:
        own = run.find(f"{_W}rPr")
        sources = [own, *(s.find(f"{_W}rPr") for s in self._chain(_value(own, "rStyle")))]
        sources += [s.find(f"{_W}rPr") for s in self._chain(style)]
        if self._defaults is not None:
            sources.append(self._defaults.find(f"{_W}rPrDefault/{_W}rPr"))
        fonts = tuple(
            next((f for s in sources if (f := _attribute(s, "rFonts", kind))), "")
            for kind in _FONTS
        )
        size = _number(sources, "sz", "val") / 2
        return Run(_words(run), fonts, size, _number(sources, "spacing", "val"))


def _blocks(body: ET.Element, looks: _Looks) -> Iterator[Block | TableBlock]:
    for element in body:
        if element.tag == f"{_W}p":
            yield looks.block(element)
        elif element.tag == f"{_W}tbl":
            rows = list(element.iter(f"{_W}tr"))
            cells = [[looks.block(p) for p in row.iter(f"{_W}p")] for row in rows]
            yield TableBlock(
                tuple(
                    tuple("".join(looks.block(p).text for p in c.iter(f"{_W}p"))
                          for c in row.iter(f"{_W}tc"))
                    for row in rows
                ),
                tuple(block for row in cells for block in row),
                bool(rows) and rows[0].find(f"{_W}trPr/{_W}tblHeader") is not None,
            )  # fmt: skip


def _paper(section: ET.Element) -> Paper:
    def size(name: str, key: str) -> int:
        return int(_attribute(section, name, key) or 0)

    return Paper(
        width=size("pgSz", "w"),
        height=size("pgSz", "h"),
        top=size("pgMar", "top"),
        right=size("pgMar", "right"),
        bottom=size("pgMar", "bottom"),
        left=size("pgMar", "left"),
        grid=_attribute(section, "docGrid", "type"),
        pitch=size("docGrid", "linePitch"),
    )


def _words(run: ET.Element) -> str:
    """The text of a run; a field's instruction in braces, a tab or break as itself."""
    text = ""
    for part in run:
        if part.tag == f"{_W}t":
            text += part.text or ""
        elif part.tag == f"{_W}instrText":
            text += "{" + (part.text or "").strip() + "}"
        elif part.tag == f"{_W}tab":
            text += "\t"
    return text


def _value(parent: ET.Element | None, name: str) -> str:
    return _attribute(parent, name, "val")


def _attribute(parent: ET.Element | None, name: str, key: str) -> str:
    found = None if parent is None else parent.find(f"{_W}{name}")
    return "" if found is None else found.get(f"{_W}{key}", "")


def _number(sources: list[ET.Element | None], name: str, key: str) -> int:
    return int(next((found for s in sources if (found := _attribute(s, name, key))), "0"))

"""Word documents: everything the printed page shows, in reading order, once.

Revisions are read as accepted. Headers, footers and comments are not part of the report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from vectorstore.errors import BrokenFileError
from vectorstore.read.inline import PAGE_BREAK, Inline, Seen, branch, content, local, reach
from vectorstore.read.lines import paragraphs, table_text
from vectorstore.read.numbering import Numbering, W, value
from vectorstore.read.package import Package
from vectorstore.read.styles import Look, Styles, flag
from vectorstore.types import Block, Document, Note

__all__ = ["read_docx"]

_WRAPPERS = frozenset({"ins", "moveTo", "customXml", "smartTag"})
_MAX_SPAN = 63  # columns of a Word table
# A cell with this much running text holds a page laid out in a table, not a value.
_PROSE = 300


def read_docx(package: Package) -> Document:
    """Read the main part of a Word file. Raises BrokenFileError, LimitExceededError."""
    root = package.xml(package.main_part)
    body = root.find(W + "body") if root is not None else None
    if body is None:
        raise BrokenFileError("Word 文档不完整，缺少正文部分。")
    reader = _Reader(package)
    blocks = tuple(reader.container(body, Look()))
    return Document(blocks, "docx", reader.notes())


@dataclass(slots=True)
class _Cell:
    span: int
    blocks: list[Block]

    @property
    def text(self) -> str:
        return " ".join(block.text for block in self.blocks)

    @property
    def is_layout(self) -> bool:
        nested = any(block.kind == "table" for block in self.blocks)
        return nested or (len(self.blocks) > 2 and len(self.text) > _PROSE)


class _Reader:
    def __init__(self, package: Package) -> None:
        self._styles = Styles(package.xml(package.beside_main("styles.xml")))
        self._numbering = Numbering(package.xml(package.beside_main("numbering.xml")))
        self._seen = Seen()
        self._inline = Inline(self._styles, self._seen, self._box)
        self._boxes: list[Block] = []
        self._carried = ""
        self._notes: dict[str, Any] = {}
        for kind in ("footnote", "endnote"):
            root = package.xml(package.beside_main(f"{kind}s.xml"))
            for note in root.iter(W + kind) if root is not None else ():
                self._notes[kind + note.get(W + "id", "")] = note

    def notes(self) -> tuple[Note, ...]:
        notes = []
        seen = self._seen
        removed = [text for text in seen.removed if text.strip()]
        if removed or seen.inserted:
            message = (
                f"文档带有未接受的修订：已采用 {seen.inserted} 处插入，略去 {len(removed)} 处删除。"
            )
            notes.append(Note("tracked_changes", message, "".join(removed[:1])[:80]))
        if seen.hidden:
            text = "".join(seen.hidden)
            message = f"已略去 {len(text)} 个看不见的字（隐藏、白色或极小的文字）。"
            notes.append(Note("hidden_text", message, text[:80]))
        return tuple(notes)

    def container(self, parent: Any, base: Look) -> Iterator[Block]:
        """Blocks of the body, a cell, a text box or a note."""
        outer, self._carried = self._carried, ""
        for child in parent:
            name = local(child)
            if name == "p":
                yield from self._paragraph(child, base)
            elif name == "tbl":
                yield from self._left_over()
                yield from self._table(child, base)
            elif name == "sdt":
                yield from self.container(content(child), base)
            elif name in _WRAPPERS:
                yield from self.container(child, base)
            elif name == "AlternateContent":
                yield from self.container(branch(child), base)
        yield from self._left_over()
        self._carried = outer

    def _left_over(self) -> Iterator[Block]:
        """A paragraph whose mark was deleted but which no other paragraph follows."""
        if self._carried.strip():
            yield Block(self._carried)
        self._carried = ""

    def _paragraph(self, element: Any, base: Look) -> Iterator[Block]:
        properties = element.find(W + "pPr")
        look = self._styles.paragraph(properties).over(base)
        outer, self._boxes = self._boxes, []
        carried, self._carried = self._carried, ""
        inline = self._inline.paragraph(element, look)
        boxes, self._boxes = self._boxes, outer
        text = carried + inline.text
        yield from boxes
        mark = properties.find(W + "rPr") if properties is not None else None
        if flag(mark, "del") is not None:  # a deleted mark joins the next paragraph on
            self._carried = text
            return
        number = self._number(properties, look)
        if look.toc or not text.strip():
            return
        text = number + text.lstrip() if number else text
        for part in text.split(PAGE_BREAK):
            for line in paragraphs(part, whole=look.level is not None):
                centered = bool(look.centered)
                yield Block(line, level=look.level, centered=centered, bold=inline.bold)
        for key in inline.notes:
            yield from self._note(key)

    def _number(self, properties: Any | None, look: Look) -> str:
        if not look.num_id or look.num_id == "0":
            return ""
        level = look.num_level
        if level is None:
            style = value(properties, "pStyle") or ""
            level = self._numbering.level_of_style(look.num_id, style)
        return self._numbering.number(look.num_id, level)

    def _note(self, key: str) -> Iterator[Block]:
        """A footnote, printed after the paragraph that refers to it."""
        note = self._notes.pop(key, None)
        for block in self.container(note, Look()) if note is not None else ():
            text = block.text if block.text.startswith("注") else f"注：{block.text}"
            yield Block(text, kind=block.kind)

    def _box(self, element: Any) -> None:
        # The colour behind a box is the shape's; white text in it is taken to be readable.
        self._boxes.extend(list(self.container(element, Look(shaded=True))))

    def _table(self, table: Any, base: Look) -> Iterator[Block]:
        properties = table.find(W + "tblPr")
        style = value(properties, "tblStyle")
        if style and self._styles.has_shading(style):
            base = Look(shaded=True).over(base)
        rows = [
            self._row(row, base)
            for row in reach(table, "tr")
            if flag(row.find(W + "trPr"), "del") is None
        ]
        cells = [cell for row in rows for cell in row]
        if all(len(row) <= 1 for row in rows) or any(cell.is_layout for cell in cells):
            for cell in cells:
                yield from cell.blocks
            return
        text = table_text([_padded(row) for row in rows])
        if text:
            yield Block(text, kind="table")

    def _row(self, row: Any, base: Look) -> list[_Cell]:
        cells = []
        before = value(row.find(W + "trPr"), "gridBefore")
        if before and before.isdigit() and before != "0":
            cells.append(_Cell(min(int(before), _MAX_SPAN), []))
        for cell in reach(row, "tc"):
            properties = cell.find(W + "tcPr")
            if properties is not None and properties.find(W + "cellDel") is not None:
                continue
            merge = value(properties, "vMerge")
            continued = merge is not None and merge != "restart"
            continued = continued or value(properties, "hMerge") in {"", "continue"}
            look = self._styles.cell(properties).over(base)
            span = value(properties, "gridSpan") or "1"
            width = min(int(span), _MAX_SPAN) if span.isdigit() else 1
            blocks = list(self.container(cell, look))
            cells.append(_Cell(max(width, 1), [] if continued else blocks))
        return cells


def _padded(row: list[_Cell]) -> Iterator[str]:
    """Cell texts in their columns: a merged cell fills only the first of those it covers."""
    for cell in row:
        yield cell.text
        yield from [""] * (cell.span - 1)

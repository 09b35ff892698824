"""The stored text of a document and the lines it is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vectorstore.types import Document

__all__ = ["Line", "lay_out", "squeeze"]

_SPACED = re.compile(r"(?<=[\u4e00-\u9fff\d])[ \u3000]+(?=[\u4e00-\u9fff\d])")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the stored text: `text` is stripped and starts at character `start`.

    `next` is where the following line starts; `level`, `bold`, `centered` are the format's hints.
    """

    text: str
    start: int
    next: int
    table: bool = False
    level: int | None = None
    bold: bool = False
    centered: bool = False

    @property
    def end(self) -> int:
        """Offset just after the stripped text."""
        return self.start + len(self.text)


def lay_out(document: Document) -> tuple[str, tuple[Line, ...]]:
    """Join the blocks by newline; return the stored text and its non-blank lines in order."""
    lines: list[Line] = []
    offset = 0
    for block in document.blocks:
        for raw in block.text.split("\n"):
            stripped = raw.strip()
            after = offset + len(raw) + 1
            if stripped:
                start = offset + len(raw) - len(raw.lstrip())
                table = block.kind == "table"
                lines.append(
                    Line(stripped, start, after, table, block.level, block.bold, block.centered)
                )
            offset = after
    return "\n".join(block.text for block in document.blocks), tuple(lines)


def squeeze(text: str) -> str:
    """Drop the spaces that only spread Chinese characters and digits apart (报 告)."""
    return _SPACED.sub("", text)

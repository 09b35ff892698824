"""The same document as Markdown, with the source of each figure as a footnote."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.gongwen.images import read_picture
from assistant.gongwen.model import (
    Block,
    Figure,
    Heading,
    ImageBlock,
    OfficialDocument,
    Paragraph,
    Span,
    Suggestion,
    TableBlock,
    spans_of,
)
from assistant.gongwen.numbering import Numbering, bare_heading
from assistant.gongwen.save import save
from assistant.gongwen.tables import aligned, note_lines
from assistant.gongwen.tidy import printable, tidy, tidy_spans

__all__ = ["markdown_text", "write_markdown"]

_SPECIAL = re.compile(r"(^[>#+-]|[\\`*_\[\]<|~&])")
_RULES = {"left": ":---", "center": ":---:", "right": "---:"}


def write_markdown(document: OfficialDocument, path: Path) -> None:
    """Write `document` to `path` as UTF-8 Markdown, atomically. SaveError, ImageError as .docx."""
    save(path, markdown_text(document).encode())


def markdown_text(document: OfficialDocument) -> str:
    """The document as Markdown (CommonMark with pipe tables and footnotes)."""
    return _Markdown().document(document)


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _tidied(text: str) -> str:
    return _plain(tidy(text))


class _Markdown:
    """One document being written; equal comments share a footnote."""

    def __init__(self) -> None:
        self._notes: dict[str, int] = {}

    def document(self, document: OfficialDocument) -> str:
        parts = [_tidied(document.document_number), f"# {_tidied(document.title)}"]
        if document.addressee:
            parts.append(_tidied(document.addressee).rstrip("：") + "：")
        parts += self._blocks(document.body)
        names = [bare_heading(tidy(a.title)) for a in document.attachments]
        parts += [f"附件{i}：{_plain(name)}" for i, name in enumerate(names, start=1)]
        parts += [_tidied(document.signoff_org), _tidied(document.date_text)]
        for i, attachment in enumerate(document.attachments, start=1):
            if attachment.body:
                parts.append(f"# 附件{i} {_plain(names[i - 1])}")
                parts += self._blocks(attachment.body)
        parts += [f"[^{n}]: {_note(comment)}" for comment, n in self._notes.items()]
        return "\n\n".join(part for part in parts if part) + "\n"

    def _blocks(self, blocks: Iterable[Block]) -> list[str]:
        numbering = Numbering()
        parts: list[str] = []
        for block in blocks:
            match block:
                case Heading():
                    depth, heading = _numbered(block, numbering)
                    parts.append(f"{'#' * (depth + 1)} {heading}")
                case Paragraph():
                    heading = f"{_numbered(block.heading, numbering)[1]}。" if block.heading else ""
                    parts.append(heading + self._spans(block.spans))
                case TableBlock():
                    parts += self._table(block)
                case ImageBlock():
                    parts.append(_image(block))
        return parts

    def _spans(self, spans: Sequence[Span]) -> str:
        text = ""
        for span in tidy_spans(spans):
            text += _plain(span.text)
            if isinstance(span, Figure | Suggestion):
                number = self._notes.setdefault(span.comment, len(self._notes) + 1)
                text += f"[^{number}]"
        return text

    def _table(self, table: TableBlock) -> list[str]:
        caption = _tidied(table.caption)
        unit = f"（单位：{_tidied(table.unit)}）" if table.unit else ""
        rows = [
            [_tidied(name) for name in table.columns],
            [_RULES[side] for side in aligned(table)],
            *([self._spans(spans_of(cell)) for cell in row] for row in table.rows),
        ]
        lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        return [caption + unit, lines, *(_tidied(note) for note in note_lines(table))]


def _numbered(heading: Heading, numbering: Numbering) -> tuple[int, str]:
    depth, number = numbering.next(heading.level)
    return depth, number + _plain(bare_heading(tidy(heading.text)))


def _note(comment: str) -> str:
    """A footnote's text; its further lines are indented so that they stay in it."""
    return "\n    ".join(_plain(printable(line)) for line in comment.splitlines())


def _image(block: ImageBlock) -> str:
    """The picture within the text, so that the file needs no other."""
    picture = read_picture(block)
    code = base64.b64encode(picture.data).decode()
    return f"![{_tidied(block.caption)}](data:image/{picture.suffix};base64,{code})"

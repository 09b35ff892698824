"""The brief as a file, Word or Markdown, on disk or in memory."""

from __future__ import annotations

from pathlib import Path

from assistant.brief.types import Brief
from assistant.errors import AssistantError
from assistant.gongwen import docx_of, markdown_text, write_docx, write_markdown

__all__ = ["FormatError", "brief_bytes", "check_format", "write_brief"]


class FormatError(AssistantError):
    """The file named is neither .docx nor .md."""

    default_hint = "用 -o 简报.docx 或 -o 简报.md。"


def write_brief(brief: Brief, path: Path) -> None:
    """Write the brief to `path`, atomically. Raises FormatError, SaveError."""
    check_format(path)
    if path.suffix.lower() == ".md":
        write_markdown(brief.document, path)
    else:
        write_docx(brief.document, path)


def brief_bytes(brief: Brief, suffix: str) -> bytes:
    """The file with this suffix, docx or md, as `write_brief` writes it."""
    if suffix == "md":
        return markdown_text(brief.document).encode()
    return docx_of(brief.document)


def check_format(path: Path) -> None:
    """Raises FormatError for a suffix that no writer has, before any work is done."""
    if path.suffix.lower() not in (".docx", ".md"):
        raise FormatError(f"不能写成“{path.suffix or path.name}”格式。")

"""Document blocks made fit to store: nothing invisible, no residue, no web chrome, one copy.

Half-width punctuation and the inside of a line stay as printed: quotes must match the source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from vectorstore.clean.characters import fold, strip_invisible, trim
from vectorstore.clean.chrome import (
    heads_links,
    is_chrome,
    is_label_value,
    is_link_title,
    is_page_counter,
)
from vectorstore.clean.joined import part_joined
from vectorstore.clean.repeated import drop_repeats
from vectorstore.clean.residue import strip_residue
from vectorstore.clean.wrapped import unwrap
from vectorstore.errors import EmptyFileError
from vectorstore.types import Document, Note

__all__ = ["clean", "fold"]


def clean(document: Document) -> Document:
    """Return the document without what is not the report's own text; a `Note` says what went.

    Idempotent: cleaning a cleaned document changes nothing. Raises EmptyFileError when nothing of
    its own is left.
    """
    notes = list(document.notes)
    texts, found = strip_invisible([block.text for block in document.blocks])
    notes += found
    stripped, residue = [], []
    for text in texts:
        rest, removed = strip_residue(text)
        stripped.append(trim(rest))
        residue += removed
    wanted, chrome = _without_chrome(stripped)
    blocks = [replace(document.blocks[i], text=stripped[i]) for i in wanted]
    if residue:
        notes.append(Note("residue", f"已去除 {len(residue)} 处软件残留标记。", residue[0][:80]))
    if chrome:
        notes.append(Note("web_chrome", f"已略去 {len(chrome)} 行网页杂项。", chrome[0][:80]))
    blocks = part_joined(unwrap(blocks, [texts[i] for i in wanted]))
    kept, repeated = drop_repeats(blocks)
    if not kept:
        raise EmptyFileError("文件里没有正文，只有页码、网页杂项或软件残留标记。")
    return replace(document, blocks=tuple(kept), notes=tuple(notes) + repeated)


def _without_chrome(lines: Sequence[str]) -> tuple[list[int], list[str]]:
    """Places of the lines that are the report's own, and the lines of web chrome among the rest."""
    wanted: list[int] = []
    chrome: list[str] = []
    label = links = False  # what the chrome just before leads us to expect
    for i, line in enumerate(lines):
        if not line or is_page_counter(line):
            continue
        links_go_on = links and is_link_title(line)
        links = links_go_on or heads_links(line)
        if links or is_chrome(line) or (label and is_label_value(line)):
            chrome.append(line)
            label = line.endswith((":", "："))
        else:
            wanted.append(i)
            label = False
    return wanted, chrome

"""Document blocks made fit to store: nothing invisible, no residue, no web chrome, one copy.

Half-width punctuation and the inside of a line stay as printed: quotes must match the source.
"""

from __future__ import annotations

from dataclasses import replace

from vectorstore.clean.characters import fold, strip_invisible, trim
from vectorstore.clean.chrome import is_chrome, is_label_value, is_page_counter
from vectorstore.clean.repeated import drop_repeats
from vectorstore.clean.residue import strip_residue
from vectorstore.errors import EmptyFileError
from vectorstore.types import Block, Document, Note

__all__ = ["clean", "fold"]


def clean(document: Document) -> Document:
    """Return the document without what is not the report's own text; a `Note` says what went.

    Idempotent: cleaning a cleaned document changes nothing. Raises EmptyFileError when nothing of
    its own is left.
    """
    notes = list(document.notes)
    blocks: list[Block] = []
    residue: list[str] = []
    chrome: list[str] = []
    bare_label = False  # the line before was a label whose value stands on the next line
    texts, found = strip_invisible([block.text for block in document.blocks])
    notes += found
    for block, text in zip(document.blocks, texts, strict=True):
        stripped, removed = strip_residue(text)
        residue += removed
        stripped = trim(stripped)
        if not stripped or is_page_counter(stripped):
            continue
        if is_chrome(stripped) or (bare_label and is_label_value(stripped)):
            chrome.append(stripped)
            bare_label = stripped.endswith((":", "："))
            continue
        bare_label = False
        blocks.append(replace(block, text=stripped))
    if residue:
        notes.append(Note("residue", f"已去除 {len(residue)} 处软件残留标记。", residue[0][:80]))
    if chrome:
        notes.append(Note("web_chrome", f"已略去 {len(chrome)} 行网页杂项。", chrome[0][:80]))
    kept, repeated = drop_repeats(blocks)
    if not kept:
        raise EmptyFileError("文件里没有正文，只有页码、网页杂项或软件残留标记。")
    return replace(document, blocks=tuple(kept), notes=tuple(notes) + repeated)

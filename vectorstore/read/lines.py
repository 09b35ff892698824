"""Putting lines back into paragraphs, shared by the readers."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["SENTENCE_END", "is_numbered", "join", "paragraphs", "table_text"]

SENTENCE_END = tuple("。；！？：;!?:")
_NUMBERED = re.compile(
    r"[ \u3000\u00a0]*(?:[一二三四五六七八九十百]{1,4}[、.．]"
    r"|[（(][一二三四五六七八九十百\d]{1,4}[）)]|\d{1,2}(?:[、．]|\.(?!\d))"
    r"|第[一二三四五六七八九十百]{1,4}[章节条部]|[①-⑳]|附件)"
)
_INDENTED = re.compile(r"[\u3000\u00a0 ]{2}|\u3000|\t")
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…]")


def is_numbered(line: str) -> bool:
    """Whether a line opens with an outline number: 一、 （一） 1. （1） ① 第一章 附件."""
    return bool(_NUMBERED.match(line))


def join(first: str, second: str) -> str:
    """Two pieces of one line; a space only between two Latin words or figures."""
    first, second = first.rstrip(), second.lstrip(" \t\u3000\u00a0")
    wide = not first or not second or _WIDE.match(first[-1]) or _WIDE.match(second[0])
    return first + second if wide else f"{first} {second}"


def paragraphs(text: str, whole: bool = False) -> list[str]:
    """Split a paragraph at its soft line breaks where each line is a paragraph of its own.

    Pages copied into a word processor separate paragraphs with soft breaks; a break inside a
    sentence is only a wrapped line. `whole` joins everything (a heading on two lines).
    """
    result: list[str] = []
    for line in text.split("\n"):
        if not line.strip():
            if result and result[-1]:
                result.append("")
        elif result and result[-1] and (whole or _continues(result[-1], line)):
            result[-1] = join(result[-1], line)
        else:
            result.append(line)
    return [line for line in result if line]


def _continues(before: str, after: str) -> bool:
    if before.rstrip().endswith(SENTENCE_END) or is_numbered(after) or _INDENTED.match(after):
        return False
    return not is_numbered(before) or len(before) > 40


def table_text(rows: Iterable[Iterable[str]]) -> str:
    """Rows joined by newline, cells by tab; empty rows and the tabs after the last cell go."""
    lines = []
    for row in rows:
        cells = [" ".join(cell.split()) for cell in row]
        if any(cells):
            lines.append("\t".join(cells).rstrip("\t"))
    return "\n".join(lines)

"""Marks that word processors and converters leave in text: bookmarks, field codes, entities."""

from __future__ import annotations

import re

__all__ = ["strip_residue"]

_FIELD_NAMES = (
    "PAGE|NUMPAGES|SECTIONPAGES|TOC|HYPERLINK|REF|PAGEREF|NOTEREF|SEQ|DATE|TIME|MERGEFIELD|"
    "FORMTEXT|EMBED|INCLUDEPICTURE|SHAPE|LINK|STYLEREF|EQ|ADVANCE"
)
_RESIDUE = re.compile(
    r"\[bookmark:[^\]\n]{0,80}\]"
    r"|\[_?GoBack\]|(?<![a-z0-9_])_GoBack(?![a-z0-9_])|\[_(?:Toc|Hlk|Ref|bookmark)\w*\]"
    r"|(?<![a-z0-9_])_(?:Toc|Hlk|Ref)\d{4,}(?![a-z0-9_])"
    r"|\[endif\]|\[(?:if|endif)[^\]\n]{0,40}(?:supportLists|supportEmptyParas|vml|mso)[^\]\n]{0,20}\]"
    rf"|\{{\s*(?:{_FIELD_NAMES})\b[^{{}}\n]{{0,200}}\}}"
    r'|(?<![a-z0-9_])HYPERLINK\s+(?:\\[a-z]\s*)*["“][^"”\n]{0,500}["”](?:\s*\\[a-z](?:\s*"[^"\n]{0,200}")?)*'
    r"|(?<![a-z0-9_])PAGEREF\s+_[a-z0-9_]+(?:\s*\\[a-z])*"
    r"|\\\*\s*MERGEFORMAT(?:INET)?|INCLUDEPICTURE\s+\"[^\"\n]{0,500}\"(?:\s*\\[a-z*])*"
    r"|Error!\s*(?:Bookmark not defined|Reference source not found|No bookmark name given"
    r"|Hyperlink reference not valid|No text of specified style in document)\.?"
    r"|错误[!！]\s*(?:未定义书签|未找到引用源|超链接引用无效|文档中没有指定样式的文字)[。.]?"
    r"|</?(?:o:p|w:[a-zA-Z]+|v:[a-zA-Z]+)\s*/?>|<br\s*/?>|</?(?:p|span|strong|font|div)(?:\s[^<>\n]{0,200})?>",
    re.IGNORECASE,
)
_ENTITIES = {
    "&nbsp;": " ",
    "&ensp;": " ",
    "&emsp;": " ",
    "&amp;": "&",
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&ldquo;": "“",
    "&rdquo;": "”",
    "&lsquo;": "‘",
    "&rsquo;": "’",
    "&middot;": "·",
    "&mdash;": "—",
    "&ndash;": "–",
    "&hellip;": "…",
}
_ENTITY = re.compile("|".join(_ENTITIES))


def strip_residue(text: str) -> tuple[str, list[str]]:
    """`text` without residue, and each piece that was removed, in order.

    Repeated until nothing is left, since taking one mark out can join the halves of another.
    """
    removed: list[str] = []
    while True:
        found = [match.group() for match in _RESIDUE.finditer(text)]
        entities = _ENTITY.findall(text)
        if not found and not entities:
            return text, removed
        removed += found + entities
        text = _ENTITY.sub(lambda match: _ENTITIES[match.group()], _RESIDUE.sub("", text))

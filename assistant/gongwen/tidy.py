"""Punctuation as official documents want it: full-width among Chinese, 〔〕 in document numbers.

Decimals, times, ratios, web addresses and 1+1>2 stay as they are. A paragraph of several spans is
tidied as one text, so that a mark at the edge of a span sees its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.gongwen.model import Figure, Placeholder, Span

__all__ = ["printable", "tidy", "tidy_spans"]

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CHINESE = re.compile(f"[{_HAN}、。，；：？！“”‘’（）《》〈〉【】〔〕…]")
_HAS_HAN = re.compile(f"[{_HAN}]")
_BEFORE_STOP = re.compile(f"[{_HAN}”’）》〉】〕%％]")
_FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", ".": "。"}

_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]*[\w/]", re.ASCII)
_NUMBER = re.compile(r"[\[(（［【〔]\d{4}[\])）］】〕](?=\s?第?\s?\d+\s?号)", re.ASCII)
_QUOTES = re.compile(r'"[^"\n]*"')
_SINGLE = re.compile(rf"(?<![A-Za-z0-9])'[^'\n]*[{_HAN}][^'\n]*'")
_MARK = re.compile(r"[,;:?!.]")
_SPACE = re.compile(r"(?<=[，；：？！。（])[ \t]+|[ \t]+(?=[，；：？！。）])")
_BREAK = re.compile(r"[ \t]*[\r\n\u2028\u2029]+[ \t]*")
# Control, zero-width and direction characters, lone surrogates: XML forbids or nobody sees them.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    r"\ufffe\uffff\ud800-\udfff]"
)


def printable(text: str) -> str:
    """The text on one line without characters that XML forbids or that do not show."""
    return _UNPRINTABLE.sub("", _BREAK.sub("", text)).replace("\t", " ")


def tidy(text: str) -> str:
    """`text` on one line, printable, with full-width punctuation among Chinese.

    Tidying twice changes nothing more.
    """
    return _settle([printable(text)], ())[0]


def tidy_spans(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Tidy a paragraph as one text; figures and placeholders stay verbatim."""
    fixed = [i for i, span in enumerate(spans) if isinstance(span, Figure | Placeholder)]
    texts = _settle([printable(span.text) for span in spans], fixed)
    return tuple(replace(span, text=text) for span, text in zip(spans, texts, strict=True))


@dataclass
class _Line:
    """Characters, the piece each came from, and which of them may not change."""

    chars: list[str]
    owners: list[int]
    fixed: frozenset[int]

    @property
    def text(self) -> str:
        return "".join(self.chars)

    def locked(self) -> set[int]:
        """Positions that stay as they are."""
        at = {i for i, owner in enumerate(self.owners) if owner in self.fixed}
        for match in _ADDRESS.finditer(self.text):
            at.update(range(*match.span()))
        return at

    def near(self, at: int, step: int) -> str:
        """The nearest character before (-1) or after (+1) `at` that is no space; "" at the end."""
        at += step
        while 0 <= at < len(self.chars):
            if not self.chars[at].isspace():
                return self.chars[at]
            at += step
        return ""


def _settle(pieces: Sequence[str], fixed: Iterable[int]) -> list[str]:
    """Tidy the joined pieces until nothing changes, which is what makes it idempotent."""
    line = _Line(
        [char for piece in pieces for char in piece],
        [i for i, piece in enumerate(pieces) for _ in piece],
        frozenset(fixed),
    )
    while True:
        before = line.text
        locked = line.locked()
        _pairs(line, locked)
        _marks(line, locked)
        _spaces(line, locked)
        if line.text == before:
            break
    out = [""] * len(pieces)
    for char, owner in zip(line.chars, line.owners, strict=True):
        out[owner] += char
    return out


def _pairs(line: _Line, locked: set[int]) -> None:
    for first, last in _spans(_NUMBER, line.text):
        if not {first, last} & locked:
            line.chars[first], line.chars[last] = "〔", "〕"
    for found, pair in (
        (_brackets(line.text), ("（", "）")),
        (_spans(_QUOTES, line.text), ("“", "”")),
        (_spans(_SINGLE, line.text), ("‘", "’")),
    ):
        for first, last in found:
            if not {first, last} & locked and _among_chinese(line, first, last):
                line.chars[first], line.chars[last] = pair


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """First and last position of every match."""
    return [(match.start(), match.end() - 1) for match in pattern.finditer(text)]


def _brackets(text: str) -> list[tuple[int, int]]:
    """Positions of round brackets that belong together, whichever width either has."""
    opened: list[int] = []
    pairs = []
    for at, char in enumerate(text):
        if char in "(（":
            opened.append(at)
        elif char in ")）" and opened:
            pairs.append((opened.pop(), at))
    return pairs


def _among_chinese(line: _Line, first: int, last: int) -> bool:
    if _HAS_HAN.search("".join(line.chars[first:last])):
        return True
    before, after = line.near(first, -1), line.near(last, 1)
    in_formula = before.isascii() and before.isalnum()
    return not in_formula and bool(_CHINESE.match(before) or _CHINESE.match(after))


def _marks(line: _Line, locked: set[int]) -> None:
    for match in _MARK.finditer(line.text):
        at = match.start()
        before, after = line.near(at, -1), line.near(at, 1)
        if at in locked or (before.isdecimal() and after.isdecimal()):
            continue
        if match[0] == ".":
            wide = bool(_BEFORE_STOP.match(before)) and (not after or _CHINESE.match(after))
        else:
            wide = _CHINESE.match(before) or _CHINESE.match(after)
        if wide:
            line.chars[at] = _FULL[match[0]]


def _spaces(line: _Line, locked: set[int]) -> None:
    drop = {at for match in _SPACE.finditer(line.text) for at in range(*match.span())} - locked
    if drop:
        stay = [i for i in range(len(line.chars)) if i not in drop]
        line.chars = [line.chars[i] for i in stay]
        line.owners = [line.owners[i] for i in stay]

"""Automatic paragraph numbers of Word (一、 （一） 1.), rendered as Word shows them.

Sources: ECMA-376 part 1, §17.9 (numbering) and §17.18.59 (ST_NumberFormat).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from string import ascii_lowercase, ascii_uppercase
from typing import Any

__all__ = ["Numbering", "W", "value"]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_LEVELS = 9
_CHINESE = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "chineseLegalSimplified",
        "ideographDigital",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
    }
)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_SEQUENCES = {
    "decimalEnclosedCircle": _CIRCLED,
    "decimalEnclosedCircleChinese": _CIRCLED,
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "upperLetter": ascii_uppercase,
    "lowerLetter": ascii_lowercase,
}
_PATTERNS = {
    "decimalEnclosedParen": "({})",
    "decimalEnclosedFullstop": "{}.",
    "decimalZero": "{:02}",
}


def value(parent: Any, *path: str) -> str | None:
    """`w:val` of the first element at `path` below `parent`; None where absent."""
    found = parent.find("/".join(W + name for name in path)) if parent is not None else None
    return None if found is None else found.get(W + "val", "")


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    text: str
    restart: int | None
    legal: bool
    style: str


@dataclass(slots=True)
class _List:
    levels: dict[int, _Level]
    counters: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


class Numbering:
    """Counters of every list in one document; call `number` for each paragraph in order."""

    def __init__(self, root: Any | None) -> None:
        self._lists: dict[str, _List] = {}
        self._nums: dict[str, tuple[str, dict[int, int], dict[int, _Level]]] = {}
        self._started: set[tuple[str, int]] = set()
        if root is None:
            return
        styles: dict[str, str] = {}
        links: dict[str, str] = {}
        for abstract in root.iter(W + "abstractNum"):
            key = abstract.get(W + "abstractNumId", "")
            self._lists[key] = _List(_levels(abstract))
            if style := value(abstract, "styleLink"):
                styles[style] = key
            if link := value(abstract, "numStyleLink"):
                links[key] = link
        for num in root.iter(W + "num"):
            key = value(num, "abstractNumId") or ""
            key = styles.get(links.get(key, ""), key)
            self._nums[num.get(W + "numId", "")] = (key, _start_overrides(num), _overrides(num))

    def level_of_style(self, num_id: str, style: str) -> int:
        """The list level that a paragraph style is tied to; 0 where it is not."""
        found = self._nums.get(num_id)
        levels = self._lists[found[0]].levels if found and found[0] in self._lists else {}
        return next((i for i, level in levels.items() if level.style == style), 0)

    def number(self, num_id: str, level: int) -> str:
        """Advance the list; the number Word prints before this paragraph, "" for none."""
        found = self._nums.get(num_id)
        if not found or found[0] not in self._lists or not 0 <= level < _LEVELS:
            return ""
        key, starts, replaced = found
        counted = self._lists[key]
        levels = {**counted.levels, **replaced}
        if level not in levels:
            return ""
        if (num_id, level) not in self._started:
            self._started.add((num_id, level))
            if level in starts:
                counted.counters[level] = starts[level] - 1
        _advance(counted.counters, levels, level)
        return _render(counted.counters, levels, level)


def _levels(parent: Any) -> dict[int, _Level]:
    return {int(lvl.get(W + "ilvl", "0")): _level(lvl) for lvl in parent.iterchildren(W + "lvl")}


def _level(lvl: Any) -> _Level:
    restart = value(lvl, "lvlRestart")
    return _Level(
        start=_int(value(lvl, "start"), 0),
        format=value(lvl, "numFmt") or "decimal",
        text=value(lvl, "lvlText") or "",
        restart=None if restart is None else _int(restart, 0),
        legal=lvl.find(W + "isLgl") is not None,
        style=value(lvl, "pStyle") or "",
    )


def _start_overrides(num: Any) -> dict[int, int]:
    starts = {}
    for override in num.iter(W + "lvlOverride"):
        start = value(override, "startOverride")
        if start is not None:
            starts[_int(override.get(W + "ilvl"), 0)] = _int(start, 1)
    return starts


def _overrides(num: Any) -> dict[int, _Level]:
    levels: dict[int, _Level] = {}
    for override in num.iter(W + "lvlOverride"):
        levels.update(_levels(override))
    return levels


def _int(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text) else default


def _advance(counters: list[int | None], levels: dict[int, _Level], level: int) -> None:
    for i in range(level):  # a level that never appeared counts as its start
        if counters[i] is None:
            counters[i] = levels[i].start if i in levels else 1
    current = counters[level]
    counters[level] = levels[level].start if current is None else current + 1
    for deeper in range(level + 1, _LEVELS):
        restart = levels[deeper].restart if deeper in levels else None
        if restart is None or (restart and level < restart):
            counters[deeper] = None


def _render(counters: list[int | None], levels: dict[int, _Level], level: int) -> str:
    shown = levels[level]
    if shown.format in {"bullet", "none"}:
        return ""

    def place(match: re.Match[str]) -> str:
        at = int(match.group(1)) - 1
        if at not in levels or counters[at] is None:
            return ""
        name = "decimal" if shown.legal and at != level else levels[at].format
        return _format(counters[at] or 0, name)

    number = re.sub(r"%([1-9])", place, shown.text)
    return number + " " if number[-1:].isascii() and number[-1:].isalnum() else number


def _format(n: int, name: str) -> str:
    """`n` in one of the formats of ST_NumberFormat; in Arabic figures for those not met here."""
    if name in _CHINESE:
        return _chinese(n, "〇壹贰叁肆伍陆柒捌玖" if name == "chineseLegalSimplified" else _DIGITS)
    sequence = _SEQUENCES.get(name, "")
    if 1 <= n <= len(sequence):
        return sequence[n - 1]
    if name in {"upperRoman", "lowerRoman"}:
        return _roman(n) if name == "upperRoman" else _roman(n).lower()
    return _PATTERNS.get(name, "{}").format(n)


def _chinese(n: int, digits: str) -> str:
    tens, hundreds = ("拾", "佰") if digits[1] == "壹" else ("十", "百")
    if not 0 < n < 1000:
        return str(n) if n else digits[0]
    text = digits[n // 100] + hundreds if n >= 100 else ""
    rest = n % 100
    if rest >= 10:
        ten = "" if rest < 20 and not text and tens == "十" else digits[rest // 10]
        text += ten + tens
    elif rest and text:
        text += "零"
    return text + (digits[rest % 10] if rest % 10 else "")


def _roman(n: int) -> str:
    if not 0 < n < 4000:
        return str(n)
    text = ""
    for size, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        text += sign * (n // size)
        n %= size
    return text

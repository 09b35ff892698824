"""Does a finished .docx keep the page of GB/T 9704—2012? Every rule read off the file itself.

Each rule gives True, False, or None where the file has nothing it applies to. Source of the
measures: GB/T 9704—2012, 5.2 (page, type area, lines), 7.3 (title, levels, sign-off), 7.5 (page
numbers); repeating table heads and font names are the project's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from evals.draft.file import Block, File, Paper, Run, read_file

__all__ = ["RULES", "conformance", "level_of"]

_MM = 1440 / 25.4  # twips
_LEVELS = (
    re.compile("^([一二三四五六七八九十]+)、"),
    re.compile("^（([一二三四五六七八九十]+)）"),
    re.compile(r"^(\d+)\."),
    re.compile(r"^（(\d+)）"),
)
_FONT = ("黑体", "楷体_GB2312", "仿宋_GB2312", "仿宋_GB2312")
_BODY, _TITLE, _FOOT = ("仿宋_GB2312", 16.0), ("方正小标宋简体", 22.0), ("宋体", 14.0)
_CHINESE = "一二三四五六七八九十"
_HALF = re.compile(r"[一-龥][,;:?!()]|[,;:?!()][一-龥]|\"")
_QUOTED = re.compile("“[^“”]*”")
_DATE = re.compile(r"^\d{4}年\d{1,2}月\d{1,2}日$|^【待填：[^】]*日期】$")


def conformance(path: Path) -> dict[str, bool | None]:
    """Every rule by name; a file that cannot be read keeps none of them."""
    try:
        file = read_file(path)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it is no official document
        return dict.fromkeys(RULES, False)
    return {name: rule(file) for name, rule in RULES.items()}


def level_of(text: str) -> int:
    """1–4 for a paragraph numbered 一、 （一） 1. （1）; 0 for others."""
    return next((n for n, mark in enumerate(_LEVELS, 1) if mark.match(text)), 0)


def _near(value: float, wanted: float, room: float = _MM) -> bool:
    return abs(value - wanted) <= room


def _paper(file: File) -> bool:
    sizes = (11906, 16838)
    return bool(file.papers) and all(
        _near(min(p.width, p.height), sizes[0]) and _near(max(p.width, p.height), sizes[1])
        for p in file.papers
    )


def _margins(file: File) -> bool:
    """37 mm above, 28 left, so that 156 × 225 mm are left; a turned page keeps that area."""
    return bool(file.papers) and all(
        _upright(p) if p.width < p.height else _area(p, 225, 156) for p in file.papers
    )


def _upright(p: Paper) -> bool:
    return _near(p.top, 37 * _MM) and _near(p.left, 28 * _MM) and _area(p, 156, 225)


def _area(p: Paper, across: float, down: float) -> bool:
    return _near(p.width - p.left - p.right, across * _MM) and _near(
        p.height - p.top - p.bottom, down * _MM
    )


def _lines(file: File) -> bool:
    """22 lines on a page and no 23rd: the grid's pitch, and the line height of the text."""
    pitches = [p.pitch for p in file.papers] + [b.line for b in _text(file)]
    return all(22 * pitch <= 225 * _MM + 20 < 23 * pitch for pitch in pitches) and all(
        p.grid == "linesAndChars" for p in file.papers
    )


def _characters(file: File) -> bool | None:
    """28 characters in a line and no 29th."""
    runs = [run for block in _text(file) for run in block.runs]
    if not runs:
        return None
    widths = [run.size_pt * 20 + run.spacing for run in runs]
    return all(28 * width <= 156 * _MM < 29 * width for width in widths)


def _title(file: File) -> bool:
    first = next((b for b in file.blocks if b.text.strip()), None)
    return first is not None and first.align == "center" and _all(first.runs, *_TITLE)


def _after_title(file: File) -> bool:
    at = next((n for n, b in enumerate(file.body) if isinstance(b, Block) and b.text.strip()), -1)
    after = file.body[at + 1 : at + 2]
    return at >= 0 and any(isinstance(b, Block) and not b.text.strip() for b in after)


def _body(file: File) -> bool | None:
    """Text in 仿宋_GB2312 of 16 pt, two characters in, both edges straight."""
    told = [b for b in _text(file) if not level_of(b.text)]
    return None if not told else all(
        _all(b.runs, *_BODY) and b.first_chars == 200 and b.align == "both" for b in told
    )  # fmt: skip


def _heads(level: int) -> Callable[[File], bool | None]:
    """The heading, of one that runs into text the first run, in the font of its level."""

    def rule(file: File) -> bool | None:
        told = [b for b in _text(file) if level_of(b.text) == level]
        return None if not told else all(
            _all(b.runs[:1], _FONT[level - 1], 16.0) and b.first_chars == 200 for b in told
        )  # fmt: skip

    return rule


def _bare(file: File) -> bool | None:
    """A heading of the first level ends without a mark."""
    told = [b.text for b in _text(file) if level_of(b.text) == 1]
    return None if not told else not any(text[-1] in "。；，：.;,:" for text in told)


def _numbering(file: File) -> bool | None:
    """一、二、… without a gap, （一）（二）… anew under each."""
    first = second = 0
    seen = False
    for block in _text(file):
        level = level_of(block.text)
        if level in {1, 2}:
            found = _LEVELS[level - 1].match(block.text)
            number = _CHINESE.find(found[1]) + 1 if found and len(found[1]) == 1 else -1
            first, second = (first + 1, 0) if level == 1 else (first, second + 1)
            if number != (first if level == 1 else second) and number > 0:
                return False
            seen = True
    return True if seen else None


def _page_number(file: File) -> bool:
    """— 1 — in 宋体 of 14 pt, to the right on odd pages and to the left on even ones."""
    feet = [file.feet.get(kind) for kind in ("default", "even")]
    return file.odd_even and all(
        foot is not None
        and foot.align == side
        and bool(re.fullmatch(r"—\s*\{PAGE[^}]*\}\d*\s*—", foot.text.strip()))
        and _all(foot.runs, *_FOOT)
        for foot, side in zip(feet, ("right", "left"), strict=True)
    )


def _fonts(file: File) -> bool:
    """Every run names its font for Chinese and Western text, and no theme decides."""
    blocks = [*file.blocks, *(c for t in file.tables for c in t.cells)]
    runs = [run for block in blocks for run in block.runs]
    return bool(runs) and not file.themed and all(all(run.fonts) for run in runs)


def _signoff(file: File) -> bool | None:
    """Organisation above date, both to the right, the date 2 (with a seal 4) characters in."""
    told = [b for b in file.blocks if b.text.strip()][-2:]
    if len(told) < 2 or told[1].align != "right":
        return None if file.blocks else False
    dated = bool(_DATE.match(told[1].text)) and told[1].right_chars in {200, 400}
    return dated and told[0].align == "right"


def _tables(file: File) -> bool | None:
    return None if not file.tables else all(t.head_repeats for t in file.tables)


def _captions(file: File) -> bool | None:
    """A centred line above each table says what it is."""
    pairs = [
        (above, below)
        for above, below in zip(file.body, file.body[1:], strict=False)
        if not isinstance(below, Block)
    ]
    return None if not file.tables else len(pairs) == len(file.tables) and all(
        isinstance(above, Block) and bool(above.text.strip()) for above, _ in pairs
    )  # fmt: skip


def _marks(file: File) -> bool:
    """Full-width marks between Chinese characters, but in what is quoted to the letter."""
    return bool(file.lines) and not any(_HALF.search(_unquoted(line)) for line in file.lines)


def _unquoted(line: str) -> str:
    """The line without its quotations, those within others too."""
    while (shorter := _QUOTED.sub("", line)) != line:
        line = shorter
    return line


def _text(file: File) -> list[Block]:
    """The paragraphs that are indented as text is: no title, caption, sign-off or 附件：1.… 2.…"""
    told = [b for b in file.blocks if b.text.strip()][1:]
    kept, listed = [], False
    for block in told:
        listed = block.text.startswith("附件：") or (listed and bool(_LEVELS[2].match(block.text)))
        if not listed and (block.first_chars or level_of(block.text)):
            kept.append(block)
    return kept


def _all(runs: Sequence[Run], font: str, size: float) -> bool:
    return bool(runs) and all(r.size_pt == size and set(r.fonts) == {font} for r in runs)


RULES: dict[str, Callable[[File], bool | None]] = {
    "A4纸": _paper,
    "页边和版心": _margins,
    "每面22行": _lines,
    "每行28字": _characters,
    "标题2号小标宋居中": _title,
    "标题下空一行": _after_title,
    "正文3号仿宋、首行缩进": _body,
    "一级标题黑体": _heads(1),
    "二级标题楷体": _heads(2),
    "三级标题仿宋": _heads(3),
    "一级标题末尾无标点": _bare,
    "序号连续": _numbering,
    "页码4号宋体、单右双左": _page_number,
    "中西文字体都写明": _fonts,
    "落款和日期": _signoff,
    "表头跨页重复": _tables,
    "表有标题": _captions,
    "标点全角": _marks,
}
"""What a file is held against, by the name it is reported under."""

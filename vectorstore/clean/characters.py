"""Characters that cannot be seen, and a same-length folded view for matching."""

from __future__ import annotations

import re
import unicodedata

from vectorstore.types import Note

__all__ = ["fold", "strip_invisible", "trim"]

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Zero-width, bidirectional and interlinear marks, and "tag" characters that spell hidden ASCII.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
# Glyph slots of symbol fonts (Wingdings bullets): boxes everywhere but in the original.
_SYMBOL_FONT = re.compile("[\uf000-\uf0ff]")
# Marks that web editors and BOMs leave behind by themselves; alone they are not worth a note.
_ORDINARY = frozenset("\u00ad\u200b\ufeff\ufe0e\ufe0f")
_TAG_BASE = 0xE0000
_EDGES = " \t\r\u00a0\u3000\u2002\u2003\u2009\u202f"

# Radicals that PDF producers emit in place of the ideographs they look like. The Kangxi block has
# compatibility mappings in Unicode; these of the supplement block have none (UCD, EquivalentUnified
# Ideograph.txt).
_RADICALS = dict(
    zip(
        "⺁⺄⺈⺌⺍⺕⺜⺝⺟⺠⺢⺩⺪⺫⺬⺮⺲⺶⺷⺻⺼⻁⻂⻃⻄⻅⻆⻈⻉⻊⻋⻌⻐⻓⻔⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻯⻰⻳",
        "厂乙刀小小彐日月母民水王疋目示竹网羊羊聿肉虎衤覀西见角讠贝足车辶钅长门雨青韦页风飞食饣饣马骨鬼鱼鸟卤麦黄黾齐齿竜龙龟",
        strict=True,
    )
)


def _ideographs() -> dict[int, str]:
    table = {ord(k): v for k, v in _RADICALS.items()}
    for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFADA)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1:
            table[code] = plain
    return table


_IDEOGRAPHS = _ideographs()


def _fold_table() -> dict[int, int]:
    pairs = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    same = {
        " ": "\u00a0\u2002\u2003\u2009\u202f\u3000\t",
        "-": "‐‑‒–—―−－﹣",
        "~": "～〜∼˜",
        "%": "％﹪",
        "·": "・•‧∙⋅･",
        '"': "“”„‟＂〝〞",
        "'": "‘’‚‛＇",
        "(": "（﹙",
        ")": "）﹚",
        "[": "〔［【",
        "]": "〕］】",
        ",": "，﹐",
        ":": "：﹕∶",
        ";": "；﹔",
        "?": "？﹖",
        "!": "！﹗",
        ".": "．﹒",
        "。": "｡",
        "、": "､﹑",
        "〇": "○◯",
    }
    for plain, variants in same.items():
        pairs.update({ord(variant): ord(plain) for variant in variants})
    return pairs


_FOLD = _fold_table()


def fold(text: str) -> str:
    """A view of `text` for matching, of the SAME LENGTH, so offsets carry over.

    Full-width letters, digits and punctuation become half-width (（）→(), ：→:, ，→,, ％→%), all
    dashes `-`, all quotes straight, 〔〕【】→[], every space U+0020. 。 and 、 stay; case stays.
    """
    return text.translate(_FOLD)


def trim(text: str) -> str:
    """Cut blank characters at both ends of each line (ideographic and no-break spaces too).

    A table row keeps the tabs before its first filled cell: they hold the column.
    """
    lines = text.split("\n")
    if len(lines) == 1:
        return text.strip(_EDGES)
    cut = [_trim_row(line) for line in lines]
    return "\n".join(line for line in cut if line)


def _trim_row(row: str) -> str:
    cells = [cell.strip(_EDGES) for cell in row.split("\t")]
    return "\t".join(cells).rstrip("\t") if any(cells) else ""


def strip_invisible(texts: list[str]) -> tuple[list[str], list[Note]]:
    """Texts without characters nobody can see, and notes on those that could hide something."""
    control = 0
    invisible = ""
    first = ""
    cleaned = []
    for raw in texts:
        control += len(_CONTROL.findall(raw))
        text = _CONTROL.sub("", raw)
        found = "".join(_INVISIBLE.findall(text))
        if found:
            text = _INVISIBLE.sub("", text)
            if not set(found) <= _ORDINARY:
                first = first or text[:80]
            invisible += found
        cleaned.append(_SYMBOL_FONT.sub("", text).translate(_IDEOGRAPHS))
    notes = []
    if control:
        notes.append(Note("control_characters", f"已去除 {control} 个控制字符或残缺字符。"))
    if first:
        spelt = "".join(
            chr(ord(c) - _TAG_BASE) for c in invisible if 0x20 <= ord(c) - _TAG_BASE < 0x7F
        )
        message = f"已去除 {len(invisible)} 个零宽或方向控制字符，其中可能藏有看不见的内容。"
        notes.append(Note("zero_width", message, (spelt or first)[:80]))
    return cleaned, notes

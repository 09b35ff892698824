"""Lines that may open a section, and how far the heading in each goes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vectorstore.outline.dates import is_date_line
from vectorstore.outline.lines import Line
from vectorstore.outline.numbering import Marker, Style, read_marker
from vectorstore.outline.organisation import is_organisation
from vectorstore.outline.parts import opens_part

__all__ = ["Candidate", "contents", "find_candidates"]

# Measured on official prose: a heading's clauses fit two printed lines (28 characters each).
_MAX_OWN = 60  # characters of a heading on a line of its own
_MAX_RUN_IN = 46  # characters before the full stop of a run-in heading
_CUT_AT = 40  # where an over-long first sentence is cut at a clause boundary
_MAX_PLAIN = 40  # characters of a heading without number

_STOP = re.compile(
    r"[。！？!?]|[:：](?!\d)|(?<=[\u4e00-\u9fff])\.(?=[\u4e00-\u9fff“]|$)|[，,；;]?(?=一是)"
    r"|(?<!\s)\s{1,8}(?=\S{20})|(?<=[\u4e00-\u9fff])——?(?=\S{20})"
)
_BRACKETS = re.compile(r"《[^《》]*》|“[^“”]*”|（[^（）]*）|\([^()]*\)")
_CJK = re.compile(r"[\u4e00-\u9fff]")
_FIGURE = re.compile(
    r"\d+(?:\.\d+)?\s*[余多]?\s*(?:[万亿]?元|[万亿]|件|起|宗|场|次|人|户|家|份|册|篇|条|%|％|‰|个(?!方面|专项|行动)|名)"
)
# Words that make a sentence of what could be a heading.
_SENTENCE = re.compile(
    r"^(?:我[局委镇区县市办街院]|今年|全年|截至|截止|目前[，,]|同时|此外|另外|其中|\d+月)"
    r"|了[^解]|(?:共|累计|已经?)(?:开展|组织|办理|完成|受理|举办|召开|制定|印发|检查|查处)"
)
_CLAUSE = re.compile(r"[，,；;、]")
_NOT_PLAIN = re.compile(
    r"[。；;！？!?：:|\t]|[，,、.…]$|^(?:图|表|附|注|抄送|抄报|联系|来源|编辑|审核|单位|填报|一是|二是|三是|首先|其次)"
    r"|https?|www|扫一扫|打印|关闭|分享|此件|页$"
)
_LEADER = re.compile(r"(?:[.…·．。]{3}|\t|\s{2})\s{0,3}[-—]?\s{0,3}\d{1,3}\s{0,3}[-—]?$")
_CONTENTS = re.compile(r"目\s*录|contents", re.IGNORECASE)
# 附件：2024年行政执法数据统计表, 附表1 …: with a table right below it is the attachment itself.
_ATTACHED_TABLE = re.compile(
    r"附\s?(?:[件表]\s{0,4}[0-9一二三四五六]{0,2}\s{0,4}[:：]?|[:：])\s{0,4}\S"
)
_ATTACHED = re.compile(r"附\s?件\s{0,4}[:：]?\s{0,4}\S")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may open a section; offsets are into the stored text as in `Section`.

    `marker` is None for a heading without number, `run_in` says text follows on the same line,
    `item` that it reads as an entry of a list, not as a heading; `firm` that the format marks it.
    """

    index: int
    marker: Marker | None
    start: int
    heading_start: int
    heading_end: int
    body_start: int
    run_in: bool = False
    item: bool = False
    firm: bool = False
    level_hint: int | None = None


def find_candidates(lines: Sequence[Line], first: int, size: int) -> list[Candidate]:
    """Candidates among `lines[first:]`; `size` is the length of the stored text."""
    skipped = contents(lines) | _attachment_list(lines, first)
    skipped -= {i for i in skipped if _attached_table(lines, i)}
    found: list[Candidate] = []
    for i in range(first, len(lines)):
        line = lines[i]
        if line.table or i in skipped or _LEADER.search(line.text):
            continue
        marker = _attached_table(lines, i) or read_marker(line.text)
        candidate = _numbered(line, i, marker, size) if marker else _plain(lines, i, first, size)
        if candidate:
            found.append(candidate)
    return found


def _attached_table(lines: Sequence[Line], i: int) -> Marker | None:
    """The marker of a line that titles an attached table, or None."""
    text = lines[i].text
    if i + 1 >= len(lines) or not lines[i + 1].table or len(text) > _MAX_OWN or "。" in text:
        return None
    found = _ATTACHED_TABLE.match(text)
    return Marker(Style.ATTACHMENT, 0, 0) if found else None


def _numbered(line: Line, index: int, marker: Marker, size: int) -> Candidate | None:
    text = line.text
    if marker.style is Style.ATTACHMENT:
        return Candidate(index, marker, line.start, line.start, line.end, min(line.next, size))
    if not _CJK.search(text, marker.length) and not re.search(
        r"[A-Za-z]{3}", text[marker.length :]
    ):
        return None
    length = heading_length(text[marker.length :])
    body = marker.length + length
    while body < len(text) and text[body] in "。：:；;.！？!?—， ,　":
        body += 1
    run_in = body < len(text)
    start = line.start + marker.length
    return Candidate(
        index,
        marker,
        line.start,
        start,
        start + length,
        line.start + body if run_in else min(line.next, size),
        run_in,
        _is_item(text[marker.length :], length, marker.style, run_in),
        line.bold and not run_in,
        line.level or None,
    )


def heading_length(rest: str) -> int:
    """Characters of the heading at the start of `rest` (a line after its number).

    It goes up to the first full stop or colon outside brackets; a sentence too long for a heading
    is cut at a clause boundary.
    """
    masked = _BRACKETS.sub(lambda m: "〇" * len(m[0]), rest)
    stop = _STOP.search(masked, 1)
    length = stop.start() if stop else len(rest)
    if length > (_MAX_RUN_IN if stop else _MAX_OWN):
        clauses = [m.start() for m in _CLAUSE.finditer(masked, 4, _CUT_AT)]
        # Two clauses make the usual couplet (强化…，筑牢…).
        length = clauses[:2][-1] if clauses else _CUT_AT
    return len(rest[:length].rstrip("；;，,、 　.．"))


def _is_item(rest: str, length: int, style: Style, run_in: bool) -> bool:
    """Whether numbered text reads as an entry of a list rather than as a heading."""
    if rest[-1] in "；;" and not run_in:
        return True
    if style <= Style.CHINESE:
        return False
    heading, after = rest[:length], rest[length : length + 4]
    figure = _FIGURE.search(_BRACKETS.sub("", heading)) is not None
    if not after:
        return figure and style is not Style.CHINESE_PAREN
    cut = after[0] in "，,、；;" and "一是" not in after
    clauses = len(_CLAUSE.findall(heading)) - heading.count("、")
    sentence = style is not Style.CHINESE_PAREN and _SENTENCE.search(heading) is not None
    return cut or figure or sentence or clauses > 3


def _plain(lines: Sequence[Line], i: int, first: int, size: int) -> Candidate | None:
    """A heading without number: a short line that ends like no sentence, with text after it."""
    line = lines[i]
    text = line.text
    hint = line.level or None
    if not 2 <= len(text) <= (_MAX_OWN if hint else _MAX_PLAIN):
        return None
    firm = bool(hint or line.bold or (line.centered and len(_CJK.findall(text)) >= 3))
    if (not hint and _NOT_PLAIN.search(text)) or is_date_line(text) or _FIGURE.search(text):
        return None
    if not hint and (len(_CJK.findall(text)) < 4 or is_organisation(text)):
        return None
    if not _has_text_after(lines, i) or (not firm and not _follows_an_end(lines, i, first)):
        return None
    return Candidate(
        i,
        None,
        line.start,
        line.start,
        line.start + len(text.rstrip("。：:")),
        min(line.next, size),
        firm=firm,
        level_hint=hint,
    )


def _has_text_after(lines: Sequence[Line], i: int) -> bool:
    if i + 1 >= len(lines) or lines[i + 1].table:
        return False
    if lines[i].level or lines[i + 1].level:
        return True
    # The title of a whole part may be followed at once by its first sub-heading.
    step = 2 if opens_part(lines[i].text) and i + 2 < len(lines) else 1
    following = max(lines[i + 1 : i + 1 + step], key=lambda line: len(line.text)).text
    return len(following) >= 20 or following[-1] in "。；：;:" or read_marker(following) is not None


def _follows_an_end(lines: Sequence[Line], i: int, first: int) -> bool:
    """Whether the line before is a finished sentence or a heading, so this one starts afresh."""
    if i <= first:
        return True
    before = lines[i - 1].text
    return (
        before[-1] in "。；：！？;:.!?”）)" or read_marker(before) is not None or opens_part(before)
    )


def contents(lines: Sequence[Line]) -> frozenset[int]:
    """Indices of a table of contents: after 目录, lines that end in a page number or come again."""
    opening = next(
        (i for i in range(min(len(lines), 60)) if _CONTENTS.fullmatch(lines[i].text)), None
    )
    if opening is None:
        return frozenset()
    counts: dict[str, int] = {}
    for line in lines[opening:]:
        key = _without_page(line.text)
        counts[key] = counts.get(key, 0) + 1
    end = opening + 1
    while end < len(lines):
        text = lines[end].text
        if not _LEADER.search(text) and counts[_without_page(text)] < 2:
            break
        if end > opening + 1 and _without_page(text) == _without_page(lines[opening + 1].text):
            break
        end += 1
    return frozenset(range(opening, end))


def _without_page(text: str) -> str:
    return re.sub(r"\s", "", _LEADER.sub("", text)).rstrip(".…·．。")


def _attachment_list(lines: Sequence[Line], first: int) -> frozenset[int]:
    """Indices of the list of attachments (附件：1.… and the numbered lines under it)."""
    skipped: set[int] = set()
    inside = False
    for i in range(first, len(lines)):
        text = lines[i].text
        marker = read_marker(text)
        if _ATTACHED.match(text) and not (marker and marker.style is Style.ATTACHMENT):
            inside = True
        elif text.rstrip(" 　") in {"附件：", "附件:"} and i + 1 < len(lines):
            following = read_marker(lines[i + 1].text)
            inside = following is not None and following.style is Style.ARABIC
        elif inside and not (marker and marker.style is Style.ARABIC and "。" not in text):
            inside = False
        if inside:
            skipped.add(i)
    return frozenset(skipped)

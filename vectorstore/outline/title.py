"""The head of a document: title over one or more lines, byline, addressee."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vectorstore.outline.dates import is_date_line, last_date, years
from vectorstore.outline.lines import Line, squeeze
from vectorstore.outline.numbering import Style, read_marker
from vectorstore.outline.organisation import clean_name, is_organisation, organisation_in_title

__all__ = ["Head", "read_head"]

_MAX_HEAD = 40  # lines looked at; menus of a saved web page may stand before the title
_MAX_TITLE = 120  # characters of a joined title

# Particulars that stand around a title; what is only web furniture is gone before (`clean`).
_LABEL = re.compile(
    r"[-•·|\s【\[]*(?:索\s*引\s*号|发文(?:机关|字号|单位|日期)|发布(?:机构|日期|时间|单位)|成文日期|(?:公文)?生成日期|公开\S{2}"
    r"|(?:备注/)?文\s*号|(?:信息|文章)?来\s*源|作\s*者|字\s*[体号]|当前位置|您\S{0,6}位置|主题(?:分类|词)|有\s*效\s*性|名\s*称"
    r"|标\s*题|签发人|密\s*级|紧急程度|(?:更新)?时间|日期|今天是)\s*[】\]]?\s*[:：【\[|]"
)
_PUBLISHER = re.compile(
    r"[-•·|\s]*[【\[]?\s?(?:发布机构|发文机关|发文单位|发布单位)\s?[】\]]?\s*[:：]?[\s|]*([^\s|]+)"
)
# [砚政发〔2026〕7号]砚渚市…的报告: the number is no part of the title.
_LEADING_NUMBER = re.compile(
    r"[\[【（(]?[^\s\[〔【]{2,12}〔20\d\d〕\s?\d+\s?号\s?[\]】）)]?\s*(?=\S)"
)
_TRAILING_LABEL = re.compile(r"\s{1,4}-?\s{0,4}(?:文\s*号|分\s*类|名\s*称)\s*[:：]\s*$")
_DOCUMENT_NUMBER = re.compile(r"\S{1,20}[〔\[（(【]\s*20\d\d\s*[〕\]）)】]\s*第?\s*\d+\s*号$")
_FURNITURE = re.compile(
    r"[>›»]|https?:|www\.|此件|^附\s*件|发文日期|发布时间|打印|浏览次数|无障碍|门户网站|网站首页"
    r"|^\S{2,8}(?:政务|政府|信息|门户)网站?$"
)
_GRID = re.compile(r"\|?[^|]*[:：]\s*\|.*|\|(?:[^|]*\|){2,}|[^|]+\|[^|]*\|[^|]*\|?")
# What opens a paragraph, even where the line ends without a stop.
_NO_TITLE = re.compile(
    r"(?:20\d\d年度?(?:以来)?|一年来|今年以来)?[，,]|20\d\d年以来|(?:根据|按照|为了?)[^，,]*[，,]"
)
_WORD = re.compile(r"[^\W\d_]")
_LETTERHEAD = re.compile(r"(\S{4,40}?)文\s*件$")
_END = re.compile(
    r"(?:报告|总结|汇报|情况|述职|述法|安排|计划|要点|方案|规划|通知|意见|说明|公告|通告|决定|办法|规定|细则"
    r"|条例|批复|请示|纲要|清单|简报|综述|打算|讲话|发言|预算|决算|年报|白皮书|解读|台账|函|书)"
    r"(?:[（(][^（）()]{1,16}[）)])?$"
)
_CONTINUES = re.compile(
    r"(?:的|和|及|与|暨|建设|年度|情况|工作|报告|总结|汇报|委员会|办公室|政府|度)"
)
_SPEAKER = re.compile(
    r"(\S{2,20}(?:政府|局|委员会|委|院|厅))"
    r"(?:[省市州县区旗镇乡局院厅]长|主任|主席|书记)[\s　]*\S{0,4}$"
)
_YEAR_BELOW = re.compile(r"[（(]\s*(?:20\d\d|二[〇零○]\S{2})\s*年度?\s*[）)]")
_SUBTITLE = re.compile(r"——|[（(][^（）()]{1,20}[）)]$")
_SUBJECT = re.compile(r"法治|依法")
_NOT_ADDRESSEE = re.compile(r"如下|现将|报告|汇报|责任编辑|来源|时间|下载|日期|联系|您")
_STOPS = "。！？；;!?"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the body. `body` is the index of the first line that is not of the head.

    `title` is joined without its line breaks, "" when there is none. `bylines` are names of
    organisations printed around the title, most telling first; `day` is a day printed under it.
    """

    title: str
    addressee: str
    day: date | None
    bylines: tuple[str, ...]
    body: int


def read_head(lines: Sequence[Line]) -> Head:
    """Read the head of a document from its non-blank lines."""
    stop = _head_end(lines)
    usable = [i for i in range(stop) if not _is_particulars(lines[i])]
    chosen = _title_lines(lines, usable)
    title = _join([lines[i].text for i in chosen])
    body = chosen[-1] + 1 if chosen else (0 if not usable else usable[0])
    addressee, day, bylines = "", None, _publishers(lines[:stop])
    for i in range(body, stop):
        text = lines[i].text
        if _is_addressee(text) and not _LABEL.match(text):
            addressee, body = text.rstrip(":： "), i + 1
            break
        if is_organisation(text) and chosen:
            bylines.insert(0, clean_name(text))
        elif speaker := _SPEAKER.match(text):
            bylines.insert(0, speaker[1])
        elif not (_is_particulars(lines[i]) or _SUBTITLE.match(text) or _repeats(text, title)):
            break
        day = last_date(text) or day
        body = i + 1
    return Head(title, addressee, day, tuple(bylines), body)


def _head_end(lines: Sequence[Line]) -> int:
    """Index of the first line that must be body: a numbered heading or a full sentence."""
    for i, line in enumerate(lines[:_MAX_HEAD]):
        marker = read_marker(line.text)
        if line.table or len(line.text) > 70 or line.text == "目录":
            return i
        if marker and marker.style not in {Style.ATTACHMENT, Style.ARABIC}:
            return i
        if "。" in line.text and not _is_particulars(line):
            return i
    return min(len(lines), _MAX_HEAD)


def _is_particulars(line: Line) -> bool:
    """Whether a line of the head says when, where or under what number, not what."""
    text = line.text
    return bool(
        _LABEL.match(text)
        or _GRID.fullmatch(text)
        or is_date_line(text)
        or _DOCUMENT_NUMBER.match(text)
        or _LETTERHEAD.fullmatch(text)
        or _FURNITURE.search(text)
        or not _WORD.search(text)
    )


def _is_addressee(text: str) -> bool:
    return text[-1] in ":：" and len(text) <= 60 and not _NOT_ADDRESSEE.search(text)


def _publishers(lines: Sequence[Line]) -> list[str]:
    found = []
    for line in lines:
        match = _PUBLISHER.match(line.text) or _LETTERHEAD.fullmatch(line.text)
        if match and is_organisation(match[1]):
            found.append(clean_name(match[1]))
    return found


def _title_lines(lines: Sequence[Line], usable: Sequence[int]) -> list[int]:
    """Indices of the title's lines, chosen among the usable lines of the head."""
    best: tuple[int, list[int]] = (-1, [])
    for position, i in enumerate(usable):
        if not _ends_title(lines, usable, position):
            continue
        group = _group(lines, usable, position)
        title = _join([lines[k].text for k in group])
        rank = _rank(title) + 2 * (lines[i].level == 0)
        if rank >= best[0]:
            best = (rank, group)
    chosen = best[1] or _unmarked(lines, usable)
    after = chosen[-1] + 1 if chosen else 0
    if after in usable and _YEAR_BELOW.fullmatch(lines[after].text):
        chosen = [*chosen, after]
    return chosen


def _ends_title(lines: Sequence[Line], usable: Sequence[int], position: int) -> bool:
    """Whether a line ends as titles do, by itself or, when it is a scrap, with the one before."""
    text = lines[usable[position]].text
    if len(text) <= 2 and position:
        text = lines[usable[position - 1]].text + text
    return _END.search(_join([text])) is not None


def _group(lines: Sequence[Line], usable: Sequence[int], position: int) -> list[int]:
    """The lines that end at `usable[position]` and make one title."""
    group = [usable[position]]
    for back in range(position - 1, max(position - 4, -1), -1):
        i, text = usable[back], lines[usable[back]].text
        so_far = _join([lines[k].text for k in group])
        complete = bool(_END.search(_join([text]))) and not _CONTINUES.match(so_far)
        jointly = is_organisation(text) and (
            text.endswith(("委", "委员会")) or so_far.startswith("关于")
        )
        if i != group[0] - 1 or complete or (_stands_alone(so_far) and not jointly):
            break
        if text[-1] in _STOPS + ":：" or len(text) + len(so_far) > _MAX_TITLE:
            break
        group.insert(0, i)
    return group


def _stands_alone(title: str) -> bool:
    return bool(organisation_in_title(title)) and not _CONTINUES.match(title)


def _unmarked(lines: Sequence[Line], usable: Sequence[int]) -> list[int]:
    """A title that ends in no usual word: centred or heading-styled lines, else a short first."""
    hinted = [i for i in usable if lines[i].level == 0]
    hinted = hinted or [i for i in usable if lines[i].centered or lines[i].level == 1]
    hinted = [i for i in hinted if not _NO_TITLE.match(lines[i].text)]
    if hinted:
        return _run(hinted, hinted[0])
    for i in usable[:1]:
        if _NO_TITLE.match(lines[i].text):
            return []
        if len(lines[i].text) <= 50 and lines[i].text[-1] not in _STOPS + ":：，,、":
            return [i]
    return []


def _run(indices: Sequence[int], first: int) -> list[int]:
    run = [first]
    for i in indices:
        if i == run[-1] + 1:
            run.append(i)
    return run


def _rank(title: str) -> int:
    return 3 * bool(years(title)) + 2 * bool(_SUBJECT.search(title)) + 2 * _stands_alone(title)


def _repeats(text: str, title: str) -> bool:
    return len(text) >= 4 and text in title


def _join(texts: Sequence[str]) -> str:
    """Join title lines; Chinese needs no space at a break, other scripts do."""
    joined = ""
    for text in texts:
        gap = " " if joined and joined[-1].isascii() and text[0].isascii() else ""
        joined += gap + text
    numbered = _LEADING_NUMBER.match(joined)
    return squeeze(_TRAILING_LABEL.sub("", joined[numbered.end() :] if numbered else joined))

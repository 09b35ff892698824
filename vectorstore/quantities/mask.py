"""What holds numerals and is no figure: titles, document numbers, quoted and fixed phrases, dates.

Works on folded text (`vectorstore.clean.fold`), whose offsets are those of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from vectorstore.quantities.dates import CHINESE_DATE, DIGIT_DATE
from vectorstore.quantities.numerals import NUMERAL_CHARS
from vectorstore.quantities.words import read_data
from vectorstore.types import QuantityKind

__all__ = ["Masked", "code_at", "is_duration", "mask_at", "mask_spans"]

_ONE = "[一二两三四五六七八九十百双]"
_TITLE = re.compile(r"《[^《》\n]{0,120}(?:《[^《》\n]*》[^《》\n]{0,60})*》")
_DOCUMENT_NUMBER = re.compile(r"[\[(](?:19|20)\d\d[\])] ?(?:第? ?\d+(?:-\d+)? ?号)?")
_QUOTED = re.compile(r"[“「『](?P<inner>[^“”「」『』\n]{1,30})[”」』]")
_STRAIGHT = re.compile(r'"(?P<inner>[^"\n]*)"')
_ORDINAL = re.compile(f"第[0-9{NUMERAL_CHARS}]+")
# Words in which a numeral counts nothing: “尺度不够统一” is no phrase.
_WORD = re.compile(
    "统一|单一|唯一|专一|逐一|之一|万一|不一|进一步|一(?:些|定|致|般|样|直|旦|味|贯|并|同|道|系列|体化)"
    "|千万|千方百计|百姓|百货|万物|十[分足]"
)
_SENTENCE_MARK = re.compile("[,。;:!?]")
_HAS_NUMERAL = re.compile(f"[0-9{NUMERAL_CHARS}双]")
_PRINTED_FIGURE = re.compile(r"\d ?(?:[万亿]?元|件|起|份|人次|场|户次|家)")
# 50岁以上的19名, 10人以上集体争议: who is meant, no figure of its own.
_WHO = re.compile(
    r"\d{2} ?周?岁(?:\(含\))?(?:及?以[上下]|以内)?"
    r"(?=的?[\u4e00-\u9fff]{0,6}\d)"
    r"|\d{1,4} ?人(?:及?以上)的?(?=集体|群体|聚集)"
)
_FORMULA = re.compile(r"[0-9NnXx]+(?:\+[0-9NnXx]+)+(?:[>=≥][0-9NnXx]+)?")
_CODE = re.compile(
    r"(?!\d+(?:\.\d+)?(?:[uμm]g/|dB))(?:\d+(?:\.\d+)?[A-Za-z]+\d*|\d+(?:\.\d+)?版|\d{3,4}-\d{7,8}|\d+(?:-\d+)?号)"
)
_DAYS = re.compile(r"\d{1,3} ?日")
# What a number of days follows; 截止期限为15日 and 办理时间为12日上午 are days of a month.
_DURATION_BEFORE = re.compile(
    "(?:(?:控制|保持|稳定|维持)(?:在|到)|法定|承诺|(?:压缩|缩短|缩减|压减|提速)(?:至|到|为)?"
    "|(?:降|减|减少|降低|精简)(?:至|到|为)|减少"
    "|平均(?:提前|提速|加快|需要?|为)?|(?<!截止)(?<!最后)(?:时限|期限|周期|时长)(?:为|是|:)?"
    "|(?:办理|审批|审查|审核|审理|审结|办结|办案|答复|回复|反馈|处理|处置|等候|等待|出证|出件)时间(?:为|是|:)?"
    "|用时|耗时|历时|原来的|仅需?|只需|不超过|不少于|延长|学习|培训|集训|轮训|研讨|为期|停业|拘留)"
    "(?:的|共|了|时间|约|近|仅|只需)?$"
)
_DURATION_AFTER = re.compile(
    "压缩|缩短|缩减|压减|减少|减至|减到|减为|降至|降到|降为|降低|精简|提速|延长|办结|以内|之内|以上|以下"
)
_OF_A_MONTH = re.compile("[上下]午|晚|起|召开|举行|举办|开始|结束|截止")
_AROUND_THE_CLOCK = re.compile(
    "7 ?[xX×*·] ?24(?: ?小时)?|24 ?小时(?=值班|值守|在线|服务|自助|热线|不间断|应急|备勤|轮|全天"
    "|畅通|开通|咨询|不打烊|政务|带班|响应|监控|监测|专人|电话)|365 ?天(?=不|全年|,?24)"
    r"|\d{1,2} ?(?:分钟|小时)[^,。;、\d\s]{0,6}圈"
)


@dataclass(frozen=True, slots=True)
class Masked:
    """A span without figures; `kind` is None when it is not kept either."""

    start: int
    end: int
    kind: QuantityKind | None


@dataclass(frozen=True, slots=True)
class _Phrases:
    at_numeral: re.Pattern[str]
    elsewhere: re.Pattern[str]


@cache
def _phrases() -> _Phrases:
    led: list[str] = []
    other: list[str] = []
    for phrase in sorted(read_data("phrases.yaml")["phrases"], key=len, reverse=True):
        source = phrase.replace("#", _ONE)
        (led if phrase[0] in "#十[(" else other).append(source)
    return _Phrases(re.compile("|".join(led)), re.compile("|".join(other)))


def _quoted(text: str, view: str) -> list[Masked]:
    found = list(_QUOTED.finditer(text))
    if '"' in text or "＂" in text:
        straight = text.translate({ord("＂"): '"'})
        found += [m for m in _STRAIGHT.finditer(straight) if len(m["inner"]) <= 30]
    spans = []
    for match in found:
        inner = view[match.start("inner") : match.end("inner")]
        if not _HAS_NUMERAL.search(inner) or _PRINTED_FIGURE.search(inner):
            continue
        if _SENTENCE_MARK.search(inner) and not inner.startswith("双随机"):
            continue
        at = match.start("inner")
        date = DIGIT_DATE.match(inner) or CHINESE_DATE.fullmatch(inner)
        if date:
            spans.append(Masked(at, at + date.end(), QuantityKind.DATE))
        elif _HAS_NUMERAL.search(_WORD.sub("", _ORDINAL.sub("", inner))):
            spans.append(Masked(at, match.end("inner"), QuantityKind.PHRASE))
    return spans


def mask_spans(text: str, view: str) -> list[Masked]:
    """Titles, document numbers, quoted phrases and phrases that start with a word; in order."""
    spans = [Masked(m.start(), m.end(), None) for m in _TITLE.finditer(view)]
    spans += [Masked(m.start(), m.end(), None) for m in _DOCUMENT_NUMBER.finditer(view)]
    spans += _quoted(text, view)
    elsewhere = _phrases().elsewhere
    spans += [Masked(m.start(), m.end(), QuantityKind.PHRASE) for m in elsewhere.finditer(view)]
    spans.sort(key=lambda span: (span.start, -span.end))
    kept: list[Masked] = []
    for span in spans:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def mask_at(view: str, at: int) -> Masked | None:
    """The date, phrase or code that starts with the numeral at `at`, if it is one."""
    if view[at] in "0123456789":
        if at and view[at - 1] in "0123456789":
            return None
        for pattern, kind in (
            (_FORMULA, QuantityKind.PHRASE),
            (_WHO, QuantityKind.PHRASE),
            (_AROUND_THE_CLOCK, QuantityKind.PHRASE),
            (DIGIT_DATE, QuantityKind.DATE),
        ):
            found = pattern.match(view, at)
            if found:
                return Masked(at, found.end(), kind)
        return None
    for pattern, kind in (
        (_phrases().at_numeral, QuantityKind.PHRASE),
        (CHINESE_DATE, QuantityKind.DATE),
    ):
        found = pattern.match(view, at)
        if found:
            return Masked(at, found.end(), kind)
    return None


def is_duration(view: str, mask: Masked) -> bool:
    """法定20日, 缩短至3日, 控制在2日: so many days, no date."""
    if not _DAYS.fullmatch(view, mask.start, mask.end):
        return False
    if _DURATION_AFTER.match(view, mask.end):
        return True
    led = _DURATION_BEFORE.search(view, max(0, mask.start - 10), mask.start)
    return bool(led) and not _OF_A_MONTH.match(view, mask.end)


def code_at(view: str, at: int) -> int:
    """Where the code (5G, 2.0版, 18号, a telephone number) that starts at `at` ends, or `at`."""
    found = _CODE.match(view, at)
    return found.end() if found else at

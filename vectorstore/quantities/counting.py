"""Whether a single Chinese numeral before a measure word counts (查处一起) or not (最多跑一次)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from vectorstore.quantities.words import alternation, load_words

__all__ = ["is_count"]

# 第三次, 每一项, 这两年, 上述五个, 前三名: an ordinal or a reference.
_REFERS = frozenset("第每某同任哪这那该另逐唯单统首头再又述数几")
_ONE_UNITS = frozenset("件起宗例名人家户份次场期轮项篇册所条处例届堂个支部")
# One of these is mostly a manner of speaking (一个平台, 一套机制): it needs a firmer context.
_LOOSE = frozenset(["项", "个", "支", "条", "部", "套", "张", "批", "种", "类", "本", "块", "面"])
_FIRM = re.compile(
    r"(?:共有?|仅有?|只有|各|各有|还有|另有|其中|至少|少于|低于|超过|新增|减少|增加)了?$"
)
_EVERY = re.compile(r"每(?:半?年|季度?|月|周|日|天|旬)[^,。;]{0,8}$")
_CASE = re.compile(r"[^,。;、]{0,10}?(?:案|事故|纠纷|投诉|诉讼|事件|复议|举报|信访|线索)")
_EACH = re.compile("每[^,。;]{1,12}$")
_NONE = re.compile("(?:无|未|没有|从未|不)(?:发生|出现|引发|发现|有|接到|收到|因)?(?:过|了)?$")
_COUNTABLE = frozenset("件宗例名人份场期次处座家所户")
_SLOGAN = re.compile('"[^"\n]{1,12}"(?=[,。;:、!]|$)')  # 四个“最”, 五个“统一”：: how things are put
_RUN_ERRANDS = re.compile("[跑办]$")


@dataclass(frozen=True, slots=True)
class _Context:
    counts: re.Pattern[str]
    noun: re.Pattern[str]
    slogan: re.Pattern[str]
    layout: re.Pattern[str]


@cache
def _context() -> _Context:
    words = load_words()
    return _Context(
        counts=re.compile(f"(?:{alternation(words.count_verbs)}|有|共|计|仅|各|达|为)(?:了|过)?$"),
        noun=re.compile(f"(?:{alternation(words.count_nouns)})$"),
        slogan=re.compile(f"(?:{alternation(words.slogan_verbs)})好?(?:了|着)?$"),
        layout=re.compile(alternation(words.layout_nouns)),
    )


def is_count(view: str, span: tuple[int, int], number: str, unit: str) -> bool:
    """Whether `number` + `unit` at `span` of the folded text counts something.

    Asked only of numerals of one Chinese character.
    """
    start, end = span
    if view[start - 1 : start] in _REFERS and start:
        return False
    before, context = view[max(0, start - 12) : start], _context()
    if context.layout.match(view, end) or _SLOGAN.match(view, end):
        return False
    if number == "一":
        return _one(view, before, end, unit)
    if unit == "类" and number in "二三" and not _FIRM.search(before):
        return False
    return not (unit in _LOOSE and context.slogan.search(before))


def _one(view: str, before: str, end: int, unit: str) -> bool:
    context = _context()
    if _NONE.search(before) or (_EACH.search(before) and not _EVERY.search(before)):
        return False
    verb = bool(context.counts.search(before))
    if unit not in _ONE_UNITS:
        return unit in ("个月", "个工作日", "小时", "天") and verb
    if unit == "起":
        return bool(_CASE.match(view, end)) or verb or bool(context.noun.search(before))
    if _FIRM.search(before) or unit in _LOOSE:
        return bool(_FIRM.search(before))
    if verb or _EVERY.search(before):
        return not (before.endswith("为") and unit in ("名", "份", "场"))
    closes = end >= len(view) or view[end] in ",。;、)\n"
    return closes and unit in _COUNTABLE and not _RUN_ERRANDS.search(before)

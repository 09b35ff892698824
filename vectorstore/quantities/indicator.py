"""The phrase each figure measures, with its parent where the text enumerates parts.

Goes through a text figure by figure and remembers, within a sentence, what the figures before
measured: the object of a bare verb and the subject of a change come from there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from vectorstore.quantities import phrase
from vectorstore.quantities.compare import average, change, earlier, goal, respectively, turned
from vectorstore.quantities.context import Context, readable
from vectorstore.quantities.figure import Figure
from vectorstore.quantities.parts import RATES
from vectorstore.quantities.said import Said
from vectorstore.quantities.site import Site, borrow, site_of
from vectorstore.quantities.words import load_words
from vectorstore.types import Dimension, QuantityKind

__all__ = ["find_indicators"]

_LINK = re.compile(r"^[、,和及与\s]*$")
_SHARE = re.compile("^(?P<part>.*?)占")
# 审核人员25人，达到执法人员总数的5%: the share of the figure before.
_OF_TOTAL = re.compile("(?:^|[,\\s])(?:达到?|为|是|约)+[^,;。]{2,14}?总(?:数|量|人数|额)的$")
# 党组会议5次专题研究…: what a meeting was about stands after the figure.
_MEETING = re.compile("(?:会议?|班子)$")
_DELIBERATES = re.compile(
    "(?:专题|集体|先后)*(?:研究|学习|听取|审议|传达|部署|讨论)[^,;。、和及与]{2,}"
)
# 存在的3个问题, 下属3家事业单位: the noun comes after the figure.
_MODIFIES = re.compile(r"(?:的|下属|所属|直属|机关|辖区|辖内|系统|基层|等)\s*$")
# 审批29宗用地、3个方案: a separator parts the words before it from the figure after it.
_SEPARATOR = "(?:、|以及|(?<![共总])和|(?<![涉普惠顾])及|(?<![参])与)"
_SEPARATED = re.compile(rf"[^、\s]{_SEPARATOR}\s*$")
# 组织民警进行2次考试: who was made to do it is not what was done.
_AGENT = re.compile(
    "(?:组织|安排|指导|督促|引导|动员|聘请|邀请|委托)[^,;。、]{2,12}(?:进行|开展|参与)了?$"
    "|[员人警工师]分$"
)
_HONOURED = re.compile("获|荣|入选|当选|被|考取|取得")
_SHARE_BEFORE = re.compile("占[^,;。]{0,16}$")
_STILL = re.compile("(?:正?在|仍|尚|未)[^,;。]{1,8}|参加|参与|参训|到场")
# 负责人100%出庭应诉, 执法人员100%持证上岗: who, and what all of them did.
_DID = re.compile("[\\u4e00-\\u9fff]{2,8}")
_RATE_ENDS = frozenset(("", *"率度比重例"))
_ALL = 100
_BASIS = re.compile(r"(?:较|比|与|同)(?:去年|上年度?|\x01+|上一年度?)(?:同期)?的?$")
_WORDS = re.compile(
    "(?:其中|包括|包含|含|共|[、,\\s])*(?P<word>(?!全年|累计|合计|总计|共计)[^\x01-\x7f、。]{2,})$"
)
_ACTION = re.compile("(?:进行|开展|实施)了?(?P<what>[^\\d,;。、和及并]{2,8})")


@dataclass(frozen=True, slots=True)
class _Rules:
    bare_rates: frozenset[str]
    complete: frozenset[str]
    borrowing: frozenset[str]


@cache
def _rules() -> _Rules:
    words = load_words()
    return _Rules(
        frozenset(words.bare_rates),
        frozenset(words.complete_verbs),
        frozenset(words.borrowing_nouns),
    )


def find_indicators(context: Context, figures: Sequence[Figure]) -> list[str]:
    """One indicator for each figure (empty for dates and phrases), in order."""
    found = [""] * len(figures)
    counted = [n for n, f in enumerate(figures) if f.kind is QuantityKind.QUANTITY]
    said, sentence, previous = Said(), -1, None
    for position, index in enumerate(counted):
        figure = figures[index]
        here = context.sentence(figure.start)[0]
        if here != sentence:
            said, sentence, previous = Said(), here, None
        after = counted[position + 1] if position + 1 < len(counted) else None
        following = figures[after] if after is not None else None
        limits = (here, previous.end if previous else here)
        site = site_of(context, figure, limits, following=following, said=said)
        between = context.view[previous.end if previous else here : figure.start]
        name, noun = _name(site, said)
        found[index] = said.parts.place(figure, name, between)
        chained = between.lstrip().startswith(("、", "和", "及")) and bool(said.nouns)
        said.add(figure, name, "" if chained else noun)
        previous = figure
    return found


def _name(site: Site, said: Said) -> tuple[str, str]:
    """The indicator without parent, and the noun that later bare verbs refer back to."""
    if said.waiting and _LINK.match(site.left):
        name = said.waiting.pop(0)
        return name, name
    if said.waiting and (name := turned(said.waiting[0], site.left)):
        said.waiting.pop(0)
        return name, name
    based, said.based = said.based, bool(_BASIS.search(site.left))
    if said.based:
        site = replace(site, left=_BASIS.sub("", site.left))
    said.waiting = respectively(site, said)
    if said.waiting:
        name = said.waiting.pop(0)
        return name, name
    name = said.summed(site.figure, site.left) or goal(site, said) or average(site, said)
    if name:
        return name, name
    changed = earlier(site, said) or change(site, said, based)
    if changed:
        return changed, said.nouns[-1] if said.nouns else changed
    return _plain_name(site, said)


def _plain_name(site: Site, said: Said) -> tuple[str, str]:
    core = _core(site, said)
    noun = readable(core.noun)
    if noun and noun not in _rules().borrowing:
        whole = core.verb + core.noun
        whole = core.noun if len(whole) > phrase.LONGEST >= len(core.noun) else whole
        return readable(phrase.shorten(whole)), noun
    if core.verb in _rules().complete:
        return core.verb, core.verb
    object_ = borrow(site, said)
    if not (noun or core.verb or object_):
        place = _WORDS.match(site.left)  # 其中城区102起: the place is the part
        noun = place["word"] if place else ""
    if noun:
        object_ = object_.removesuffix("立案") or object_
    still = _STILL.match(site.right)
    rest = core.verb + noun or (still.group() if still else "")
    name = object_ if object_.endswith(rest) else object_ + rest
    return readable(phrase.shorten(name)), object_ or name


def _core(site: Site, said: Said) -> phrase.Core:
    """The words before the figure or those after it, whichever it counts."""
    before = phrase.before(site.left)
    rate = site.figure.dimension in RATES
    if rate:
        return _rate(site, said, before)
    if _AGENT.search(site.left):
        before = phrase.Core("", "")
    elif _SEPARATED.search(site.left):
        before = phrase.Core(before.verb, "")
    right = site.right.lstrip()
    about = _DELIBERATES.match(right)
    if about and not (site.shared or before.verb) and _MEETING.search(before.noun):
        return phrase.Core("", phrase.shorten(before.noun) + about.group())
    of = right.startswith("的")
    if not phrase.is_noun(right) and not of:
        return before if any(before) else _done(site, right)
    listed = site.shared and bool(_SEPARATED.search(site.right))
    modifies = listed or bool(_MODIFIES.search(site.left))
    if not modifies and before.noun and (before.verb or site.shared or of):
        return before
    return _counted(site, said, before, right)


def _rate(site: Site, said: Said, before: phrase.Core) -> phrase.Core:
    """A rate is named by the words before it, a share by what is a share, else by what follows."""
    if shared := _shared_rate(site, said, before):
        return phrase.Core("", shared)
    right = site.right.lstrip()
    if site.figure.value == _ALL and before.noun[-1:] not in _RATE_ENDS and _DID.fullmatch(right):
        return phrase.Core(before.verb, before.noun + right)
    counted = right.startswith("的") or phrase.is_noun(right)
    if not counted or (before.noun and not _MODIFIES.search(site.left)):
        return before
    return _counted(site, said, before, right)


def _shared_rate(site: Site, said: Said, before: phrase.Core) -> str:
    """What the rate is a share of, or ""."""
    latest = said.latest_count()
    if _OF_TOTAL.search(site.left) and latest:
        return f"{latest}占比"
    share = _SHARE.match(before.noun)
    if share:
        return f"{phrase.strip_lead(share['part']) or latest}占比"
    if before.noun in _rules().bare_rates and said.nouns:
        return said.nouns[-1].removesuffix("办结") + before.noun
    if not any(before) and _SHARE_BEFORE.search(site.context.view, site.sentence, site.start - 1):
        return f"{latest}占比"
    return ""


def _counted(site: Site, said: Said, before: phrase.Core, right: str) -> phrase.Core:
    """The noun after the figure, named by the verb before it or by what became of it."""
    counted = right.rpartition("、")[0] if site.shared and "、" in right else right
    if site.shared and counted is right and (end := _SEPARATED.search(right)):
        counted = right[: end.start() + 1]
    after = phrase.after(counted)
    if not after.noun:
        return before
    if site.figure.dimension not in RATES:
        after = phrase.without_idle(after)
    if counted is not right:
        said.used = site.figure.end + len(site.right) - len(right) + len(counted)
        after = phrase.Core(_shared_action(site) or after.verb, after.noun)
    if phrase.is_general(after.noun) and before.noun:
        return phrase.Core(before.verb, phrase.shorten(before.noun) + after.noun)
    if before.verb:
        return phrase.Core(before.verb, after.noun)
    return phrase.Core("", after.noun + after.verb)


def _shared_action(site: Site) -> str:
    """对3家医院、5所学校进行抽查: what was done to each of a list stands at the end."""
    view = site.context.view
    found = _ACTION.search(view, site.figure.end, site.context.clause_end(site.figure.end))
    return found["what"] if found else ""


def _done(site: Site, right: str) -> phrase.Core:
    """先后3次召开专题会议: what was done so many times stands after the figure."""
    if site.figure.dimension is Dimension.PERSON and _HONOURED.match(right):
        return phrase.Core("", readable(right))
    timed = site.figure.dimension is Dimension.OCCASION and not site.shared
    return phrase.before(right) if timed else phrase.Core("", "")

"""Figures told by comparison: changes (同比增长5%), goals and gaps, names dealt out (分别为)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from vectorstore.quantities import phrase
from vectorstore.quantities.context import readable
from vectorstore.quantities.parts import RATES
from vectorstore.quantities.said import IS_CHANGE, Said
from vectorstore.quantities.site import Site, borrow
from vectorstore.quantities.words import alternation, load_words
from vectorstore.types import DISCRETE, Dimension

__all__ = ["average", "change", "earlier", "goal", "is_gap", "respectively", "turned"]

_COMPARED = re.compile(
    r"(?P<subject>.*?)(?:(?P<same>同比)|(?P<last>环比)|(?:较|比|与|相比|相较|对比)[^,;]{0,10}?"
    r"(?:相比|同期|上年度?|去年|前年|往年|上季度|\x01+|上一年度?)(?:同期|相比)?)"
)
_BEFORE_COMPARED = re.compile(
    "(?P<subject>)(?:(?P<same>同比)|(?P<last>环比)"
    "|(?:与|同)?(?:上年度?|去年|上一年度?)(?:同期)?相比),$"
)
_RESPECTIVELY = re.compile(
    r"(?P<same>同比)?分别(?:(?P<same_>同比)|(?P<base>(?:较|比|与|同)(?:去年|上年度?|\x01+|上一年度?)(?:同期)?(?:相比)?))?"
    r"(?:(?P<share>占比?)|(?P<up>增长|上升|提高|增加|多)|(?P<down>下降|减少|降低|少)"
    r"|为|达到?|是|有|完成)?(?:了|达|为)?\s*$"
)
# 规范提升126户: what was done to so many, no change of a count.
_DEEDS = frozenset({"提升", "提高", "压缩", "缩短", "降低", "压减", "缩减"})
_CHANGE = re.compile(r"(?:同比|环比|较上年)?[增降]幅$")
_JOIN = re.compile("[、和及与]|以及")
_JOINED = re.compile(r"(?:(?:、|和|及|与|以及) ?[近约]?\d[\d.,]*[^\d,;。、和及与]{1,6})+")
_NUMBER = re.compile(r"\d[\d.,]*")
_BASIS = re.compile(r"(?:较|比|与|同)(?:去年|上年度?|\x01+|上一年度?)(?:同期)?(?:相比)?$")
_KINDS = re.compile(
    r"(?P<last>.{1,10}?)等?[两三四五六七八九\d]大?[类种](?P<noun>[\u4e00-\u9fff]{2,12})$"
)
_ANOTHER_YEAR = re.compile(r"(?:去年|上年度?|上一年度?|\x01+)(?:同期)?(?:为|是|的|仅为?)?")
_REACHED = re.compile(
    "(?:提高|提升|上升|增长|增加|下降|降低|减少|回升|跃升|攀升|升|降|增)(?:到|至|为)(?:今年的?|目前的?|\\x01+的?)?"
)
_APART = re.compile("(?:高|低|多|少)[出了]?|[高低]于")
_GAP_TO_MEAN = re.compile("[高低好优多少快慢][于过出]全[国省市县区州](?:同期)?平均(?:水平|值)?$")
_WIDER_MEAN = re.compile(
    "(?:(?:高|低|好|优|多|少|快|慢)[于过出]|[较比])(?P<circle>全[国省市县区州](?:同期)?(?:平均)?(?:水平|值)?)的?$"
)
_TO_GOAL = re.compile(
    r"(?:距离?|离|达到|完成|超过|高于|实现)?(?:了|\x01|上年|年初)*(?:确定|提出)?的?"
)
_GOAL = re.compile("的?(?:年度|年初|既定|全年|预期)?目标")
_GAP = re.compile("(?:目标|任务|计划)(?:还|尚|仍)?(?:差|少|缺)$")


@dataclass(frozen=True, slots=True)
class _Rules:
    change: re.Pattern[str]
    up: frozenset[str]


@cache
def _rules() -> _Rules:
    words = load_words()
    changes = alternation(words.change_up + words.change_down)
    return _Rules(
        re.compile(f"(?P<word>{changes})(?:率|幅度?)?(?:了|达到?|为|近|约|超过?)?$"),
        frozenset(words.change_up),
    )


def goal(site: Site, said: Said) -> str:
    """距离50家的目标还差13家: a goal and the gap to it are told of the figure before."""
    subject = said.of_unit(site.figure.unit) or said.of_unit("%")
    subject = subject if subject else said.names[-1] if said.names else ""
    if not subject:
        return ""
    if _GAP.search(site.left):
        return subject.removesuffix("目标") + "差距"
    if _TO_GOAL.fullmatch(site.left) and _GOAL.match(site.right):
        return subject + "目标"
    return ""


def respectively(site: Site, said: Said) -> list[str]:
    """A和B分别为3件和5件: the names waiting for their figures.

    抽查企业320户，联合抽查86户，分别占79%和21%: the names are those of the figures before.
    """
    left = site.left
    found = _RESPECTIVELY.search(left)
    if found is None:
        return []
    noun = phrase.before(_BASIS.sub("", left[: found.start()])).noun
    names = [readable(phrase.shorten(phrase.strip_lead(name))) for name in _JOIN.split(noun)]
    names = _with_shared_ending([name for name in names if name])
    if len(names) < 2 and len(said.names) > 1:
        wholes = _names_before(said, _joined_after(site))
        names = _parts_of(wholes, names, changed=bool(found["up"] or found["down"]))
    basis = "同比" if found["same"] or found["same_"] else "较上年" if found["base"] else ""
    way = f"{basis}增幅" if found["up"] else f"{basis}降幅" if found["down"] else ""
    suffix = "占比" if found["share"] else way
    return [name + suffix for name in names] if len(names) > 1 else []


def turned(name: str, left: str) -> str:
    """分别上升4.1%和下降11.1%: the name waiting, changed the way printed before its own figure."""
    word = _rules().change.search(_JOIN.sub("", left, 1).strip())
    changed = IS_CHANGE.search(name)
    if word is None or changed is None or word.start():
        return ""
    return name[: changed.start()] + ("增幅" if word["word"] in _rules().up else "降幅")


def _joined_after(site: Site) -> int:
    """How many figures are joined to this one: 12件、30件和5件 are three."""
    view = site.context.view
    joined = _JOINED.match(view, site.figure.end, site.context.sentence(site.start)[1])
    return 1 + len(_NUMBER.findall(joined.group())) if joined else 2


def _names_before(said: Said, count: int) -> list[str]:
    """The latest names that are no changes, as many as figures are told of them."""
    names = [name for name in said.names if name and not IS_CHANGE.search(name)]
    return (names if len(names) >= count else said.names)[-count:]


def _parts_of(wholes: list[str], own: list[str], *, changed: bool) -> list[str]:
    """案件和投诉分别12件、30件，其中食品类分别5件、8件: 案件·食品类, 投诉·食品类.

    Of changes (事故起数、伤亡人数分别下降…，其中较大事故分别下降…): 较大事故起数, 较大事故伤亡人数.
    """
    measures = [_CHANGE.sub("", whole) for whole in wholes]
    if not own:
        return measures
    part, head = own[0], own[0][-2:]
    if not changed:
        return [f"{measure}·{part}" for measure in measures]
    return [part + (measure.partition(head)[2] or measure) for measure in measures]


def _with_shared_ending(names: list[str]) -> list[str]:
    """农药、化肥、种子抽检合格率 → 农药抽检合格率, 化肥抽检合格率, 种子抽检合格率.

    食品、药品、价格三类投诉 → 投诉·食品, 投诉·药品, 投诉·价格: parts, none of them all 投诉.
    """
    if len(names) < 2:
        return names
    kinds = _KINDS.search(names[-1])
    if kinds:
        return [f"{kinds['noun']}·{name}" for name in [*names[:-1], kinds["last"]]]
    if names[-1][-1] not in "率度" or names[0][-1] in "率度":
        return names
    ending = names[-1][len(names[0]) :]
    return [name + ending for name in names[:-1]] + names[-1:]


def earlier(site: Site, said: Said) -> str:
    """办理案件26件，上年为23件; 由95.2%提高到97.4%: the same measure of another time, or ""."""
    unit = site.figure.unit
    if site.figure.dimension is Dimension.PERCENT and _REACHED.fullmatch(site.left):
        return said.of_unit(unit)
    sole = said.units.count(unit) == 1 or site.figure.dimension is Dimension.PERCENT
    return said.of_unit(unit) if sole and _ANOTHER_YEAR.fullmatch(site.left) else ""


def is_gap(said: str, dimension: Dimension) -> bool:
    """低于全省平均水平2.1个百分点: by how much it differs, no figure of the province."""
    return dimension in RATES and bool(_GAP_TO_MEAN.search(said))


def average(site: Site, said: Said) -> str:
    """人均办案179件，远高于全市平均的120件: the same measure of a wider circle, or ""."""
    points = site.figure.dimension is Dimension.PERCENTAGE_POINT
    subject = said.of_unit("%" if points else site.figure.unit)
    if points and subject and _APART.fullmatch(site.left):
        return subject + "差距"
    found = _WIDER_MEAN.search(site.left)
    if found and subject and is_gap(site.left, site.figure.dimension):
        return subject + "差距"
    return subject + found["circle"] if found and subject else ""


def _changed(site: Site, said: Said) -> str:
    """What a change without a subject is of: points of the rate before, a count of its unit."""
    if not said.names:
        return borrow(site, said)
    if site.figure.dimension is Dimension.PERCENT:
        return said.names[-1]
    points = site.figure.dimension is Dimension.PERCENTAGE_POINT
    return said.of_unit("%" if points else site.figure.unit) or said.names[-1]


def change(site: Site, said: Said, based: bool) -> str:
    """立案34起，同比增长5%: what changed, by which comparison, which way."""
    bare = site.left.rstrip()
    word = _rules().change.search(bare)
    if word is None or (site.figure.dimension is Dimension.TIME and word.group().endswith("为")):
        return ""  # 期限缩短为5日 tells how long it is now
    compared = _COMPARED.match(bare) or _BEFORE_COMPARED.search(
        site.context.view, max(site.sentence, site.start - 16), site.start
    )
    loose = len(word["word"]) == 1 or bare[: word.start()].endswith("新")
    loose = loose or (word["word"] in _DEEDS and site.figure.dimension in DISCRETE)
    if compared is None and not based and loose:
        return ""
    here = compared is not None and compared.string is bare
    subject = phrase.strip_lead(compared["subject"] if here and compared else bare[: word.start()])
    core = phrase.before(subject)
    subject = core.verb + core.noun
    if not subject:
        subject = _changed(site, said)
    subject = _CHANGE.sub("", subject)
    way = "增" if word["word"] in _rules().up else "降"
    basis = "较上年" if compared or based else ""
    if compared and (compared["same"] or compared["last"]):
        basis = compared["same"] or compared["last"]
    return f"{readable(phrase.shorten(subject))}{basis}{way}幅"

"""The phrase each figure measures, with its parent where the text enumerates parts.

Goes through a text figure by figure and remembers, within a sentence, what the figures before
measured: the object of a bare verb and the subject of a change come from there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from vectorstore.quantities import phrase
from vectorstore.quantities.context import Context, readable
from vectorstore.quantities.figure import Figure
from vectorstore.quantities.parts import Parts
from vectorstore.quantities.words import alternation, load_words
from vectorstore.types import Dimension, QuantityKind

__all__ = ["find_indicators"]

_RATES = frozenset({Dimension.PERCENT, Dimension.PERMILLE, Dimension.PERCENTAGE_POINT})
_COMPARED = re.compile(
    r"(?P<subject>.*?)(?:(?P<same>同比)|(?P<last>环比)|(?:较|比|与|相比|相较|对比)[^,;]{0,10}?"
    r"(?:相比|同期|上年度?|去年|前年|往年|上季度|\x01+|上一年度?)(?:同期|相比)?)"
)
_ACTION = re.compile("(?:进行|开展|实施)了?(?P<what>[^\\d,;。、和及并]{2,8})")
_BEFORE_COMPARED = re.compile(
    "(?P<subject>)(?:(?P<same>同比)|(?P<last>环比)|(?:与|同)?(?:上年度?|去年|上一年度?)(?:同期)?相比),$"
)
_RESPECTIVELY = re.compile(
    r"分别(?:(?P<share>占比?)|(?P<up>增长|上升|提高|增加)|(?P<down>下降|减少|降低)"
    r"|为|达到?|是|有|完成)?(?:了|达|为)?\s*$"
)
_JOIN = re.compile("[、和及与]|以及")
_LINK = re.compile(r"^[、,和及与\s]*$")
_SHARE = re.compile("^(?P<part>.*?)占")
_SUM = re.compile(r"[\s\x01]*(?:以上)?(?:合计|共计|总计|总额|总金额)(?:为|达|:|约)?\s*")
_ASIDE = re.compile("根据|按照|依据|依照|围绕|结合|针对|通过|自|截至|为|以|在|随着")
_STILL = re.compile("(?:正?在|仍|尚|未)[^,;。]{1,8}|参加|参与|参训|到场")
_BASIS = re.compile(r"(?:较|比|与|同)(?:去年|上年度?|\x01+|上一年度?)(?:同期)?的?$")


@dataclass(slots=True)
class _Said:
    """What one sentence has said so far: nouns figures were about, names still to be dealt out."""

    parts: Parts = field(default_factory=Parts)
    nouns: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    based: bool = False  # the figure before is what this one is compared with
    used: int = 0  # the words after an earlier figure are taken up to here

    def latest_count(self) -> str:
        """The latest name that is no rate, or ""."""
        pairs = zip(reversed(self.names), reversed(self.units), strict=True)
        return next((name for name, unit in pairs if unit not in ("%", "‰", "成") and name), "")

    def summed(self, unit: str) -> str:
        """What a sum that follows several figures of that unit adds up: the last two."""
        pairs = zip(self.names, self.units, strict=True)
        names = [name for name, its_unit in pairs if its_unit == unit and name]
        return "、".join(names[-2:]) + "合计" if len(names) > 1 else ""

    def of_unit(self, unit: str) -> str:
        """The latest name of a figure of that unit, or ""."""
        pairs = zip(reversed(self.names), reversed(self.units), strict=True)
        return next((name for name, its_unit in pairs if its_unit == unit and name), "")


@dataclass(frozen=True, slots=True)
class _Site:
    """One figure among its words; `left` and `right` reach to the clause or the next figure."""

    context: Context
    figure: Figure
    sentence: int
    start: int
    left: str
    right: str
    shared: bool  # another figure follows in the same clause


@dataclass(frozen=True, slots=True)
class _Rules:
    change: re.Pattern[str]
    up: frozenset[str]
    bare_rates: frozenset[str]
    complete: frozenset[str]
    borrowing: frozenset[str]


@cache
def _rules() -> _Rules:
    words = load_words()
    changes = alternation(words.change_up + words.change_down)
    return _Rules(
        re.compile(f"(?P<word>{changes})(?:率|幅度?)?(?:了|达到?|为|近|约|超过?)?$"),
        frozenset(words.change_up),
        frozenset(words.bare_rates),
        frozenset(words.complete_verbs),
        frozenset(words.borrowing_nouns),
    )


def find_indicators(context: Context, figures: Sequence[Figure]) -> list[str]:
    """One indicator for each figure (empty for dates and phrases), in order."""
    found = [""] * len(figures)
    counted = [n for n, f in enumerate(figures) if f.kind is QuantityKind.QUANTITY]
    said, sentence, previous = _Said(), -1, None
    for position, index in enumerate(counted):
        figure = figures[index]
        here = context.sentence(figure.start)[0]
        if here != sentence:
            said, sentence, previous = _Said(), here, None
        after = counted[position + 1] if position + 1 < len(counted) else None
        following = figures[after] if after is not None else None
        limits = (here, previous.end if previous else here)
        site = _site(context, figure, limits, following=following, said=said)
        between = context.view[previous.end if previous else here : figure.start]
        name, noun = _name(site, said)
        said.names.append(name)
        said.units.append(figure.unit)
        if figure.dimension not in _RATES and figure.dimension is not Dimension.MONEY:
            said.nouns.append(noun)
        found[index] = said.parts.place(figure, name, between)
        previous = figure
    return found


def _site(
    context: Context,
    figure: Figure,
    limits: tuple[int, int],
    *,
    following: Figure | None,
    said: _Said,
) -> _Site:
    """`limits` are the start of the sentence and the end of the figure before."""
    view = context.view
    start = max(context.clause_start(figure.start), *limits)
    if said.used > start:
        start = min(said.used, figure.start)
    left = view[start : figure.start]
    if not left.strip() and view[start - 1 : start] == "(" and start - 1 > limits[1]:
        # 执法人员库（56人）: the bracket explains the words before it.
        left = view[max(context.clause_start(start - 1), *limits) : start - 1]
    if view[start - 1 : start] == ")" and not phrase.strip_tail(phrase.strip_lead(left)):
        left = _before_bracket(context, start, figure, limits)
    end = context.clause_end(figure.end)
    right = view[figure.end : min(end, following.start if following else end)]
    shared = following is not None and following.start < end
    if shared and following is not None and not right.strip():
        # 3批次42名干部: both count what follows the second.
        right = view[following.end : end]
    return _Site(context, figure, limits[0], start, left, right, shared)


def _before_bracket(context: Context, start: int, figure: Figure, limits: tuple[int, int]) -> str:
    """执法案件（普通程序）33件, 罚没款（含没收1.2万元）共9.6万元: the words before the bracket."""
    opened = context.view.rfind("(", limits[0], start)
    begin = max(context.clause_start(opened), limits[0])
    plain = limits[1] <= opened
    return (
        context.view[max(begin, limits[1]) : figure.start]
        if plain
        else (context.view[begin:opened])
    )


def _name(site: _Site, said: _Said) -> tuple[str, str]:
    """The indicator without parent, and the noun that later bare verbs refer back to."""
    if said.waiting and _LINK.match(site.left):
        name = said.waiting.pop(0)
        return name, name
    based, said.based = said.based, bool(_BASIS.search(site.left))
    if said.based:
        site = replace(site, left=_BASIS.sub("", site.left))
    said.waiting = _respectively(site.left, said)
    if said.waiting:
        name = said.waiting.pop(0)
        return name, name
    if _SUM.fullmatch(site.left) and said.summed(site.figure.unit):
        name = said.summed(site.figure.unit)
        return name, name
    change = _change(site, said, based)
    if change:
        return change, said.nouns[-1] if said.nouns else change
    return _plain_name(site, said)


def _plain_name(site: _Site, said: _Said) -> tuple[str, str]:
    core = _core(site, said)
    noun = readable(core.noun)
    if noun and noun not in _rules().borrowing:
        whole = core.verb + core.noun
        whole = core.noun if len(whole) > phrase.LONGEST >= len(core.noun) else whole
        return readable(phrase.shorten(whole)), noun
    if core.verb in _rules().complete:
        return core.verb, core.verb
    object_ = _borrow(site, said)
    if noun:
        object_ = object_.removesuffix("立案") or object_
    still = _STILL.match(site.right)
    rest = core.verb + noun or (still.group() if still else "")
    name = object_ if object_.endswith(rest) else object_ + rest
    return readable(phrase.shorten(name)), object_ or name


def _core(site: _Site, said: _Said) -> phrase.Core:
    """The words before the figure or those after it, whichever it counts."""
    before = phrase.before(site.left)
    rate = site.figure.dimension in _RATES
    share = _SHARE.match(before.noun) if rate else None
    if share:
        part = phrase.strip_lead(share["part"]) or said.latest_count()
        return phrase.Core("", f"{part}占比")
    if before.noun in _rules().bare_rates and said.nouns:
        return phrase.Core("", said.nouns[-1].removesuffix("办结") + before.noun)
    modifies = site.left.rstrip().endswith("的")
    right = site.right.lstrip()
    of = right.startswith("的")
    if not modifies and before.noun and (rate or before.verb or site.shared or of):
        return before
    if not phrase.is_noun(right) and not of:
        return before if any(before) else _done(site, right)
    return _counted(site, said, before, right)


def _counted(site: _Site, said: _Said, before: phrase.Core, right: str) -> phrase.Core:
    """The noun after the figure, named by the verb before it or by what became of it."""
    counted = right.rpartition("、")[0] if site.shared and "、" in right else right
    after = phrase.after(counted)
    if not after.noun:
        return before
    if counted is not right:
        said.used = site.figure.end + len(site.right) - len(right) + len(counted)
        after = phrase.Core(_shared_action(site), after.noun)
    if phrase.is_general(after.noun) and before.noun:
        return phrase.Core(before.verb, phrase.shorten(before.noun) + after.noun)
    if before.verb:
        return phrase.Core(before.verb, after.noun)
    return phrase.Core("", after.noun + after.verb)


def _shared_action(site: _Site) -> str:
    """对3家医院、5所学校进行抽查: what was done to each of a list stands at the end."""
    view = site.context.view
    found = _ACTION.search(view, site.figure.end, site.context.clause_end(site.figure.end))
    return found["what"] if found else ""


def _done(site: _Site, right: str) -> phrase.Core:
    """先后3次召开专题会议: what was done so many times stands after the figure."""
    timed = site.figure.dimension is Dimension.OCCASION and not site.shared
    return phrase.before(right) if timed else phrase.Core("", "")


def _borrow(site: _Site, said: _Said) -> str:
    """What a bare verb is about: the object of the figure before, else of the clause before."""
    if site.figure.dimension is Dimension.MONEY and said.of_unit(site.figure.unit):
        return said.of_unit(site.figure.unit)
    if said.parts.whole is not None or said.parts.opens(site.left):
        return ""
    if said.nouns:
        return said.nouns[-1]
    view, at = site.context.view, site.start
    while at > site.sentence:
        at -= 1
        while at > site.sentence and view[at - 1] in ",;:() ":
            at -= 1
        begin = max(site.context.clause_start(at), site.sentence)
        if not _ASIDE.match(view, begin, at):
            before = phrase.before(phrase.until_action(view[begin:at]))
            noun = readable(phrase.shorten(before.noun))
            if len(noun) >= 2:
                return noun
        at = begin
    return ""


def _respectively(left: str, said: _Said) -> list[str]:
    """A和B分别为3件和5件: the names waiting for their figures.

    抽查企业320户，联合抽查86户，分别占79%和21%: the names are those of the figures before.
    """
    found = _RESPECTIVELY.search(left)
    if found is None:
        return []
    noun = phrase.before(left[: found.start()]).noun
    names = [readable(phrase.shorten(phrase.strip_lead(name))) for name in _JOIN.split(noun)]
    names = [name for name in names if name]
    if len(names) < 2 and len(said.names) > 1:
        names = said.names[-2:]
    same = "同比" if "同比" in left else ""
    way = f"{same}增幅" if found["up"] else f"{same}降幅" if found["down"] else ""
    suffix = "占比" if found["share"] else way
    return [name + suffix for name in names] if len(names) > 1 else []


def _change(site: _Site, said: _Said, based: bool) -> str:
    """立案34起，同比增长5%: what changed, by which comparison, which way."""
    bare = site.left.rstrip()
    word = _rules().change.search(bare)
    if word is None:
        return ""
    compared = _COMPARED.match(bare) or _BEFORE_COMPARED.search(
        site.context.view, site.sentence, site.start
    )
    if (
        compared is None
        and not based
        and (len(word["word"]) == 1 or bare[: word.start()].endswith("新"))
    ):
        return ""
    here = compared is not None and compared.string is bare
    subject = phrase.strip_lead(compared["subject"] if here and compared else bare[: word.start()])
    core = phrase.before(subject)
    subject = core.verb + core.noun
    if not subject:
        subject = said.of_unit(site.figure.unit) or (
            said.names[-1] if said.names else _borrow(site, said)
        )
    subject = re.sub(r"(?:同比|环比|较上年)?[增降]幅$", "", subject)
    way = "增" if word["word"] in _rules().up else "降"
    basis = "较上年" if compared or based else ""
    if compared and (compared["same"] or compared["last"]):
        basis = compared["same"] or compared["last"]
    return f"{readable(phrase.shorten(subject))}{basis}{way}幅"

"""One figure among its words: what stands before and after it in its clause."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vectorstore.quantities import phrase
from vectorstore.quantities.context import Context, readable
from vectorstore.quantities.figure import Figure
from vectorstore.quantities.said import Said
from vectorstore.types import Dimension

__all__ = ["Site", "borrow", "site_of"]

_NOUN_UNITS = frozenset(
    "个单位 单位 企业 机构 学校 医院 部门 个部门 县区 乡镇 镇街 街道 社区".split()  # noqa: SIM905 - a list of words reads better
)
_ASIDE = re.compile("根据|按照|依据|依照|围绕|结合|针对|通过|自|截至|为|以|在|随着")
_ASIDES = ("含", "包括", "包含", "不含")  # 纠错（含撤销、确认违法）29件
_SINCE = re.compile("自[^,;。]{1,10}以来$")  # 讲堂自开办以来，已举办38期
_SUMMED = re.compile("共计?|合计|总计|累计|计")
_LOOK_BACK = 300  # characters a bare verb looks back for its object


@dataclass(frozen=True, slots=True)
class Site:
    """One figure among its words; `left` and `right` reach to the clause or the next figure."""

    context: Context
    figure: Figure
    sentence: int
    start: int
    left: str
    right: str
    shared: bool  # another figure follows in the same clause


def site_of(
    context: Context,
    figure: Figure,
    limits: tuple[int, int],
    *,
    following: Figure | None,
    said: Said,
) -> Site:
    """`limits` are the start of the sentence and the end of the figure before."""
    view = context.view
    start = max(context.clause_start(figure.start), *limits)
    if said.used > start:
        start = min(said.used, figure.start)
    left = view[start : figure.start]
    if not left.strip() and view[start - 1 : start] in ("(", ":") and start - 1 > limits[1]:
        # 执法人员库（56人）, 案件数：12件: the words before are what the figure is about.
        at = start - 1
        if view[at] == ":" and view[at - 1] == ")":
            at = max(view.rfind("(", limits[1], at), limits[1])  # 罚没款（万元）：28.6
        left = view[max(context.clause_start(at), *limits) : at]
    if view[start - 1 : start] == ")" and not phrase.strip_tail(phrase.strip_lead(left)):
        left = _before_bracket(context, start, figure, limits)
    end = context.clause_end(figure.end)
    right = view[figure.end : min(end, following.start if following else end)]
    shared = following is not None and following.start < end
    if shared and following is not None and not right.strip():
        # 3批次42名干部: both count what follows the second.
        right = view[following.end : end]
    if figure.unit in _NOUN_UNITS:
        right = figure.unit.removeprefix("个") + right
    return Site(context, figure, limits[0], start, left, right, shared)


def _before_bracket(context: Context, start: int, figure: Figure, limits: tuple[int, int]) -> str:
    """执法案件（普通程序）33件, 罚没款（含没收1.2万元）共9.6万元: the words before the bracket."""
    opened = context.view.rfind("(", max(limits[0], start - _LOOK_BACK), start)
    if opened < 0:
        return ""
    begin = max(context.clause_start(opened), limits[0])
    if limits[1] > opened:
        return context.view[begin:opened]
    begin = max(begin, limits[1])
    if context.view.startswith(_ASIDES, opened + 1):
        return context.view[begin:opened] + context.view[start : figure.start]
    return context.view[begin : figure.start]


def borrow(site: Site, said: Said) -> str:
    """What a bare verb is about: the object of the figure before, else of the clause before."""
    if _SUMMED.fullmatch(site.left.strip()) and said.names:
        return said.names[-1]  # 培训3场共186人次
    unit = site.figure.unit
    if site.figure.dimension is Dimension.MONEY and said.of_unit(unit):
        return said.of_unit(unit)
    if said.parts.whole is not None or said.parts.opens(site.left):
        return ""
    if said.nouns:
        return said.nouns[-1]
    view, at = site.context.view, site.start
    limit = max(site.sentence, site.start - _LOOK_BACK)
    while at > limit:
        at -= 1
        while at > limit and view[at - 1] in ",;:() ":
            at -= 1
        begin = max(site.context.clause_start(at), limit)
        if not _ASIDE.match(view, begin, at):
            clause = _SINCE.sub("", view[begin:at])
            before = phrase.before(phrase.until_action(clause))
            noun = readable(phrase.shorten(before.noun))
            if len(noun) >= 2:
                return noun
        at = begin
    return ""

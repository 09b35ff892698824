"""Which clauses of last year's text claim something of that year alone.

Standing practice (制度, 机制, 坚持…) may be said again; a result, an award, a first, a campaign or
an event may not: it is handed to a person as 【待核实：…】.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vectorstore.clean import fold

__all__ = ["Clause", "about_target", "clauses", "is_of_its_year", "is_outcome"]

_NONE = (
    r"(?:未|没有|没|尚无|从未)(?:再)?(?:发生|发现|出现|收到|接到|因)|无(?!证|照|害|障碍|偿|纸|缝|感|线|人)"
    r"[^,;]{0,14}?(?:发生|现象|案件|事故|投诉|问题|情况)|无一(?:[起件例人次宗家]|被|发生)|零(?:投诉|复议|败诉|信访|差错|事故|发生)"
    r"|没有[^,;]{0,24}?被|没有[^,;]{0,16}?(?:案件|事故|行为|情况|情形|问题|反弹)"
)
_DONE = (
    "完成|办结|合格|整改|化解|达标|参加|公示|公开|答复|到位|结案|换证|持证|实现|维持|优秀|采纳|胜诉"
)
_ALL = (
    rf"(?:全部|均|全数)(?:已|得到|于|在)?[^,;]{{0,8}}?(?:{_DONE}|通过)|(?:如期|按期|超额|提前|圆满|顺利|高质量"
    r"|较好|全面|基本)(?:已|得到)?[^,;、]{0,4}?(?:完成|办结|整改|化解|达标|结案|换证|实现|到位)"
    r"|(?:整改|落实|销号|化解|完成|办理)(?:完毕|到位|完成)|已(?:全部|完成|办结|整改|化解|建成|落实|组织)"
    r"|(?:推动|协调|帮助)解决|(?:达到|超过|高于|实现)[^,;]{0,6}(?:预期|目标)"
)
_AWARD = (
    r"荣获|获评|获得[^,;]{0,30}?(?:称号|表彰|奖|荣誉|肯定|好评|第一)|被评[为选]|被(?:授予|表彰|列为|列入|确定为"
    r"|认定)|被[^,;]{0,14}?(?:报道|发布|推介|刊发|转发|采用|推广)|位居|排名|名列|[位列]全[省市县区国]|居全"
    r"|(?:通报)?表扬|入选|成功创建|创建成功|通过[^,;]{0,10}?(?:验收|评估|认证)|实现[^,;]{0,12}?突破"
)
_FIRST = r"首[次创个家批]|率先|第一[次个家批]|助力[^,;]{0,16}创建"
_EVENT = (
    r"新(?:增|设|建|购|聘|招|成立|配备|进人员)|建成|(?<!线)上线(?!下)|试运行|投入使用|投用"
    r"|成立了?(?!以来)|组建|启动|试点|选调|招录|招聘|公开招|引进|揭牌|搬迁|更名|机构改革|大换证|承办[^,;]{0,10}(?:会|赛|活动)"
    r"|签[订署][^,;]{0,10}(?:合作|框架|备忘)|更新换代|集中清理|自查自纠|改造|升级|(?<!新)修[订编](?!的)"
    r"|(?:开展|组织|实施|推进)[^,;]{0,40}(?:专项(?:整治|行动|治理|检查)|百日|攻坚|整治行动)"
    r"|研发|创新(?:推出|实施|开展)|拓展到|扩大到|覆盖到|接入|试行|评选?出"
    r"|(?:微视频|短视频|宣传片|情景剧|短剧|微电影|动漫)[^,;]{0,4}《"
)
_RELATED = (
    r"上[一]?年度?|去年|往年|年初(?:确定|目标|承诺|提出|计划|定)|年度目标|预定|原定|述法评议反馈|上届"
    r"|(?:比|较)以往|同期"
)
_TREND = (
    r"有所(?:增|减|下降|上升|改善|提高|提升|缓解|好转)|持续(?:向好|下降|上升|增长|改善)|总体平稳"
    r"|(?:明显|显著|大幅|稳步)(?:改善|提[升高]|下降|增[加长多]|减少|缩短|好转|上升)|新高|零增长|更牢|变短|较好完成"
)
_REASON = r"(?:主要|增长|下降)?(?:原因是|原因在于|是因为)|得益于"

_OUTCOME = re.compile("|".join((_NONE, _ALL, _AWARD, _FIRST, _TREND)))
_OF_YEAR = re.compile("|".join((_NONE, _ALL, _AWARD, _FIRST, _EVENT, _RELATED, _TREND, _REASON)))
# What is aimed at is no result, whatever words it uses.
_PURPOSE = re.compile(
    "(?:切实|努力|不断|进一步|有效|坚决|着力)*(?:确保|做到|保证|保障|力[求争]|促进|推动|避免|防止|旨在|以期|使)(?!解决)"
)
_QUOTED = re.compile('"[^"]*"|[“《][^”》]*[”》]')
# What recurs or is a rule in spite of such a word.
_STANDING = re.compile(
    r"常态化|长效|[每逐](?:年|季|月|半年|周|次)|定期|制度|机制|及时|凡|一律|不得|应当|必须|坚持|确保|力争|推动"
    r"|促进|避免|防止|防范|旨在|不断"
)
_GAP = re.compile(
    "距离?[^,;]{0,12}目标|还差|年初[^,;]{0,8}目标|(?:完成|占)[^,;]{0,6}(?:年度)?目标|目标[^,;]{0,6}的$"
)
_PAIRS = {"“": "”", "《": "》", "(": ")", "（": "）", "「": "」", "〔": "〕", "【": "】"}
_LINKS = frozenset({"同时", "此外", "另外", "其中", "一是", "二是"})
_LEAD = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,2}(?:是|要)|[(（]\d{1,2}[)）]|[①-⑳]|\d{1,2}[.．、](?!\d)|其中[,，]?|同时[,，]"
    r"|此外[,，]|并(?!举|联|入|行)|另外[,，]|全年|年内|[今本]年(?:以来|至今|度)?[,，]?|至今|截至目前[,，]?)+"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause without the mark that ends it and without what leads in (一是, 同时)."""

    start: int
    end: int


def clauses(text: str, start: int, end: int) -> Iterator[Clause]:
    """The clauses of a sentence; commas within quotation marks and brackets do not part them."""
    said = text[start:end]
    view = fold(said)
    closing: list[str] = []
    at = 0
    for position, char in enumerate(f"{said},"):
        mark = view[position : position + 1] or ","
        if closing and char == closing[-1]:
            closing.pop()
        elif char in _PAIRS and _PAIRS[char] in said[position:]:
            closing.append(_PAIRS[char])
        elif not closing and mark in ",;。:!?\n" and not _in_number(view, position):
            lead = _LEAD.match(view, at, position)
            first = lead.end() if lead else at
            if position > first and said[first:position] not in _LINKS:
                yield Clause(start + first, start + position)
            at = position + 1


def _in_number(view: str, at: int) -> bool:
    beside = view[max(0, at - 1) : at] + view[at + 1 : at + 2]
    return view[at : at + 1] in (",", ":") and len(beside) == 2 and beside.isdecimal()


def is_of_its_year(clause: str) -> bool:
    """Whether the clause claims something that need not hold another year."""
    view = fold(clause)
    if _PURPOSE.match(view) or not _OF_YEAR.search(view):
        return False
    return is_outcome(clause) or not _STANDING.search(_QUOTED.sub("", view))


def is_outcome(clause: str) -> bool:
    """Whether the clause claims a result: none occurred, all were done, a prize, a trend."""
    view = fold(clause)
    return not _PURPOSE.match(view) and bool(_OUTCOME.search(view))


def about_target(clause: str) -> bool:
    """Whether the clause measures last year's result against last year's own target."""
    return bool(_GAP.search(fold(clause)))

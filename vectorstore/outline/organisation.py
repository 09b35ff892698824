"""Names of organisations: in titles, in the opening paragraph, on a line of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vectorstore.outline.lines import squeeze
from vectorstore.scope.kinds import kind_of

__all__ = [
    "bare_organisation_in_lead",
    "clean_name",
    "is_bare",
    "is_organisation",
    "organisation_in_lead",
    "organisation_in_own_titles",
    "organisation_in_title",
    "prefer",
    "with_cited_place",
]

_ORGAN = (
    "(?<![全干内外本支总分该各])部|委员会|管理委员会|管委会|办公室|办事处|街道办|领导小组|人民政府|(?<!法治)政府|党组|党工委|工委"
    "|[省市县区旗镇乡]委|健康委|(?<=改)委|建委|国资委|工信委|经信委|委|局|厅|署|院|中心|总队|支队|大队"
    "|中队|(?<=税务)所|司法所|监督所|派出所|卫生所|研究所|管理所|管理处|管理站|监测站|服务站|事务所"
    "|联合会|总工会|妇联|残联|工商联|协会|学会|红十字会|供销社|大学|学院|学校|中学|小学|幼儿园|海关"
    "|公司|集团|银行|档案馆|图书馆|博物馆|团市委|团县委|团区委|厅机关|法院|检察院|医院|疾控中心|分局"
)
_PLACE = (
    "特别行政区|自治区|自治州|自治县|开发区|高新区|示范区|新区"
    "|省|市|县|区|旗|州|盟|镇|乡|街道|地区|林区|苏木"
)
_NAME = r"[\u4e00-\u9fff（）()·]"
# What may follow an organisation's name in a title once years and 关于 are cut away.
_FOLLOW = (
    r"(?=$|法治|法制|依法|全面|推进|贯彻|落实|开展|工作|年度|党政|主要负责人|履行|普法|上半年|下半年|第"
    r"|[一二三四]季度|行政|述法|述职|部门|预算|决算|单位|公务|政务|信息|政府信息|[《“\"（(]|文件)"
)
_TITLE_ORGAN = re.compile(rf"({_NAME}{{2,38}}(?:{_ORGAN})){_FOLLOW}")
_TITLE_PLACE = re.compile(rf"({_NAME}{{1,18}}?(?:{_PLACE})){_FOLLOW}")
_CUT = re.compile(
    r"关于|20\d\d\s*年度?|20\d\d[—\-－–~～至]20\d\d\s*年?度?|[二][〇零○][〇零○一二三四五六七八九]{2}年度?"
    r"|20\d\d(?!\d)|报送|印发|转发|公布|公开|发布|的|[《》【】\[\]_—\-|:：,，、\s]|本年度|年度(?=工作|法治|报告)"
)
_ORGAN_LINE = re.compile(rf"{_NAME}{{1,38}}(?:{_ORGAN}|{_PLACE})(?:（章）|\(章\)|（盖章）)?")
# What the subject of an opening paragraph is followed by.
_BEGINS = (
    r"(?=在|坚持|深入|认真|严格|始终|紧紧|紧扣|围绕|高度|按照|积极|持续|切实|贯彻|全面|扎实|聚焦|牢固|根据"
    r"|以习|党组|党委|党工委|立足|不断|着力|主动|依法|以“|以法|以提|学习|强化|把|将|对照|大力)"
)
_LEAD = re.compile(
    rf"(?:^|[，。；：、,;:\s]|以来|年度?|期间)((?:中共)?{_NAME}{{1,12}}(?:{_PLACE}){_NAME}{{0,24}}?(?:{_ORGAN})"
    rf"|{_NAME}{{2,12}}(?:街道|镇|乡|县|区|市|州|旗)){_BEGINS}"
)
# 现将砚渚市教育局2025年法治政府建设情况报告如下: who is announced is who reports.
_ANNOUNCED = re.compile(rf"现将({_NAME}{{2,30}}?(?:{_ORGAN}|{_PLACE}))(?=20\d\d|本年度|法治)")
# 2025年，区教育局认真…; 现将县人民政府2025年…: named without its place.
_BARE = re.compile(
    rf"(?:^|现将|[，,。；;：:\s])([省市州盟县区旗](?:{_NAME}{{2,16}}?(?:局|厅|委员会|委)|(?:人民)?政府))"
    rf"(?:{_BEGINS}|(?=20\d\d年))"
)
_OURS = re.compile(rf"(?:^|[，,。；;：:\s])我([县区旗]){_BEGINS}")
_OPENING = re.compile(
    rf"(?:20\d\d年(?:以来|度)?[，,])?(?!在|我|本|按|根据|推|指导|督促|组织|联合|配合|支持|着力)({_NAME}{{4,20}}?(?:局|委员会))(?=在|坚持|深入|认真|严格|以习|全面|紧)"
)
_NOT_SUBJECT = re.compile(
    r"^(?:在|根据|按照|依据|经|由|对|向|被|受|与|和(?!\S{1,2}[县区市旗])|为|关于|上级|各)"
    r"|[在的]|坚强领导"
    r"|(?:政府|[局厅院会办委])[和与及]"
)
_DIRECTED = re.compile(r"(?:根据|按照|依据|遵照|依照|围绕|落实)[^，,。；;]*$")
_JOINT = re.compile(rf"(?:中共)?{_NAME}{{2,14}}?委(?:员会)?[\s、]*({_NAME}{{2,14}}?人民政府)")
# A bureau's party group reports for the bureau.
_PARTY_GROUP = re.compile(
    rf"(?:中共|中国共产党)?({_NAME}+(?:局|厅|委员会|健康委|街道|镇|乡))(?:党组|党委|党工委|党委会)"
)
_PLACE_FIRST = re.compile(rf"(?:中共|中国共产党)?{_NAME}{{2,9}}?(?:{_PLACE})")
_IS_PLACE = re.compile(rf"{_NAME}+(?:{_PLACE})")
_GOVERNS = re.compile(r"人民政府|政府|办事处|管委会|管理委员会")
# 镇江市, 镇远县 are places themselves.
_BARE_START = re.compile(
    r"(?:市|县|区|省|州|旗|镇(?!\S{1,2}[市县区])|乡(?!宁县)|我|本|全|该|委员会|办公室|管理局|人民政府)"
)
_CITED = re.compile(r"《([^《》\n]{8,60})》")
_OWN_PAPER = re.compile(
    rf"(?:20\d\d年度?)?(?:中共)?({_NAME}{{1,12}}(?:{_PLACE}){_NAME}{{2,16}}(?:局|委员会|委|街道办事处))(?:党组|党委|党工委)?(?:关于[^》]*)?"
    r"(?:20\d\d|法治|普法|领导干部|重大|合法性|行政执法|职能|内部|党组|规范|工作|印发)"
    r"[^》]*(?:要点|计划|清单|方案|制度|分工|规则|办法|规定|总结|报告|通知|措施|目录)$"
)
# A county or district whose papers a report cites is its own; of cities there are two above it.
_CITED_PLACE = re.compile(
    rf"(?:关于印发[〈<]?)?(?:20\d\d年度?)?(?:中共)?({_NAME}{{2,14}}?[县区旗])(?=20\d\d|[\u4e00-\u9fff])"
)
_NO_COUNTY = re.compile("(?:自治|开发|高新|示范|园|地|辖|社|校|库|牧|景|小|片|灾|灌)区$|^各")
_SUBJECT_WORDS = re.compile(
    r"法治|依法行政|情况|报告|总结|工作(?!委员会|办公室|领导小组|局|站|中心)"
)


def organisation_in_title(title: str) -> str:
    """The organisation a title names, its full printed form; "" when it names none.

    A government named by its place only (“某县2025年…”) gives the place.
    """
    pieces = [piece.strip("　 ") for piece in _CUT.split(title)]
    for pattern in (_TITLE_ORGAN, _TITLE_PLACE):
        for piece in pieces:
            match = pattern.match(piece)
            if match and not (_SUBJECT_WORDS.match(match[1]) or _NOT_SUBJECT.match(match[1])):
                return _tidy(match[1])
    return ""


def organisation_in_lead(paragraph: str) -> str:
    """The organisation that is the subject of an opening paragraph, named with its place."""
    announced = _ANNOUNCED.search(paragraph)
    if announced and not _NOT_SUBJECT.search(announced[1]) and not is_bare(announced[1]):
        return _tidy(announced[1])
    for match in _LEAD.finditer(paragraph[:400]):
        name = match[1]
        if _DIRECTED.search(paragraph, 0, match.start(1)):
            continue
        if not _NOT_SUBJECT.search(name) and not _BARE_START.match(name):
            return _tidy(name)
    # 砚渚教育局在…: a place without its rank, where the bureau's kind is known.
    opening = _OPENING.match(paragraph)
    place, kind = kind_of(opening[1]) if opening else ("", "")
    return opening[1] if opening and kind and 2 <= len(place) <= 4 else ""


def bare_organisation_in_lead(paragraph: str) -> str:
    """The subject of an opening paragraph that is named without its place (区教育局), or ""."""
    for match in _BARE.finditer(paragraph):
        named = not _NOT_SUBJECT.search(match[1]) and not _DIRECTED.search(
            paragraph, 0, match.start(1)
        )
        if named:
            return re.sub("(?<=^.)政府$", "人民政府", match[1])
    return ""


def with_cited_place(bare: str, lead: Sequence[str], text: str) -> str:
    """区教育局, or a government that says 我县, completed by the one county whose papers are cited.

    "" when none is, or several are.
    """
    ours = next((found for p in lead if (found := _OURS.search(p))), None)
    level, rest = (bare[0], bare[1:]) if bare else (ours[1] if ours else "", "")
    if level not in ("县", "区", "旗"):
        return ""
    cited = (_CITED_PLACE.match(title[1]) for title in _CITED.finditer(text))
    places = {found[1] for found in cited if found and not _NO_COUNTY.search(found[1])}
    place = places.pop() if len(places) == 1 else ""
    return place + rest if place.endswith(level) else ""


def organisation_in_own_titles(text: str) -> str:
    """The one bureau of a place whose own papers (《某县某局2025年工作要点》) a report cites.

    Papers of other bodies are cited as well, so names of one kind of organ must agree and be cited
    for their plans, lists and rules; "" when they do not.
    """
    names = {
        organ[1]
        for cited in _CITED.finditer(text)
        if (organ := _OWN_PAPER.match(cited[1])) and not _NOT_SUBJECT.search(organ[1])
    }
    return _tidy(names.pop()) if len(names) == 1 else ""


def is_bare(name: str) -> bool:
    """Whether a name lacks its place (区城市管理局): many bureaus bear it."""
    return _BARE_START.match(name) is not None


def is_organisation(line: str) -> bool:
    """Whether a line is the name of one organisation and nothing else, as in a sign-off."""
    if not 3 <= len(line) <= 40:
        return False
    return _ORGAN_LINE.fullmatch(squeeze(line)) is not None and not _SUBJECT_WORDS.search(line)


def prefer(*candidates: str) -> str:
    """The best of the names found, most trusted first.

    A name without its own place (市卫生健康委), or a place without an organ, gives way to a later
    name that completes it.
    """
    named = [name for name in candidates if name]
    best = named[0] if named else ""
    for other in named[1:]:
        bare = _BARE_START.match(best) is not None and _PLACE_FIRST.match(other) is not None
        if bare and _completes(best, other):
            return other
        if _IS_PLACE.fullmatch(best) and _GOVERNS.fullmatch(other.partition(best)[2]):
            return other
    return best


def _completes(bare: str, full: str) -> bool:
    """市城管局 and 梧江市城市管理综合行政执法局: one kind of bureau of one level."""
    place, kind = kind_of(full)
    level, bare_kind = kind_of(bare)
    if kind and bare_kind:
        return kind == bare_kind and place.endswith(level)
    return full[-2:] in {bare[-2:], "员会"}


def clean_name(line: str) -> str:
    """A name from a line of its own: inner spaces and the seal mark dropped."""
    return _tidy(re.sub(r"[（(](?:盖章|章)[）)]$", "", squeeze(line)))


def _tidy(name: str) -> str:
    name = name.strip("（）() 　·")
    if joint := _JOINT.fullmatch(name):
        return joint[1]
    group = _PARTY_GROUP.fullmatch(name)
    return group[1] if group else name

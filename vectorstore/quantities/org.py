"""Which organisation a sentence speaks of, when it names another one as its subject."""

from __future__ import annotations

import re

from vectorstore.scope.kinds import kind_of

__all__ = ["subject_org"]

_NOT_IN_NAME = (
    "是|为|其中|由|对|向|的|将|把|被|在|从|会同|联合|配合|协助|按|经|到|我|本|该|各|全|报|送|请|受"
    "|接|据|参加|组织|邀请|移送|移交|推送|以及|等|截至|通过|成立|加强|坚持"
)
_NAME = re.compile(
    rf"(?:^|[\x01,;:、。(\s]|其中|[是为而])(?P<name>(?:(?!{_NOT_IN_NAME})[\u4e00-\u9fff]){{2,18}}?"
    r"(?:局|委员会|委|厅|人民政府|(?:人民)?法院|(?:人民)?检察院))"
    r"(?![长党机系领主牵联会等和与及、所下网公要印关审备员托派办书])"
)
_BUREAU = re.compile("[局委厅院府]")
# 全省系统培训1.1万人次, 高于全市平均的120件: a figure of a wider circle than who reports.
_WIDER = re.compile(
    r"(?:^|[,:(])(?:(?:据|根据|按照?|从)[^,;。]{0,20},|[\u4e00-\u9fff]{2,10}通报)?(?P<as_subject>我国|全[国省市州])"
    r"(?!一|首|第|先|前|排|示范|范围|推广|性|优秀|十|百|人大|政协|统一|联网|各地)[^,;。\d]*$"
    r"|[于出过的](?P<mean>全[国省市州])(?:同期)?(?:平均)?(?:水平|值)?的?$|(?P<beside>全[国省市州])平均(?:水平|值)?为?$"
)
_BODIES = re.compile("(?:行政)?执法(?:机关|部门)|行政机关|(?:各|所有)(?:部门|单位)")
# 全市各级水务执法部门: the bureau of water affairs and those below it.
_TRADE = re.compile(
    "(?:各级|各)?(?P<trade>[\\u4e00-\\u9fff]{2,6}?)(?:综合)?(?:行政)?执法(?:机关|部门)"
)
_RANK = {
    "县": 0,
    "区": 0,
    "旗": 0,
    "镇": 0,
    "乡": 0,
    "街": 0,
    "市": 1,
    "州": 1,
    "盟": 1,
    "省": 2,
    "国": 3,
}
_SELF = re.compile("(?:^|[,:(])(?:其中,?)?[我本][局委厅院市县区省州镇街单]")
_PLACE = re.compile("[省市区县州旗盟镇乡]$")
_PLACED = re.compile("[省市区县州旗盟镇乡].")


def subject_org(said: str, base: str) -> str:
    """The last organisation that is a subject in `said`, or `base`.

    `said` is a sentence (context view) up to a figure. Only the clear name of another bureau
    replaces `base`: 区卫生健康局 in the report of 湟中区卫生健康局 is that bureau itself.
    """
    clause = re.split("[;。]", said)[-1]
    wider = _wider(clause, base)
    if wider:
        return wider
    own = [match.end() for match in _SELF.finditer(said)] if base else []
    said = said[own[-1] :] if own else said
    found = base
    if not _BUREAU.search(said):
        return base
    for match in _NAME.finditer(said):
        name = match["name"]
        place, kind = kind_of(name)
        if not kind and not (name.endswith("局") and _PLACED.search(name)):
            continue
        if place and not _PLACE.search(place) and kind:
            continue
        found = base if base and _same((place, kind), name, base) else name
    return found


def _wider(clause: str, base: str) -> str:
    """全国, 全省, 全市 when the clause counts for more than the place of `base`, else ""."""
    found = _WIDER.search(clause) if base else None
    if found is None:
        return ""
    circle = (found["as_subject"] or found["mean"] or found["beside"]).replace("我国", "全国")
    bodies = found["as_subject"] and circle != "全国" and _BODIES.search(clause, found.start())
    if bodies and not _of_its_trade(clause[found.end("as_subject") :], base):
        return "" if kind_of(base)[1] in ("司法", "政府", "") else circle
    return circle if _RANK[circle[-1]] > _rank(base) else ""


def _of_its_trade(words: str, base: str) -> bool:
    found = _TRADE.match(words)
    own = kind_of(base)[1]
    return found is not None and own != "" and kind_of(f"市{found['trade']}局")[1] == own


def _rank(org: str) -> int:
    """How large the place of an organisation is: 0 a county or below, 1 a city, 2 a province."""
    places = [letter for letter in kind_of(org)[0] or org if letter in _RANK]
    return _RANK[places[-1]] if places else (2 if org.endswith("厅") else 3)


def _same(place_kind: tuple[str, str], name: str, base: str) -> bool:
    place, kind = place_kind
    base_place, base_kind = kind_of(base)
    if not base_kind:
        return base.endswith(name)
    return kind == base_kind and base_place.endswith(place)

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
_PLACE = re.compile("[省市区县州旗盟镇乡]$")
_PLACED = re.compile("[省市区县州旗盟镇乡].")


def subject_org(said: str, base: str) -> str:
    """The last organisation that is a subject in `said`, or `base`.

    `said` is a sentence (context view) up to a figure. Only the clear name of another bureau
    replaces `base`: 区卫生健康局 in the report of 湟中区卫生健康局 is that bureau itself.
    """
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


def _same(place_kind: tuple[str, str], name: str, base: str) -> bool:
    place, kind = place_kind
    base_place, base_kind = kind_of(base)
    if not base_kind:
        return base.endswith(name)
    return kind == base_kind and base_place.endswith(place)

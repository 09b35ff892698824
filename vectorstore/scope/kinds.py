"""What kind of bureau a name means: 卫健委, 卫健局, 卫生健康局 and 卫生局 are one kind.

Names of bureaus follow the 2018 reform of party and state institutions and the short forms in
everyday use; counties merge and rename freely, so a kind lists every stem it goes by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Kind", "KindMention", "find_kinds", "kind_of", "short_kind_at"]


_BUREAU = ("局", "厅")  # a province's is 厅
_BOTH = ("委员会", "委", *_BUREAU)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of bureau: every `stem` + `ending` is a name of it.

    A `brief` stem means the bureau even without an ending when it follows a place (湟中卫健).
    """

    name: str
    stems: tuple[str, ...]
    endings: tuple[str, ...] = _BUREAU
    briefs: tuple[str, ...] = ()


_KINDS = (
    Kind(
        "卫生健康",
        ("卫生健康和体育", "卫生健康", "卫生和计划生育", "卫生计生", "卫健", "卫计", "卫生"),
        _BOTH,
        ("卫健", "卫计"),
    ),
    Kind(
        "市场监管",
        ("市场监督管理", "市场监督", "市场监管", "市监", "工商"),
        _BOTH,
        ("市监",),
    ),
    Kind("司法", ("司法",)),
    Kind(
        "综合执法",
        (
            *(a + b + c for a in ("城市管理", "城管") for b in ("", "和", "与") for c in
              ("综合行政执法", "行政执法", "综合执法", "执法")),
            "城市综合执法", "综合行政执法", "综合执法", "行政执法", "城市管理", "城管",
        ),
        _BOTH,
        ("城管",),
    ),
    Kind(
        "住建",
        ("住房和城乡建设", "住房城乡建设", "住房与城乡建设", "住房和城乡规划建设",
         "住房和建设", "住房保障和城乡建设", "住建", "城乡建设", "建设"),
        _BOTH,
        ("住建",),
    ),
    Kind(
        "人社",
        ("人力资源和社会保障", "人力资源与社会保障", "人力资源社会保障", "人力资源社保",
         "人力社保", "人社"),
        _BOTH,
        ("人社",),
    ),
    Kind(
        "教育",
        ("教育体育", "教育和体育", "教育科技", "教育科技和体育", "教育科学技术", "教科体",
         "教体", "教科", "教育"),
        _BOTH,
        ("教体",),
    ),
    Kind("体育", ("体育",)),
    Kind("交通", ("交通运输", "交通"), _BOTH),
    Kind("应急", ("应急管理", "应急", "安全生产监督管理", "安监")),
    Kind(
        "自然资源",
        ("自然资源和规划", "自然资源与规划", "自然资源规划", "规划和自然资源", "自然资源",
         "国土资源", "自规", "资规"),
        _BOTH,
        ("自规", "资规"),
    ),
    Kind(
        "农业农村",
        ("农业农村和水利", "农业农村和水务", "农业农村水利", "农业农村", "农牧业和科技",
         "农牧和科技", "农牧水利", "农牧业", "农牧", "农业畜牧", "农业"),
        _BOTH,
        ("农牧",),
    ),
    Kind("水利", ("水利", "水务")),
    Kind("民政", ("民政",)),
    Kind("公安", ("公安",)),
    Kind("财政", ("财政", "财政和国资", "国资")),
    Kind("审计", ("审计",)),
    Kind("税务", ("税务", "国家税务")),
    Kind("统计", ("统计",)),
    Kind("医保", ("医疗保障", "医保"), ("局",), ("医保",)),
    Kind("生态环境", ("生态环境", "环境保护", "环保")),
    Kind(
        "发改",
        ("发展和改革", "发展改革", "发展与改革", "发展改革和科技", "发展和改革科技",
         "发展改革和经济信息化", "发改"),
        _BOTH,
        ("发改",),
    ),
    Kind(
        "工信",
        ("工业和信息化", "工业信息化", "经济和信息化", "科技和工业信息化", "科技工信",
         "工业商务和信息化", "工业商务", "工信", "经信"),
        _BOTH,
        ("工信", "经信"),
    ),
    Kind("商务", ("商务",)),
    Kind(
        "文旅",
        ("文化和旅游", "文化广电和旅游", "文化广电旅游", "文化体育和旅游", "文化旅游",
         "文化广电体育和旅游", "文化旅游体育", "文化体育广电和旅游", "文化旅游和体育",
         "文化广电旅游体育", "文体广电和旅游", "文体旅", "文广旅", "文旅广体", "文广", "文旅"),
        _BOTH,
        ("文旅",),
    ),
    Kind("退役军人", ("退役军人事务", "退役军人", "退役")),
    Kind("林业", ("林业和草原", "林业草原", "林业", "林草")),
    Kind("信访", ("信访",)),
    Kind(
        "数据审批",
        ("政务服务和大数据管理", "政务服务和数据管理", "政务服务和数据", "政务服务管理",
         "数据和政务服务", "行政审批和政务信息管理", "行政审批服务", "行政审批", "大数据管理",
         "大数据发展管理", "大数据", "数据"),
    ),
    Kind("乡村振兴", ("乡村振兴",)),
    Kind("民宗", ("民族宗教事务", "民族和宗教事务", "民族事务", "民族宗教", "民宗"), _BOTH),
    Kind("科技", ("科学技术", "科技")),
    Kind("粮食", ("粮食和物资储备", "粮食")),
    Kind("消防", ("消防救援",), ("支队", "大队", "局")),
    Kind("法院", ("人民法院", "法院"), ("",)),
    Kind("检察院", ("人民检察院", "检察院"), ("",)),
    Kind("政府", ("人民政府", "政府"), ("",)),
)  # fmt: skip

# “卫健部门”, “市场监管系统” mean every bureau of the kind.
_COLLECTIVE = ("系统", "部门")
# A stem that is an everyday word names a bureau only before 局, 厅 or 委, never before 系统, 部门.
_NOT_COLLECTIVE = frozenset({"数据", "建设", "行政执法", "行政审批", "政府", "人民政府"})
# Where “政府” belongs to another word.
_GOVERNMENT_WORDS = (
    "信息", "采购", "网站", "门户", "购买", "部门", "工作报告", "规章", "职能", "法律顾问",
    "热线", "服务", "投资", "数据", "建设", "立法", "合同", "督查", "治理", "公开", "机构", "系统",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KindMention:
    """A kind named at `start:end` of a text; `collective` for “…系统”, “…部门”."""

    kind: str
    start: int
    end: int
    collective: bool = False


def _names() -> Iterator[tuple[str, str, bool]]:
    for kind in _KINDS:
        for stem in kind.stems:
            for ending in kind.endings:
                yield stem + ending, kind.name, False
            if stem not in _NOT_COLLECTIVE and "" not in kind.endings:
                for ending in _COLLECTIVE:
                    yield stem + ending, kind.name, True


_BY_NAME = {name: (kind, collective) for name, kind, collective in _names()}
_LONGEST_FIRST = sorted(_BY_NAME, key=len, reverse=True)
_PATTERN = re.compile("|".join(map(re.escape, _LONGEST_FIRST)))
_SHORT = {brief: kind.name for kind in _KINDS for brief in kind.briefs}


def find_kinds(text: str) -> list[KindMention]:
    """Every bureau kind named in `text`, left to right, longest name first."""
    found = []
    for match in _PATTERN.finditer(text):
        kind, collective = _BY_NAME[match.group()]
        if kind == "政府" and text.startswith(_GOVERNMENT_WORDS, match.end()):
            continue
        # 卫生委员, 改革委托: 委 must not begin another word.
        if match.group().endswith("委") and text.startswith(("员", "托", "派"), match.end()):
            continue
        found.append(KindMention(kind, match.start(), match.end(), collective))
    return found


def kind_of(name: str) -> tuple[str, str]:
    """Split an organisation's full name into (place, kind); a name of no listed kind keeps its
    own ending as its kind: 石桥县档案局 → (石桥县, 档案局) is left to the caller."""
    for ending in _LONGEST_FIRST:
        kind, collective = _BY_NAME[ending]
        if not collective and name.endswith(ending):
            return name[: -len(ending)], kind
    return name, ""


def short_kind_at(text: str, at: int) -> KindMention | None:
    """A brief name (卫健, 市监, 城管 …) that stands at `at`, as after a place."""
    for brief, kind in _SHORT.items():
        if text.startswith(brief, at):
            return KindMention(kind, at, at + len(brief))
    return None

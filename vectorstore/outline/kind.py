"""What a document is: a yearly report on rule-of-law government, another on it, or neither."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from vectorstore.outline.parts import classify
from vectorstore.types import Part

__all__ = ["Kind", "kind_of"]


class Kind(Enum):
    """`ANNUAL` is the yearly report, `PERIODIC` another report on the subject
    (half a year, a campaign, a leader's own account)."""

    ANNUAL = "annual"
    PERIODIC = "periodic"
    OTHER = "other"


# 依法治教, 依法治水, 法治交通 are a trade's own names for it. What is taught of the law (法治宣传),
# inspections of it (法治督察) and what is dealt with by law (依法治理违建) are other subjects.
_SUBJECT = re.compile(
    r"(?<!依)法治\S{0,8}建设|建设法治|述法|依法行政|依法治(?![理疗])[\u4e00-\u9fff]|依法办[学校教园医院企]"
    r"|(?<!依)法治(?!宣传|教育|文化|培训|讲|课|知识|副校长|督察|督导|考核|审核|审查|人才|队伍|体检)"
    r"[\u4e00-\u9fff]{0,4}?(?:工作|单位|机关|情况|报告|总结|汇报|年报)"
)
_REPORT = re.compile(r"报告|总结|汇报|情况|年报|述法|述职|自查")
_NOT_REPORT = re.compile(
    r"(?:工作安排|工作计划|计划|要点|方案|规划|通知|意见|办法|规定|细则|条例|(?<!情况)(?<!情况的)通报|解读|(?<!情况)(?<!情况的)公告|函|预算|决算|清单|纲要|讲话|制度|标准)"
    r"(?:[（(][^（）()]*[）)])?$"
)
# 2024年工作总结和2025年工作计划 is the report on 2024.
_WITH_PLAN = re.compile(
    r"(?:总结|情况(?:报告|汇报)?)(?:以?及|和|与|暨|、)\S{0,14}(?:计划|打算|安排|思路|要点)(?:的?报告)?$"
)
_PART_OF_YEAR = re.compile(
    r"[上下]半年|[一二三四1-4]季度|第[一二三四1-4]季|[1-9一二三四五六七八九十]{1,2}月份?|(?<![〇零○一二三四五六七八九])五年|专项|示范创建|述[法职]"
)
_ANNOUNCED = re.compile(
    r"法治\S{0,8}(?:建设)?[^。]{0,24}(?:情况|工作|如下)[^。]{0,12}(?:报告|汇报|总结|述职)?如下"
)
_REPORTED = re.compile(r"情况\S{0,4}(?:报告|汇报|总结)如下")
_OWN_HEADING = re.compile(
    r"法治政府建设|第一责任人|(?:依法行政|法治建设)工作(?:总体|基本)?(?:开展|推进|完成|落实)?情况"
)
_LAW = re.compile("法治|依法行政")


def kind_of(title: str, lead: Sequence[str], headings: Sequence[str], *, titled: bool) -> Kind:
    """Judge by the title; where it does not tell, by the lead and the level-1 headings.

    `titled` is False when `title` is only the file's name.
    """
    title = _WITH_PLAN.sub("总结", title)
    if _NOT_REPORT.search(title):
        return Kind.OTHER
    about = _SUBJECT.search(title) is not None
    if about and (_REPORT.search(title) or _announced(lead)):
        return Kind.PERIODIC if _PART_OF_YEAR.search(title) else Kind.ANNUAL
    if _REPORT.search(title) and not _PART_OF_YEAR.search(title) and _by_parts(lead, headings):
        return Kind.ANNUAL
    vague = not titled or not re.search(r"[\u4e00-\u9fff]{4}", title) or _is_vague(title)
    told = _announced(lead) or any(_OWN_HEADING.search(heading) for heading in headings)
    if not titled and not told:
        # Saved without its title: the subject in the lead and a part in the headings must do.
        parts = {classify(heading) for heading in headings}
        told = any(_SUBJECT.search(paragraph) for paragraph in lead) and Part.MEASURES in parts
    return Kind.ANNUAL if vague and told else Kind.OTHER


def _by_parts(lead: Sequence[str], headings: Sequence[str]) -> bool:
    """Whether the parts are the official ones whatever the title says: the principal's duty, which
    hardly another report tells of, about the law by its own words or the lead's, and two more.
    """
    parts = {classify(heading) for heading in headings}
    others = parts & {Part.MEASURES, Part.SHORTCOMINGS, Part.NEXT_YEAR}
    lawful = any(_SUBJECT.search(paragraph) for paragraph in lead)
    return len(others) > 1 and any(
        classify(heading) is Part.FIRST_RESPONSIBLE and (_LAW.search(heading) or lawful)
        for heading in headings
    )


def _announced(lead: Sequence[str]) -> bool:
    return any(
        _ANNOUNCED.search(paragraph)
        or ("法治政府建设" in paragraph and _REPORTED.search(paragraph))
        for paragraph in lead
    )


def _is_vague(title: str) -> bool:
    """Whether a title names no subject of its own (年度工作报告, 工作总结)."""
    return (
        re.search(
            r"(?:年度|年|局|委|府|处|院|中心)(?:年度)?(?:工作)?(?:报告|总结|情况|汇报)$", title
        )
        is not None
    )

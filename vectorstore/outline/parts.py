"""Which of the five official parts a heading opens.

Source of the five: 法治政府建设与责任落实督察工作规定 (2019). When a heading names two parts
(存在问题及下一步打算), the part named first wins, except that the principal's duty always wins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from vectorstore.types import Part

__all__ = ["assign_parts", "classify", "opens_part", "part_within", "told_by_any"]

_DUTY = re.compile(
    r"履行.{0,14}第一责任人|第一责任人.{0,8}(?:履职|履行|职责情况|责任情况|情况|落实)|第一责任人职责$"
    r"|(?:主要负责(?:人|同志)|主要领导|党政负责人|(?:局|厅|院|校|镇|乡|县|市|区)长).{0,8}推进\S{0,6}法治\S{0,6}建设(?:工作)?(?:职责|责任|情况|$)"
    r"|(?:主要负责(?:人|同志)|主要领导|“?一把手”?).{0,12}(?:履行|履职|职责)|(?<!依法)履职情况|述法情况|履职尽责情况"
)
_DUTY_AS_MEASURE = re.compile(
    r"(?:压实|扛牢|扛起|落实|强化|加强|提高|坚持|突出)[^，,]*[，,]|[，,](?:压|扛|落|强|夯)实?"
)
_CORRECTED = re.compile(
    r"(?:整改|整治|解决|化解|破解|处理|办理)\S{0,4}(?:情况|成效|落实)|问题导向|问题线索"
)
_NOT_SHORT = r"(?:解决|化解|破解|整治|聚焦|针对|补齐|紧盯|查摆|破除|围绕|着力)[^，,及和与]{0,10}"
_SHORT = re.compile(
    r"存在.{0,6}(?:问题|不足|困难|短板|差距|薄弱)|面临.{0,6}(?:问题|困难|形势|挑战)|(?:主要|突出)?(?:问题|困难)(?=$|和|及|与|、|原因|分析)"
    r"|不足|短板|差距|弱项|薄弱环节|问题(?:原因|剖析|分析)|原因(?:分析|剖析)|制约因素|困难"
)
_NEXT = re.compile(
    r"下一?步|下一?阶段|下一?年度?|下年|明年|来年|今后|未来|工作(?:的?主要)?(?:计划|打算|安排|思路|设想|谋划|建议举措)"
    r"|(?:计划|打算|思路|设想)$|努力方向|^(?:工作|应对|对策)(?:对策|措施)(?![及和与、暨]\S{0,4}(?:成效|成果|做法|情况|亮点))|整改(?:措施|方向)|改进(?:措施|方向|举措|办法)|工作(?:重点|要点)$|主要安排|主要工作安排"
)
_AFTER = re.compile("下一?步|下一?阶段|下一?年|明年|来年|今后")
_NOT_NEXT = re.compile(
    r"安排部署|部署安排|(?:计划|安排|要点|思路).{0,4}(?:完成|落实|执行|推进)情况"
)
_OTHER = re.compile(
    r"(?:其他|其它|需要?).{0,8}(?:报告|说明|事项)|^其[他它](?:情况|方面)?$|意见和?建议|工作建议|有关建议"
)
_MEASURES = re.compile(
    r"举措|成效|做法|开展.{0,4}情况|基本情况|工作情况|建设情况|总体情况|总结|主要工作(?!安排|计划|打算|思路)|亮点|经验"
    r"|完成情况|进展|推进.{0,6}情况|落实情况|回顾|成绩|概况|执行情况|工作开展"
)
_YEAR = re.compile(r"(20\d\d)年")
# A heading that can only be the title of a whole part, whatever its number.
_WHOLE = re.compile(
    r"(?:当前|目前|20\d\d年度?|推进|工作中?|法治(?:政府)?建设(?:工作)?中?)*"
    r"(?:(?:主要)?(?:存在|面临)的?(?:主要|突出)?(?:问题|不足|困难|短板)\S{0,10}"
    r"|(?:主要|存在)?问题(?:和|及|与)(?:不足|原因)\S{0,6}|不足(?:和|及|与)\S{2,6}"
    r"|(?:下一?步|下一?年度?|明年|今后)的?\S{0,10}(?:打算|计划|安排|思路|措施|重点|工作|要点|方向)"
    r"|\S{0,12}工作(?:打算|计划|思路|安排)"
    r"|(?:的?(?:主要|重点)?(?:工作)?(?:举措|做法|成效|工作|情况|开展|总结|亮点|落实|及|和|与|、))+"
    r"|\S{0,8}主要(?:负责人|领导|负责同志)\S{0,14}(?:职责|情况)"
    r"|其[他它](?:需要?)?\S{0,6}(?:情况|事项|报告|说明))"
)


def told_by_any(heading: str, year: int | None) -> Part | None:
    """问题 and 下一步 as a report on any subject tells them. A plan's own 工作安排 is neither."""
    part = classify(heading, year)
    if part is Part.NEXT_YEAR:
        later = any(year is not None and int(m[1]) > year for m in _YEAR.finditer(heading))
        return part if later or _AFTER.search(heading) else None
    return part if part is Part.SHORTCOMINGS else None


def opens_part(heading: str) -> bool:
    """Whether a heading can only be the title of a whole part, whatever its place or number."""
    return _WHOLE.fullmatch(heading) is not None and classify(heading) is not None


def classify(heading: str, year: int | None = None) -> Part | None:
    """The part a heading names by itself; `year` is the report's year."""
    if _DUTY.search(heading) and not _DUTY_AS_MEASURE.search(heading):
        return Part.FIRST_RESPONSIBLE
    found: list[tuple[int, int, Part]] = []
    if (at := _next_year(heading, year)) is not None:
        found.append((at, 0, Part.NEXT_YEAR))
    if (at := _shortcomings(heading)) is not None:
        found.append((at, 1, Part.SHORTCOMINGS))
    if match := _OTHER.search(heading):
        found.append((match.start(), 2, Part.OTHER))
    if match := _MEASURES.search(heading):
        found.append((match.start(), 3, Part.MEASURES))
    return min(found)[2] if found else None


def _next_year(heading: str, year: int | None) -> int | None:
    for match in _YEAR.finditer(heading):
        if year is not None and int(match[1]) > year:
            return match.start()
    match_next = _NEXT.search(heading)
    if match_next is None or _NOT_NEXT.search(heading):
        return None
    return match_next.start()


def _shortcomings(heading: str) -> int | None:
    if _CORRECTED.search(heading):
        return None
    bare = re.sub(
        _NOT_SHORT + r"(?:问题|困难|短板|弱项|差距|难题|不足)", lambda m: "　" * len(m[0]), heading
    )
    match = _SHORT.search(bare)
    return match.start() if match else None


def assign_parts(headings: Sequence[str], year: int | None) -> list[Part | None]:
    """The part of each level-1 heading, in order.

    A report may have no section that wraps its measures: headings that name no part, before
    问题 and 下一步, are measures; after those they carry on 下一步, or 其他.
    """
    parts: list[Part | None] = []
    latest: Part | None = None
    for heading in headings:
        part = classify(heading, year)
        if part is None:
            part = _carried(latest)
        elif part is not Part.FIRST_RESPONSIBLE:
            latest = part
        parts.append(part)
    return parts


def _carried(latest: Part | None) -> Part | None:
    if latest in {None, Part.MEASURES}:
        return Part.MEASURES
    return latest if latest is not Part.SHORTCOMINGS else None


def part_within(parent: Part | None, heading: str) -> Part | None:
    """The part of a section under one of part `parent`: its parent's.

    Only a sub-section that is wholly 问题 or 下一步 keeps that part under 主要举措 or in a section
    that combines two parts, so that a question about problems finds it.
    """
    if parent in {Part.MEASURES, Part.SHORTCOMINGS} and opens_part(heading):
        own = classify(heading)
        return own if own in {Part.SHORTCOMINGS, Part.NEXT_YEAR} else parent
    return parent

"""Skeletons of the official parts that last year's report did not have."""

from __future__ import annotations

from assistant.draft.edits import fill, verify_mark
from assistant.gongwen import Heading, Paragraph, Text
from assistant.gongwen.model import Block
from vectorstore.types import PART_NAMES, Part

__all__ = ["missing_part"]


def missing_part(part: Part, org: str, year: int) -> list[Block]:
    """Heading and blanks of a part (OFFICIAL_FORMAT, the five parts)."""
    blocks: list[Block] = [Heading(1, PART_NAMES[part])]
    if part is Part.FIRST_RESPONSIBLE:
        blocks.append(_first_responsible(year))
    elif part is Part.OTHER:
        blocks.append(Paragraph((fill("其他需要报告的情况，没有的写“无其他需要报告的情况”"),)))
    elif part is Part.SHORTCOMINGS:
        blocks += [
            Paragraph((Text("对照上级要求，工作中还存在以下不足："),)),
            Paragraph((fill(f"{year}年存在的主要不足"), Text("。"))),
            Paragraph((Text("产生问题的主要原因："), fill("产生不足的原因"), Text("。"))),
        ]
    else:
        blocks.append(Paragraph((fill(f"{org}{year}年推进法治政府建设的主要举措和成效"),)))
    return blocks


def _first_responsible(year: int) -> Paragraph:
    """What the rule asks of the principal: study, decisions, direction (督察工作规定)."""
    return Paragraph(
        (
            Text(f"{year}年，主要负责人履行推进法治建设第一责任人职责。一是研究部署，"),
            fill("主持研究法治政府建设工作的次数和事项"),
            Text("。二是带头学法，"),
            fill("主持集体学法、讲授法治课的次数"),
            Text("。三是依法决策，"),
            fill("重大行政决策合法性审查和听取法律顾问意见的情况"),
            Text("。四是督促落实，"),
            fill("督办法治建设重点任务、重大案件的情况"),
            Text("。"),
            verify_mark("以上各项是否属实、有无补充"),
        )
    )

"""Hits made from plain text, for tests that need no store."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from assistant.evidence import Evidence, pack
from vectorstore.quantities import extract_text
from vectorstore.tokens import count_tokens
from vectorstore.types import Chunk, Hit, Quantity

ORG_A, ORG_B = "云岭县卫生健康局", "云岭县市场监督管理局"

TEXT_A = (
    "全年共立案12件，其中简易程序5件、普通程序7件，罚没款3.6万元。开展“双随机”抽查80户次，完结率100%。"
    "未建立专门的执法队伍，执法力量薄弱。举办法治培训6场次，培训执法人员240人次。"
)
TEXT_B = "全年办理行政处罚案件45件，罚没款18.2万元。建立法律顾问制度，聘请法律顾问2名。"


def hit(
    text: str,
    org: str = ORG_A,
    year: int | None = 2025,
    *,
    heading: Sequence[str] = ("一、主要举措和成效", "（一）规范行政执法"),
    start: int = 100,
    title: str = "",
) -> Hit:
    report = hashlib.sha256(f"{org}{year}".encode()).hexdigest()[:16]
    chunk = Chunk(
        id=hashlib.sha256(f"{report}{start}{text}".encode()).hexdigest()[:16],
        report_id=report,
        ordinal=start,
        section=1,
        heading_path=tuple(heading),
        part=None,
        start=start,
        end=start + len(text),
        text=text,
        tokens=count_tokens(text),
    )
    name = title or f"{org}{year}年法治政府建设年度报告"
    return Hit(chunk, org, year, name, 1.0)


def figures(text: str) -> tuple[Quantity, ...]:
    return extract_text(text)


def evidence(*hits: Hit) -> Evidence:
    return pack(hits or (hit(TEXT_A), hit(TEXT_B, ORG_B)), 4000, nonce="n0nce")

"""Reports made for tests of chunking and storing; the text is ours and fictional."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from vectorstore.chunk import chunk
from vectorstore.types import (
    Chunk,
    Dimension,
    Hedge,
    Modality,
    Note,
    Part,
    Quantity,
    QuantityKind,
    Report,
    Section,
)

# (level, number, heading, part, body)
Outline = list[tuple[int, str, str, Part | None, str]]

FIGURE = "立案14起"
PLAIN: Outline = [
    (1, "一、", "主要举措和成效", Part.MEASURES, ""),
    (
        2,
        "（一）",
        "规范执法",
        Part.MEASURES,
        f"全年{FIGURE}，罚没款24.162万元。双随机抽查全部完成。",
    ),
    (2, "（二）", "普法宣传", Part.MEASURES, "开展普法活动12场次，发放宣传资料3000余份。"),
    (1, "二、", "存在的不足和原因", Part.SHORTCOMINGS, "执法力量薄弱，人员编制偏少。"),
    (1, "三、", "下一年度工作安排", Part.NEXT_YEAR, "组织法治培训不少于10场。"),
]


def make_report(
    org: str = "青禾县卫生健康局",
    year: int | None = 2025,
    outline: Outline = PLAIN,
    *,
    lead: str = "",
    path: str = "青禾.txt",
    title: str = "",
    is_annual: bool = True,
) -> Report:
    title = title or f"{org}{year}年法治政府建设年度报告"
    text = f"{title}\n{lead or '现将有关情况报告如下：'}\n"
    rows: list[Section] = [Section(0, 0, "", "", None, None, 0, 0, 0, 0, 0)]
    open_: list[int] = []
    for level, number, heading, part, body in outline:
        while open_ and rows[open_[-1]].level >= level:
            open_.pop()
        start = len(text)
        heading_start = start + len(number)
        heading_end = heading_start + len(heading)
        text += f"{number}{heading}\n{body}\n" if body else f"{number}{heading}\n"
        rows.append(
            Section(
                len(rows),
                level,
                number,
                heading,
                part,
                open_[-1] if open_ else None,
                start,
                heading_start,
                heading_end,
                heading_end + 1,
                0,
            )
        )
        open_.append(len(rows) - 1)
    text = text.rstrip("\n")
    return Report(
        id=hashlib.sha256(text.encode()).hexdigest()[:16],
        path=path,
        org=org,
        year=year,
        title=title,
        text=text,
        sections=_closed(rows, len(text)),
        addressee="青禾县人民政府：",
        signoff_org=org,
        signoff_date="2026年1月15日",
        is_annual=is_annual,
        notes=(Note("residue", "删除了书签残留。", "[bookmark]"),),
    )


def _closed(rows: list[Section], length: int) -> tuple[Section, ...]:
    """Give each section the end its type promises."""
    closed = []
    for at, row in enumerate(rows):
        end = next((r.start for r in rows[at + 1 :] if r.level <= row.level), length)
        if at == 0:
            end = rows[1].start if len(rows) > 1 else length
        values = [getattr(row, name) for name in row.__slots__]
        closed.append(Section(*values[:-2], min(row.body_start, length), end))
    return tuple(closed)


def make_quantities(report: Report) -> tuple[Quantity, ...]:
    start = report.text.index(FIGURE) + 2
    sentence = (start - 4, report.text.index("。", start) + 1)
    return (
        Quantity(
            text="14起",
            start=start,
            end=start + 3,
            kind=QuantityKind.QUANTITY,
            value=Decimal("14"),
            unit="起",
            dimension=Dimension.CASE,
            indicator="行政处罚立案",
            canonical="penalty_filed",
            sentence_start=sentence[0],
            sentence_end=sentence[1],
        ),
        Quantity(
            text="24.162万元",
            start=report.text.index("24.162"),
            end=report.text.index("24.162") + 8,
            kind=QuantityKind.QUANTITY,
            value=Decimal("241620.00"),
            value_max=Decimal("1E+6"),
            unit="元",
            dimension=Dimension.MONEY,
            hedge=Hedge.OVER_ROUND,
            indicator="罚没款",
            canonical="fines",
            org="青禾县",
            year=2024,
            modality=Modality.TARGET,
            heading="规范执法",
            sentence_start=sentence[0],
            sentence_end=sentence[1],
        ),
    )


def make_parts(report: Report) -> tuple[Report, tuple[Chunk, ...], tuple[Quantity, ...]]:
    """What `Store.add` takes."""
    return report, chunk(report), make_quantities(report) if FIGURE in report.text else ()

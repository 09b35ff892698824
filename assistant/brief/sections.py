"""Sections on themes, practices, second looks and sources, every statement with its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.brief.batch import Batch, name_of
from assistant.brief.review import Look
from assistant.brief.tally import Reading, Said, Tally
from assistant.brief.types import Cited
from assistant.brief.words import listed, quoted
from assistant.gongwen import Heading, Paragraph, Span, TableBlock, Text
from assistant.gongwen.model import Align, Block, Cell
from vectorstore.store import ReportRow

__all__ = ["look_blocks", "practice_blocks", "source_block", "theme_blocks", "unsorted_block"]

_COMMON = 2  # bureaus that make a theme common
_EXAMPLES = 10  # themes told with quotes; the table has all of them
_MANY = 40  # bureaus; beyond, a comment tells only how each begins
_WORDS, _WORDS_MANY = 60, 16  # characters
_RIGHT: Align = "right"
_LEFT: Align = "left"
_CENTER: Align = "center"


def theme_blocks(
    made: Sequence[Tally], reports: int, what: str, *, quotes: int, lead: Paragraph | None
) -> list[Block]:
    """A table of themes by number of bureaus, then the common ones with `quotes` quotes each.

    `what` names the themes (做法, 不足, 安排). `lead` is a paragraph to open with.
    """
    common = [t for t in made if len(t.said) >= _COMMON]
    single = [t for t in made if len(t.said) < _COMMON]
    blocks: list[Block] = [lead] if lead else []
    if common:
        blocks.append(_theme_table(common, reports, what))
        blocks += [_theme(tally, reports, quotes) for tally in common[:_EXAMPLES]]
    if single:
        blocks.append(_single(single, what))
    return blocks


def _theme_table(made: Sequence[Tally], reports: int, what: str) -> TableBlock:
    rows: list[tuple[Cell, ...]] = [
        (
            str(n),
            tally.name,
            str(len(tally.said)),
            f"{100 * len(tally.said) / reports:.0f}%",
            (_who(tally, reports),),
        )
        for n, tally in enumerate(made, start=1)
    ]
    heads = ("序号", what, "单位数", "占比", "单位")
    return TableBlock(
        f"{what}一览（{reports}份报告）",
        heads,
        tuple(rows),
        align=(_CENTER, _LEFT, _RIGHT, _RIGHT, _LEFT),
    )


def _who(tally: Tally, reports: int) -> Cited:
    """The bureaus; the comment tells in what words each of them says it."""
    whole = "全部单位" if len(tally.said) == reports > 1 else listed(tally.orgs)
    most = _WORDS if len(tally.said) <= _MANY else _WORDS_MANY
    told = sorted(tally.said, key=lambda said: (said.reading.name, said.quote))
    lines = (f"{s.reading.name}：“{_cut(s.quote, most)}”" for s in told)
    comment = f"提到“{tally.name}”的单位（{len(told)}个）：" + "；".join(lines)
    return Cited(whole, comment, tuple(said.source for said in told))


def _cut(quote: str, most: int) -> str:
    return quote if len(quote) <= most else f"{quote[:most]}……"


def _theme(tally: Tally, reports: int, count: int) -> Paragraph:
    whole = "全部" if len(tally.said) == reports > 1 else ""
    spans: list[Span] = [Text(f"{whole}{len(tally.said)}个单位提到。")]
    for n, said in enumerate(tally.examples(count)):
        spans += [Text(f"{'；' if n else '如'}{said.reading.name}："), quoted(said.source)]
    return Paragraph((*spans, Text("。")), heading=Heading(2, tally.name))


def _single(made: Sequence[Tally], what: str) -> Paragraph:
    spans: list[Span] = [Text(f"个别单位还提到其他{what}：")]
    for n, tally in enumerate(made):
        said = tally.said[0]
        spans += [
            Text(f"{'；' if n else ''}{tally.name}（{said.reading.name}："),
            quoted(said.source),
            Text("）"),
        ]
    return Paragraph((*spans, Text("。")))


def practice_blocks(found: Sequence[Said]) -> list[Block]:
    """What few bureaus say, in their own words, one paragraph each."""
    if not found:
        return []
    lead = Paragraph(
        (Text("以下做法只见于个别报告，内容较具体，可供参考（照录原文，未经核实）。"),)
    )
    told: list[Block] = [
        Paragraph((Text(f"{n}.{said.reading.name}："), quoted(said.source), Text("。")))
        for n, said in enumerate(found, start=1)
    ]
    return [lead, *told]


def look_blocks(looks: Sequence[Look]) -> list[Block]:
    """A table of the reports to look at again, each reason with its quote."""
    if not looks:
        return [Paragraph((Text("没有发现需要复核的报告。"),))]
    rows: list[tuple[Cell, ...]] = []
    for n, look in enumerate(looks, start=1):
        spans: list[Span] = []
        for k, reason in enumerate(look.reasons, start=1):
            number = f"{k}." if len(look.reasons) > 1 else ""
            spans.append(Text(f"{number}{reason.text}"))
            if reason.source and reason.source.quote:
                spans += [Text("原文："), quoted(reason.source), Text("。")]
        rows.append((str(n), look.name, tuple(spans)))
    lead = Paragraph((Text("以下报告由程序检查提出，建议上报前逐份核对。"),))
    table = TableBlock(
        "需要复核的报告",
        ("序号", "单位", "需要复核的事项"),
        tuple(rows),
        align=(_CENTER, _LEFT, _LEFT),
    )
    return [lead, table]


def source_block(batch: Batch, readings: Sequence[Reading]) -> tuple[TableBlock, set[str]]:
    """Every report accounted for, and the ids of those listed."""
    read = {reading.row.id: reading.name for reading in readings}
    others = [row for row in batch.asked if row.id not in read]
    stragglers = [row for row in batch.elsewhere if row not in others]
    rows: list[tuple[Cell, ...]] = []
    for reading in readings:
        rows.append(_source_row(len(rows) + 1, reading.name, reading.row, "计入汇总"))
    for row in (*others, *stragglers):
        rows.append(_source_row(len(rows) + 1, name_of(row), row, _use(row, batch)))
    table = TableBlock(
        "报告来源",
        ("序号", "单位", "年度", "报告题目", "文件", "用途"),
        tuple(rows),
        align=(_CENTER, _LEFT, _CENTER, _LEFT, _LEFT, _LEFT),
    )
    return table, {*read, *(row.id for row in (*others, *stragglers))}


def _source_row(n: int, name: str, row: ReportRow, use: str) -> tuple[Cell, ...]:
    year = str(row.year) if row.year else "不明"
    return (str(n), name, year, row.title, Path(row.path).name, use)


def _use(row: ReportRow, batch: Batch) -> str:
    if row in batch.extra:
        return "同单位另一份，未计入"
    if any(bureau.before == row for bureau in batch.bureaus):
        return "上年对比"
    return "其他年度，未计入"


def unsorted_block(found: Sequence[tuple[str, Said]]) -> TableBlock | None:
    """Statements that fit no theme, so that nothing is left out; None where there are none."""
    rows: list[tuple[Cell, ...]] = [
        (str(n), what, said.reading.name, (quoted(said.source),))
        for n, (what, said) in enumerate(found, start=1)
    ]
    if not rows:
        return None
    return TableBlock(
        "未归入以上类别的表述",
        ("序号", "类别", "单位", "原文"),
        tuple(rows),
        align=(_CENTER, _CENTER, _LEFT, _LEFT),
    )

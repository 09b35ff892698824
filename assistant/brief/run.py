"""A brief over many reports: choose, read, count, compare, tell, account for every one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.brief.batch import Batch, select_batch
from assistant.brief.budget import BriefModel
from assistant.brief.cache import NoteCache
from assistant.brief.chart import Bar, bar_chart
from assistant.brief.copies import Copy
from assistant.brief.engine import Engine
from assistant.brief.groups import group_alike
from assistant.brief.layout import (
    main_block,
    main_table,
    overview,
    summary_block,
    summary_table,
)
from assistant.brief.reading import read_all, rule_version, without_twins
from assistant.brief.review import second_looks
from assistant.brief.sections import (
    look_blocks,
    practice_blocks,
    source_block,
    theme_blocks,
    unsorted_block,
)
from assistant.brief.tables import Column, columns, grouped, shown
from assistant.brief.tally import Reading, Said, practices, tallies
from assistant.brief.themes import Kind, Themes, load_themes
from assistant.brief.types import Brief, Coverage, Table
from assistant.brief.watch import Watch
from assistant.brief.words import by_row
from assistant.brief.years import change_block, change_table, change_words, changes, tables_of
from assistant.gongwen import (
    Attachment,
    Heading,
    ImageBlock,
    OfficialDocument,
    Paragraph,
    TableBlock,
    Text,
)
from assistant.gongwen.model import Block
from vectorstore.indicators import Lexicon
from vectorstore.store import Store

__all__ = ["Request", "make_brief"]

_IN_BODY = 20  # bureaus; longer tables are attachments
_BARS = 15
_LEAST_BARS = 3


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for; empty fields leave the choice to the library."""

    orgs: tuple[str, ...] = ()
    year: int | None = None
    title: str = ""


@dataclass
class _Making:
    """One brief on its way."""

    store: Store
    batch: Batch
    readings: list[Reading]
    copies: list[Copy]
    columns: list[Column]
    themes: Themes
    watch: Watch
    engine: Engine | None = None
    tables: list[Table] = field(default_factory=list)
    unfolded: dict[str, TableBlock] = field(default_factory=dict)
    bars: list[Bar] = field(default_factory=list)
    body: list[Block] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)

    def add(self, title: str, blocks: Sequence[Block]) -> None:
        """A section of the body, left out where there is nothing to tell."""
        if blocks:
            self.body += [Heading(1, title), *blocks]

    def compared(self, block: TableBlock) -> TableBlock:
        """A table with one row a bureau, as it goes into the document."""
        if not self.many:
            return block
        self.unfolded[block.caption] = block
        return by_row(block)

    @property
    def many(self) -> bool:
        """Whether tables with one row a bureau are too long for the body."""
        return len(self.batch.bureaus) > _IN_BODY


def make_brief(
    store: Store,
    lexicon: Lexicon,
    request: Request,
    home: Path,
    *,
    model: BriefModel | None = None,
    watch: Watch | None = None,
) -> Brief:
    """The brief over the reports of `request`; notes are kept under `home`, the data folder.

    With a `model`, it names what no rule fits and joins cited sentences. Raises NothingToTellError
    where no report fits, and what `watch` raises.
    """
    watch = watch or Watch()
    themes = load_themes()
    batch = select_batch(store, request.orgs, request.year)
    cache = NoteCache(home, rule_version(themes))
    cache.forget([row.id for row in store.reports()])
    watch.stage("阅读报告")
    readings = read_all(store, batch, themes, cache, watch)
    watch.stage("查找雷同报告")
    batch, readings, copies = without_twins(batch, readings)
    engine = Engine(model, themes, watch) if model else None
    if engine:
        watch.stage("大模型归类")
        readings = engine.name_themes(readings, home, rule_version(themes))
    readings = group_alike(store, readings)
    watch.stage("比较指标")
    indicators = columns(store, batch, lexicon)
    made = _Making(store, batch, readings, copies, indicators, themes, watch, engine)
    brief = _write(made, request)
    if engine:
        engine.finish()
    return brief


def _write(made: _Making, request: Request) -> Brief:
    batch = made.batch
    year = f"{batch.year}年度" if batch.year else ""
    made.body.append(Paragraph((Text(f"现将各单位{year}法治政府建设情况报告综合如下。"),)))
    made.add("总体情况", overview(batch, made.columns))
    _indicators(made)
    made.watch.stage("与上年对比")
    _years(made)
    made.watch.stage("归纳做法、不足和安排")
    _themes(made)
    made.watch.stage("查找需要复核的报告")
    looks = second_looks(made.store, batch, made.readings, made.copies)
    made.add("需要复核的报告", look_blocks(looks))
    sources, listed = source_block(batch, made.readings)
    made.attachments.append(Attachment("报告来源", (sources,)))
    title = request.title or f"{year}法治政府建设情况报告汇总简报"
    document = OfficialDocument(title, tuple(made.body), attachments=tuple(made.attachments))
    asked = {row.id for row in batch.asked}
    coverage = Coverage(len(asked), len(asked & listed))
    notes = tuple(_told(made, request, len(looks)))
    return Brief(
        document,
        coverage,
        tuple(made.tables),
        notes,
        reports=frozenset(listed | asked),
        unfolded=made.unfolded,
        bars=tuple(made.bars),
    )


def _indicators(made: _Making) -> None:
    if not made.columns:
        return
    main: list[Block] = []
    for title, group in grouped(made.columns):
        made.tables.append(main_table(title, group, made.batch))
        main.append(made.compared(main_block(title, group, made.batch)))
    made.tables.append(summary_table(made.columns, made.batch))
    chart = _chart(made)
    if made.many:
        made.add("主要指标", [summary_block(made.columns, made.batch), *chart])
        made.attachments.append(Attachment("各单位主要指标", tuple(main)))
    else:
        made.add("主要指标", [*main, *chart])


def _chart(made: _Making) -> list[Block]:
    """The most widespread indicator that may be added up, its highest bureaus first."""
    fit = [c for c in made.columns if c.summable and len(c.series.operands) >= _LEAST_BARS]
    if not fit:
        return []
    column = fit[0]
    ranked = sorted(column.series.operands, key=lambda o: (-o.value, o.org))
    made.bars += [
        Bar(o.org or "（单位不明）", float(o.value), shown(o, column.unit)) for o in ranked[:_BARS]
    ]
    most = f"（前{_BARS}位）" if len(ranked) > _BARS else ""
    return [ImageBlock(bar_chart(made.bars), f"{column.heading}{most}")]


def _years(made: _Making) -> None:
    found = changes(made.store, made.batch, made.columns)
    if not found:
        return
    blocks: list[Block] = []
    for group in tables_of(found):
        made.tables.append(change_table(group, made.batch))
        blocks.append(made.compared(change_block(group, made.batch)))
    words = change_words(found, made.batch)
    if made.many:
        made.add("与上年对比", [words])
        made.attachments.append(Attachment("各单位两年对比", tuple(blocks)))
    else:
        made.add("与上年对比", [words, *blocks])


_SECTIONS: tuple[tuple[Kind, str, str], ...] = (
    ("measure", "共性做法", "做法"),
    ("shortcoming", "共性不足", "不足"),
    ("plan", "下一年度工作重点", "安排"),
)


def _themes(made: _Making) -> None:
    unsorted: list[tuple[str, Said]] = []
    for kind, title, what in _SECTIONS:
        found = tallies(made.readings, kind, made.themes)
        quotes = 1 if kind == "measure" else 2
        lead = made.engine.lead(title, found) if made.engine else None
        blocks = theme_blocks(found, len(made.readings), what, quotes=quotes, lead=lead)
        made.add(title, blocks)
        if kind == "measure":
            made.add("特色做法", practice_blocks(practices(made.readings, made.themes)))
        unsorted += [
            (what, Said(r, note)) for r in made.readings for note in r.notes
            if note.kind == kind and not note.keys
        ]  # fmt: skip
    if rest := unsorted_block(unsorted):
        made.attachments.append(Attachment("未归入以上类别的表述", (rest,)))


def _told(made: _Making, request: Request, looks: int) -> list[str]:
    """What whoever ran the command should know."""
    batch = made.batch
    notes = list(made.engine.notes) if made.engine else []
    if request.year is None and batch.year:
        notes.append(f"没有指定年度，按{batch.year}年度汇总；其他年度用 --year 指定。")
    absent = [b.name for b in batch.bureaus if b.report is None]
    if absent:
        notes.append(
            f"未报送{len(absent)}个单位：{'、'.join(absent[:10])}{'等' * (len(absent) > 10)}。"
        )
    if looks:
        notes.append(f"有{looks}份报告需要复核，见正文最后一部分。")
    return notes

"""HTML of a brief: the document as it is printed, its figures and quotes as links to their sources.

Long tables are shown page by page and sources only when asked for, so that a brief over hundreds of
reports stays as light as a small one. Everything from outside goes through `escaping.escape`.
"""

from __future__ import annotations

import math
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.app.escaping import escape
from assistant.app.quoting import LoadReport, source_html
from assistant.brief import NOT_MENTIONED, NOT_SUBMITTED, Brief, Cited, Source
from assistant.gongwen import Figure, Heading, Paragraph, Span, TableBlock, tidy
from assistant.gongwen.model import Block, ImageBlock, spans_of
from assistant.gongwen.numbering import Numbering, bare_heading
from assistant.gongwen.tables import aligned, note_lines
from assistant.gongwen.tidy import tidy_spans
from vectorstore.errors import NotFoundError
from vectorstore.sentences import Span as Place
from vectorstore.sentences import sentences

__all__ = ["PAGE_ROWS", "Sheet"]

PAGE_ROWS = 25
_SOURCES = 8  # shown at a time
_LAST = ("合计", "中位数")  # rows that stay in sight on every page
_EMPTY = {NOT_MENTIONED: "unsaid", NOT_SUBMITTED: "unsent"}


@dataclass(frozen=True, slots=True)
class _Title:
    """The title of an attachment."""

    text: str


class Sheet:
    """One brief laid out. A figure's address is `block.span` or `block.row.column.span`.

    It comes from another process. Hundreds of thousands of objects would hold this one up while
    they are made, and twenty megabytes as long as the brief is kept; so the blocks stay pickled,
    and only the one that is asked for is unpacked.
    """

    def __init__(self, brief: Brief) -> None:
        self.title = brief.document.title
        self.coverage = brief.coverage
        self.notes = brief.notes
        self.reports = brief.reports
        blocks = list(_flat(brief))
        self.html = _page(brief, blocks)
        self._blocks = [pickle.dumps(block) for block in blocks]

    def table_html(self, n: int, page: int) -> str:
        """Another page of the table that is block `n`; nothing for what is no table."""
        block = self._block(n) if 0 <= n < len(self._blocks) else None
        return _table(n, block, page) if isinstance(block, TableBlock) else ""

    def source_html(self, at: str, first: int, load: LoadReport) -> str:
        """What the figure at `at` rests on, from its `first` source on; nothing for no figure."""
        figure = self._figure(at)
        if figure is None:
            return ""
        sources = figure.sources if isinstance(figure, Cited) else ()
        if not sources:
            return f'<p class="basis">{escape(figure.comment)}</p>'
        part = sources[first : first + _SOURCES]
        cards = "".join(_card(source, load) for source in part)
        return cards + _more(at, first + len(part), len(sources))

    def _figure(self, at: str) -> Figure | None:
        try:
            n, *where, span = (int(part) for part in at.split("."))
            block = self._block(n)
            if isinstance(block, Paragraph) and not where:
                found = block.spans[span]
            elif isinstance(block, TableBlock):
                row, column = where
                found = spans_of(block.rows[row][column])[span]
            else:
                return None
        except (ValueError, IndexError):
            return None
        return found if isinstance(found, Figure) else None

    def _block(self, n: int) -> Block | _Title:
        """Raises IndexError."""
        block: Block | _Title = pickle.loads(self._blocks[n])
        return block


def _page(brief: Brief, blocks: Sequence[Block | _Title]) -> str:
    """The document, of long tables the first page."""
    title = escape(tidy(brief.document.title))
    body = "".join(_bodies(brief, blocks))
    return f'<article class="briefing"><h2>{title}</h2>{_contents(blocks)}{body}</article>'


def _contents(blocks: Sequence[Block | _Title]) -> str:
    """Links to the sections and attachments, which page.js brings into view."""
    links = "".join(
        f'<a class="jump" href="#brief-{n}">{escape(bare_heading(tidy(block.text)))}</a>'
        for n, block in enumerate(blocks)
        if isinstance(block, Heading | _Title)
    )
    return f'<nav class="toc" aria-label="目录">{links}</nav>' if links else ""


def _bodies(brief: Brief, blocks: Sequence[Block | _Title]) -> Iterator[str]:
    numbering = Numbering()
    for n, block in enumerate(blocks):
        match block:
            case _Title():
                numbering = Numbering()
                yield f'<h3 class="annex" id="brief-{n}">{escape(block.text)}</h3>'
            case Heading():
                yield f'<h3 id="brief-{n}">{_numbered(block, numbering)}</h3>'
            case Paragraph():
                yield _paragraph(n, block, numbering)
            case TableBlock():
                yield f'<div class="tabled" data-rows="{n}">{_table(n, block, 0)}</div>'
            case ImageBlock():
                yield _chart(brief, block.caption)


def _flat(brief: Brief) -> Iterator[Block | _Title]:
    def full(block: Block) -> Block:
        caption = block.caption if isinstance(block, TableBlock) else ""
        return brief.unfolded.get(caption, block)

    yield from map(full, brief.document.body)
    for number, attachment in enumerate(brief.document.attachments, start=1):
        yield _Title(f"附件{number}　{bare_heading(tidy(attachment.title))}")
        yield from map(full, attachment.body)


def _numbered(heading: Heading, numbering: Numbering) -> str:
    return escape(numbering.next(heading.level)[1] + bare_heading(tidy(heading.text)))


def _paragraph(n: int, block: Paragraph, numbering: Numbering) -> str:
    lead = f"<b>{_numbered(block.heading, numbering)}。</b>" if block.heading else ""
    return f'<p class="para">{lead}{_spans(str(n), block.spans)}</p>'


def _spans(at: str, spans: Sequence[Span]) -> str:
    return "".join(
        _figure(f"{at}.{n}", span) if isinstance(span, Figure) else escape(span.text)
        for n, span in enumerate(tidy_spans(spans))
    )


def _figure(at: str, figure: Figure) -> str:
    kind = "ref quoted" if figure.text.startswith("“") else "ref"
    return (
        f'<a class="{kind}" href="#" role="button" aria-expanded="false" data-at="{at}">'
        f"{escape(figure.text)}</a>"
    )


def _table(n: int, table: TableBlock, page: int) -> str:
    rows = list(enumerate(table.rows))
    last: list[tuple[int, tuple[str | tuple[Span, ...], ...]]] = []
    while rows and rows[-1][1][0] in _LAST:
        last.insert(0, rows.pop())
    pages = math.ceil(len(rows) / PAGE_ROWS)
    page = min(page, max(pages - 1, 0))
    sides = aligned(table)
    heads = "".join(
        f'<th scope="col" class="{side}">{escape(tidy(name))}</th>'
        for name, side in zip(table.columns, sides, strict=True)
    )
    part = rows[page * PAGE_ROWS : (page + 1) * PAGE_ROWS]
    body = "".join(_row(n, row, cells, sides) for row, cells in part)
    foot = "".join(_row(n, row, cells, sides) for row, cells in last)
    caption = escape(tidy(table.caption)) + (
        f"（单位：{escape(table.unit)}）" if table.unit else ""
    )
    notes = "".join(f"<p>{escape(tidy(note))}</p>" for note in note_lines(table))
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(table.caption)}">'
        f'<table style="--columns:{len(sides)}">'
        f"<caption>{caption}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{body}</tbody>{f'<tfoot>{foot}</tfoot>' if foot else ''}</table></div>"
        f"{_pager(n, page, pages, len(rows))}{f'<div class=notes>{notes}</div>' if notes else ''}"
    )


def _row(n: int, row: int, cells: Sequence[str | tuple[Span, ...]], sides: Sequence[str]) -> str:
    shown = []
    for column, (cell, side) in enumerate(zip(cells, sides, strict=True)):
        spans = spans_of(cell)
        empty = _EMPTY.get(spans[0].text, "") if len(spans) == 1 else ""
        kind = f"{side} {empty}".strip()
        shown.append(f'<td class="{kind}">{_spans(f"{n}.{row}.{column}", spans)}</td>')
    return f"<tr>{''.join(shown)}</tr>"


def _pager(n: int, page: int, pages: int, rows: int) -> str:
    if pages < 2:
        return ""
    first = page * PAGE_ROWS + 1

    def button(target: int, name: str) -> str:
        off = "" if 0 <= target < pages else " disabled"
        return f'<button type="button" data-turn="{n}.{target}"{off}>{name}</button>'

    return (
        f'<nav class="pager" aria-label="翻页">{button(page - 1, "上一页")}'
        f"<span>第 {first}–{min(first + PAGE_ROWS - 1, rows)} 行，共 {rows} 行</span>"
        f"{button(page + 1, '下一页')}</nav>"
    )


def _chart(brief: Brief, caption: str) -> str:
    """The document's chart with the same figures, drawn so that it can be read out and copied."""
    most = max((bar.value for bar in brief.bars), default=0.0)
    lines = "".join(
        f'<li><span class="who">{escape(bar.label)}</span>'
        '<svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{bar.value / most * 100 if most else 0:.2f}" height="1"></rect></svg>'
        f'<span class="amount">{escape(bar.shown)}</span></li>'
        for bar in brief.bars
    )
    return (
        f'<figure class="bars" role="group" aria-label="图：{escape(caption)}"><ol>{lines}</ol>'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def _card(source: Source, load: LoadReport) -> str:
    """The paragraph of a source, its sentence marked and in it the exact words."""
    year = f"{source.year}年" if source.year else "年度不详"
    path = " › ".join(source.heading.split(" > ")) or "正文"
    words = Place(source.start, source.end)
    quoted = source_html(source.report_id, _sentence(source, load), load, words)
    return (
        f'<div class="source"><p class="where"><b>{escape(source.org or "单位不详")}</b>'
        f'<span class="year">{year}报告</span><span class="path">{escape(path)}</span></p>'
        f"{quoted}</div>"
    )


def _sentence(source: Source, load: LoadReport) -> Place:
    """Where the sentence stands; the words alone where it is not found around them."""
    try:
        text = load(source.report_id).text
    except NotFoundError:
        return Place(source.start, source.end)
    line = text.rfind("\n", 0, source.start) + 1
    end = text.find("\n", source.end)
    whole = sentences(text, line, len(text) if end < 0 else end)
    mine = [s for s in whole if s.start < source.end and source.start < s.end]
    if not mine:
        return Place(source.start, source.end)
    return Place(min(mine[0].start, source.start), max(mine[-1].end, source.end))


def _more(at: str, shown: int, total: int) -> str:
    if shown >= total:
        return ""
    return (
        f'<p class="more"><button type="button" data-more="{at}.{shown}">'
        f"再看 {min(_SOURCES, total - shown)} 处</button>已列 {shown} 处，共 {total} 处</p>"
    )

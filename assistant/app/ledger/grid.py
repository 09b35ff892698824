"""HTML of the ledger: one page of figures, each with its sentence in the paragraph it stands in."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.app.escaping import escape
from assistant.app.notices import empty_library
from assistant.app.quoting import LoadReport, source_html
from assistant.cells import plain_digits
from assistant.ledger import MODALITIES, printed
from vectorstore.indicators import Lexicon
from vectorstore.sentences import Span
from vectorstore.store import LedgerRow
from vectorstore.types import Quantity

__all__ = [
    "EMPTY_LIBRARY",
    "NOTHING",
    "SORTABLE",
    "grid_html",
    "head_html",
]

_COLUMNS = {
    "org": "单位",
    "year": "年度",
    "indicator": "指标",
    "value": "数值",
    "text": "原文",
    "unit": "计量单位",
    "modality": "口径",
    "heading": "章节",
}
SORTABLE = frozenset(_COLUMNS) - {"text"}  # 原文 sorts by its value
EMPTY_LIBRARY = empty_library(
    "台账还没有数字",
    "打开“资料库”导入各单位的年度报告，其中的每个数字会自动列入台账，并注明原文出处。",
)
NOTHING = (
    '<div class="empty"><p class="big">没有符合条件的数字</p>'
    "<p>减少筛选条件，或换一个指标名称再试，例如“立案”“培训”。</p></div>"
)


def head_html(
    figures: int, orgs: int, others: int, downloads: Sequence[tuple[str, str]], *, compared: bool
) -> str:
    """How many rows there are, and links to all of them as (suffix, address)."""
    more = f"；另有日期和固定提法 {others} 处，见导出文件" if others else ""
    hint = "" if compared else "选一个指标看各单位对比，再选一个单位看历年变化。"
    links = "".join(
        f'<a class="download" href="{escape(address)}">下载 {escape(suffix)}</a>'
        for suffix, address in downloads
    )
    return (
        f'<div class="grid-head"><p>共 {figures:,} 个数字，{orgs} 个单位{more}。{hint}</p>'
        f'<p class="links">{links}</p></div>'
    )


def grid_html(
    rows: Sequence[LedgerRow], lexicon: Lexicon, load: LoadReport, sort: str, descending: bool
) -> str:
    """The table; a press on a row opens its source below it (page.js)."""
    heads = "".join(_head(key, name, sort, descending) for key, name in _COLUMNS.items())
    body = "".join(_row(n, row, lexicon, load) for n, row in enumerate(rows))
    return (
        '<div class="table-wrap"><table class="reports grid">'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _head(key: str, name: str, sort: str, descending: bool) -> str:
    kind = ' class="num"' if key == "value" else ""
    if key not in SORTABLE:
        return f'<th scope="col" class="{key}">{name}</th>'
    state = ""
    if key == sort:
        state = ' aria-sort="descending"' if descending else ' aria-sort="ascending"'
    return (
        f'<th scope="col"{kind}{state}><button type="button" data-sort="{key}">{name}</button></th>'
    )


def _row(n: int, row: LedgerRow, lexicon: Lexicon, load: LoadReport) -> str:
    q = row.quantity
    section = q.heading.rpartition(" > ")[2]
    opener = (
        f'<button type="button" class="open" aria-expanded="false" aria-controls="row-{n}">'
        f"{escape(printed(q))}</button>"
    )
    return (
        f'<tr class="figure"><td class="org">{escape(row.org) or "—"}</td>'
        f'<td class="year">{row.year or "—"}</td>'
        f'<td class="indicator">{_indicator(q, lexicon)}</td>'
        f'<td class="num value">{_value(q)}</td><td class="text">{opener}</td>'
        f'<td class="unit">{escape(q.unit)}</td>'
        f'<td class="modality {q.modality.value}">{MODALITIES[q.modality]}</td>'
        f'<td class="heading">{escape(section)}</td></tr>'
        f'<tr class="from" id="row-{n}" hidden><td colspan="{len(_COLUMNS)}">'
        f"{_source(row, load)}</td></tr>"
    )


def _indicator(quantity: Quantity, lexicon: Lexicon) -> str:
    shared = lexicon.indicators.get(quantity.canonical)
    own = escape(quantity.indicator)
    if shared is None:
        return own or "—"
    name = escape(shared.name)
    return f"<b>{name}</b>" + (f'<span class="own">{own}</span>' if own and own != name else "")


def _value(quantity: Quantity) -> str:
    if quantity.value is None:
        return "—"
    whole, dot, rest = plain_digits(quantity.value).partition(".")
    digits = f"{int(whole):,}" if whole.lstrip("-") else whole
    return f"{digits}{dot}{rest}"


def _source(row: LedgerRow, load: LoadReport) -> str:
    q = row.quantity
    path = " › ".join(q.heading.split(" > ")) or "正文"
    sentence = Span(q.sentence_start, q.sentence_end)
    quoted = source_html(row.report_id, sentence, load, Span(q.start, q.end))
    return f'<div class="source"><p class="path">{escape(path)}</p>{quoted}</div>'

"""HTML of the library: the table of reports, who has not reported, the page's headline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.app.escaping import escape
from assistant.app.library.looking import PAGE_ROWS, Found, Look, counted, lacking
from assistant.app.notices import empty_library
from assistant.app.paging import pager_html
from vectorstore.store import ReportRow
from vectorstore.types import Part

__all__ = [
    "Shelf",
    "absent_html",
    "headline_html",
    "notice_html",
    "reports_html",
]

_SHORT = {
    Part.MEASURES: "举措和成效",
    Part.SHORTCOMINGS: "不足和原因",
    Part.FIRST_RESPONSIBLE: "第一责任人履职",
    Part.NEXT_YEAR: "下一年度安排",
}
_COLUMNS = {
    "org": "单位",
    "year": "年度",
    "title": "标题",
    "parts": "五部分",
    "figures": "数字",
    "findings": "校核",
}
_NAMES = ("必须改正", "需要核对", "供参考")
_KINDS = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the table is drawn from: the rows `look` asks for, on all pages, and what is known.

    `lacking` counts chunks without vectors, by report id.
    """

    rows: Sequence[ReportRow]
    look: Look = field(default_factory=Look)
    found: Found = field(default_factory=dict)
    lacking: Mapping[str, int] = field(default_factory=dict)


def headline_html(rows: Sequence[ReportRow], engine: str) -> str:
    """What the library holds and who answers, in one line."""
    if not rows:
        held = "资料库还是空的"
    else:
        orgs = len({row.org for row in rows if row.org})
        years = sorted({row.year for row in rows if row.year})
        span = f" · {years[0]}–{years[-1]}年" if len(years) > 1 else ""
        span = f" · {years[0]}年" if len(years) == 1 else span
        held = f"{len(rows)} 份报告 · {orgs} 个单位{span}"
    return (
        '<header class="masthead"><h1>法治报告助手</h1>'
        f'<p><span>{held}</span><span class="engine-now">{escape(engine)}</span></p></header>'
    )


def reports_html(shelf: Shelf, total: int, panel: Callable[[ReportRow], str]) -> str:
    """One page of the table; `panel` gives what is open below a row, `total` counts all reports."""
    if not total:
        return empty_library(
            "资料库还没有报告",
            "把各单位的法治政府建设年度报告拖到上面，Word、文字版 PDF、网页、文本或 zip 均可。"
            "入库后即可提问。",
        )
    if not shelf.rows:
        return (
            '<div class="empty small"><p class="big">没有符合条件的报告</p>'
            "<p>换一个说法，或把年度和范围改回“全部”。</p></div>"
        )
    look = shelf.look
    last = (len(shelf.rows) - 1) // PAGE_ROWS
    page = min(look.page, last)
    part = shelf.rows[page * PAGE_ROWS : (page + 1) * PAGE_ROWS]
    body = "".join(_row(row, shelf) + _opened(row, look, panel) for row in part)
    heads = "".join(_head(key, name, look) for key, name in _COLUMNS.items())
    some = "" if len(shelf.rows) == total else f"（共 {total} 份）"
    return (
        f'<p class="held">{len(shelf.rows)} 份报告{some}</p>'
        f'<div class="table-wrap"><table class="reports held"><thead><tr>{heads}'
        '<th scope="col"><span class="sr">操作</span></th></tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
        f"{pager_html(page, last, PAGE_ROWS, len(shelf.rows), '份')}"
    )


def _head(key: str, name: str, look: Look) -> str:
    state = ""
    if key == look.sort:
        state = f' aria-sort="{"descending" if look.descending else "ascending"}"'
    kind = ' class="num"' if key == "figures" else ""
    return (
        f'<th scope="col"{kind}{state}><button type="button" data-sort="{key}">{name}</button></th>'
    )


def _row(row: ReportRow, shelf: Shelf) -> str:
    name = escape(f"{row.org}{row.year or ''}")
    key = escape(row.id)
    acts = "".join(_act(key, *act, name, shelf.look) for act in _acts(row))
    file = escape(Path(row.path).name)
    waiting = shelf.lacking.get(row.id, 0)
    status = f'<span class="waiting">还有 {waiting} 段待建语义索引</span>' if waiting else ""
    mark = ' class="opened"' if shelf.look.row == row.id else ""
    return (
        f'<tr{mark}><td class="org">{escape(row.org) or "—"}</td>'
        f'<td class="year">{row.year or "—"}</td>'
        f'<td class="title">{escape(row.title)}<span class="file">{file}</span>{status}</td>'
        f'<td class="parts">{_parts(row)}</td>'
        f'<td class="num"><span class="label">数字</span>{row.n_quantities}</td>'
        f'<td class="checked-cell">{_findings(row, shelf, name)}</td>'
        f'<td class="act"><div>{acts}</div></td></tr>'
    )


def _acts(row: ReportRow) -> list[tuple[str, str]]:
    kept = [("fetch", "下载")] if row.original else []
    return [*kept, ("correct", "更正"), ("replace", "替换"), ("delete", "删除")]


def _act(key: str, act: str, word: str, name: str, look: Look) -> str:
    opens = ""
    if act != "fetch":
        state = "true" if (look.row, look.panel) == (key, act) else "false"
        opens = f' aria-expanded="{state}"'
    return (
        f'<button type="button" class="{act}" data-panel="{act}" data-id="{key}"{opens} '
        f'aria-label="{word}{name}">{word}</button>'
    )


def _parts(row: ReportRow) -> str:
    if not row.is_annual:
        return '<span class="muted">非年度报告</span>'
    missing = [_SHORT[part] for part in lacking(row)]
    if not missing:
        return '<span class="whole">齐全</span>'
    return f'<span class="lacking">缺：{escape("、".join(missing))}</span>'


def _findings(row: ReportRow, shelf: Shelf, name: str) -> str:
    """How many findings of each severity; a press opens them."""
    found = shelf.found.get(row.id)
    if found is None:
        return '<span class="muted">校核中…</span>'
    counts = counted(found)
    if not any(counts) and not row.notes:
        return '<span class="whole">未见问题</span>'
    told = "".join(
        f'<span class="{kind}" title="{word}">{word} {n}</span>'
        for kind, word, n in zip(_KINDS, _NAMES, counts, strict=True)
        if n
    )
    if not told:
        told = f'<span class="whole">未见问题</span><span>提示 {len(row.notes)}</span>'
    state = "true" if (shelf.look.row, shelf.look.panel) == (row.id, "findings") else "false"
    return (
        f'<button type="button" class="findings" data-panel="findings" data-id="{escape(row.id)}" '
        f'aria-expanded="{state}" aria-label="{name}的校核发现">{told}</button>'
    )


def _opened(row: ReportRow, look: Look, panel: Callable[[ReportRow], str]) -> str:
    if look.row != row.id or not (shown := panel(row)):
        return ""
    return f'<tr class="panel"><td colspan="{len(_COLUMNS) + 1}">{shown}</td></tr>'


def absent_html(year: int, orgs: Sequence[str], reported: int) -> str:
    """Who is known from another year and has no report for `year`."""
    if not orgs:
        told = f"{year}年：其他年度报送过的单位都已报送（共 {reported} 个）。"
        return f'<p class="absent whole">{told}</p>'
    items = "".join(f"<li>{escape(org)}</li>" for org in orgs)
    return (
        f'<details class="absent"><summary>{year}年已报送 {reported} 个单位，'
        f"<b>未报送 {len(orgs)} 个</b></summary><p>以下单位其他年度有报告，{year}年还没有："
        f"</p><ul>{items}</ul></details>"
    )


def notice_html(message: str, *, failed: bool = False) -> str:
    """A line that tells what was done."""
    kind = "notice failed" if failed else "notice"
    return f'<p class="{kind}" role="status">{escape(message)}</p>'

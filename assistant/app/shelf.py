"""HTML of the library: the table of reports, what one upload has come to, the page's headline."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.app.cards import escape
from assistant.app.intake import FileLine, Snapshot
from vectorstore.store import ReportRow
from vectorstore.types import Part

__all__ = [
    "confirm_html",
    "headline_html",
    "intake_html",
    "notice_html",
    "reports_html",
    "welcome_html",
]

_STATUS = {
    "waiting": "等待",
    "added": "已入库",
    "unchanged": "已有",
    "replaced": "已替换",
    "failed": "未能读取",
}
# Short names; 其他需要报告的情况 is the one official part a report may leave out.
_REQUIRED = {
    Part.MEASURES: "举措和成效",
    Part.SHORTCOMINGS: "不足和原因",
    Part.FIRST_RESPONSIBLE: "第一责任人履职",
    Part.NEXT_YEAR: "下一年度安排",
}


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


def reports_html(rows: Sequence[ReportRow]) -> str:
    """The table of reports; each row carries the id its delete button sends."""
    if not rows:
        return (
            '<div class="empty"><p class="big">资料库还没有报告</p>'
            "<p>把各单位的法治政府建设年度报告拖到上面，Word、文字版 PDF、网页、文本或 zip 均可。"
            "入库后即可提问。</p></div>"
        )
    body = "".join(_row(row) for row in rows)
    return (
        '<div class="table-wrap"><table class="reports"><thead><tr><th>单位</th><th>年度</th>'
        '<th>标题</th><th>部分</th><th class="num">数字</th><th>提示</th>'
        '<th><span class="sr">操作</span></th></tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(row: ReportRow) -> str:
    name = f"{row.org}{row.year or ''}"
    file = escape(Path(row.path).name)
    return (
        f'<tr><td class="org">{escape(row.org) or "—"}</td>'
        f'<td class="year">{row.year or "—"}</td>'
        f'<td class="title">{escape(row.title)}<span class="file">{file}</span></td>'
        f"<td>{_parts(row)}</td>"
        f'<td class="num"><span class="label">数字</span>{row.n_quantities}</td>'
        f'<td class="notes-cell">{_notes(row)}</td>'
        f'<td class="act"><button type="button" class="delete" data-id="{escape(row.id)}" '
        f'aria-label="删除{escape(name)}">删除</button></td></tr>'
    )


def _parts(row: ReportRow) -> str:
    if not row.is_annual:
        return '<span class="muted">非年度报告</span>'
    missing = [name for part, name in _REQUIRED.items() if part not in row.parts]
    if not missing:
        return '<span class="whole">齐全</span>'
    return f'<span class="lacking">缺：{escape("、".join(missing))}</span>'


def _notes(row: ReportRow) -> str:
    if not row.notes:
        return ""
    items = "".join(f"<li>{escape(note.message)}</li>" for note in row.notes)
    return f"<details><summary>{len(row.notes)} 条</summary><ul>{items}</ul></details>"


def intake_html(snapshot: Snapshot) -> str:
    """How far the newest upload has come, file by file."""
    if not snapshot.files and not snapshot.running and not snapshot.problem:
        return ""
    lines = "".join(_file(line) for line in snapshot.files)
    problem = (
        f'<p class="problem" role="alert">{escape(snapshot.problem)}</p>'
        if snapshot.problem
        else ""
    )
    return (
        f'<section class="intake" aria-live="polite"><h4>{escape(_state(snapshot))}</h4>'
        f"{_bar('读取', snapshot.read, snapshot.to_read, '')}"
        f"{_bar('语义索引', snapshot.embedded, snapshot.to_embed, _pace(snapshot))}"
        f"{problem}<ul>{lines}</ul></section>"
    )


def _state(snapshot: Snapshot) -> str:
    if snapshot.running:
        reading = snapshot.read < snapshot.to_read or not snapshot.to_read
        return "正在读取文件…" if reading else "已可按字词检索，正在建立语义索引…"
    failed = sum(line.status == "failed" for line in snapshot.files)
    done = len(snapshot.files) - failed
    if not snapshot.files:
        return "语义索引已建好"
    return f"完成：{done} 个文件可用" + (f"，{failed} 个未能读取" if failed else "")


def _bar(name: str, done: int, total: int, note: str) -> str:
    if not total:
        return ""
    share = 100 * min(done, total) // total
    return (
        f'<div class="bar"><span>{name} {done}/{total}</span>'
        f'<progress max="100" value="{share}" aria-label="{name}">{share}%</progress>'
        f"<span>{escape(note)}</span></div>"
    )


def _pace(snapshot: Snapshot) -> str:
    if not snapshot.rate or snapshot.embedded >= snapshot.to_embed:
        return ""
    left = (snapshot.to_embed - snapshot.embedded) / snapshot.rate
    time = f"{left / 60:.0f} 分钟" if left >= 90 else f"{max(left, 1):.0f} 秒"
    return f"{snapshot.rate:.1f} 段/秒，约剩 {time}"


def _file(line: FileLine) -> str:
    about = " ".join(filter(None, (line.org, f"{line.year}年" if line.year else "")))
    reason = f'<span class="reason">{escape(line.reason)}</span>' if line.reason else ""
    return (
        f'<li class="{line.status}"><span class="status">{_STATUS[line.status]}</span>'
        f'<span class="name">{escape(line.name)}</span>'
        f'<span class="about">{escape(about)}</span>{reason}</li>'
    )


def confirm_html(row: ReportRow) -> str:
    """The question before a report is deleted."""
    year = f"{row.year}年" if row.year else ""
    return (
        f'<p class="confirm" role="alertdialog">确定删除 <b>{escape(row.org)}{year}</b>'
        f"《{escape(row.title)}》？原文、索引和引用它的回答会一并清除，不能恢复。</p>"
    )


def notice_html(message: str, *, failed: bool = False) -> str:
    """A line that tells what was done."""
    kind = "notice failed" if failed else "notice"
    return f'<p class="{kind}" role="status">{escape(message)}</p>'


def welcome_html(rows: Sequence[ReportRow]) -> str:
    """What stands where the conversation will be."""
    if not rows:
        return (
            '<div class="empty"><p class="big">先导入报告，再提问</p>'
            "<p>打开上面的“资料库”，把各单位的年度报告拖进去；读完即可在这里提问。</p></div>"
        )
    return (
        '<div class="empty"><p class="big">想从这些报告里了解什么？</p>'
        "<p>回答逐条注明单位、年度和原文出处；报告没有写的，会直接说明。</p></div>"
    )

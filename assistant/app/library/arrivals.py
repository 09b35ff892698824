"""HTML of what an upload has come to, file by file."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.app.escaping import escape
from assistant.app.library.intake import FileLine, Snapshot

__all__ = ["arrivals_html"]

_STATUS = {
    "waiting": "等待",
    "added": "已入库",
    "unchanged": "已有",
    "replaced": "已替换",
    "failed": "未入库",
}


def arrivals_html(snapshot: Snapshot) -> str:
    """How far the newest upload has come, or what became of it; files that failed stand first."""
    if not snapshot.files and not snapshot.running and not snapshot.problem:
        return ""
    return (
        f'<section class="intake" aria-live="polite">'
        f"{_going(snapshot) if snapshot.running else _done(snapshot)}</section>"
    )


def _going(snapshot: Snapshot) -> str:
    """Every file and how far it all is."""
    files = sorted(snapshot.files, key=lambda line: line.status != "failed")
    return f"<h4>{escape(_state(snapshot))}</h4>{_bars(snapshot)}{_problem(snapshot)}{_list(files)}"


def _done(snapshot: Snapshot) -> str:
    """One line; below it what went wrong. What is taken in stands in the table, and folded here."""
    failed = [line for line in snapshot.files if line.status == "failed"]
    taken = [line for line in snapshot.files if line.status != "failed"]
    state = f"<h4>{escape(_state(snapshot))}</h4>"
    if not (failed or snapshot.problem):
        return _folded(state, taken) if taken else state
    wrong = f"{_bars(snapshot) if snapshot.problem else ''}{_problem(snapshot)}{_list(failed)}"
    return f"{state}{wrong}{_folded(f'可用的 {len(taken)} 个文件', taken) if taken else ''}"


def _folded(summary: str, files: Sequence[FileLine]) -> str:
    return f"<details><summary>{summary}</summary>{_list(files)}</details>"


def _list(files: Sequence[FileLine]) -> str:
    return f"<ul>{''.join(map(_file, files))}</ul>" if files else ""


def _bars(snapshot: Snapshot) -> str:
    reading = _bar("读取", snapshot.read, snapshot.to_read, "")
    return reading + _bar("语义索引", snapshot.embedded, snapshot.to_embed, _pace(snapshot))


def _problem(snapshot: Snapshot) -> str:
    told = escape(snapshot.problem)
    return f'<p class="problem" role="alert">{told}</p>' if told else ""


def _state(snapshot: Snapshot) -> str:
    if snapshot.running:
        reading = snapshot.read < snapshot.to_read or not snapshot.to_embed
        return "正在读取文件…" if reading else "已可按字词检索，正在建立语义索引…"
    failed = sum(line.status == "failed" for line in snapshot.files)
    done = len(snapshot.files) - failed
    if not snapshot.files:
        return "语义索引未完成" if snapshot.problem else "语义索引已建好"
    return f"完成：{done} 个文件可用" + (f"，{failed} 个未入库" if failed else "")


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

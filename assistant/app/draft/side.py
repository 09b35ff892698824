"""HTML beside a draft: what is open, what became of last year's plan, what was found; downloads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from assistant.app.draft.sheet import SheetRow, said_of
from assistant.app.draft.view import box_of
from assistant.app.draft.work import Case, Result
from assistant.app.escaping import escape
from assistant.app.verdicts import said_of as verdict_of
from assistant.check.words import SEVERITIES
from assistant.draft.answers import DROPPED, Blank

__all__ = ["downloads_html", "side_html"]

_CHECK = "【待核实："
_STATUS = {"已完成": "done", "部分完成": "partly", "未提及": "unknown"}


def downloads_html(result: Result, links: Mapping[str, str]) -> str:
    """Links by what they give; a clean copy says first what is still open."""
    shown = "".join(
        f'<a class="download" href="{escape(links[name])}">{name}</a>'
        for name in ("审阅稿 docx", "Markdown", "依据文件")
    )
    clean = f'<a class="download" href="{escape(links["清稿 docx"])}">'
    left = _left(result)
    if not left:
        return f'<div class="links">{clean}清稿 docx</a>{shown}</div>'
    return (
        f'<div class="links">{shown}<details class="clean"><summary>清稿 docx</summary>'
        f"<div><p>{left}，还不是可以报送的清稿。现在下载，这些标记会照印在文中。</p>"
        f"{clean}仍要下载清稿</a></div></details></div>"
    )


def _left(result: Result) -> str:
    parts = []
    if open_ := len(result.blanks) + result.elsewhere:
        parts.append(f"还有 {open_} 处未填或未核实")
    if result.unbound:
        parts.append(f"{len(result.unbound)} 处数字没有合适的依据")
    return "，".join(parts)


def side_html(case: Case) -> str:
    """The lists; nothing before there is a draft."""
    result = case.result
    if result is None or case.busy:
        return ""
    return "".join(
        (
            _blanks(case, result),
            _unbound(result),
            _findings(result),
            _followed(result),
            _notes(result.made.notes),
        )
    )


def _blanks(case: Case, result: Result) -> str:
    items = "".join(_open(result.blanks, case.sheet.waiting(case.read)))
    said = "".join(_said(case, blank) for blank in result.said)
    answered = (
        f'<details class="fold"><summary>已逐处填写 {len(result.said)} 处</summary>'
        f"<ol>{said}</ol></details>"
        if said
        else ""
    )
    count = len(result.blanks)
    fine = "" if count else '<p class="fine">✓ 没有待填的地方</p>'
    if result.elsewhere:
        fine = f'<p class="caution">另有 {result.elsewhere} 处在标题里，请下载后在文中修改。</p>'
    return (
        f'<section class="found open-points"><h3>待填和待核实<span>{count}</span></h3>'
        f"{fine}<ol>{items}</ol>{answered}</section>"
    )


def _open(blanks: Sequence[Blank], waiting: Mapping[str, SheetRow]) -> Iterator[str]:
    """The open points under their headings; those one figure fills are listed once."""
    rows = [waiting.get(blank.key) for blank in blanks]
    times = Counter(row.id for row in rows if row)
    seen = set[str]()
    heading = ""
    for blank, row in zip(blanks, rows, strict=True):
        if row is not None and row.id in seen:
            continue
        if blank.heading != heading:
            heading = blank.heading
            yield f'<li class="head">{escape(heading)}</li>'
        more = ""
        if row is not None:
            seen.add(row.id)
            others = times[row.id] - 1
            more = f' <span class="more">另有 {others} 处随之填入</span>' if others else ""
        kind = "jump check" if blank.text.startswith(_CHECK) else "jump"
        label = f'<a class="{kind}" href="#b-{blank.id}">{escape(_label(blank, row))}</a>'
        yield f"<li><p>{label}{more}</p>{_box(blank, row, waiting)}</li>"


def _label(blank: Blank, row: SheetRow | None) -> str:
    """What is to be filled in; where the blank itself does not name the figure, its name too."""
    inner = _inner(blank)
    if row is None or inner.partition("（")[0] in row.entry.indicator:
        return inner
    return f"{row.entry.indicator}：{inner}"


def _inner(blank: Blank) -> str:
    return blank.text.removeprefix("【").removeprefix("待填：").removesuffix("】")


def _box(blank: Blank, row: SheetRow | None, waiting: Mapping[str, SheetRow]) -> str:
    hint = "填本年数" if row else "填写内容"
    box = (
        f'<input type="text" {box_of(blank, waiting)} data-focus="s {blank.id}" maxlength="300" '
        f'autocomplete="off" placeholder="{hint}" aria-label="{escape(_label(blank, row))}" '
        f'value="{escape(row.entry.value) if row else ""}">'
    )
    if row is not None:
        said = f'<p class="said" role="alert">{escape(said_of(row))}</p>' if row.wrong else ""
        unit = f'<span class="unit">{escape(row.entry.unit)}</span>'
        return f'<div class="box{" wrong" if said else ""}">{box}{unit}</div>{said}'
    keep = ""
    if blank.suggested:
        keep = _button(blank, "say", "采用", blank.text)
    elif blank.text.startswith(_CHECK):
        keep = _button(blank, "say", "属实", blank.text[len(_CHECK) : -1])
    drop = _button(blank, "leave", "删去") if blank.id != "date" else ""
    return f'<div class="box">{box}{keep}{drop}</div>'


def _button(blank: Blank, act: str, name: str, text: str = "") -> str:
    return (
        f'<button type="button" data-act="{act}" data-row="{escape(blank.id)}" '
        f'data-text="{escape(text)}">{name}</button>'
    )


def _said(case: Case, blank: Blank) -> str:
    words = case.words.get(blank.id, "")
    shown = "（已删去）" if words == DROPPED else words
    return (
        f'<li><p class="where">{escape(_inner(blank))}</p><div class="box"><p>{escape(shown)}</p>'
        f"{_button(blank, 'undo', '撤销')}</div></li>"
    )


def _unbound(result: Result) -> str:
    items = "".join(
        f'<li><p><a class="jump" href="#dq-{n}">{escape(c.quantity.text)}</a></p>'
        f'<p class="where">{escape(verdict_of(c))}</p></li>'
        for n, c in enumerate(result.unbound)
    )
    return _section("数字有问题", len(result.unbound), items, "error", opened=True)


def _findings(result: Result) -> str:
    found = ""
    for n, finding in enumerate(result.findings):
        where = escape(finding.where)
        if finding.end > finding.start:
            where = f'<a class="jump" href="#df-{n}">{where}</a>'
        severity = f'<span class="{finding.severity.value}">{SEVERITIES[finding.severity]}</span>'
        found += f'<li><p>{severity} {escape(finding.message)}</p><p class="where">{where}</p></li>'
    return _section("校核发现", len(result.findings), found, "warning", opened=True)


def _followed(result: Result) -> str:
    followed = result.made.followed
    items = "".join(
        f'<li class="{_STATUS.get(one.status, "unknown")}"><span class="status">'
        f"{escape(one.status)}</span><div><p>{escape(one.task)}</p>"
        f'<p class="where">{escape(one.why)}</p></div></li>'
        for one in followed
    )
    done = sum(one.status == "已完成" for one in followed)
    name = f"上年安排落实情况：{len(followed)} 项中 {done} 项已完成"
    return _section(name, 0, items, "info")


def _notes(notes: Sequence[str]) -> str:
    items = "".join(f"<li><p>{escape(note)}</p></li>" for note in notes)
    return _section("请注意", len(notes), items, "waiting", opened=True)


def _section(name: str, count: int, items: str, kind: str, *, opened: bool = False) -> str:
    if not items:
        return ""
    number = f"<span>{count}</span>" if count else ""
    return (
        f'<section class="found"><details class="group"{" open" if opened else ""}>'
        f'<summary class="{kind}">{escape(name)}{number}</summary><ol class="{kind}-list">'
        f"{items}</ol></details></section>"
    )

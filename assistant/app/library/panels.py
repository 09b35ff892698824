"""HTML of what opens below a report in the table: its findings, and forms to change it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assistant.app.escaping import escape
from assistant.app.library.looking import Draft
from assistant.check import Finding, Severity
from assistant.check.words import NOTHING_FOUND, SEVERITIES
from vectorstore.store import ReportRow
from vectorstore.types import Note

__all__ = ["correct_html", "delete_html", "findings_html", "replace_html", "year_of"]

MAX_ORG = 60  # characters of an organisation's name
_FIRST_YEAR = 1990


def year_of(typed: str) -> int | None:
    """A year as typed (2025, ２０２５年), or None for what cannot be a report's year."""
    digits = typed.strip().removesuffix("年").strip()
    if len(digits) != 4 or not digits.isdecimal():
        return None
    year = int(digits)
    return year if _FIRST_YEAR <= year <= datetime.now().astimezone().year + 1 else None


def findings_html(row: ReportRow, findings: Sequence[Finding]) -> str:
    """The findings of one report by severity, then what reading noticed about its file."""
    groups = "".join(
        _group(severity, [f for f in findings if f.severity is severity]) for severity in SEVERITIES
    )
    told = {finding.rule for finding in findings}
    noted = _notes([note for note in row.notes if note.code not in told])
    if not groups:
        groups = f'<p class="fine">{escape(NOTHING_FOUND)}</p>'
    return (
        '<section class="found-here" tabindex="-1" data-focus="findings">'
        f"<h4>{_named(row)}的校核发现</h4>{groups}{noted}"
        f'<div class="buttons">{_close("收起")}</div></section>'
    )


def _group(severity: Severity, findings: Sequence[Finding]) -> str:
    if not findings:
        return ""
    items = "".join(_finding(finding) for finding in findings)
    return (
        f'<h5 class="{severity.value}">{SEVERITIES[severity]}<span>{len(findings)}</span></h5>'
        f"<ol>{items}</ol>"
    )


def _finding(finding: Finding) -> str:
    quote = " ".join(finding.quote.split())
    quoted = f"<q>{escape(quote)}</q>" if quote else ""
    return (
        f'<li><p>{escape(finding.message)}</p>{quoted}<p class="where">{escape(finding.where)}</p>'
        "</li>"
    )


def _notes(notes: Sequence[Note]) -> str:
    if not notes:
        return ""
    items = "".join(f"<li>{escape(note.message)}</li>" for note in notes)
    return f"<h5>读取时的提示<span>{len(notes)}</span></h5><ul>{items}</ul>"


def correct_html(row: ReportRow, orgs: Sequence[str], draft: Draft | None) -> str:
    """A form for the organisation and year, filled with what is known or was typed."""
    org = draft.org if draft else row.org
    year = draft.year if draft else str(row.year or "")
    problem = (
        f'<p class="problem" role="alert">{escape(draft.problem)}</p>'
        if draft and draft.problem
        else ""
    )
    there = ' data-focus="correct"'
    first, second = ("", there) if draft and draft.problem.startswith("年度") else (there, "")
    options = "".join(f'<option value="{escape(known)}"></option>' for known in orgs)
    return (
        f'<form class="correct" data-id="{escape(row.id)}" novalidate><h4>更正单位和年度</h4>'
        f"<p>现在记为“{_named(row)}”。更正后，这份报告的 {row.n_quantities} 个数字会改记到新的单位"
        "和年度名下并重新识别，提问、台账和简报随之更新；报告原文不变。</p>"
        f'<div class="fields"><label>单位<input name="org" value="{escape(org)}" '
        f'maxlength="{MAX_ORG}" list="known-orgs" autocomplete="off"{first}></label>'
        f'<label>年度<input name="year" value="{escape(year)}" maxlength="6" inputmode="numeric" '
        f'autocomplete="off" placeholder="如 2025"{second}></label></div>'
        f'<datalist id="known-orgs">{options}</datalist>{problem}'
        f'<div class="buttons"><button type="submit" class="go">保存更正</button>{_close("取消")}'
        "</div></form>"
    )


def replace_html(row: ReportRow) -> str:
    """A form that takes the file to put in this report's place."""
    return (
        f'<form class="replace" data-id="{escape(row.id)}" novalidate><h4>用新文件替换</h4>'
        f"<p>新文件会取代“{_named(row)}”《{escape(row.title)}》：旧的原文、数字和引用它的回答一并清除，"
        "不能恢复。</p>"
        '<div class="fields"><label class="pick">新文件<input type="file" name="file" class="sr" '
        'data-focus="replace" accept=".docx,.doc,.pdf,.html,.htm,.txt,.zip">'
        '<span class="choose">选择文件</span><span class="chosen">尚未选择</span></label></div>'
        '<label class="sure"><input type="checkbox" name="sure">以这一行的单位和年度为准'
        "（新文件写的单位或年度不同时勾选）</label>"
        '<p class="problem" role="alert" hidden></p>'
        f'<div class="buttons"><button type="submit" class="go">上传并替换</button>{_close("取消")}'
        "</div></form>"
    )


def delete_html(row: ReportRow) -> str:
    """The question before a report is deleted."""
    return (
        '<div class="confirm" role="alertdialog" aria-label="删除报告"><p>'
        f"确定删除 <b>{_named(row)}</b>《{escape(row.title)}》？原文、原文件、索引和引用它的回答会"
        '一并清除，不能恢复。</p><div class="buttons">'
        f'<button type="button" class="stop" data-sure="{escape(row.id)}">删除</button>'
        f"{_close('取消', focus='delete')}</div></div>"
    )


def _close(word: str, focus: str = "") -> str:
    there = f' data-focus="{focus}"' if focus else ""
    return f'<button type="button" class="close" data-close{there}>{word}</button>'


def _named(row: ReportRow) -> str:
    year = f"{row.year}年" if row.year else "年度不明"
    return escape(f"{row.org or '单位不明'} {year}")

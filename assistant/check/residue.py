"""What reading noticed about the file itself, said as findings."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.check.finding import Finding, Severity
from vectorstore.types import Note, Report

__all__ = ["check_notes"]

_OPENING = 60  # characters of the text after a repeated title, so that the place is recognised

# Code of the note → severity, what to do. Codes not named here are no fault of the report.
_ADVICE: dict[str, tuple[Severity, str]] = {
    "residue": (Severity.WARNING, "文件里留有文字处理软件的残留标记，请删除。"),
    "web_chrome": (Severity.WARNING, "文件里混有网页的菜单、页脚等杂项，请删除。"),
    "body_twice": (Severity.ERROR, "请删去重复的一份，只留一份正文。"),
    "tracked_changes": (Severity.WARNING, "请在定稿前接受或拒绝全部修订。"),
    "hidden_text": (Severity.WARNING, "请删除隐藏文字，或取消隐藏后核对。"),
    "zero_width": (Severity.INFO, "多为从网页或聊天软件粘贴所致，请重新录入该处文字。"),
    "control_characters": (Severity.INFO, "请重新录入该处文字。"),
    "scanned_pages": (Severity.WARNING, "这些页没有校核到，请改用文字版文件再校核一次。"),
    "no_org": (Severity.INFO, "没有认出报告单位，请检查标题里的单位名称。"),
    "no_year": (Severity.WARNING, "没有认出报告年度，请检查标题里的年份。"),
}


def check_notes(report: Report) -> Iterator[Finding]:
    """A finding for each note that names a fault the writer can put right."""
    for note in report.notes:
        if note.code not in _ADVICE or _expected(note, report):
            continue
        severity, advice = _ADVICE[note.code]
        said = note.message.rstrip("。")
        quote = _opening(note, report) if note.code == "body_twice" else note.quote
        yield Finding(note.code, severity, "全文", f"{said}。{advice}", quote)


def _expected(note: Note, report: Report) -> bool:
    """A saved web page holds a menu and a footer by nature."""
    return note.code == "web_chrome" and report.format == "html"


def _opening(note: Note, report: Report) -> str:
    """The repeated text with a little of what follows: a title alone says nothing."""
    at = report.text.find(note.quote) if note.quote else -1
    if at < 0:
        return note.quote
    return report.text[at : at + len(note.quote) + _OPENING]

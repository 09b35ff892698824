"""The command over the log of who did what: audit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import JsonFlag, emit

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.audit import Entry

__all__ = ["register"]

_ACTIONS = {
    "ask": "提问",
    "feedback": "评价",
    "clear": "清空对话",
    "export": "下载",
    "ingest": "入库",
    "replace": "替换",
    "correct": "更正",
    "delete": "删除",
    "draft": "起草",
    "brief": "简报",
    "check": "校核",
    "search": "检索",
    "ledger": "查台账",
    "verify": "核对数字",
    "login": "登录",
    "login_failed": "登录失败",
    "logout": "退出",
    "users": "改用户",
    "backup": "备份",
}
_WHAT = ("question", "query", "file", "org", "orgs", "year", "years", "indicator", "after",
         "change", "name", "rating", "comment", "outcome", "address", "reason", "via")  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add this module's command to `app`."""
    app.command()(audit)


def audit(
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="从这一天（或时刻）起。"),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """列出操作记录：何时、何人、做了什么。供管理员查看。"""
    from assistant.audit import FOLDER, Audit
    from assistant.settings import Settings

    log = Audit(Settings().folder / FOLDER)
    entries = list(log.read(since.astimezone() if since else None))
    payload = {"entries": [entry.to_json() for entry in entries]}
    emit(payload, as_json, lambda out: _print(out, entries))


def _print(out: Console, entries: list[Entry]) -> None:
    if not entries:
        out.print("没有记录。")
    for entry in entries:
        # what was typed is printed as it is: no markup, no wrapping
        out.print(_line(entry), markup=False, soft_wrap=True)


def _line(entry: Entry) -> str:
    time = datetime.fromisoformat(entry.time).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    what = [entry.details[name] for name in _WHAT if name in entry.details]
    told = "  ".join(
        [time, entry.who or "（未登录）", _ACTIONS.get(entry.action, entry.action), *what]
    )
    return "".join(c if c.isprintable() else " " for c in told)

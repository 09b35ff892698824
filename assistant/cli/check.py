"""The command that checks one report: check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import JsonFlag, emit

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.check import Checked, Finding

__all__ = ["register"]

_STYLES = {"error": "bold red", "warning": "bold yellow", "info": "bold cyan"}
_SHOWN = 60  # characters of a quote on the screen


def register(app: typer.Typer) -> None:
    """Add this module's command to `app`."""
    app.command()(check)


def check(
    file: Annotated[Path, typer.Argument(help="要校核的报告（txt、docx、文字版 pdf、html）。")],
    against: Annotated[
        Path | None, typer.Option("--against", help="上年报告；不写则用资料库里本单位最近一份。")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """校核一份报告：数据、年份、五部分、序号、标点、照抄。不需要大模型。"""
    from assistant.checking import check_file

    checked = check_file(file, against)
    payload = {"findings": [finding.to_json() for finding in checked.findings]}
    emit(payload, as_json, lambda out: _print_checked(out, checked))


def _print_checked(out: Console, checked: Checked) -> None:
    from rich.markup import escape

    from assistant.check.words import NOTHING_FOUND, SEVERITIES, compared, counted

    report = checked.report
    out.print(f"[bold]{escape(report.title or report.path)}[/bold]")
    comparison = checked.comparison
    hint = "" if comparison.previous or comparison.others else "，可用 --against 指定。"
    out.print(compared(checked) + hint, style="dim")
    if not checked.findings:
        out.print(f"✓ {NOTHING_FOUND}", style="bold green")
        return
    for severity, name in SEVERITIES.items():
        group = [finding for finding in checked.findings if finding.severity == severity]
        if group:
            out.print(f"\n{name}（{len(group)}）", style=_STYLES[severity])
        for n, finding in enumerate(group, 1):
            _print_finding(out, n, finding)
    out.print(f"\n{counted(checked)}")


def _print_finding(out: Console, n: int, finding: Finding) -> None:
    from rich.markup import escape

    out.print(f"{n}. {escape(finding.message)}")
    out.print(f"   位置：{escape(finding.where)}", style="dim")
    if quote := finding.quote.replace("\n", " ").strip():
        shown = quote if len(quote) <= _SHOWN else quote[:_SHOWN] + "…"
        out.print(f"   原文：“{escape(shown)}”", style="dim")

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
_NAMES = {"error": "必须改正", "warning": "需要核对", "info": "供参考"}
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
    from assistant.check import check_file

    checked = check_file(file, against)
    payload = {"findings": [finding.to_json() for finding in checked.findings]}
    emit(payload, as_json, lambda out: _print_checked(out, checked))


def _print_checked(out: Console, checked: Checked) -> None:
    from rich.markup import escape

    report = checked.report
    out.print(f"[bold]{escape(report.title or report.path)}[/bold]")
    out.print(_compared(checked), style="dim")
    if not checked.findings:
        out.print("✓ 没有发现问题：数据、年份、五部分、序号、标点均已查过。", style="bold green")
        return
    for severity, name in _NAMES.items():
        group = [finding for finding in checked.findings if finding.severity == severity]
        if group:
            out.print(f"\n{name}（{len(group)}）", style=_STYLES[severity])
        for n, finding in enumerate(group, 1):
            _print_finding(out, n, finding)
    counts = "，".join(
        f"{name} {n} 处"
        for severity, name in _NAMES.items()
        if (n := sum(f.severity == severity for f in checked.findings))
    )
    out.print(f"\n共 {len(checked.findings)} 处：{counts}。")


def _print_finding(out: Console, n: int, finding: Finding) -> None:
    from rich.markup import escape

    out.print(f"{n}. {escape(finding.message)}")
    out.print(f"   位置：{escape(finding.where)}", style="dim")
    if quote := finding.quote.replace("\n", " ").strip():
        shown = quote if len(quote) <= _SHOWN else quote[:_SHOWN] + "…"
        out.print(f"   原文：“{escape(shown)}”", style="dim")


def _compared(checked: Checked) -> str:
    previous, others = checked.comparison.previous, checked.comparison.others
    with_ = [f"上年报告《{previous.title}》"] if previous else []
    with_ += [f"资料库里其他单位的 {len(others)} 份报告"] if others else []
    if with_:
        return "对照：" + "、".join(with_)
    return "没有可对照的上年报告，可用 --against 指定。"

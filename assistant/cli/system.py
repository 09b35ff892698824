"""Commands about the installation: serve and doctor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import JsonFlag, emit

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.doctor import Examination

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command()(serve)
    app.command()(doctor)


def serve(
    host: Annotated[str, typer.Option(help="监听地址；默认只有本机能打开。")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口。")] = 7860,
) -> None:
    """打开网页版：上传报告、提问、查看出处。"""
    from assistant.app.server import serve as run

    run(host, port)


def doctor(as_json: JsonFlag = False) -> None:
    """检查配置是否可用，并说明有没有内容会离开本机。"""
    from assistant.doctor import examine
    from assistant.settings import Settings

    found = examine(Settings())
    emit(found.to_json(), as_json, lambda out: _print_examination(out, found))
    if not found.ok:
        raise typer.Exit(1)


def _print_examination(out: Console, found: Examination) -> None:
    from rich.markup import escape

    for check in found.checks:
        mark = "[green]✓[/green]" if check.ok else "[red]✗[/red]"
        out.print(f"{mark} {escape(check.name)}：{escape(check.detail)}")
    out.print("\n离开本机的内容", style="bold")
    for line in found.leaves_machine or ("没有。问答、检索、入库全部在本机完成。",):
        out.print(f"· {escape(line)}")
